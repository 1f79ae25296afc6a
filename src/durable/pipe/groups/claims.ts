// Giving chunks out: which ones are next for a group, and the row that says who has them until when.
import { Fault } from '../../../faults.ts';
import { MAX_PAGE_TEXT } from '../../../model/limits.ts';
import { formatFence, MAX_CLAIMED, MAX_DEAD_CLAIMS } from '../../../model/pipe-group.ts';
import { randomText } from '../../../model/secret.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { entrySums } from '../log/sums.ts';
import * as p from '../queries.ts';
import { join, writeGiven, writeHeld, type Held } from './held.ts';
import type { ClaimBounds } from './port.ts';
import * as q from './queries.ts';
import { save, touch, type Group } from './rows.ts';
import { runsOf } from './settled.ts';

/** Bytes of a fence's secret. */
const SECRET = 12;

/** A chunk that was given out, before its URL is made. */
export interface Given extends q.Entry {
  readonly fence: string;
  readonly leaseEnds: number;
  readonly deliveries: number;
}

/** To be called inside a transaction, after leases that have ended were noticed. Empty: nothing is there for this group at this moment. */
export function giveOut(core: Core, group: Group, bounds: ClaimBounds): readonly Given[] {
  const { max, lease = group.lease } = bounds;
  if (group.dead >= MAX_DEAD_CLAIMS)
    throw new Fault('Conflict', `${group.dead} chunks are dead for the group ${group.name}: retry or drop them before it gets more`);
  const room = Math.min(max, MAX_CLAIMED - group.claimed);
  if (room <= 0)
    throw new Fault('TooManyRequests', `${group.claimed} chunks are claimed: acknowledge some of them first`, { 'Retry-After': '1' });
  const isWorthSaving = touch(core, group);
  const ends = core.clock() + lease * 1000;
  const held = group.mode === 'single' && group.claimed > 0 ? [] : join(choose(core, group, { ...bounds, max: room }, ends));
  if (held.length === 0) {
    if (isWorthSaving) save(core, group);
    return [];
  }
  const secret = randomText(SECRET);
  const claim = first(core.sql, q.ADD_CLAIM, group.id, secret, writeGiven(runsOf(positionsOf(held))), writeHeld(held), ends)?.id ?? 0;
  group.claimed += positionsOf(held).length;
  save(core, group);
  return held.flatMap(({ first: from, last, deliveries }) =>
    all(core.sql, q.ENTRIES_AT, from, last).map((entry) => ({
      ...entry,
      fence: formatFence({ pos: entry.pos, claim, secret }),
      leaseEnds: ends,
      deliveries,
    })),
  );
}

function positionsOf(held: readonly Held[]): readonly number[] {
  return held.flatMap(({ first: from, last }) => Array.from({ length: last - from + 1 }, (_, i) => from + i));
}

/** What was given out before and came back goes first; then what comes next in the log. */
function choose(core: Core, group: Group, { max, maxBytes }: ClaimBounds, ends: number): readonly Held[] {
  const held: Held[] = [];
  let text = MAX_PAGE_TEXT;
  let bytes = maxBytes;
  const now = core.clock();
  for (const { pos, deliveries, due } of comingBack(core, group, now, max)) {
    // Behind what is to be waited for, single gives out nothing.
    if (due > now) return held;
    const size = sizeOf(core, pos);
    const isLast = group.max_deliveries > 0 && deliveries > 0 && deliveries + 1 >= group.max_deliveries;
    if (held.length > 0 && (size.bytes > bytes || size.text > text || isLast)) return held;
    run(core.sql, q.DROP_AGAIN, group.id, pos);
    group.waiting--;
    held.push({ first: pos, last: pos, deliveries: deliveries + 1, ends });
    bytes -= size.bytes;
    text -= size.text;
    // A chunk that would be dead after this delivery is given out alone: what it does to its reader befalls no other.
    if (isLast) return held;
  }
  if (held.length >= max || (group.mode === 'single' && group.waiting > 0)) return held;
  const last = lastWithin(core, group.next, max - held.length, bytes, text, held.length === 0);
  if (last > group.next) held.push({ first: group.next + 1, last, deliveries: 1, ends });
  group.next = Math.max(group.next, last);
  return held;
}

function comingBack(core: Core, group: Group, now: number, max: number): readonly q.AgainRow[] {
  if (group.waiting === 0) return [];
  return group.mode === 'single' ? all(core.sql, q.AGAIN_IN_ORDER, group.id, max) : all(core.sql, q.AGAIN_DUE, group.id, now, max);
}

function sizeOf(core: Core, pos: number): { readonly bytes: number; readonly text: number } {
  const entry = first(core.sql, q.SIZE_AT, pos);
  return { bytes: entry?.size ?? 0, text: entry?.text ?? 0 };
}

function lastWithin(core: Core, after: number, max: number, bytes: number, text: number, atLeastOne: boolean): number {
  const { pos } = core.row();
  if (after >= pos || max <= 0) return after;
  const before = entrySums(core, after);
  const last = first(core.sql, p.LAST_WITHIN, after, Math.min(pos, after + max), before.sum + bytes, before.text + text)?.pos;
  return last ?? (atLeastOne ? after + 1 : after);
}

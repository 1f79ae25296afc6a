// What becomes of chunks that were given out: acknowledged, given back, kept for longer, or taken away when the lease has ended.
import { Fault } from '../../../faults.ts';
import { CLAIM_MEMORY, parseFence } from '../../../model/pipe-group.ts';
import type { PipeGroup } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { dropFailed, giveUp } from './failed.ts';
import { has, part, readGiven, readHeld, readLost, setClaim, type Held, type Loss, type Lost } from './held.ts';
import type { Settling } from './port.ts';
import * as q from './queries.ts';
import { bytesOf, release } from './released.ts';
import { nameAt, save, touch, type Group } from './rows.ts';
import { add, lengthOf, runsOf, type Run } from './settled.ts';

/** Claims whose leases have ended, per transaction. */
const BATCH = 200;

/**
 * Does it for every fence that holds its chunk, or has done it before. To be called inside a transaction, which is to be kept; answers the
 * positions of the others: somebody else has them, or will have them.
 */
export function settleFences(core: Core, group: Group, fences: readonly string[], what: Settling): readonly number[] {
  touch(core, group);
  const fenced: number[] = [];
  for (const { claim: id, secret, positions } of byClaim(fences).values()) {
    const claim = first(core.sql, q.GET_CLAIM, id, group.id, secret);
    fenced.push(...(claim ? settleClaim(core, group, claim, positions, what) : positions));
  }
  save(core, group);
  return fenced;
}

/** Refusal of fences that hold nothing any more. */
export function fencedOff(core: Core, positions: readonly number[]): Fault {
  const some = positions.slice(0, 20).map((pos) => {
    const entry = first(core.sql, q.ENTRIES_AT, pos, pos);
    return entry ? `${entry.seq} (${nameAt(core, pos)})` : `at position ${pos}`;
  });
  const more = positions.length > some.length ? ` and ${positions.length - some.length} more` : '';
  return new Fault('Fenced', `the lease has ended of chunk ${some.join(', ')}${more}`);
}

function byClaim(
  fences: readonly string[],
): Map<string, { readonly claim: number; readonly secret: string; readonly positions: number[] }> {
  const claims = new Map<string, { claim: number; secret: string; positions: number[] }>();
  for (const text of fences) {
    const fence = parseFence(text);
    if (!fence) throw new Fault('InvalidArgument', `${JSON.stringify(text.slice(0, 100))} is not a fence`);
    const { claim, secret } = fence;
    const key = `${claim}.${secret}`;
    const known = claims.get(key);
    if (known) known.positions.push(fence.pos);
    else claims.set(key, { claim, secret, positions: [fence.pos] });
  }
  return claims;
}

function settleClaim(core: Core, group: Group, claim: q.ClaimRow, positions: readonly number[], what: Settling): readonly number[] {
  const now = core.clock();
  const { live, ended } = atTime(readHeld(claim.held), now);
  const runs = runsOf(positions);
  const { taken, rest } = part(live, runs);
  if (taken.length > 0) {
    if (what.kind === 'ack') {
      setClaim(core, claim, [...rest, ...ended]);
      acknowledge(core, group, taken);
    } else if (what.kind === 'extend')
      setClaim(core, claim, [...rest, ...taken.map((one) => ({ ...one, ends: now + (what.lease ?? group.lease * 1000) })), ...ended]);
    else nack(core, group, claim, { taken, rest, ended }, what);
  }
  const given = readGiven(claim.given);
  const lost = readLost(claim.lost);
  return [...new Set(positions)].filter((pos) => {
    if (has(taken, pos)) return false;
    if (has(live, pos) || has(ended, pos) || !has(given, pos)) return true;
    const why = lost.find((one) => has([one], pos))?.why;
    // A repeat: of an ack, whose chunk the claim has no more and has not lost; or of a nack.
    return !(what.kind === 'ack' ? why === undefined : what.kind === 'nack' && why === 'nacked');
  });
}

/** A lease that ends at this very moment has ended, whether the alarm has noticed it or not. */
function atTime(held: readonly Held[], now: number): { readonly live: readonly Held[]; readonly ended: readonly Held[] } {
  return { live: held.filter(({ ends }) => ends > now), ended: held.filter(({ ends }) => ends <= now) };
}

function acknowledge(core: Core, group: Group, taken: readonly Held[]): void {
  const count = lengthOf(taken);
  group.claimed -= count;
  group.acked += count;
  for (const one of taken) {
    settle(core, group, one);
    if (group.failed > 0) dropFailed(core, group, one);
  }
  core.happened.claims = true;
}

/** The group is done with these entries. */
export function settle(core: Core, group: Group, entries: Run): void {
  const { fresh, floor } = add(core.sql, group.id, group.floor, entries);
  group.floor = floor;
  if (fresh.length === 0) return;
  group.settled += lengthOf(fresh);
  group.settled_bytes += bytesOf(core, fresh);
  release(core, fresh, group.id);
}

interface Parts {
  readonly taken: readonly Held[];
  readonly rest: readonly Held[];
  readonly ended: readonly Held[];
}

function nack(core: Core, group: Group, claim: q.ClaimRow, { taken, rest, ended }: Parts, what: Extract<Settling, { kind: 'nack' }>): void {
  const reason = what.reason ?? 'given back by its reader';
  const now = core.clock();
  const first = Math.min(...taken.map((one) => one.first));
  // What comes after it in a single group goes back as well, and does not count: it is given out again behind it.
  const { taken: behind, rest: before } =
    group.mode === 'single' ? part(rest, [{ first, last: Number.MAX_SAFE_INTEGER }]) : { taken: [], rest };
  setClaim(core, claim, [...before, ...ended], lostBy([...taken, ...behind], 'nacked'));
  giveBack(core, group, what.counted === false ? uncounted(taken) : taken, now + what.delay, reason);
  giveBack(core, group, uncounted(behind), now, reason);
}

const uncounted = (held: readonly Held[]): readonly Held[] => held.map((one) => ({ ...one, deliveries: one.deliveries - 1 }));
const lostBy = (held: readonly Held[], why: Loss): readonly Lost[] => held.map(({ first: from, last }) => ({ first: from, last, why }));

function giveBack(core: Core, group: Group, held: readonly Held[], due: number, reason: string): void {
  for (const { first: from, last, deliveries } of held)
    for (let pos = from; pos <= last; pos++) {
      group.claimed--;
      if (group.max_deliveries > 0 && deliveries >= group.max_deliveries) {
        giveUp(core, group, pos, deliveries, reason);
        settle(core, group, { first: pos, last: pos });
      } else {
        run(core.sql, q.ADD_AGAIN, group.id, pos, deliveries, due);
        group.waiting++;
      }
    }
  core.happened.claims = true;
}

/** A claim whose answer could not be made: as if it had never been given out. To be called inside a transaction. */
export function takeBack(core: Core, name: PipeGroup, fence: string): void {
  const row = first(core.sql, q.GROUP_NAMED, name);
  const { claim: id, secret } = parseFence(fence) ?? { claim: 0, secret: '' };
  const claim = row && first(core.sql, q.GET_CLAIM, id, row.id, secret);
  if (!claim) return;
  const group: Group = { ...row };
  const held = readHeld(claim.held);
  setClaim(core, claim, [], lostBy(held, 'ended'));
  giveBack(core, group, uncounted(held), core.clock(), '');
  save(core, group);
}

/** Takes away what was claimed for too long, and forgets claims that are over. To be called inside a transaction. */
export function endLeases(core: Core): void {
  const now = core.clock();
  for (const claim of all(core.sql, q.DUE_CLAIMS, now, BATCH)) {
    const row = first(core.sql, q.GROUP, claim.grp);
    const { live, ended } = atTime(readHeld(claim.held), now);
    if (!row || (live.length === 0 && ended.length === 0)) {
      run(core.sql, q.DROP_CLAIM, claim.id);
      continue;
    }
    const group: Group = { ...row };
    setClaim(core, claim, live, lostBy(ended, 'ended'));
    // A reader of a single group takes one chunk after the other: the first is the one that it has not managed.
    const [head, ...behind] = ended.toSorted((one, other) => one.first - other.first);
    const isSingle = group.mode === 'single';
    if (head) {
      const guilty = isSingle ? { ...head, last: head.first } : head;
      giveBack(core, group, [guilty], now, 'its lease has ended');
      const others = isSingle ? [...(head.last > head.first ? [{ ...head, first: head.first + 1 }] : []), ...behind] : behind;
      giveBack(core, group, isSingle ? uncounted(others) : others, now, 'its lease has ended');
    }
    save(core, group);
  }
}

/** How a fence stands: throws Fenced unless it holds its chunk, or has acknowledged it. */
export function standingOf(
  core: Core,
  group: Group,
  text: string,
): { readonly pos: number; readonly held: boolean; readonly ends: number } {
  const fence = parseFence(text);
  if (!fence) throw new Fault('InvalidArgument', `${JSON.stringify(text.slice(0, 100))} is not a fence`);
  const { pos } = fence;
  const claim = first(core.sql, q.GET_CLAIM, fence.claim, group.id, fence.secret);
  const now = core.clock();
  const held = claim ? readHeld(claim.held).find((one) => has([one], pos)) : undefined;
  if (held && held.ends > now) return { pos, held: true, ends: held.ends };
  if (!claim || held || !has(readGiven(claim.given), pos) || has(readLost(claim.lost), pos)) throw fencedOff(core, [pos]);
  return { pos, held: false, ends: now + CLAIM_MEMORY };
}

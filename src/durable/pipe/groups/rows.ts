// The row of a group: found by name, changed by what its readers do, described.
import { Fault } from '../../../faults.ts';
import type { DeadClaim, GroupDescription } from '../../../model/pipe-group.ts';
import { MAX_GROUPS } from '../../../model/pipe-group.ts';
import type { ChunkName, Lag, PipeGroup } from '../../../model/pipe.ts';
import { formatState } from '../../../model/pipe-state.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as p from '../queries.ts';
import * as q from './queries.ts';

/** How old `used` may be, as a part of the time after which the group is idle: so that looking for work writes nothing. Queries have it, too. */
const USED_PART = 0.05;

/** A group's row while a transaction changes it: stored once, by `save`. */
export type Group = { -readonly [Column in keyof q.GroupRow]: q.GroupRow[Column] };

/** Throws GroupNotFound. */
export function groupNamed(core: Core, name: PipeGroup): Group {
  const row = first(core.sql, q.GROUP_NAMED, name);
  if (!row) throw new Fault('GroupNotFound', `the pipe has no group ${name}`);
  return { ...row };
}

export function save(core: Core, group: Group): void {
  const { max_deliveries, lease, idle, used, next, floor, settled, settled_bytes, claimed, waiting, failed, dead, acked, id } = group;
  const settings = [max_deliveries, lease, idle, used] as const;
  core.happened.groups = true;
  run(core.sql, q.SET_GROUP, ...settings, next, floor, settled, settled_bytes, claimed, waiting, failed, dead, acked, id);
}

/** One of its readers has called; whether that is worth a write. */
export function touch(core: Core, group: Group): boolean {
  const now = core.clock();
  if (now - group.used < group.idle * 1000 * USED_PART) return false;
  group.used = now;
  return true;
}

/** What it has not settled, whether visible yet or not. */
export function lagOf(core: Core, { floor, settled, settled_bytes }: q.GroupRow): Lag {
  const { waiting, waiting_bytes, hidden, hidden_bytes, pos, sum } = core.row();
  const visible = pos - settled;
  const chunks = visible + waiting + hidden;
  const oldest = chunks === 0 ? undefined : visible > 0 ? first(core.sql, p.ENTRY, floor + 1) : first(core.sql, p.OLDEST_WAITING);
  return {
    chunks,
    bytes: sum - settled_bytes + waiting_bytes + hidden_bytes,
    seconds: oldest ? Math.max(0, core.clock() - oldest.written) / 1000 : 0,
  };
}

export function describeGroups(core: Core): readonly GroupDescription[] {
  return all(core.sql, q.GROUPS).map((row) => describe(core, row));
}

export function firstGroups(core: Core, most: number): readonly GroupDescription[] {
  return all(core.sql, q.FIRST_GROUPS, most).map((row) => describe(core, row));
}

export function describe(core: Core, group: q.GroupRow): GroupDescription {
  return {
    group: group.name as PipeGroup,
    mode: group.mode,
    start: group.start,
    maxDeliveries: group.max_deliveries,
    lease: group.lease,
    expiresAfterIdle: group.idle,
    created: iso(group.created),
    expires: iso(group.used + group.idle * 1000 * (1 + USED_PART)),
    state: formatState(core.definition().id, group.floor),
    lag: lagOf(core, group),
    claimed: group.claimed,
    waiting: group.waiting,
    dead: group.dead,
    acked: group.acked,
  };
}

export function describeDead(core: Core, { pos, seq, deliveries, reason, since }: q.FailedRow): DeadClaim {
  return { seq, pos, name: nameAt(core, pos), deliveries, reason, since: iso(since) };
}

/** The name of the chunk that an entry tells of; empty where it is gone. */
export function nameAt(core: Core, pos: number): ChunkName {
  const entry = first(core.sql, q.ENTRIES_AT, pos, pos);
  return (entry && entry.body !== '' ? (JSON.parse(entry.body) as { name: string }).name : '') as ChunkName;
}

export function checkNumber(groups: number): void {
  if (groups >= MAX_GROUPS) throw new Fault('TooManyRequests', `a pipe has at most ${MAX_GROUPS} groups`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

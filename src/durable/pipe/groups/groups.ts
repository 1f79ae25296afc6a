// Groups are made, changed and deleted; one that nobody uses goes by itself.
import { Fault } from '../../../faults.ts';
import { DEFAULT_GROUP, type GroupSettings, type GroupWish } from '../../../model/pipe-group.ts';
import type { PipeGroup } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { sumAt } from '../log/sums.ts';
import { standAt } from '../log/reading.ts';
import { loosen } from './failed.ts';
import { endLeases } from './leases.ts';
import * as q from './queries.ts';
import { beginReleasing, releaseSome, releaseWithout } from './released.ts';
import { checkNumber, groupNamed, save, type Group } from './rows.ts';

/** Rows of a group that is gone, per table and transaction. */
const BATCH = 1000;

/** To be called inside a transaction; whether it was made. */
export function putGroup(core: Core, name: PipeGroup, wish: GroupWish): boolean {
  const known = first(core.sql, q.GROUP_NAMED, name);
  if (known) {
    change({ ...known }, wish, core);
    return false;
  }
  checkNumber(all(core.sql, q.FLOORS, 0).length);
  const { mode, maxDeliveries, lease, expiresAfterIdle }: GroupSettings = { ...DEFAULT_GROUP, ...wish };
  const { start = 'earliest' } = wish;
  const pos = startAt(core, start);
  const now = core.clock();
  const settings = [name, mode, start, maxDeliveries, lease, expiresAfterIdle] as const;
  const made = first(core.sql, q.ADD_GROUP, ...settings, now, now, pos, pos, pos, sumAt(core, pos));
  beginReleasing(core, made?.id ?? 0);
  core.happened.changed = true;
  return true;
}

/** Throws StateTrimmed and InvalidState. */
function startAt(core: Core, start: string): number {
  return standAt(core, { state: start === 'earliest' ? '-1' : start, max: 1, maxBytes: 0, urls: false }).pos;
}

function change(group: Group, wish: GroupWish, core: Core): void {
  if (wish.mode !== undefined && wish.mode !== group.mode) throw new Fault('Conflict', `the group is ${group.mode}, and stays that`);
  if (wish.start !== undefined && wish.start !== group.start) throw new Fault('Conflict', `the group has started at ${group.start}`);
  const { maxDeliveries = group.max_deliveries, lease = group.lease, expiresAfterIdle = group.idle } = wish;
  save(core, { ...group, max_deliveries: maxDeliveries, lease, idle: expiresAfterIdle, used: core.clock() });
  core.happened.changed = true;
}

/** To be called inside a transaction. Throws GroupNotFound. */
export function dropGroup(core: Core, name: PipeGroup): void {
  remove(core, groupNamed(core, name).id);
}

function remove(core: Core, id: number): void {
  run(core.sql, q.DROP_GROUP, id);
  releaseWithout(core, id);
  Object.assign(core.happened, { changed: true, claims: true });
}

/** When groups owe something next. */
export function nextDue(core: Core): number | undefined {
  return core.find()?.life === 'open' ? (first(core.sql, q.NEXT_DUE)?.due ?? undefined) : undefined;
}

/** What has come due: leases, memories, groups that nobody uses, rows of those that are gone. To be called inside a transaction. */
export function work(core: Core): void {
  endLeases(core);
  for (const { id } of all(core.sql, q.IDLE_GROUPS, core.clock())) remove(core, id);
  const leaving = first(core.sql, q.LEAVING);
  if (leaving && leaving.after !== null) releaseSome(core, { ...leaving, after: leaving.after });
  else if (leaving) clear(core, leaving.grp);
}

/** Rows of a group that is gone, or of what was released while there were groups. */
function clear(core: Core, grp: number): void {
  const failed = all(core.sql, q.SOME_FAILED, grp, BATCH);
  for (const { pos, seq } of failed) {
    run(core.sql, q.DROP_FAILED, grp, seq);
    loosen(core, pos);
  }
  const rows = run(core.sql, q.DROP_ALL_AGAIN, grp, BATCH) + run(core.sql, q.DROP_RUNS, grp, BATCH);
  if (failed.length + rows === 0) run(core.sql, q.DROP_LEAVING, grp);
}

// What all groups have settled is released: it counts no longer against what the pipe holds. Once released, for ever: a group that is made
// later reads what is retained without filling the pipe again.
import type { Credit } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { sumAt } from '../log/sums.ts';
import * as q from './queries.ts';
import { add, common, lengthOf, within, type Run } from './settled.ts';

/** Looks for runs of groups per transaction. */
const LOOKS = 500;

/** Visible entries that some group has not settled, and their bytes. */
export function unreleased(core: Core): Credit | undefined {
  if (core.hasGroups === false) return undefined;
  const released = first(core.sql, q.GET_RELEASED);
  core.hasGroups = released !== undefined;
  if (!released) return undefined;
  const { pos, sum } = core.row();
  return { chunks: pos - released.chunks, bytes: sum - released.bytes };
}

/** The first group, which has just been made: what is visible before it is released already. */
export function beginReleasing(core: Core, group: number): void {
  const { pos, sum } = core.row();
  // A set of its own: what is left of an earlier one may still be on its way out.
  if (!first(core.sql, q.GET_RELEASED)) run(core.sql, q.ADD_RELEASED, pos, pos, sum, -group);
  core.hasGroups = true;
}

/** A group has settled these. */
export function release(core: Core, runs: readonly Run[], group: number): void {
  let left = runs;
  for (const { id, floor } of all(core.sql, q.FLOORS, group)) left = left.flatMap((run) => within(core.sql, id, floor, run));
  addReleased(core, left);
}

function addReleased(core: Core, runs: readonly Run[]): void {
  const before = first(core.sql, q.GET_RELEASED);
  if (runs.length === 0 || !before) return;
  let { floor, chunks, bytes } = before;
  for (const run of runs) {
    const added = add(core.sql, before.grp, floor, run);
    floor = added.floor;
    chunks += lengthOf(added.fresh);
    bytes += bytesOf(core, added.fresh);
  }
  if (chunks === before.chunks && floor === before.floor) return;
  run(core.sql, q.SET_RELEASED, floor, chunks, bytes);
  core.happened.room = true;
}

/** A group is gone, and its row is: what only it had not settled is released, some at once; and everything when it was the last one. */
export function releaseWithout(core: Core, group: number): void {
  const released = first(core.sql, q.GET_RELEASED);
  const among = first(core.sql, q.LAST_GROUP)?.id ?? undefined;
  if (released && among !== undefined) {
    run(core.sql, q.ADD_LEAVING, group, released.floor, among);
    return releaseSome(core, { grp: group, after: released.floor, among });
  }
  run(core.sql, q.ADD_LEAVING, group, null, null);
  if (!released) return;
  run(core.sql, q.DROP_RELEASED);
  run(core.sql, q.ADD_LEAVING, released.grp, null, null);
  core.hasGroups = false;
  core.happened.room = true;
}

/**
 * One step: what all others had settled after this pos. Groups that were made later have no say in it: for them it is as if it had been released when
 * the group went.
 */
export function releaseSome(core: Core, { grp, after, among }: Omit<q.LeavingRow, 'after'> & { readonly after: number }): void {
  const { runs, next } = common(core.sql, all(core.sql, q.FLOORS_UP_TO, among), after + 1, LOOKS);
  addReleased(core, runs);
  run(core.sql, q.SET_LEAVING, next === undefined ? null : next - 1, grp);
}

/** Nothing behind this pos is settled by all groups without a gap; undefined where there is no group. */
export function settledByAll(core: Core): number | undefined {
  return core.hasGroups === false ? undefined : (first(core.sql, q.LOWEST_FLOOR)?.floor ?? undefined);
}

export function bytesOf(core: Core, runs: readonly Run[]): number {
  return runs.reduce((bytes, { first, last }) => bytes + sumAt(core, last) - sumAt(core, first - 1), 0);
}

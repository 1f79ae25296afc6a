// What all groups have settled is released: it counts no longer against what the pipe holds. Once released, for ever: a group that is made
// later reads what is retained without filling the pipe again.
import type { Credit } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { sumAt } from '../log/sums.ts';
import * as q from './queries.ts';
import { add, lengthOf, within, type Run } from './settled.ts';

/** The name of the set of what is released among those of the groups. */
const ALL_GROUPS = 0;

/** Visible entries that some group has not settled, and their bytes. */
export function unreleased(core: Core): Credit | undefined {
  if (core.hasGroups === false) return undefined;
  const released = first(core.sql, q.GET_RELEASED);
  core.hasGroups = released !== undefined;
  if (!released) return undefined;
  const { pos, sum } = core.row();
  return { chunks: pos - released.chunks, bytes: sum - released.bytes };
}

/** The first group: what is visible before it is released already. */
export function beginReleasing(core: Core): void {
  const { pos, sum } = core.row();
  if (!first(core.sql, q.GET_RELEASED)) run(core.sql, q.ADD_RELEASED, pos, pos, sum);
  core.hasGroups = true;
}

/** A group has settled these; `group` 0: one that is not there any more has let everything go. */
export function release(core: Core, runs: readonly Run[], group: number): void {
  let left = runs;
  for (const { id, floor } of all(core.sql, q.FLOORS, group)) left = left.flatMap((run) => within(core.sql, id, floor, run));
  const before = first(core.sql, q.GET_RELEASED);
  if (left.length === 0 || !before) return;
  let { floor, chunks, bytes } = before;
  for (const run of left) {
    const added = add(core.sql, ALL_GROUPS, floor, run);
    floor = added.floor;
    chunks += lengthOf(added.fresh);
    bytes += bytesOf(core, added.fresh);
  }
  if (chunks === before.chunks && floor === before.floor) return;
  run(core.sql, q.SET_RELEASED, floor, chunks, bytes);
  core.happened.room = true;
}

/** A group is gone: what only it had not settled is released, and everything when it was the last one. */
export function releaseWithout(core: Core): void {
  const released = first(core.sql, q.GET_RELEASED);
  if (!released) return;
  if (settledByAll(core) === undefined) {
    run(core.sql, q.DROP_RELEASED);
    run(core.sql, q.DROP_RUNS, ALL_GROUPS, -1);
    core.hasGroups = false;
    core.happened.room = true;
  } else release(core, [{ first: released.floor + 1, last: core.row().pos }], ALL_GROUPS);
}

/** Nothing behind this pos is settled by all groups without a gap; undefined where there is no group. */
export function settledByAll(core: Core): number | undefined {
  return core.hasGroups === false ? undefined : (first(core.sql, q.LOWEST_FLOOR)?.floor ?? undefined);
}

export function bytesOf(core: Core, runs: readonly Run[]): number {
  return runs.reduce((bytes, { first, last }) => bytes + sumAt(core, last) - sumAt(core, first - 1), 0);
}

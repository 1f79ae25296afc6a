// Sets of positions of the log: everything up to a floor, and runs beyond it. Cost by the gaps, not by the length.
import { each, first, run } from '../../sql.ts';
import * as q from './queries.ts';

/** Both ends belong to it. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

export function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** Positions as runs, in ascending order, each once. */
export function runsOf(positions: readonly number[]): readonly Run[] {
  const runs: { first: number; last: number }[] = [];
  for (const pos of positions.toSorted((one, other) => one - other)) {
    const end = runs.at(-1);
    if (end && pos <= end.last + 1) end.last = pos;
    else runs.push({ first: pos, last: pos });
  }
  return runs;
}

/** What of the runs is in none of the others. */
export function without(runs: readonly Run[], others: readonly Run[]): readonly Run[] {
  let left = runs;
  for (const other of others)
    left = left
      .flatMap(({ first, last }) => [
        { first, last: Math.min(last, other.first - 1) },
        { first: Math.max(first, other.last + 1), last },
      ])
      .filter((part) => part.first <= part.last);
  return left;
}

/** Rows that overlap the run or touch it, in descending order. */
function near(sql: SqlStorage, grp: number, { first, last }: Run): readonly Run[] {
  const found: Run[] = [];
  for (const row of each(sql, q.RUNS_DOWN, grp, last + 1)) {
    if (row.last < first - 1) break;
    found.push({ first: row.first, last: row.last });
  }
  return found;
}

/** Puts a run into the set; answers what was not in it before, and the floor from here on. */
export function add(sql: SqlStorage, grp: number, floor: number, wanted: Run): { readonly fresh: readonly Run[]; readonly floor: number } {
  const { last } = wanted;
  const first = Math.max(wanted.first, floor + 1);
  if (first > last) return { fresh: [], floor };
  const others = near(sql, grp, { first, last });
  const fresh = without([{ first, last }], others);
  if (fresh.length === 0) return { fresh, floor };
  for (const other of others) run(sql, q.DROP_RUN, grp, other.first);
  const from = Math.min(first, ...others.map((other) => other.first));
  const to = Math.max(last, ...others.map((other) => other.last));
  if (from === floor + 1) return { fresh, floor: to };
  run(sql, q.ADD_RUN, grp, from, to);
  return { fresh, floor };
}

/** What of the set lies at this position or comes next after it. */
function runFrom(sql: SqlStorage, grp: number, floor: number, at: number): Run | undefined {
  if (at <= floor) return { first: at, last: floor };
  const before = first(sql, q.RUN_AT, grp, at);
  return before && before.last >= at ? before : first(sql, q.RUN_AFTER, grp, at);
}

/**
 * What is in all of these sets from a position on, in ascending order. `next`: where to go on, when so many looks were not enough; undefined: there is
 * nothing more.
 */
export function common(
  sql: SqlStorage,
  sets: readonly { readonly id: number; readonly floor: number }[],
  from: number,
  looks: number,
): { readonly runs: readonly Run[]; readonly next: number | undefined } {
  const runs: Run[] = [];
  let at = from;
  for (let left = looks; sets.length > 0; left -= sets.length) {
    if (left <= 0) return { runs, next: at };
    const found = sets.map(({ id, floor }) => runFrom(sql, id, floor, at));
    const isOver = found.includes(undefined);
    if (isOver) break;
    const low = Math.max(at, ...found.map((run) => run?.first ?? 0));
    const high = Math.min(...found.map((run) => run?.last ?? 0));
    if (low <= high) runs.push({ first: low, last: high });
    at = Math.max(low, high + 1);
  }
  return { runs, next: undefined };
}

/** What of the run is in the set. */
export function within(sql: SqlStorage, grp: number, floor: number, { first, last }: Run): readonly Run[] {
  const low = first <= floor ? [{ first, last: Math.min(last, floor) }] : [];
  if (last <= floor) return low;
  const high = near(sql, grp, { first: Math.max(first, floor + 1), last })
    .map((row) => ({ first: Math.max(first, row.first), last: Math.min(last, row.last) }))
    .filter((part) => part.first <= part.last);
  return [...low, ...high.toReversed()];
}

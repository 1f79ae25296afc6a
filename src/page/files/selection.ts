// What is selected: by name, so that it stays when rows come and go around it.
import type { Named } from './blocks.ts';

/** At most so many at a time: what is selected is kept with what is known of it. */
export const MOST_SELECTED = 10_000;

export interface Selection<T extends Named> {
  readonly rows: ReadonlyMap<string, T>;
  /** Where a range begins: the position of the last row that was chosen by itself. */
  readonly anchor: number | undefined;
}

export const NONE: Selection<never> = { rows: new Map<string, never>(), anchor: undefined };

export function only<T extends Named>(row: T, index: number): Selection<T> {
  return { rows: new Map([[row.name, row]]), anchor: index };
}

export function toggle<T extends Named>({ rows }: Selection<T>, row: T, index: number): Selection<T> {
  const next = new Map(rows);
  if (!next.delete(row.name) && next.size < MOST_SELECTED) next.set(row.name, row);
  return { rows: next, anchor: index };
}

/** Those in place of what was selected, or with it. The beginning of the range stays. */
export function range<T extends Named>({ rows, anchor }: Selection<T>, chosen: readonly T[], adds: boolean): Selection<T> {
  const next = new Map(adds ? rows : []);
  for (const row of chosen) if (next.size < MOST_SELECTED) next.set(row.name, row);
  return { rows: next, anchor };
}

/** The same rows as they are after they were read again; those that have gone are left out. */
export function refreshed<T extends Named>(selection: Selection<T>, read: readonly T[], gone: readonly string[]): Selection<T> {
  if (selection.rows.size === 0) return selection;
  const { rows, anchor } = selection;
  const news = read.filter((row) => rows.has(row.name) && rows.get(row.name) !== row);
  const lost = gone.filter((name) => rows.has(name));
  if (news.length === 0 && lost.length === 0) return selection;
  const next = new Map(rows);
  for (const row of news) next.set(row.name, row);
  for (const name of lost) next.delete(name);
  return { rows: next, anchor };
}

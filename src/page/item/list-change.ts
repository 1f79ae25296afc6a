// Groups put into the lists of many nodes, or taken out of them: each keeps what else it has.
import { formatGroups, readGroups } from './groups.ts';
import type { Held, Value } from './merge.ts';

export interface ListChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The value that is wanted, null for none, or what is to become of each node's own list. */
export type Wish = string | null | ListChange;

const NOTHING: ListChange = { add: [], remove: [] };

export function isListChange(wish: Wish | undefined): wish is ListChange {
  return typeof wish === 'object' && wish !== null;
}

/** What a node with this value gets. */
export function wishedFor(value: Value, wish: Wish): string | null {
  if (!isListChange(wish)) return wish;
  const had = readGroups(value ?? '');
  const missing = wish.add.filter((group) => !had.includes(group));
  const left = had.filter((group) => !wish.remove.includes(group));
  if (missing.length === 0 && left.length === had.length) return value ?? null;
  return formatGroups([...left, ...missing]) || null;
}

export interface Member {
  readonly group: string;
  /** Nodes that have it. */
  readonly count: number;
}

/** Every group that one of the nodes has or gets, as it is when the wish has come true. */
export function membersOf(held: Held, wish: ListChange = NOTHING): readonly Member[] {
  const counts = new Map<string, number>();
  for (const { value, count } of held.values)
    for (const group of readGroups(wishedFor(value, wish) ?? '')) counts.set(group, (counts.get(group) ?? 0) + count);
  return Array.from(counts, ([group, count]) => ({ group, count }));
}

export function adding(group: string, { add, remove }: ListChange = NOTHING): ListChange {
  return { add: [...new Set([...add, group])], remove: remove.filter((one) => one !== group) };
}

export function removing(group: string, { add, remove }: ListChange = NOTHING): ListChange {
  return { add: add.filter((one) => one !== group), remove: [...new Set([...remove, group])] };
}

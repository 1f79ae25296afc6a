// What is put into the lists of many nodes, or taken out of them: each keeps what else it has.
import type { ListForm } from './list-form.ts';
import type { Held, Value } from './merge.ts';

export interface ListChange {
  readonly form: ListForm;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The value that is wanted, null for none, or what is to become of each node's own list. */
export type Wish = string | null | ListChange;

export function isListChange(wish: Wish | undefined): wish is ListChange {
  return typeof wish === 'object' && wish !== null;
}

/** What a node with this value gets. */
export function wishedFor(value: Value, wish: Wish): string | null {
  if (!isListChange(wish)) return wish;
  const { form, add, remove } = wish;
  const had = form.read(value ?? '');
  const missing = add.filter((one) => !had.includes(one));
  const left = had.filter((one) => !remove.includes(one));
  if (missing.length === 0 && left.length === had.length) return value ?? null;
  return form.format([...left, ...missing]) || null;
}

export interface Member {
  readonly one: string;
  /** Nodes that have it. */
  readonly count: number;
}

/** Everything that is in the list of one of the nodes, or gets there, as it is when the wish has come true. */
export function membersOf(held: Held, wish: ListChange): readonly Member[] {
  const counts = new Map<string, number>();
  for (const { value, count } of held.values)
    for (const one of wish.form.read(wishedFor(value, wish) ?? '')) counts.set(one, (counts.get(one) ?? 0) + count);
  return Array.from(counts, ([one, count]) => ({ one, count }));
}

export function adding(some: readonly string[], { form, add, remove }: ListChange): ListChange {
  return { form, add: [...new Set([...add, ...some])], remove: remove.filter((one) => !some.includes(one)) };
}

export function removing(one: string, { form, add, remove }: ListChange): ListChange {
  return { form, add: add.filter((other) => other !== one), remove: [...new Set([...remove, one])] };
}

// The list of a property as it is edited: one list for all nodes where they have the same, else each its own.
import type { Edit } from './edit.ts';
import { adding, isListChange, membersOf, removing } from './list-change.ts';
import type { ListForm } from './list-form.ts';
import { commonValue, isMixed } from './merge.ts';

export interface Members {
  readonly all: readonly { readonly one: string; readonly label: string; readonly everywhere: boolean }[];
  /** Each node keeps its own list. */
  readonly mixed: boolean;
  readonly add: (some: readonly string[]) => void;
  readonly remove: (one: string) => void;
}

export const EACH_ITS_OWN = 'Each item keeps its own list: what you add or remove here is added or removed in every one.';

export function membersIn(edit: Edit, uri: string, form: ListForm): Members {
  const held = edit.heldOf(uri);
  const wish = edit.draft.value.get(uri);
  if (held && isMixed(held) && (wish === undefined || isListChange(wish))) {
    const change = wish ?? { form, add: [], remove: [] };
    const total = held.values.reduce((sum, { count }) => sum + count, 0);
    return {
      all: membersOf(held, change).map(({ one, count }) => ({
        one,
        label: form.label(one) + (count === total ? '' : ` (${count} of ${total})`),
        everywhere: count === total,
      })),
      mixed: true,
      add: (some) => edit.want(uri, adding(some, change)),
      remove: (one) => edit.want(uri, removing(one, change)),
    };
  }
  const list = form.read((wish === undefined ? commonValue(held) : edit.wished(uri)) ?? '');
  const set = (next: readonly string[]): void => edit.want(uri, next.length === 0 && held !== undefined ? null : form.format(next));
  return {
    all: list.map((one) => ({ one, label: form.label(one), everywhere: true })),
    mixed: false,
    add: (some) => set([...new Set([...list, ...some])]),
    remove: (one) => set(list.filter((other) => other !== one)),
  };
}

// The list of the tray. Items change in place, and what is shown of them is drawn again a few times a second at most.
import { signal } from '@preact/signals';
import type { Item } from './item.ts';

/** Milliseconds. */
const PAUSE = 150;

/** Read `.value` to be drawn again when something in the list has changed. */
export const turn = signal(0);

let list: readonly Item[] = [];
let due = false;

/** In the order in which they were added. */
export function allItems(): readonly Item[] {
  return list;
}

export function addItems(some: readonly Item[]): void {
  list = [...list, ...some];
  touched();
}

export function dropItems(some: Iterable<Item>): void {
  const gone = new Set(some);
  if (gone.size === 0) return;
  list = list.filter((item) => !gone.has(item));
  // Shown at once, so that the focus can go to what is left; without listening to the turn, as this may happen in an effect.
  turn.value = turn.peek() + 1;
}

/** To be called after an item was changed. */
export function touched(): void {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    turn.value++;
  }, PAUSE);
}

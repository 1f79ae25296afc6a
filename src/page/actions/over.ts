// The dialog of an action, over whatever screen there is: one at a time.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

const over = signal<ComponentChildren>(undefined);

/** Shows what `make` gives, until it is answered. */
export function ask<T>(make: (answer: (given: T) => void) => ComponentChildren): Promise<T> {
  return new Promise((resolve) => {
    const shown = make((given) => {
      if (over.peek() === shown) over.value = undefined;
      resolve(given);
    });
    over.value = shown;
  });
}

/** Where it appears. */
export function Actions() {
  return over.value;
}

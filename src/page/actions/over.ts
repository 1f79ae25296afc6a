// A dialog that work under way has to show: one at a time.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export const over = signal<ComponentChildren>(undefined);

/** Shows what `make` gives, until it is answered. */
export function ask<T>(make: (answer: (given: T) => void) => ComponentChildren): Promise<T> {
  return new Promise((resolve) => {
    over.value = make((given) => {
      over.value = undefined;
      resolve(given);
    });
  });
}

// Code that is wanted at once, and not before the rows: it comes beside them.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { showTrouble } from '../app/trouble.ts';
import { loadLate } from '../kit/load-late.ts';

/** Undefined until it is there. */
export function useLate<M extends object>(load: () => Promise<M>): M | undefined {
  const code = useSignal<M | undefined>(undefined);
  useEffect(
    () =>
      loadLate(
        load,
        (loaded) => (code.value = loaded),
        (thrown) => showTrouble('A part of the page', thrown),
      ).stop,
    [],
  );
  return code.value;
}

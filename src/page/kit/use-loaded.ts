// Something that is asked of a service for a component: not there yet, there, or why not.
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { connected } from '../app/live.ts';
import { isAborted, troubleOf, type Trouble } from '../app/trouble.ts';

export interface Loaded<T> {
  /** The last one that came, also while it is asked for again. */
  readonly value: T | undefined;
  readonly trouble: Trouble | undefined;
  readonly busy: boolean;
  readonly again: () => void;
}

/** Asks whenever something in `of` is another one; what was asked before is taken back then. */
export function useLoaded<T>(ask: (signal: AbortSignal) => Promise<T>, of: readonly unknown[]): Loaded<T> {
  const state = useSignal<{ readonly value?: T; readonly trouble?: Trouble; readonly busy: boolean }>({ busy: true });
  const turn = useSignal(0);
  const lastTurn = useRef(0);
  useEffect(() => {
    const over = new AbortController();
    // What was asked of something else does not stay on show.
    const isSame = turn.value !== lastTurn.current;
    lastTurn.current = turn.value;
    state.value = { ...(isSame ? state.peek() : {}), busy: true };
    ask(over.signal).then(
      (value) => {
        if (!over.signal.aborted) state.value = { value, busy: false };
      },
      (thrown: unknown) => {
        if (!over.signal.aborted && !isAborted(thrown)) state.value = { trouble: troubleOf(thrown), busy: false };
      },
    );
    return () => over.abort();
  }, [...of, turn.value]);
  // What the service could not be asked for is asked for when it is back.
  useSignalEffect(() => {
    if (connected.value && state.peek().trouble?.name === 'ConnectionFailed') turn.value = turn.peek() + 1;
  });
  const { value, trouble, busy } = state.value;
  return { value, trouble, busy, again: () => turn.value++ };
}

// Something that the user has asked for and that takes its time: whether it is under way, and how it failed.
import { useSignal } from '@preact/signals';
import { isAborted, troubleOf, type Trouble } from '../app/trouble.ts';

export interface Action {
  /** Does it, unless it is under way already. Resolves whether it has worked. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly busy: boolean;
  readonly trouble: Trouble | undefined;
}

export function useAction(): Action {
  const busy = useSignal(false);
  const trouble = useSignal<Trouble | undefined>(undefined);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy.value) return false;
    busy.value = true;
    trouble.value = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      if (!isAborted(thrown)) trouble.value = troubleOf(thrown);
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { run, busy: busy.value, trouble: trouble.value };
}

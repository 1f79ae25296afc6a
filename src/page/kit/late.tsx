// A component whose code is loaded when it is first shown.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { Failure, Loading } from './states.tsx';

interface LateProps<P> {
  /** What is loaded, for the words meanwhile. */
  readonly what: string;
  readonly load: () => Promise<ComponentType<P>>;
  readonly with: P;
}

/** Another `load` needs another `key`. */
export function Late<P extends object>({ what, load, with: given }: LateProps<P>) {
  const loaded = useSignal<{ readonly component: ComponentType<P> } | undefined>(undefined);
  const trouble = useSignal<Trouble | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    load().then(
      (component) => {
        if (!gone) loaded.value = { component };
      },
      (thrown: unknown) => {
        if (!gone) trouble.value = troubleOf(thrown);
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  if (trouble.value) return <Failure trouble={trouble.value} retry={() => location.reload()} />;
  const Loaded = loaded.value?.component;
  return Loaded ? <Loaded {...given} /> : <Loading what={what} />;
}

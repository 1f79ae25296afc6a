// A component whose code is loaded when it is first shown.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { loadLate } from './load-late.ts';
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
  const retry = useRef<() => void>(undefined);
  useEffect(() => {
    const { again, stop } = loadLate(
      load,
      (component) => {
        trouble.value = undefined;
        loaded.value = { component };
      },
      (thrown) => (trouble.value = troubleOf(thrown)),
    );
    retry.current = () => {
      trouble.value = undefined;
      again();
    };
    return stop;
  }, []);
  if (trouble.value) return <Failure trouble={trouble.value} retry={retry.current} />;
  const Loaded = loaded.value?.component;
  return Loaded ? <Loaded {...given} /> : <Loading what={what} />;
}

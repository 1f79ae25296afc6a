// Who asks for a new pipe, and between what.
import { signal } from '@preact/signals';
import type { Place } from '../../app/place.ts';
import type { Store } from '../store.ts';
import { Create } from './create.tsx';

export interface CreateWish {
  /** vos:// URIs of containers. */
  readonly src?: string;
  readonly dest?: string;
}

export const createWish = signal<CreateWish | undefined>(undefined);

export function CreateDoor({ store, container }: { readonly store: Store; readonly container: Place | undefined }) {
  const wish = createWish.value;
  if (!wish) return null;
  return <Create store={store} wish={wish} container={container} onClose={() => (createWish.value = undefined)} />;
}

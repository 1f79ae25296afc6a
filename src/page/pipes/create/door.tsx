// Who asks for a new pipe, and between what. The dialog is loaded when it is first opened.
import { signal } from '@preact/signals';
import type { Place } from '../../app/place.ts';
import { Late } from '../../kit/late.tsx';
import type { Store } from '../store.ts';

export interface CreateWish {
  /** vos:// URIs of containers. */
  readonly src?: string;
  readonly dest?: string;
}

export const createWish = signal<CreateWish | undefined>(undefined);

export function CreateDoor({ store, container }: { readonly store: Store; readonly container: Place | undefined }) {
  const wish = createWish.value;
  if (!wish) return null;
  return (
    <Late
      what="form"
      load={async () => (await import('./create.tsx')).Create}
      with={{ store, wish, container, onClose: () => (createWish.value = undefined) }}
    />
  );
}

// Where the form for a new pipe appears when somebody asks for one.
import type { Place } from '../../app/place.ts';
import type { Store } from '../store.ts';
import { Create } from './create.tsx';
import { createWish } from './wish.ts';

export function CreateDoor({ store, container }: { readonly store: Store; readonly container: Place | undefined }) {
  const wish = createWish.value;
  if (!wish) return null;
  return <Create store={store} wish={wish} container={container} onClose={() => (createWish.value = undefined)} />;
}

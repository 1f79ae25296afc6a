// Where bytes lie that a chunk is pinned to: its home and key say it, whichever Space holds them.
import type { SpaceId } from '../../model/space-id.ts';
import type { ObjectKey, StoreContainer } from '../../objects/port.ts';
import type { Services } from '../services.ts';

/** Stands for the container that the home's name replaces. */
const NOWHERE: StoreContainer = { name: '', epoch: 0 };

export function placeOfPinned(
  { spaces }: Services,
  { home, key }: { readonly home: SpaceId; readonly key: ObjectKey },
): ReturnType<Services['spaces']['placeOf']> {
  return spaces.placeOf({ container: NOWHERE, home, key });
}

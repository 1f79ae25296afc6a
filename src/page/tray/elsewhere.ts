// Uploads under way that this page knows nothing of: begun in another browser or by a program, or forgotten by this one.
import { signal } from '@preact/signals';
import { abandonUpload, openUploads } from '../../client/uploads.ts';
import type { OpenDocument } from '../../model/uploads.ts';
import { changed } from '../app/changes.ts';
import { uriOf, type Place } from '../app/place.ts';
import { session } from '../app/spaces.ts';
import { isOver, uriOfItem } from './item.ts';
import { allItems } from './items.ts';

export interface Elsewhere {
  /** At and below it. */
  readonly place: Place;
  readonly uploads: readonly OpenDocument[];
}

/** What the user has asked to see; undefined: nothing. */
export const elsewhere = signal<Elsewhere | undefined>(undefined);

/** Throws VospaceError. A VOSpace of another kind has no such list: it is empty there. */
export async function lookElsewhere(place: Place): Promise<void> {
  const at = await session(place.authority);
  const open = at.codec.ours ? await openUploads({ session: at }, uriOf(place)) : [];
  const own = new Set(allItems().flatMap((item) => (isOver(item) ? [] : [uriOfItem(item)])));
  elsewhere.value = { place, uploads: open.filter(({ uri }) => !own.has(uri)) };
}

/** Gives uploads up at the service. Throws VospaceError; those before it are given up all the same. */
export async function giveUp(uploads: readonly OpenDocument[]): Promise<void> {
  const shown = elsewhere.value;
  if (!shown) return;
  const at = { session: await session(shown.place.authority) };
  try {
    for (const { id } of uploads) await abandonUpload(at, id);
  } finally {
    changed(shown.place);
    await lookElsewhere(shown.place);
  }
}

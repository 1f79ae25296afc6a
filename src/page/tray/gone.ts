// Uploads into a folder that somebody has deleted or moved meanwhile: which folder it is, and what can be done with the files.
import { signal } from '@preact/signals';
import { VospaceError } from '../../client/error.ts';
import { isWithin } from '../actions/within.ts';
import { isSamePlace, parentOf, placeText, type Place } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import { containerOf, isOver, type Item } from './item.ts';
import { allItems, touched } from './items.ts';
import { keep } from './kept.ts';
import { missing } from './missing.ts';

export interface GoneFolder {
  readonly folder: Place;
  /** On their way to it. */
  readonly items: readonly Item[];
  /** Uploaded into it before. */
  readonly over: number;
}

/** What the user is to be asked about; undefined: nothing. */
export const gone = signal<GoneFolder | undefined>(undefined);

/** Milliseconds that failures are collected: all files of a folder fail together. */
const PAUSE = 200;

const suspects = new Set<Item>();

/** Whether a failure may come of a folder that is gone. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof VospaceError && (thrown.fault === 'NodeNotFound' || thrown.fault === 'ContainerNotFound');
}

/** Finds out whether the item's folder is gone, and asks the user if it is. `halt` stops what else is on its way there. */
export function suspect(item: Item, halt: (items: readonly Item[]) => void): void {
  if (suspects.size === 0) setTimeout(() => void look(halt), PAUSE);
  suspects.add(item);
}

async function look(halt: (items: readonly Item[]) => void): Promise<void> {
  const some = Array.from(suspects);
  suspects.clear();
  const lost: Place[] = [];
  for (const item of some) {
    const container = containerOf(item);
    // What has been told and asked for all files of a folder is not asked again for each, when the user may have answered.
    if (item.state !== 'failed' || lost.some((folder) => isWithin(container, folder))) continue;
    const { authority } = item.target;
    const space = await nodes(authority);
    const path = await missing(container.path, async (at) => {
      await space.get(at || '/', { detail: 'min', limit: 0 });
    });
    if (path === undefined) continue;
    lost.push({ authority, path });
    strand({ authority, path }, halt);
  }
}

function strand(folder: Place, halt: (items: readonly Item[]) => void): void {
  const inside = allItems().filter((item) => isWithin(containerOf(item), folder));
  const items = inside.filter((item) => !isOver(item) && item.state !== 'waiting' && item.state !== 'finishing');
  halt(items);
  for (const item of items) {
    [item.state, item.upload, item.sent] = ['failed', undefined, 0];
    item.md5s.clear();
    item.trouble = {
      name: 'ContainerNotFound',
      text: `The folder ${placeText(folder)} is gone: somebody has deleted or moved it.`,
      advice: 'Retry to make it again or to choose another.',
    };
  }
  keep(...items);
  touched();
  if (gone.peek() && !isSamePlace(gone.peek()?.folder ?? folder, folder)) return;
  gone.value = { folder, items, over: inside.filter(({ state }) => state === 'done').length };
}

/** Makes the folder again, with those below it down to where the files were let fall. Throws VospaceError. */
export async function makeAgain({ folder, items }: GoneFolder): Promise<void> {
  const space = await nodes(folder.authority);
  const wanted = new Map<string, Place>();
  for (const { target } of items)
    for (let at = target; isWithin(at, folder); at = parentOf(at)) {
      wanted.set(at.path, at);
      if (at.path === '') break;
    }
  // From the top down: a path is longer than those above it.
  for (const path of Array.from(wanted.keys()).toSorted((a, b) => a.length - b.length))
    await space.create(path, { type: 'ContainerNode' }).catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'DuplicateNode') throw thrown;
    });
}

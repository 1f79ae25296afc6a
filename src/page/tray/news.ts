// Tells the rest of the page which folders have others in them: not more often than it can be seen.
import { changed } from '../app/changes.ts';
import { placeText, type Place } from '../app/place.ts';
import { containerOf, type Item } from './item.ts';

/** Milliseconds. */
const PAUSE = 600;

const containers = new Map<string, Place>();

export function hasChanged(item: Pick<Item, 'target' | 'path'>): void {
  if (containers.size === 0)
    setTimeout(() => {
      changed(...containers.values());
      containers.clear();
    }, PAUSE);
  const container = containerOf(item);
  containers.set(placeText(container), container);
}

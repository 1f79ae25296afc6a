// What has changed in containers: what this page did itself, at once, and what the live stream tells of others.
import type { NodeChange } from '../../model/event.ts';
import { onLive } from './live.ts';
import { isSamePlace, parentOf, type Place } from './place.ts';
import { OWN } from './spaces.ts';

type Listener = () => void;

interface Watch {
  readonly container: Place;
  readonly listener: Listener;
}

const watches = new Set<Watch>();
const everywhere = new Set<Listener>();

/** Called when children of a container may be others than before. Returns how to stop. */
export function onChange(container: Place, listener: Listener): () => void {
  const watch = { container, listener };
  watches.add(watch);
  const leave = onLive((event) => {
    if (
      event.event === 'resync' ||
      (event.event === 'nodes' && (event.more > 0 || event.changes.some((change) => concerns(change, container))))
    )
      listener();
  });
  return () => {
    watches.delete(watch);
    leave();
  };
}

/** Called when this page has made, changed or removed nodes anywhere. Returns how to stop. */
export function onAnyChange(listener: Listener): () => void {
  everywhere.add(listener);
  return () => {
    everywhere.delete(listener);
  };
}

/** To be called after this page has made, changed or removed nodes there. */
export function changed(...containers: readonly Place[]): void {
  for (const { container, listener } of watches) if (containers.some((one) => isSamePlace(one, container))) listener();
  for (const listener of everywhere) listener();
}

function concerns({ path, action }: NodeChange, container: Place): boolean {
  if (container.authority !== OWN) return false;
  // With a folder everything below it goes.
  const gone = action === 'delete' || action === 'move';
  return parentOf({ authority: OWN, path }).path === container.path || (gone && `${container.path}/`.startsWith(`${path}/`));
}

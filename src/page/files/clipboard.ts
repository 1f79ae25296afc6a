// Nodes that were copied or cut here, to be pasted into another folder: a matter of this page, not of the system's clipboard.
import { signal } from '@preact/signals';
import { sendTo } from '../actions/actions.ts';
import { announce } from '../app/notices.tsx';
import { isSamePlace, parentOf, type Place } from '../app/place.ts';
import { onLeaving } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { plural } from '../kit/format.ts';
import type { MenuItem } from '../kit/menu.tsx';

interface Held {
  readonly targets: readonly Target[];
  readonly how: 'copy' | 'move';
}

export const held = signal<Held | undefined>(undefined);

export function hold(targets: readonly Target[], how: 'copy' | 'move'): void {
  if (targets.length === 0) return;
  held.value = { targets, how };
  announce(`${plural(targets.length, 'item')} ready to be ${how === 'copy' ? 'copied' : 'moved'}: go to a folder and paste.`);
}

export function paste(into: Place): void {
  const now = held.value;
  if (!now) return;
  if (now.how === 'move') {
    held.value = undefined;
    // It is there.
    if (now.targets.every(({ place }) => isSamePlace(parentOf(place), into))) return;
  }
  sendTo(now.targets, into, now.how);
}

/** Beside the actions: the way to copy and move without knowing the keys. */
export function clipboardItems(targets: readonly Target[], place: Place): readonly MenuItem[] {
  const items: MenuItem[] = [];
  if (targets.length > 0)
    items.push(
      { label: 'Copy', icon: 'copy', keys: 'Ctrl + C', run: () => hold(targets, 'copy') },
      { label: 'Cut', icon: 'move', keys: 'Ctrl + X', run: () => hold(targets, 'move') },
    );
  if (held.value) items.push({ label: 'Paste here', icon: 'archive', keys: 'Ctrl + V', run: () => paste(place) });
  return items;
}

onLeaving(() => {
  held.value = undefined;
});

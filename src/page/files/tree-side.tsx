// Where the tree of folders is: beside the table where there is room, else in a dialog that its button opens.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { loadNext } from '../app/late.ts';
import type { Place } from '../app/place.ts';
import { Icon } from '../kit/icon.tsx';
import { Late } from '../kit/late.tsx';

const KEY = 'vopipe.tree';
const roomy = matchMedia('(min-width: 64rem)');
/** Whether it is wanted beside the table, and whether it is open where there is no room beside it. */
const wanted = signal(localStorage.getItem(KEY) !== 'closed');
const asked = signal(false);
const hasRoom = signal(roomy.matches);
roomy.addEventListener('change', () => (hasRoom.value = roomy.matches));

export function isTreeBeside(): boolean {
  return wanted.value && hasRoom.value;
}

export function TreeButton() {
  const open = hasRoom.value ? wanted.value : asked.value;
  const toggle = (): void => {
    if (!hasRoom.value) asked.value = true;
    else {
      wanted.value = !wanted.value;
      localStorage.setItem(KEY, wanted.value ? 'open' : 'closed');
    }
  };
  return (
    <button
      type="button"
      class="button icon-only quiet"
      aria-label="Tree of folders"
      title="Tree of folders"
      aria-pressed={open}
      onClick={toggle}
    >
      <Icon name="tree" />
    </button>
  );
}

export function TreeSide({ place, onGo }: { readonly place: Place; readonly onGo: (place: Place) => void }) {
  useEffect(() => {
    asked.value = false;
  }, [place.authority, place.path]);
  if (isTreeBeside())
    return (
      <aside class="tree-side" aria-label="Folders">
        <Late what="folders" load={loadTree} with={{ place, onGo }} />
      </aside>
    );
  if (!asked.value) return null;
  return <Late key="dialog" what="folders" load={loadDialog} with={{ place, onGo, onClose: () => (asked.value = false) }} />;
}

async function loadDialog() {
  return (await loadNext()).TreeDialog;
}

async function loadTree() {
  return (await loadNext()).FolderTree;
}

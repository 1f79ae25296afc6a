// The door of the upload tray: takes files while they may be taken, and loads the rest when there is something to do. Import it statically.
import { signal } from '@preact/signals';
import { loadWork } from '../app/late.ts';
import type { Place } from '../app/place.ts';
import { showTrouble } from '../app/trouble.ts';
import type * as Work from '../late/work.ts';

/** What was dropped, taken out of the event: its data are gone when the event is over. */
export type Taken = readonly (One | Promise<One | null>)[];
type One = File | FileSystemEntry | FileSystemHandle;

/** Whether the tray itself is to be there. */
export const used = signal(false);

/**
 * Uploads files and folders into a container. `files`: a drop's data, to be given in its event and not after a pause, or files that were chosen.
 * Returns at once; the tray shows what becomes of them.
 */
export function addFiles(target: Place, files: DataTransfer | readonly File[]): void {
  const taken = files instanceof DataTransfer ? take(files) : files;
  load((tray) => tray.add(target, taken));
}

/** Has the user choose files, or a folder with all that is in it, to be uploaded into a container. Call it from a click. */
export function chooseFiles(target: Place, kind: 'files' | 'folder'): void {
  load((tray) => tray.choose(target, kind));
}

/** Shows uploads at and below a container that this page does not send itself, to be given up. */
export function showUnfinished(place: Place): void {
  load((tray) => tray.lookElsewhere(place));
}

function load(work: (tray: typeof Work) => Promise<void>): void {
  used.value = true;
  loadWork()
    .then(work)
    .catch((thrown: unknown) => showTrouble('Upload', thrown));
}

/** Handles where there are some: they outlive the page. */
function take({ items, files }: DataTransfer): Taken {
  const dropped = Array.from(items).filter(({ kind }) => kind === 'file');
  if (dropped.length === 0) return Array.from(files);
  return dropped.flatMap((item): Taken => {
    const other = item.webkitGetAsEntry() ?? item.getAsFile();
    const handle = (item as { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }).getAsFileSystemHandle?.();
    return handle ? [handle.then((found) => found ?? other).catch(() => other)] : other ? [other] : [];
  });
}

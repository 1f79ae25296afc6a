// Adds files to the tray, and has the user choose some.
import { signal } from '@preact/signals';
import { placeText, type Place } from '../app/place.ts';
import { lookElsewhere as look } from './elsewhere.ts';
import { findAll, type Found } from './found.ts';
import { containerOf, isOver, makeItem, type Item, type NewItem } from './item.ts';
import { addItems, allItems } from './items.ts';
import { keep } from './kept.ts';
import { prepare, type Folder } from './prepare.ts';
import { giveFiles } from './resume.ts';
import { signedIn } from './signed-in.ts';
import type { Taken } from './tray.ts';
import { ownerOf } from './owner.ts';

/** What is found at a time is put into the list together. */
const AT_ONCE = 500;

/** Files found so far in what is being read; undefined: nothing is. */
export const reading = signal<number | undefined>(undefined);

let batches = 0;

export async function add(target: Place, taken: Taken): Promise<void> {
  if (!(await signedIn(target.authority))) return;
  const found = await readAll(taken);
  const files = found.filter((one) => one.kind === 'file').toSorted(byPath);
  const folders: readonly Folder[] = found.flatMap(({ kind, path }) => (kind === 'folder' ? [{ target, path }] : []));
  // What was left unfinished goes on when the same files are let fall in the same place.
  const given = new Set(await giveFiles(files, target));
  const under = new Set(allItems().flatMap((item) => (isOver(item) ? [] : [nameOf(item)])));
  const batch = ++batches;
  const items = files
    .filter((one) => !given.has(one))
    .map(({ path, file, source }): NewItem => ({ owner: ownerOf(target.authority), target, path, file, source, batch }))
    .map(makeItem)
    .filter((item) => !under.has(nameOf(item)));
  addItems(items);
  keep(...items);
  await prepare(items, folders);
}

/** As people sort them: folders' contents come in any order. */
function byPath(one: Found, other: Found): number {
  return ORDER.compare(one.path.join('/'), other.path.join('/'));
}
const ORDER = new Intl.Collator('en', { numeric: true });

/** Two that are the same file on its way to the same place. */
function nameOf(item: Pick<Item, 'target' | 'path' | 'size' | 'lastModified'>): string {
  return `${placeText(containerOf(item))}/${item.path.at(-1) ?? ''} ${item.size} ${item.lastModified}`;
}

async function readAll(taken: Taken): Promise<readonly Found[]> {
  const all: Found[] = [];
  reading.value = 0;
  try {
    for await (const one of findAll(taken)) {
      all.push(one);
      if (all.length % AT_ONCE === 0) {
        reading.value = all.length;
        // The page has its turn.
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
  } finally {
    reading.value = undefined;
  }
  return all;
}

/** Beside what is added: what is under way already. */
export async function lookElsewhere(place: Place): Promise<void> {
  if (await signedIn(place.authority)) await look(place);
}

export async function choose(target: Place, kind: 'files' | 'folder'): Promise<void> {
  await add(target, await chosen(kind));
}

interface Pickers {
  readonly showOpenFilePicker?: (options: { readonly multiple: boolean }) => Promise<readonly FileSystemHandle[]>;
  readonly showDirectoryPicker?: () => Promise<FileSystemHandle>;
}

/** By a picker that gives handles where there is one: they outlive the page, and know of empty folders. */
export async function chosen(kind: 'files' | 'folder'): Promise<Taken> {
  const { showOpenFilePicker: files, showDirectoryPicker: folder } = globalThis as Pickers;
  try {
    if (kind === 'files' && files) return await files.call(globalThis, { multiple: true });
    if (kind === 'folder' && folder) return [await folder.call(globalThis)];
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return [];
    throw thrown;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = kind === 'folder';
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(Array.from(input.files ?? [])));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

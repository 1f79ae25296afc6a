// After a reload: what was left unfinished is found again, and goes on with the same files.
import { plural } from '../kit/format.ts';
import { placeText, type Place } from '../app/place.ts';
import { notify } from '../app/notices.tsx';
import { containerOf, itemOf, type Item } from './item.ts';
import type { FoundFile, Source } from './found.ts';
import { addItems, allItems, touched } from './items.ts';
import { keptBy } from './kept.ts';
import { wayBelow } from './missing.ts';
import { prepare } from './prepare.ts';
import { enqueue } from './queue.ts';
import { signedIn } from './signed-in.ts';
import { ownerOf } from './owner.ts';

/** Items that were asked about in an earlier life of the page are of no batch of this one. */
const EARLIER = 0;

export async function findUnfinished(owner: string): Promise<void> {
  const kept = await keptBy(owner);
  const known = new Set(allItems().map(({ key }) => key));
  addItems(kept.filter(({ key }) => !known.has(key)).map((kept) => itemOf(kept, EARLIER)));
}

/**
 * Gives files to the items that wait for them, which go on. A file is the same when its name, size and time are, and where it lies in a folder,
 * its way there. `target`: only items that go there. Resolves to the files that were wanted.
 */
export async function giveFiles(files: readonly FoundFile[], target?: Place): Promise<readonly FoundFile[]> {
  const waiting = allItems().filter(({ state }) => state === 'waiting');
  const lines = Map.groupBy(waiting, (item) => keyOf(item.path.at(-1) ?? '', item.size, item.lastModified));
  const pairs = new Map<Item, FoundFile>();
  for (const one of files) {
    const { file, path } = one;
    const line = lines.get(keyOf(file.name, file.size, file.lastModified)) ?? [];
    const fits = (item: Item): boolean =>
      !pairs.has(item) &&
      (path.length === 1 || isEnd(path, item.path) || isEnd(item.path, path)) &&
      (target === undefined || placeText(containerOf(item)) === [placeText(target).replace(/\/$/, ''), ...path.slice(0, -1)].join('/'));
    const item = line.find(fits);
    if (item) pairs.set(item, one);
  }
  for (const [item, { file }] of pairs) item.file = file;
  await goOn(Array.from(pairs.keys()));
  return Array.from(pairs.values());
}

/** By handles that were kept, for which the browser asks the user: call it from a click. */
export async function goOnByHandles(items: readonly Item[]): Promise<void> {
  let others = 0;
  const found: Item[] = [];
  const allowed = new Map<string, boolean>();
  for (const item of items) {
    const { source, state } = item;
    if (state !== 'waiting' || !source) continue;
    const name = `${source.root.kind} ${source.root.name}`;
    allowed.set(name, allowed.get(name) ?? (await mayRead(source.root)));
    const file = allowed.get(name) ? await fileOf(source).catch(() => undefined) : undefined;
    if (file?.size === item.size && file.lastModified === item.lastModified) {
      item.file = file;
      found.push(item);
    } else if (allowed.get(name)) others++;
  }
  if (others > 0) notify({ kind: 'failed', text: `${plural(others, 'file')} on this computer changed or cannot be found.` });
  await goOn(found);
}

/** What was negotiated before goes on, and the rest begins, with its folders. */
export async function goOn(items: readonly Item[]): Promise<void> {
  for (const item of items) [item.state, item.trouble] = ['queued', undefined];
  touched();
  enqueue(items.filter(({ upload }) => upload !== undefined));
  const fresh = Map.groupBy(
    items.filter(({ upload }) => upload === undefined),
    ({ owner }) => owner,
  );
  for (const some of fresh.values()) await prepare(some, []);
}

/** Files whose folder is gone go to another one. */
export async function goElsewhere(items: readonly Item[], folder: Place, other: Place): Promise<void> {
  if (!(await signedIn(other.authority))) return;
  for (const item of items) {
    item.path = wayBelow(folder.path, item.target.path, item.path);
    item.target = other;
    item.owner = ownerOf(other.authority);
  }
  await goOn(items);
}

async function mayRead(root: FileSystemHandle): Promise<boolean> {
  // Handles of the browser's own store need no permission, and may not know how to be asked.
  const { requestPermission } = root as { readonly requestPermission?: (options: { readonly mode: 'read' }) => Promise<PermissionState> };
  if (!requestPermission) return true;
  return (await requestPermission.call(root, { mode: 'read' }).catch(() => 'denied')) === 'granted';
}

async function fileOf({ root, way }: Source): Promise<File> {
  let folder = root as FileSystemDirectoryHandle;
  for (const name of way.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
  const last = way.at(-1);
  const handle = last === undefined ? (root as FileSystemFileHandle) : await folder.getFileHandle(last);
  return handle.getFile();
}

function keyOf(name: string, size: number, lastModified: number): string {
  return `${size} ${lastModified} ${name}`;
}

function isEnd(end: readonly string[], path: readonly string[]): boolean {
  return end.length <= path.length && end.every((name, index) => name === path[path.length - end.length + index]);
}

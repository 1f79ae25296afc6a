// What lies in that which was dropped or chosen: files and folders, empty ones too, one after the other while they are read.
import type { Taken } from './tray.ts';

/** How a file is had again after the page was loaded anew: a handle that the browser keeps, and the way from there. */
export interface Source {
  readonly root: FileSystemHandle;
  /** Names below the root; empty for the root itself. */
  readonly way: readonly string[];
}

export interface FoundFolder {
  readonly kind: 'folder';
  /** Names from what was dropped, its own included. */
  readonly path: readonly string[];
}

export interface FoundFile {
  readonly kind: 'file';
  readonly path: readonly string[];
  readonly file: File;
  readonly source: Source | undefined;
}

export type Found = FoundFolder | FoundFile;

export async function* findAll(taken: Taken): AsyncGenerator<Found, void, undefined> {
  for (const given of taken) {
    const one = await given;
    if (one === null) continue;
    if (one instanceof File) yield* ofFile(one);
    else if ('fullPath' in one) yield* inEntry(one, []);
    else yield* inHandle(one as FileSystemFileHandle | FileSystemDirectoryHandle, one, []);
  }
}

/** A file of a folder that was chosen says where it was in it. */
function* ofFile(file: File): Generator<Found, void, undefined> {
  const path = file.webkitRelativePath === '' ? [file.name] : file.webkitRelativePath.split('/');
  yield { kind: 'file', path, file, source: undefined };
}

async function* inHandle(
  handle: FileSystemFileHandle | FileSystemDirectoryHandle,
  root: FileSystemHandle,
  way: readonly string[],
): AsyncGenerator<Found, void, undefined> {
  const path = [root.name, ...way];
  if (handle.kind === 'file') {
    yield { kind: 'file', path, file: await handle.getFile(), source: { root, way } };
    return;
  }
  yield { kind: 'folder', path };
  for await (const [name, child] of handle.entries())
    yield* inHandle(child as FileSystemFileHandle | FileSystemDirectoryHandle, root, [...way, name]);
}

async function* inEntry(entry: FileSystemEntry, above: readonly string[]): AsyncGenerator<Found, void, undefined> {
  const path = [...above, entry.name];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    yield { kind: 'file', path, file, source: undefined };
    return;
  }
  yield { kind: 'folder', path };
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) yield* inEntry(child, path);
  }
}

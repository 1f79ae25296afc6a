// The files and folders below a folder of this computer, in the order in which the disk has them. Symbolic links are followed.
import { lstatSync, statSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import { inodeOf, type Disks } from './disks.ts';
import { localFile } from './local-file.ts';
import { isOut, type Entry, type Folder, type Found, type LocalFile, type Skip } from './entry.ts';

/** Where copies keep what has not arrived as a whole: never a part of a tree. */
export const STAGING = /^\.vopipe-.+\.part$/;

const TWIN = 'beside it is a file whose name differs only in how accents are written: in a VOSpace both have one name';

interface Level {
  readonly folder: Folder;
  readonly path: string;
  readonly dev: number;
  /** Of it and of those above it: a link that leads there leads in a circle. */
  readonly above: ReadonlySet<string>;
}

export interface Walk {
  readonly signal: AbortSignal;
  readonly skip: Skip;
  /** Told of a folder that cannot be read. */
  readonly failed: (name: string, thrown: unknown) => void;
  /** Filled with the folders at which a disk begins. */
  readonly disks?: Disks;
}

/** `path`: a folder. It comes first itself. `follows`: links are what they lead to; else they are files. */
export async function* walkLocal(
  path: string,
  { signal, skip, failed, disks }: Walk,
  follows = true,
): AsyncGenerator<Entry<LocalFile>, void, undefined> {
  const top: Folder = { kind: 'folder', names: [], parent: undefined };
  yield top;
  const first = statSync(path);
  disks?.set(path, inodeOf(first));
  const levels: Level[] = [{ folder: top, path, dev: first.dev, above: new Set([inodeOf(first)]) }];
  for (let level = levels.pop(); level; level = levels.pop()) {
    const { folder } = level;
    // What cannot be there need not be read.
    if (isOut(folder)) continue;
    // Of names that are not composed.
    const forms = new Set<string>();
    try {
      for await (const { name } of await opendir(level.path, { bufferSize: 256 })) {
        signal.throwIfAborted();
        if (isOut(folder)) break;
        if (STAGING.test(name)) continue;
        const found = follows ? look(join(level.path, name), skip, failed) : lstatSync(join(level.path, name), { throwIfNoEntry: false });
        if (found === undefined) continue;
        // As VOSpaces have it; what is not to be copied keeps the name by which the disk finds it.
        const composed = follows ? name.normalize('NFC') : name;
        if (composed !== name) {
          if (forms.has(composed) || isAnother(join(level.path, composed), found)) {
            failed(join(level.path, name), new Trouble(TWIN, { exit: EXIT.conflict, advice: 'Give one of the two another name.' }));
            continue;
          }
          forms.add(composed);
        }
        const names = [...folder.names, composed];
        if (!follows && !found.isDirectory()) yield { ...localFile(found, join(level.path, name), names, folder), isLink: !found.isFile() };
        else if (found.isFile()) yield localFile(found, join(level.path, name), names, folder);
        else if (found.isDirectory()) {
          const inode = inodeOf(found);
          if (level.above.has(inode)) {
            skip(join(level.path, name), 'it leads back to a folder above it');
            continue;
          }
          const below: Folder = { kind: 'folder', names, parent: folder };
          yield below;
          const at = join(level.path, name);
          if (found.dev !== level.dev) disks?.set(at, inode);
          levels.push({ folder: below, path: at, dev: found.dev, above: new Set([...level.above, inode]) });
        } else skip(join(level.path, name), 'it is neither a file nor a folder');
      }
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      failed(level.path, thrown);
    }
  }
}

function look(path: string, skip: Skip, failed: Walk['failed']): Found | undefined {
  try {
    return statSync(path);
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException;
    if (code === 'ELOOP' || isLink(path)) skip(path, 'the link leads nowhere');
    // Node shows a byte that is no UTF-8 by a mark, by which the file is not found.
    else if (path.includes('\ufffd')) skip(path, 'its name is not UTF-8');
    else if (code !== 'ENOENT') failed(path, thrown);
    return undefined;
  }
}

/** Whether something else is there; disks that take all forms for one name find the same. */
function isAnother(path: string, found: Found): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  return there !== undefined && (there.isSymbolicLink() || inodeOf(there) !== inodeOf(found));
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

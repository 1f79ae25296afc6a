// A file of this computer as the disk has it.
import { statSync } from 'node:fs';
import type { Folder, Found, LocalFile } from './entry.ts';

export function localFile({ size, mtimeMs, ino }: Found, path: string, names: readonly string[] = [], parent?: Folder): LocalFile {
  return { kind: 'file', names, parent, path, size, modified: mtimeMs, inode: ino };
}

/** One that has changed, as it is at this moment; undefined where it is gone. */
export function restat({ path, names, parent }: LocalFile): LocalFile | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? localFile(found, path, names, parent) : undefined;
}

// Files of this computer that become chunks: by themselves, or all that lie below a directory.
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { chunkName } from './chunk-names.ts';

export interface LocalFile {
  readonly path: string;
  /** Of the chunk, percent-encoded. */
  readonly name: string;
}

/** A file is called as it is; those of a directory by their paths in it, in the order of their names. Throws what the file system says. */
export function filesAt(path: string, prefix: string): readonly LocalFile[] {
  const nameOf = (text: string): string => chunkName(prefix === '' ? text : `${prefix}/${text}`);
  if (!statSync(path).isDirectory()) return [{ path, name: nameOf(basename(path)) }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ path: file, name: nameOf(relative(path, file).split(sep).join('/')) }));
}

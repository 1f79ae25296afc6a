// Files of this computer that become chunks: by themselves, or all that lie below a directory.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { STAGING } from '../copy/walk-local.ts';
import { Trouble } from '../trouble.ts';
import { chunkName } from './chunk-names.ts';

export interface ChunkFile {
  readonly path: string;
  /** Of the chunk, percent-encoded. */
  readonly name: string;
}

/** A file is called as it is; those of a directory by their paths in it, in the order of their names. Throws what the file system says. */
export function filesAt(path: string, prefix: string): readonly ChunkFile[] {
  const nameOf = (text: string): string => chunkName(prefix === '' ? text : `${prefix}/${text}`);
  if (!statSync(path).isDirectory()) return [{ path, name: nameOf(basename(path)) }];
  return filesBelow(path).map((below) => ({ path: join(path, below), name: nameOf(below) }));
}

/** Paths in a directory, with slashes. Links are followed, but for those that lead back. Throws Trouble for what is no file, and leads to none. */
export function filesBelow(directory: string): readonly string[] {
  const found: string[] = [];
  const walk = (below: string, above: readonly string[]): void => {
    const at = join(directory, below);
    const real = realpathSync(at);
    if (above.includes(real)) return;
    for (const name of readdirSync(at).toSorted()) {
      if (STAGING.test(name)) continue;
      const path = below === '' ? name : `${below}/${name}`;
      const kind = statSync(join(directory, path), { throwIfNoEntry: false });
      if (!kind) throw new Trouble(`${join(directory, path)} leads nowhere`);
      if (kind.isDirectory()) walk(path, [...above, real]);
      else if (kind.isFile()) found.push(path);
      else throw new Trouble(`${join(directory, path)} is neither a file nor a folder`);
    }
  };
  walk('', []);
  return found.toSorted();
}

// A file that has changed, as it is at this moment.
import { statSync } from 'node:fs';
import type { LocalFile } from './entry.ts';
import { localFile } from './walk-local.ts';

/** Undefined where it is gone. */
export function restat({ path, names, parent }: LocalFile): LocalFile | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? localFile(found, path, names, parent) : undefined;
}

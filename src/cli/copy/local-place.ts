// Names of nodes as names of files below a folder: none leads out of it.
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

/** Throws Trouble for a name that no file can have. */
export function localPath(top: string, names: readonly string[]): string {
  for (const name of names) {
    if (
      name === '' ||
      name === '.' ||
      name === '..' ||
      name.includes('/') ||
      name.includes('\0') ||
      (process.platform === 'win32' && /[\\:*?"<>|]/.test(name))
    )
      throw new Trouble(`no file can be called ${JSON.stringify(name)}`, { exit: EXIT.failed });
  }
  return join(top, ...names);
}

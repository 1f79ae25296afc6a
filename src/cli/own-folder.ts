// Folders under names that others could have taken before, as in /tmp.
import { lstatSync } from 'node:fs';
import { EXIT } from './exit.ts';
import { Trouble } from './trouble.ts';

/** Throws Trouble for what is no folder, or belongs to somebody else, who could read and change what lies in it. `advice`: what to do then. */
export function mustBeOwn(path: string, advice: string): void {
  const found = lstatSync(path);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid()))
    throw new Trouble(`${path} is not a directory of one's own`, { exit: EXIT.conflict, advice });
}

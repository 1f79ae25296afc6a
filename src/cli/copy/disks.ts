// Folders at which a disk begins, so that one that is not there any more is not taken for an empty one.
import { statSync } from 'node:fs';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import type { Found } from './entry.ts';

/** Paths of folders, and what tells them from others that are there when the disk is not. */
export type Disks = Map<string, string>;

/** Throws Trouble where one of them is another folder by this time. */
export function checkDisks(disks: Disks): void {
  for (const [path, inode] of disks) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || inodeOf(found) !== inode)
      throw new Trouble(`${path} is not what it was when the copy began: nothing more is removed`, {
        exit: EXIT.conflict,
        advice: 'Is its disk still there?',
      });
  }
}

export function inodeOf({ dev, ino }: Found): string {
  return `${dev}:${ino}`;
}

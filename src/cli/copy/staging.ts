// Where bytes of downloads are until all of a file have come: a hidden folder beside the target, so that a file is there as a whole or as it was.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { mustBeOwn } from '../own-folder.ts';
import { setDate } from './dates.ts';
import type { Journal } from './journal.ts';

/** What a copy has in its folders, it finds again. Other than a part of a tree: see STAGING. */
export function stagingName(key: string): string {
  return `.vopipe-${key}.part`;
}

export class Staging {
  readonly #folder: string;
  readonly #journal: Journal;
  #made = false;
  #next = 0;

  /** `parent`: a folder of the target's disk. What the same copy has left is there. */
  constructor(parent: string, journal: Journal) {
    this.#folder = join(parent, stagingName(journal.key));
    this.#journal = journal;
  }

  /** A file of its own for each call. */
  fresh(): string {
    return join(this.#make(), String(this.#next++));
  }

  /** Of what comes from there; again the same. */
  named(from: string): string {
    return join(this.#make(), createHash('sha256').update(from).digest('hex').slice(0, 20));
  }

  /** What is left of small files goes, and the folder with it where nothing else is in it. */
  close(): void {
    const keep = this.#journal.parts;
    try {
      for (const name of readdirSync(this.#folder))
        if (!keep.has(join(this.#folder, name))) rmSync(join(this.#folder, name), { force: true });
      rmdirSync(this.#folder);
    } catch {
      // It was never made, or holds what is to go on.
    }
  }

  #make(): string {
    if (!this.#made) this.#journal.staged(this.#folder);
    try {
      if (!this.#made) mkdirSync(this.#folder, { mode: 0o700 });
    } catch (thrown) {
      // Of the folder that the person knows.
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw Object.assign(thrown as Error, { path: dirname(this.#folder) });
      mustBeOwn(this.#folder, 'Remove it: files of this copy are to lie in it until they are whole.');
    }
    this.#made = true;
    return this.#folder;
  }
}

/** Writes a small file. Takes no turn of the loop: it is done sooner than it could be waited for. */
export function writeSmall(part: string, bytes: Uint8Array, target: string, modified: number | undefined): void {
  const file = openSync(part, 'w', 0o666);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  settle(part, target, modified);
}

/** All bytes are in the file: on the disk first, then under its name. */
export async function settleLarge(part: string, target: string, modified: number | undefined): Promise<void> {
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  settle(part, target, modified);
}

function settle(part: string, target: string, modified: number | undefined): void {
  setDate(part, modified);
  // As if it had been written over: a link goes on leading to the file, which keeps its permissions.
  const place = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() ? behind(target) : target;
  const found = statSync(place, { throwIfNoEntry: false });
  if (found) chmodSync(part, found.mode & 0o7777);
  try {
    renameSync(part, place);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown;
    // It lies on another disk.
    copyFileSync(part, place);
    rmSync(part);
  }
}

function behind(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return link;
  }
}

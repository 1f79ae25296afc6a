// Files of this computer by the names of nodes: a VOSpace composes letters and their accents (NFC), where a disk keeps names as they were written.
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import type { Found } from './entry.ts';

/** `hidden`: a link on the way leads nowhere, as to a disk that is not there at this moment. */
export type Stands = Found | 'nothing' | 'hidden';

/** Below a folder, whatever a name says: never beside it. Throws Trouble for a name that no file can have. */
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

/** Of one folder and what is below it. What was read of a folder is believed until another one is read. */
export class LocalNames {
  readonly #top: string;
  #folder = '';
  #names: ReadonlyMap<string, string> = new Map();

  constructor(top: string) {
    this.#top = top;
  }

  /** As the disk spells what it has. Throws Trouble for a name that no file can have. */
  pathOf(names: readonly string[]): string {
    const path = localPath(this.#top, names);
    return names.every(isAscii) ? path : names.reduce((folder, name) => this.#spelt(folder, name), this.#top);
  }

  /** Links are followed. Throws what the disk refuses. */
  find(names: readonly string[]): Stands {
    let path = this.#top;
    let found: Found | undefined = statSync(path);
    for (const name of names) {
      if (!found.isDirectory()) return 'nothing';
      path = this.#spelt(path, name);
      found = follow(path);
      if (found === undefined) return exists(path) ? 'hidden' : 'nothing';
    }
    return found;
  }

  #spelt(folder: string, name: string): string {
    const path = join(folder, name);
    if (isAscii(name) || exists(path)) return path;
    if (this.#folder !== folder) this.#names = new Map(namesIn(folder).map((one) => [one.normalize('NFC'), one]));
    this.#folder = folder;
    return join(folder, this.#names.get(name.normalize('NFC')) ?? name);
  }
}

/** Such names have one form. */
function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
  return /^[\u0000-\u007f]*$/.test(text);
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function namesIn(folder: string): readonly string[] {
  return exists(folder) ? readdirSync(folder) : [];
}

/** Undefined: nothing is there, or nothing that could be reached. */
function follow(path: string): Found | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw thrown;
  }
}

/** What a link leads to; the link itself where it leads nowhere. */
export function look(path: string): Found | undefined {
  return statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path, { throwIfNoEntry: false });
}

// How far a reading of a pipe has come, kept in a file that one process has at a time.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EXIT } from '../exit.ts';
import { free, hold } from '../lock.ts';
import { readIfThere } from '../text-file.ts';
import { Trouble } from '../trouble.ts';
import { partIn } from './fetch.ts';

export class StateFile {
  /** Undefined: nothing was read by it. */
  readonly state: string | undefined;
  readonly #path: string;
  readonly #part: string;
  readonly #lock: string;

  /** Throws Trouble where another process has it, and what the system says of one that cannot be written. */
  constructor(path: string) {
    this.#path = resolve(path);
    this.#part = partIn(dirname(this.#path));
    this.#lock = `${this.#path}.lock`;
    if (hold(this.#lock) === false)
      throw new Trouble(`another vopipe is reading with ${path}`, {
        exit: EXIT.conflict,
        advice: `If it is not, as after a crash of another computer, remove ${path}.lock.`,
      });
    try {
      this.state = readIfThere(this.#path)?.trim() || undefined;
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /** In one step: after a kill or a power cut it has the old state or this. */
  keep(state: string): void {
    const file = openSync(this.#part, 'w');
    try {
      writeSync(file, `${state}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(this.#part, this.#path);
  }

  close(): void {
    free(this.#lock);
  }
}

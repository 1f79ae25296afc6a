// Locks: a file that names the process that has it. One that is gone has it no more.
import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EXIT } from './exit.ts';
import { isElsewhere, markOf } from './processes.ts';
import { readIfThere } from './text-file.ts';
import { Trouble } from './trouble.ts';

/** Milliseconds for which a process of another computer is believed to live: as long as uploads can go on. */
const BELIEVED = 7 * 24 * 3600_000;

/** False: a process that lives has it. Undefined: nothing can be written there, or not be read. */
export function hold(lock: string): boolean | undefined {
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
      const file = openSync(lock, 'wx', 0o600);
      try {
        writeSync(file, markOf(process.pid));
      } catch {
        // A full disk. What says nothing would keep others waiting.
        free(lock);
        return undefined;
      } finally {
        closeSync(file);
      }
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
    }
    let holder: string;
    try {
      holder = readIfThere(lock) ?? '';
    } catch {
      return undefined;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    // Between its making and its writing there is a moment.
    if (holder === '' ? age < 5000 : isElsewhere(holder) ? age < BELIEVED : markOf(Number.parseInt(holder, 10)) === holder) return false;
    release(lock, holder);
  }
  return false;
}

/** By whoever has it. */
export function free(lock: string): void {
  rmSync(lock, { force: true });
}

/** The lock of a process that is gone, unless another process has taken it meanwhile. */
function release(lock: string, holder: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) !== holder) linkSync(aside, lock);
  } catch {
    // Another process was quicker.
  }
  rmSync(aside, { force: true });
}

/** One process at a time changes the file: throws Trouble where another does for ten seconds. Where no lock can be made `work` is done without. */
export async function alone<T>(file: string, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  let has = hold(lock);
  for (let tries = 0; has === false && tries < 200; tries++) {
    await wait(50);
    signal.throwIfAborted();
    has = hold(lock);
  }
  if (has === false) {
    const [pid, , host] = (readIfThere(lock) ?? '').split(' ');
    throw new Trouble(`${file} is being changed by process ${pid} of ${host ?? 'this computer'}`, {
      exit: EXIT.conflict,
      advice: `Try again when it has ended; if it is gone, remove ${lock}.`,
    });
  }
  try {
    return await work();
  } finally {
    if (has) free(lock);
  }
}

// Where journals are, and that a journal has one process at a time.
import { createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { beginningOf, isAlive } from '../processes.ts';
import { Journal, readIfThere } from './journal.ts';
import { stagingName } from './staging.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Kept {
  readonly journal: Journal;
  /** `done`: all of it. */
  readonly close: (done: boolean) => void;
}

/** `vopipe` below XDG_STATE_HOME (`~/.local/state`). */
export function stateFolder(environment: Environment): string {
  return join(environment['XDG_STATE_HOME'] || join(environment['HOME'] || homedir(), '.local', 'state'), 'vopipe');
}

/**
 * `names`: what is copied, and where to, told apart from everything else. Where another process is at the same, this one has a journal of its own, which
 * nobody goes on with. Where nothing can be written, nothing is kept.
 */
export function openJournal(names: readonly string[], environment: Environment): Kept {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
  const shared = digest(JSON.stringify(names));
  const own = digest(`${shared} ${markOf(process.pid)}`);
  const folder = join(stateFolder(environment), 'copies');
  const lockOf = (key: string): string => join(folder, `${key}.lock`);
  const key = [shared, own].find((one) => hold(folder, lockOf(one)));
  if (key === undefined) return { journal: new Journal(own, undefined), close: () => undefined };
  sweep(folder, key);
  const journal = new Journal(key, join(folder, `${key}.jsonl`));
  return {
    journal,
    close: (done) => {
      journal.close(done);
      rmSync(lockOf(key), { force: true });
    },
  };
}

/** Milliseconds after which a copy that nobody has repeated is not gone on with: what it has left on this computer goes. */
const LIFE = 30 * 24 * 3600_000;

function sweep(folder: string, own: string): void {
  for (const name of readdirSync(folder)) {
    const [, key = own] = /^([0-9a-f]{12})\./.exec(name) ?? [];
    const { mtimeMs = Infinity } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {};
    const lock = join(folder, `${key}.lock`);
    if (key === own || mtimeMs > Date.now() - LIFE || !hold(folder, lock)) continue;
    try {
      for (const staging of new Journal(key, join(folder, `${key}.jsonl`)).stagings)
        if (basename(staging) === stagingName(key)) rmSync(staging, { recursive: true, force: true });
      rmSync(join(folder, name), { force: true });
    } catch {
      // Not to be removed at this moment: a disk that is not there, or not to be written.
    }
    rmSync(lock, { force: true });
  }
}

/** False: a process that lives has it. */
function hold(folder: string, lock: string): boolean {
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = openSync(lock, 'wx', 0o600);
      writeSync(file, markOf(process.pid));
      closeSync(file);
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    const holder = readIfThere(lock);
    // Between its making and its writing there is a moment.
    const recent = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5000;
    if (holder === '' ? recent : markOf(Number.parseInt(holder, 10)) === holder) return false;
    release(lock, holder);
  }
  return false;
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

/** The process and, where the system tells it, when it began. Empty for one that is not there. */
function markOf(pid: number): string {
  return isAlive(pid) ? `${pid} ${beginningOf(pid) ?? ''}` : '';
}

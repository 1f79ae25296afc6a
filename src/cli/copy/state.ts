// Where journals are, and that a journal has one process at a time.
import type { Environment } from '../command.ts';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { free, hold } from '../lock.ts';
import { markOf } from '../processes.ts';
import { Journal } from './journal.ts';
import { stagingName } from './staging.ts';

export interface Kept {
  readonly journal: Journal;
  /** `done`: all of it. */
  readonly close: (done: boolean) => void;
}

/** `vopipe` below XDG_STATE_HOME (`~/.local/state`). */
function stateFolder(environment: Environment): string {
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
  const key = [shared, own].find((one) => hold(lockOf(one)) === true);
  if (key === undefined) return { journal: new Journal(own, undefined), close: () => undefined };
  sweep(folder, key);
  const journal = new Journal(key, join(folder, `${key}.jsonl`));
  return {
    journal,
    close: (done) => {
      journal.close(done);
      free(lockOf(key));
    },
  };
}

/** Milliseconds after which a copy that nobody has repeated is not gone on with: what it has left on this computer goes. */
const LIFE = 30 * 24 * 3600_000;

function sweep(folder: string, own: string): void {
  const known = new Map<string, { readonly path: string; readonly at: number }[]>();
  for (const name of readdirSync(folder)) {
    const [, key = own] = /^([0-9a-f]{12})\./.exec(name) ?? [];
    const path = join(folder, name);
    const { mtimeMs: at = Infinity } = statSync(path, { throwIfNoEntry: false }) ?? {};
    known.set(key, [...(known.get(key) ?? []), { path, at }]);
  }
  for (const [key, files] of known) {
    const lock = join(folder, `${key}.lock`);
    // A lock that was left long ago does not make what lies beside it old.
    if (key === own || files.some(({ at }) => at > Date.now() - LIFE) || hold(lock) !== true) continue;
    try {
      for (const staging of new Journal(key, join(folder, `${key}.jsonl`)).stagings)
        if (basename(staging) === stagingName(key)) rmSync(staging, { recursive: true, force: true });
      for (const { path } of files) if (path !== lock) rmSync(path, { force: true });
    } catch {
      // Not to be removed at this moment: a disk that is not there, or not to be written.
    }
    free(lock);
  }
}

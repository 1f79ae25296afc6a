// The state directory: one instance at a time, its admin's credentials, and the record of its workerd.
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { endRecorded } from './processes.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface HeldState {
  /** Absolute. */
  readonly directory: string;
  /** Where Durable Objects and the embedded store keep their files. */
  readonly data: string;
  /** Scratch space, emptied at each start. */
  readonly scratch: string;
  /** Written by workerd.sh. */
  readonly runtimeRecord: string;
  /** The process that an earlier, killed run left behind and that this start ended. */
  readonly ended: number | undefined;
}

export interface State extends HeldState {
  /** The admin's credentials; `created` when this start made them. */
  readonly credentials: Credentials & { readonly created: boolean };
}

/**
 * Takes hold of the directory until this process ends, and makes what is missing in it. Throws an Error for a person when another instance
 * holds it, or it cannot be written.
 * @param path the directory; made with mode 0700
 */
export async function holdState(path: string): Promise<HeldState> {
  const directory = resolve(path);
  const data = join(directory, 'data');
  const scratch = join(directory, 'scratch');
  const runtimeRecord = join(directory, 'workerd.pid');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    takeLock(directory);
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const ended = await endRecorded(readText(runtimeRecord) ?? '');
    rmSync(runtimeRecord, { force: true });
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { mode: 0o700 });
    return { directory, data, scratch, runtimeRecord, ended };
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR' || code === 'ENOSPC' || code === 'EEXIST') {
      throw new Error(`STATE_DIR ${directory} cannot be written: ${code}`, { cause: error });
    }
    throw error;
  }
}

/** @param adminUser the name that new credentials get */
export function withCredentials(state: HeldState, adminUser: string): State {
  return { ...state, credentials: readCredentials(state.directory, adminUser) };
}

/** A state directory belongs to the store that its files lie in: with another they would all be missing. Throws an Error for a person. */
export function checkStore({ directory }: HeldState, kind: string): void {
  const file = join(directory, 'store');
  const found = readText(file)?.trim();
  if (found === undefined) writeFileSync(file, `${kind}\n`, { mode: 0o600 });
  else if (found !== kind)
    throw new Error(`STATE_DIR ${directory} was made with STORE=${found}, where its files are: STORE=${kind} needs another STATE_DIR`);
}

// SQLite's file lock: the kernel lets go of it however the process ends, so no stale lock has to be recognised.
let lock: DatabaseSync | undefined;

function takeLock(directory: string): void {
  const file = join(directory, 'lock');
  // SQLite says only "unable to open"; this says why.
  closeSync(openSync(file, 'a', 0o600));
  lock = new DatabaseSync(file);
  try {
    // A predecessor that was told to stop may need a moment.
    lock.exec('PRAGMA busy_timeout = 3000; PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    const holder = readText(join(directory, 'pid'))?.trim();
    throw new Error(
      `STATE_DIR ${directory} is in use by another instance${holder ? ` (process ${holder})` : ''}: stop it, or set another STATE_DIR and PORT`,
    );
  }
  writeFileSync(join(directory, 'pid'), `${process.pid}\n`);
}

function readCredentials(directory: string, user: string): Credentials & { created: boolean } {
  const file = join(directory, 'credentials');
  const text = readText(file);
  if (text !== undefined) {
    chmodSync(file, 0o600);
    return { ...parseCredentials(text, file), created: false };
  }
  const credentials = { user, password: randomBytes(32).toString('base64url') };
  replaceFile(file, `${JSON.stringify(credentials)}\n`);
  return { ...credentials, created: true };
}

function parseCredentials(text: string, file: string): Credentials {
  try {
    const value = JSON.parse(text) as Partial<Credentials> | null;
    if (typeof value?.user === 'string' && typeof value.password === 'string' && value.password.length >= 20) {
      return { user: value.user, password: value.password };
    }
  } catch {
    // Answered below, like JSON of another shape.
  }
  throw new Error(`${file} is not {"user", "password"} with 20 characters or more: put it right, or remove it to get a new password`);
}

/** All of the text or none of it, also after a power cut; mode 0600. */
function replaceFile(file: string, text: string): void {
  const fresh = `${file}.tmp`;
  rmSync(fresh, { force: true });
  const handle = openSync(fresh, 'wx', 0o600);
  writeFileSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
  const directory = openSync(join(file, '..'), 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

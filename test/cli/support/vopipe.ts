// The command line as its users have it: the built program, a process for each command, with a user of its own on the service under test.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject } from 'vitest';
import { Client, type Credentials } from '../../support/client.ts';

export const PROGRAM = fileURLToPath(new URL('../../../scripts/vopipe.mjs', import.meta.url));

export const service = inject('vospace');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Standard output as it is. */
  readonly bytes: Buffer;
  /** Standard output, parsed line by line. */
  readonly lines: <T>() => readonly T[];
}

export interface Running {
  readonly process: ChildProcess;
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<Ran>;
}

export interface Person extends Credentials {
  readonly client: Client;
  /** The user's own container: `vos:/name`. */
  readonly home: string;
  /** A directory of this computer, empty, gone after the tests. */
  readonly directory: string;
  /** Runs a command to its end. */
  readonly run: (args: readonly string[], input?: string | Uint8Array) => Promise<Ran>;
  /** Begins a command; the caller ends it. `uid`: of a user of this computer who owns nothing, where this one may do everything. */
  readonly begin: (args: readonly string[], environment?: Readonly<Record<string, string>>, uid?: number) => Running;
}

/** A user of the service whom nobody else has, and a directory of his. */
export async function makePerson({ base, admin }: { readonly base: string; readonly admin: Credentials } = service): Promise<Person> {
  const user = `cli-${randomUUID().slice(0, 8)}`;
  const answer = await new Client(base, admin).post('/admin/users', JSON.stringify({ user }), 'application/json');
  expect(answer.status, answer.text).toBe(201);
  const { password } = JSON.parse(answer.text) as { password: string };
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const environment = { VOPIPE_URL: base, VOPIPE_USER: user, VOPIPE_PASSWORD: password, HOME: directory };
  const begin: Person['begin'] = (args, more = {}, uid) => start(args, directory, { ...environment, ...more }, uid);
  return {
    user,
    password,
    directory,
    client: new Client(base, { user, password }),
    home: `vos:/${user}`,
    begin,
    run: (args, input) => {
      const running = begin(args);
      running.process.stdin?.on('error', () => undefined).end(input ?? '');
      return running.ended;
    },
  };
}

/** With nothing of this process's environment but PATH. */
export function start(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>>, uid?: number): Running {
  const other = uid !== undefined && process.getuid?.() === 0 ? { uid } : {};
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { PATH: process.env['PATH'], ...environment }, ...other });
  let [out, err] = ['', ''];
  const parts: Buffer[] = [];
  const decoder = new TextDecoder();
  child.stdout.on('data', (part: Buffer) => {
    parts.push(part);
    out += decoder.decode(part, { stream: true });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = <T>(): readonly T[] =>
        out
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as T);
      resolve({ code, out, err, bytes: Buffer.concat(parts), lines });
    });
  });
  return { process: child, out: () => out, err: () => err, ended };
}

// Boots the real service on free ports with a state directory of its own, for tests that speak HTTP to it from Node.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, ROOT } from '../../scripts/build.mjs';
import { endRecorded } from '../../scripts/processes.ts';

export interface ServiceOptions {
  /** Environment variables for the service, for example USER_QUOTA. STORE is that of this process's TEST_STORE when it is not among them. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Kept by `stop`; absent = a fresh one that `stop` removes. */
  readonly stateDir?: string;
  /** Absent = free ones. */
  readonly ports?: Ports;
}

export interface Ports {
  readonly port: number;
  readonly storePort: number;
}

export interface Service {
  /** Origin: `http://127.0.0.1:1234`. */
  readonly url: string;
  /** Origin and base path, without a trailing slash: `http://127.0.0.1:1234/vos`. */
  readonly base: string;
  /** Origin of the embedded store; null with another one. */
  readonly storeUrl: string | null;
  readonly admin: { readonly user: string; readonly password: string; readonly authorization: string };
  readonly ports: Ports;
  readonly stateDir: string;
  /** Numbers of the running processes; workerd's is read anew each time. */
  pids(): { readonly server: number; readonly workerd: number };
  /** Everything printed so far, standard output and error together. */
  output(): string;
  /** Sends the signal to the server process, and resolves to its exit code when that has ended; workerd may live on. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends everything that runs, also a workerd whose server was killed. */
  stop(): Promise<void>;
}

const READY_MS = 120_000;

/** Two ports that were free a moment ago. */
export async function freePorts(): Promise<Ports> {
  const port = await freePort();
  return { port, storePort: await freePort(port) };
}

/** Below the range from which systems give ports to outgoing connections: one of those could take the port before the service does. */
async function freePort(taken?: number): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(10_000, 32_768);
    if (port !== taken && (await isFree(port))) return port;
    if (tries > 100) throw new Error('no free port between 10000 and 32767');
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** What `npm start` runs after the build, with nothing of this process's environment but PATH and HOME. */
export function spawnServer(vars: Readonly<Record<string, string>>): {
  process: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
} {
  const server = spawn(
    findNode(),
    [
      '--disable-warning=ExperimentalWarning',
      '--experimental-transform-types',
      fileURLToPath(new URL('../../scripts/serve.ts', import.meta.url)),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...vars } },
  );
  let text = '';
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => resolve(code));
  });
  return { process: server, output: () => text, ended };
}

/** Resolves when the service has printed that it is ready; rejects with what it printed when it ends before. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'vopipe-'));
  const ports = options.ports ?? (await freePorts());
  const store = process.env['TEST_STORE'] ? { STORE: process.env['TEST_STORE'], ...swiftVars() } : {};
  const vars: Readonly<Record<string, string>> = { ...store, ...options.vars };
  const server = spawnServer({ PORT: String(ports.port), STORE_PORT: String(ports.storePort), STATE_DIR: stateDir, ...vars });
  const record = (): string => readText(join(stateDir, 'workerd.pid'));
  const end = async (): Promise<void> => {
    if (server.process.exitCode === null && server.process.signalCode === null) server.process.kill('SIGTERM');
    await server.ended;
    await endRecorded(record());
    if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
  };
  await ready(server).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const made = JSON.parse(readFileSync(join(stateDir, 'credentials'), 'utf8')) as { user: string; password: string };
  const admin = { user: options.vars?.['ADMIN_USER'] ?? made.user, password: options.vars?.['ADMIN_PASSWORD'] ?? made.password };
  const url = `http://127.0.0.1:${ports.port}`;
  return {
    url,
    base: `${url}${options.vars?.['BASE_PATH'] ?? '/vos'}`,
    storeUrl: vars['STORE'] === 'swift' ? null : `http://127.0.0.1:${ports.storePort}`,
    admin: { ...admin, authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` },
    ports,
    stateDir,
    pids: () => ({ server: server.process.pid ?? 0, workerd: Number.parseInt(record(), 10) }),
    output: server.output,
    kill: (signal) => {
      server.process.kill(signal);
      return server.ended;
    },
    stop: end,
  };
}

/** A Swift that this process's environment names. */
function swiftVars(): Record<string, string> {
  const pairs = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[0].startsWith('SWIFT_') && pair[1] !== undefined,
  );
  return Object.fromEntries(pairs);
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function ready(server: ReturnType<typeof spawnServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in ${READY_MS} ms:\n${server.output()}`)), READY_MS);
    const look = (): void => {
      if (!/^ready in /m.test(server.output())) return;
      clearTimeout(late);
      resolve();
    };
    server.process.stdout?.on('data', look);
    void server.ended.then((code) => {
      clearTimeout(late);
      reject(new Error(`ended with ${code}:\n${server.output()}`));
    });
  });
}

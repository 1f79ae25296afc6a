// Boots the real service on free ports with a state directory of its own, for tests that speak HTTP to it from Node.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, ROOT } from '../../scripts/build.mjs';

export interface ServiceOptions {
  /** Environment variables for the service, for example USER_QUOTA. */
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
  /** With the base path, without a trailing slash: `http://127.0.0.1:1234/vos`. */
  readonly url: string;
  /** Origin of the embedded store. */
  readonly storeUrl: string;
  readonly admin: { readonly user: string; readonly password: string; readonly authorization: string };
  readonly ports: Ports;
  readonly stateDir: string;
  /** Numbers of the running processes; workerd's is read anew each time. */
  pids(): { readonly server: number; readonly workerd: number };
  /** Everything printed so far, standard output and error together. */
  output(): string;
  /** Sends the signal to the server process, and resolves when that has ended; workerd may live on. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends everything; resolves to the exit code. */
  stop(): Promise<number | null>;
}

const READY_MS = 30_000;

/** Two ports that were free a moment ago. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all([listen(), listen()]);
  const [port = 0, storePort = 0] = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return { port, storePort };
}

function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}

/** What `npm start` runs after the build, with nothing of this process's environment but PATH and HOME. */
export function spawnServer(vars: Readonly<Record<string, string>>): { process: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const server = spawn(
    findNode(),
    ['--disable-warning=ExperimentalWarning', '--experimental-transform-types', fileURLToPath(new URL('../../scripts/serve.ts', import.meta.url))],
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
  const server = spawnServer({ PORT: String(ports.port), STORE_PORT: String(ports.storePort), STATE_DIR: stateDir, ...options.vars });
  const record = (): string => readFileSync(join(stateDir, 'workerd.pid'), 'utf8');
  const end = async (): Promise<number | null> => {
    if (server.process.exitCode === null && server.process.signalCode === null) server.process.kill('SIGTERM');
    const code = await server.ended;
    if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    return code;
  };
  await ready(server).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const made = JSON.parse(readFileSync(join(stateDir, 'credentials'), 'utf8')) as { user: string; password: string };
  const admin = { user: options.vars?.['ADMIN_USER'] ?? made.user, password: options.vars?.['ADMIN_PASSWORD'] ?? made.password };
  return {
    url: `http://127.0.0.1:${ports.port}${options.vars?.['BASE_PATH'] ?? '/vos'}`,
    storeUrl: `http://127.0.0.1:${ports.storePort}`,
    admin: { ...admin, authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` },
    ports,
    stateDir,
    pids: () => ({ server: server.process.pid ?? 0, workerd: Number.parseInt(record(), 10) }),
    output: server.output,
    kill: async (signal) => {
      server.process.kill(signal);
      await server.ended;
    },
    stop: end,
  };
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

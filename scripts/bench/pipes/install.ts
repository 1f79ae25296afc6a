// The peers that are programs: the installed ones, or Debian's and npm's in a folder of their own that git ignores.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../world.ts';

const FOLDER = fileURLToPath(new URL('../../../.bench/', import.meta.url));
const ROOT = join(FOLDER, 'root');
const PACKAGES = ['redis-server', 'redis-tools', 'nats-server', 'libjemalloc2', 'liblzf1', 'liblua5.1-0', 'lua-cjson', 'lua-bitop'];
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => join(ROOT, 'usr/lib', name));

/** The path of a program; undefined where it is neither installed nor to be had by apt-get. Nothing is installed on the system. */
function program(name: 'redis-server' | 'nats-server'): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', join(ROOT, 'usr/bin'), join(ROOT, 'usr/sbin')];
  const find = (): string | undefined => places.map((place) => join(place, name)).find((path) => existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  const debs = join(FOLDER, 'debs');
  mkdirSync(debs, { recursive: true });
  try {
    execFileSync('apt-get', ['download', ...PACKAGES], { cwd: debs, stdio: 'ignore' });
    for (const deb of readdirSync(debs)) execFileSync('dpkg', ['-x', join(debs, deb), ROOT], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return find();
}

/** The folder of an npm package of exactly this version, with its dependencies and without their install scripts. */
export function npmPackage(name: string, version: string): string | undefined {
  const folder = join(FOLDER, 'npm');
  const path = join(folder, 'node_modules', name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  try {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], { cwd: folder, stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return path;
}

export interface Running {
  readonly port: number;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** A server of our own of such a program; undefined where it is not to be had. */
export async function serverOf(
  name: Parameters<typeof program>[0],
  options: (port: string, folder: string) => readonly string[],
): Promise<Running | undefined> {
  const path = program(name);
  return path === undefined ? undefined : serve((port, folder) => [path, ...options(port, folder)]);
}

/** Starts a server with a port and an empty folder of its own, and waits until it listens. */
export async function serve(command: (port: string, folder: string) => readonly [string, ...string[]]): Promise<Running> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'vopipe-bench-peer-'));
  const [path, ...args] = command(port, folder);
  const child = spawn(path, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES.join(':') } });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let waited = 0; !(await listens(Number(port))); waited += 50) {
    if (waited > 10_000 || child.exitCode !== null) {
      await close();
      throw new Error(`${path} does not listen`);
    }
    await sleep(50);
  }
  return { port: Number(port), close };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

// The start itself: what it makes, what it refuses, and that killing any of its processes costs nothing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ROOT } from '../../scripts/build.mjs';
import { freePorts, spawnServer, startService, type Service, type ServiceOptions } from '../support/service.ts';
import { createContainer, isThere, readBytes, writeBytes } from './written.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-start-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(options: ServiceOptions): Promise<Service> {
  const service = await startService(options);
  cleanups.push(() => service.stop());
  return service;
}

/** Runs the server with these variables until it ends by itself; answers its exit code and what it said. */
async function refused(vars: Readonly<Record<string, string>>): Promise<{ code: number | null; text: string }> {
  const { port, storePort } = await freePorts();
  const server = spawnServer({
    PORT: String(port),
    STORE_PORT: String(storePort),
    STATE_DIR: join(temporaryDirectory(), 'state'),
    ...vars,
  });
  cleanups.push(() => void server.process.kill('SIGKILL'));
  return { code: await server.ended, text: server.output() };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

describe('the first start', () => {
  test('makes a private directory with credentials and prints these once', async () => {
    const stateDir = join(temporaryDirectory(), 'deep', 'state');
    const first = await start({ stateDir });
    const file = join(stateDir, 'credentials');
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const credentials = JSON.parse(readFileSync(file, 'utf8')) as { user: string; password: string };
    expect(Object.keys(credentials)).toEqual(['user', 'password']);
    expect(Buffer.from(credentials.password, 'base64url')).toHaveLength(32);
    expect(first.output()).toContain(credentials.password);
    expect(await createContainer(first, 'mine')).toBe(201);
    await first.stop();
    const second = await start({ stateDir, ports: first.ports });
    expect(second.output()).not.toContain(credentials.password);
    expect(second.admin.password).toBe(credentials.password);
    expect(await isThere(second, 'mine')).toBe(true);
  });

  test('says where the service, the store and the state are, and whether the store answers', async () => {
    const service = await start({ stateDir: join(temporaryDirectory(), 'state') });
    for (const text of [service.base, `embedded ${service.storeUrl}`, service.stateDir]) expect(service.output()).toContain(text);
    expect(service.output()).toMatch(/^ready in \d+\.\d s: available; at most \d+ open files, \d+ waiting requests$/m);
  });

  test('gives ADMIN_PASSWORD precedence, and does not print it', async () => {
    const vars = { ADMIN_USER: 'root', ADMIN_PASSWORD: 'correct-horse-battery-staple' };
    const service = await start({ vars });
    expect(await createContainer(service, 'mine')).toBe(201);
    expect(service.output()).not.toContain(vars.ADMIN_PASSWORD);
  });
});

describe('a start is refused', () => {
  test('with every wrong variable named', async () => {
    const { code, text } = await refused({
      PORT: 'http',
      BASE_PATH: 'vos',
      STORE: 'tape',
      ADMIN_PASSWORD: 'short',
      CERTIFICATE_USERS: 'CN=a = b',
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'BASE_PATH', 'STORE', 'ADMIN_PASSWORD', 'CERTIFICATE_USERS'])
      expect(text).toMatch(new RegExp(`^ *${name}: `, 'm'));
  });

  test('for a state directory that another instance uses, with its process named', async () => {
    const first = await start({ stateDir: join(temporaryDirectory(), 'state') });
    const { code, text } = await refused({ STATE_DIR: first.stateDir });
    expect(code).toBe(1);
    expect(text).toContain(`in use by another instance (process ${first.pids().server})`);
    expect(await createContainer(first, 'still-works')).toBe(201);
  });

  test('for ports in use, with the process named', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { code, text } = await refused({ STORE_PORT: String(port) });
    expect(code).toBe(1);
    expect(text).toContain(`STORE_PORT: port ${port} is in use by process ${process.pid} `);
  });

  test('for a state directory that cannot be made', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const { code, text } = await refused({ STATE_DIR: join(file, 'state') });
    expect(code).toBe(1);
    expect(text).toMatch(/STATE_DIR .* cannot be written: ENOTDIR/);
  });

  test('for credentials that are damaged, which it keeps', async () => {
    const stateDir = temporaryDirectory();
    writeFileSync(join(stateDir, 'credentials'), '{"user":"admin"');
    const { code, text } = await refused({ STATE_DIR: stateDir });
    expect(code).toBe(1);
    expect(text).toContain('credentials is not {"user", "password"}');
    expect(readFileSync(join(stateDir, 'credentials'), 'utf8')).toBe('{"user":"admin"');
  });
});

test('two instances run side by side, each with its own nodes', async () => {
  const [one, other] = await Promise.all([
    start({ stateDir: join(temporaryDirectory(), 'state') }),
    start({ stateDir: join(temporaryDirectory(), 'state') }),
  ]);
  expect(await createContainer(one, 'mine')).toBe(201);
  expect(await isThere(one, 'mine')).toBe(true);
  expect(await isThere(other, 'mine')).toBe(false);
});

describe('after kill -9', () => {
  test.each(['server', 'workerd', 'both'] as const)('of %s the next start works on the same ports and has lost nothing', async (victim) => {
    const stateDir = join(temporaryDirectory(), 'state');
    const first = await start({ stateDir });
    expect(await createContainer(first, 'kept')).toBe(201);
    expect(await writeBytes(first, 'kept/bytes', 'some bytes')).toBe(201);
    const { server, workerd } = first.pids();
    if (victim !== 'server') process.kill(workerd, 'SIGKILL');
    await first.kill('SIGKILL');
    expect(isRunning(server)).toBe(false);
    // workerd outlives its server: otherwise there would be nothing to clear away.
    expect(isRunning(workerd)).toBe(victim === 'server');
    const second = await start({ stateDir, ports: first.ports });
    expect(isRunning(workerd)).toBe(false);
    expect(await isThere(second, 'kept')).toBe(true);
    expect(await readBytes(second, 'kept/bytes')).toBe('some bytes');
    expect(await createContainer(second, 'more')).toBe(201);
  });

  test('of the process that npm start runs, everything ends by itself and the next start works', async () => {
    const stateDir = join(temporaryDirectory(), 'state');
    const ports = await freePorts();
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(ports.port),
      STORE_PORT: String(ports.storePort),
      STATE_DIR: stateDir,
    };
    const outer = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs')], { stdio: ['ignore', 'pipe', 'inherit'], env });
    cleanups.push(() => void outer.kill('SIGKILL'));
    let said = '';
    outer.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    await vi.waitFor(() => expect(said).toMatch(/^ready/m), { timeout: 30_000 });
    const inner = Number(readFileSync(join(stateDir, 'pid'), 'utf8'));
    outer.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(inner)).toBe(false), { timeout: 10_000 });
    const service = await start({ stateDir, ports });
    expect(service.output()).not.toContain('orphan-ended');
  });
});

test('SIGTERM ends all processes with exit code 0', async () => {
  const service = await start({ stateDir: join(temporaryDirectory(), 'state') });
  const { workerd } = service.pids();
  expect(await service.kill('SIGTERM')).toBe(0);
  expect(isRunning(workerd)).toBe(false);
});

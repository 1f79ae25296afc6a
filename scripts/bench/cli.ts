// `vopipe cp` of many small files and of a large one, as a process from its start to its end, beside what everybody has.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from '../build.mjs';
import { readSettings } from '../settings.ts';
import { megabytes, perSecond, ratio, type Figure } from './figures.ts';
import type { Swift } from './swift.ts';
import { creation, TOP, type World } from './world.ts';

const FILES = Number(process.env['BENCH_FILES'] ?? 10_000);
const LARGE = Number(process.env['BENCH_CP_MIB'] ?? 2048) * 1024 * 1024;
/** So many for a peer that takes a process for each: its rate does not change. */
const SAMPLE = 300;
const SIZE = 10 * 1024;
const PROGRAM = fileURLToPath(new URL('../vopipe.mjs', import.meta.url));

/** Trees of small files, up and down. */
export async function copySmall(world: World): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vopipe-bench-cp-'));
  try {
    makeTree(join(folder, 'tree'));
    const names = Array.from({ length: SAMPLE }, (_, i) => nameOf(i));
    const [user, password] = readBasic(world);
    await world.call(creation(`${TOP}/curl`, 'ContainerNode'));
    // The program is built before.
    await vopipe(world, folder, ['ls', `vos:/${TOP}`]);
    const curl = (name: string, ...args: readonly string[]): Promise<number> =>
      timed(
        'curl',
        [
          '-sSfL',
          '-u',
          `${user}:${password}`,
          '-o',
          '/dev/null',
          ...args,
          `${world.service}/vos/files/${TOP}/curl/${name.replace('/', '-')}`,
        ],
        folder,
      );
    const [up, curlUp] = [rate(FILES, await vopipe(world, folder, ['cp', '-qr', 'tree', `vos:/${TOP}/cp`])), { seconds: 0 }];
    for (const name of names) curlUp.seconds += await curl(name, '-T', join('tree', name));
    const down = rate(FILES, await vopipe(world, folder, ['cp', '-qr', `vos:/${TOP}/cp`, 'back']));
    let curlDown = 0;
    for (const name of names) curlDown += await curl(name);
    const figures = [
      ratio(`cp -r of ${FILES} × 10 KiB up (peer: one curl after another)`, up, rate(SAMPLE, curlUp.seconds), perSecond, { atLeast: 2 }),
      ratio('the same down (peer: one curl after another)', down, rate(SAMPLE, curlDown), perSecond, { atLeast: 2 }),
    ];
    const client = await swiftClient(world);
    if (!client) return figures;
    const direct = rate(FILES, await client(folder, ['upload', '--object-threads', '10', 'bench-cp', 'tree']));
    const back = rate(FILES, await client(folder, ['download', '--object-threads', '10', '-D', 'swift-back', 'bench-cp']));
    await client(folder, ['delete', '--object-threads', '10', 'bench-cp']);
    return [
      ...figures,
      ratio('the same up (peer: swift upload --object-threads 10)', up, direct, perSecond, { atLeast: 1 }),
      ratio('the same down (peer: swift download --object-threads 10)', down, back, perSecond),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One large file, up and down, beside curl with a signed URL of Swift. */
export async function copyLarge(world: World, swift: Swift): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vopipe-bench-cp-'));
  try {
    makeLarge(join(folder, 'large'));
    await vopipe(world, folder, ['ls', `vos:/${TOP}`]);
    const speed = (value: number): string => `${megabytes(value)}/s`;
    const curlUp = rate(LARGE, await timed('curl', ['-sSf', '-o', '/dev/null', '-T', 'large', await swift.sign('PUT', 'large')], folder));
    const up = rate(LARGE, await vopipe(world, folder, ['cp', '-q', 'large', `vos:/${TOP}/large`]));
    const curlDown = rate(LARGE, await timed('curl', ['-sSf', '-o', 'curl-back', await swift.sign('GET', 'large')], folder));
    rmSync(join(folder, 'curl-back'));
    const down = rate(LARGE, await vopipe(world, folder, ['cp', '-q', `vos:/${TOP}/large`, 'back']));
    rmSync(join(folder, 'back'));
    const compared = 'curl -sSf "$0" | tee curl-back | md5sum && sync curl-back';
    const curlCompared = rate(LARGE, await timed('sh', ['-c', compared, await swift.sign('GET', 'large')], folder));
    const name = `cp of ${LARGE / 1024 / 1024} MiB`;
    return [
      ratio(`${name} up (peer: curl to Swift)`, up, curlUp, speed, { atLeast: 0.9 }),
      ratio('the same down (peer: curl from Swift)', down, curlDown, speed, { atLeast: 0.9 }),
      ratio('the same down (peer: curl from Swift, with md5sum and sync)', down, curlCompared, speed),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOf(i: number): string {
  return `d${i % 10}/f${i}`;
}

function makeTree(folder: string): void {
  for (let i = 0; i < 10; i++) mkdirSync(join(folder, `d${i}`), { recursive: true });
  for (let i = 0; i < FILES; i++) writeFileSync(join(folder, nameOf(i)), randomBytes(SIZE));
}

function makeLarge(path: string): void {
  const file = openSync(path, 'w');
  const block = randomBytes(4 * 1024 * 1024);
  for (let at = 0; at < LARGE; at += block.length) {
    block.writeUInt32LE(at / 4096, 0);
    writeSync(file, block);
  }
  closeSync(file);
}

function vopipe(world: World, folder: string, args: readonly string[]): Promise<number> {
  const [user, password] = readBasic(world);
  const environment = {
    VOPIPE_URL: `${world.service}/vos`,
    VOPIPE_USER: user,
    VOPIPE_PASSWORD: password,
    XDG_STATE_HOME: join(folder, 'state'),
  };
  return timed(findNode(), [PROGRAM, ...args], folder, environment);
}

/** Debian's python3-swiftclient, signed in to the same Swift; undefined where it is not installed, or where there is none. */
async function swiftClient({ swift }: World): Promise<((folder: string, args: readonly string[]) => Promise<number>) | undefined> {
  if (!swift) return undefined;
  const file = fileURLToPath(new URL('../../.swift/swift.env', import.meta.url));
  const { store } = readSettings({ ...process.env, STORE: 'swift' }, file).config;
  if (store.kind !== 'swift' || store.swift.auth !== 'tempauth') return undefined;
  const { authUrl, user, key } = store.swift;
  const environment = { ST_AUTH: authUrl, ST_USER: user, ST_KEY: key };
  const run = (folder: string, args: readonly string[]): Promise<number> => timed('swift', ['-q', ...args], folder, environment);
  try {
    await run(tmpdir(), ['stat']);
    return run;
  } catch {
    console.log('no swift command: apt-get install python3-swiftclient');
    return undefined;
  }
}

function readBasic({ authorization }: World): readonly [user: string, password: string] {
  const [user = '', password = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return [user, password];
}

function rate(amount: number, seconds: number): number {
  return amount / seconds;
}

/** Seconds from the start of a process to its end. */
async function timed(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${code}`);
  return (performance.now() - start) / 1000;
}

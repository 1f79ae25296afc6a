// cp between two VOSpaces where the destination may not fetch: the source sends, and only where neither may do bytes pass through this computer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePorts, startService, type Service } from '../support/service.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { start, type Ran } from './support/vopipe.ts';

const NAMES = ['left', 'right', 'apart'] as const;
const at = (name: string): string => `${name}.example~vospace`;
const ports = await freePorts();
/** Only the left one may speak to another, to the right one. */
const hosts = { left: `127.0.0.1:${ports.port} 127.0.0.1:${ports.storePort}`, right: '', apart: '' };
const services = await Promise.all(
  NAMES.map((name) =>
    startService({
      vars: { STORE: 'embedded', AUTHORITY: at(name), TRANSFER_HOSTS: hosts[name] },
      ...(name === 'right' && { ports }),
    }),
  ),
);
const directory = mkdtempSync(join(tmpdir(), 'vopipe-ways-'));
const config = join(directory, 'config.json');
const entry = ({ base, admin: { user, password } }: Service) => ({ url: base, user, password });
writeFileSync(config, JSON.stringify({ services: Object.fromEntries(services.map((one, i) => [at(NAMES[i] ?? ''), entry(one)])) }), {
  mode: 0o600,
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  rmSync(directory, { recursive: true, force: true });
});
const run = (...args: readonly string[]): Promise<Ran> => start(args, directory, { HOME: directory, VOPIPE_CONFIG: config }).ended;
const [left, right, apart] = NAMES.map((name) => `vos://${at(name)}/admin`) as [string, string, string];
const tree = makeTree(directory, 'tree', { zero: '', 'a b/naïve ü': 'one', 'deep/file.fits': Buffer.alloc(400_000, 'x') });
await run('mkdir', '-p', left, right, apart);

test.each([
  ['is sent by the source', left, right, false],
  ['passes through this computer where neither service may speak to the other', right, apart, true],
])('a tree %s', { timeout: 120_000 }, async (_, from, to, isHere) => {
  expect((await run('sync', 'tree', `${from}/tree`)).code).toBe(0);
  const { code, err } = await run('cp', '-rv', `${from}/tree`, `${to}/tree`);
  expect([code, err]).toEqual([0, expect.stringMatching(/^3 files copied/m)]);
  expect(err.includes('through this computer')).toBe(isHere);
  rmSync(join(directory, 'there'), { recursive: true, force: true });
  expect((await run('sync', `${to}/tree`, 'there')).code).toBe(0);
  expect(treeOf(join(directory, 'there'))).toEqual(treeOf(tree));
});

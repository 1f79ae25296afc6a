// cp between two VOSpaces where the destination may not fetch: the source sends, and only where neither may do bytes pass through this computer.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePorts, startService } from '../support/service.ts';
import { commandsFor } from './support/sites.ts';
import { makeTree, treeOf } from './support/trees.ts';

const NAMES = ['left', 'right', 'apart'] as const;
const at = (name: string): string => `${name}.example~vospace`;
const ports = await freePorts();
/** Only the left one may speak to another, to the right one. */
const hosts = { left: `127.0.0.1:${ports.port} 127.0.0.1:${ports.storePort}`, right: '', apart: '' };
const sites = NAMES.map(async (name) => {
  const vars = { STORE: 'embedded', AUTHORITY: at(name), TRANSFER_HOSTS: hosts[name] };
  return { authority: at(name), service: await startService({ vars, ...(name === 'right' && { ports }) }) };
});
const { directory, run } = commandsFor(await Promise.all(sites));
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

// cp and sync from one VOSpace to another, whose services carry the bytes between them.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startPair } from '../support/pair.ts';
import { commandsFor } from './support/sites.ts';
import { makeTree, treeOf } from './support/trees.ts';

const [left, right] = await startPair();
const { directory, run, begin } = commandsFor([left, right]);
const [from, to] = [`vos://${left.authority}/admin`, `vos://${right.authority}/admin`];
await run('mkdir', '-p', from, to);
const LARGE = 33 * 1024 * 1024 + 5;

/** Says that all went well, and that no bytes came through this computer. */
async function carried(...args: readonly string[]): Promise<string> {
  const { code, err } = await run(...args);
  expect(code, err).toBe(0);
  expect(err).not.toContain('through this computer');
  return err;
}

async function expectThere(where: string, tree: string): Promise<void> {
  rmSync(join(directory, 'back'), { recursive: true, force: true });
  expect((await run('sync', where, 'back')).code).toBe(0);
  expect(treeOf(join(directory, 'back'))).toEqual(treeOf(tree));
}

describe('between two VOSpaces', { timeout: 240_000 }, () => {
  const tree = makeTree(directory, 'tree', {
    zero: '',
    'a b/naïve ü': 'one',
    'a b/50% #1?': 'two',
    'empty/': '',
    'deep/er/file.fits': Buffer.alloc(400_000, 'x'),
    large: Buffer.alloc(LARGE, 'a large file, '),
  });
  beforeAll(() => run('sync', 'tree', `${from}/tree`));

  test('a tree is carried there and back as it was, and what is there is not carried again', async () => {
    expect(await carried('cp', '-rv', `${from}/tree`, `${to}/tree`)).toMatch(/^5 files copied/m);
    await expectThere(`${to}/tree`, tree);
    expect(await carried('sync', '-v', `${from}/tree`, `${to}/tree`)).toMatch(/^0 files copied, .*5 there already/m);
    expect(await carried('cp', '-rv', `${to}/tree`, `${from}/again`)).toMatch(/^5 files copied/m);
    await expectThere(`${from}/again`, tree);
  });

  test('one file goes where Unix would put it, with its media type, and its date where that is asked for', async () => {
    await carried('cp', '-v', '-p', `${from}/tree/deep/er/file.fits`, `${to}/`);
    const { out } = await run('props', `${to}/file.fits`);
    expect(out).toMatch(/content-date/);
    expect(out).toContain('application/fits');
    expect((await run('cp', `${from}/tree/zero`, `${to}/none/x`)).code).toBe(3);
  });

  test('sync replaces what differs and removes what is gone', async () => {
    const changes = makeTree(directory, 'changes', { stays: '', 'a b/naïve ü': 'one', 'deep/er/file': 'x' });
    await run('sync', 'changes', `${from}/changes`);
    await run('sync', `${from}/changes`, `${to}/changes`);
    writeFileSync(join(changes, 'a b/naïve ü'), 'ONE');
    rmSync(join(changes, 'deep'), { recursive: true });
    await run('sync', '--delete', 'changes', `${from}/changes`);
    const told = await carried('sync', '-v', '--delete', `${from}/changes`, `${to}/changes`);
    expect(told).toMatch(/^1 file copied, .*1 there already, 1 removed/m);
    await expectThere(`${to}/changes`, changes);
  });

  test('a copy that is killed or interrupted is brought to its end by the same command', async () => {
    const many = makeTree(directory, 'many', Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`d${i % 3}/f${i}`, `file ${i}`])));
    await run('sync', 'many', `${from}/many`);
    const args = ['cp', '-rv', `${from}/many`, `${to}/many`] as const;
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const running = begin(...args);
      await expect.poll(running.err, { timeout: 60_000, interval: 5 }).toContain('copied vos:');
      running.process.kill(signal);
      const { code, err } = await running.ended;
      if (signal === 'SIGINT') expect([code, err]).toEqual([130, expect.stringContaining('The same command goes on from here.')]);
    }
    await carried(...args);
    await expectThere(`${to}/many`, many);
    expect(readdirSync(join(directory, '.local', 'state', 'vopipe', 'copies'))).toEqual([]);
  });

  test('nothing is copied of what may not be read, and the rest is', async () => {
    makeTree(directory, 'some', { one: '1', 'in/two': '2' });
    await run('sync', 'some', `${from}/some`);
    await run('ln', 'https://127.0.0.1:9/nothing', `${from}/some/broken`);
    const { code, err } = await run('sync', `${from}/some`, `${to}/some`);
    expect(code, err).toBe(7);
    expect(err).toMatch(/failed .*broken: .*[^]*2 files copied, .*1 failed/);
  });

  test('a folder and a file of one name are said, and neither is removed', async () => {
    makeTree(directory, 'folder', { 'x/': '', y: '1' });
    makeTree(directory, 'file', { x: '', y: '1' });
    for (const end of [from, to]) for (const name of ['folder', 'file']) await run('sync', name, `${end}/${name}`);
    for (const [one, other] of [
      ['folder', 'file'],
      ['file', 'folder'],
    ] as const) {
      const { code, err } = await run('sync', '--delete', `${from}/${one}`, `${to}/${other}`);
      expect([one, code, err]).toEqual([one, 7, expect.stringMatching(/failed .*x: [^]*1 there already, 1 failed/)]);
    }
    expect((await run('find', `${to}/folder`, `${to}/file`)).out).toMatch(/\/folder\/x\/\n[^]*\/file\/x\n/);
  });
});

// cp and sync at a VOSpace of another kind, where each file is negotiated by itself.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFar } from './support/far.ts';
import { put, statusOf } from './support/files.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { commandsWith } from './support/sites.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { user, password, directory } = person;
const { url, authority } = await startFar();
const home = `vos:/${user}`;
const { run, begin } = commandsWith(directory, { services: { [authority]: { url, user, password, codec: 'xml' } } });

describe('at another kind of VOSpace', { timeout: 120_000 }, () => {
  test('trees go there and come back as they were, and a second sync copies nothing', async () => {
    const tree = makeTree(directory, 'tree', { zero: '', 'a b/naïve ü': 'one', 'empty/': '', 'deep/er/f': Buffer.alloc(300_000, 'x') });
    expect((await run('cp', '-r', 'tree', `${home}/tree`)).code).toBe(0);
    const again = await run('sync', 'tree', `${home}/tree`);
    expect([again.code, again.err]).toEqual([0, expect.stringMatching(/^0 files copied, .*3 there already/m)]);
    expect((await run('sync', `${home}/tree`, 'back')).code).toBe(0);
    expect(treeOf(join(directory, 'back'))).toEqual(treeOf(tree));
    await put(person, ['tree', 'extra']);
    expect((await run('sync', '--delete', 'tree', `${home}/tree`)).err).toContain('1 removed');
    expect(await statusOf(person, 'tree', 'extra')).toBe(404);
  });

  test('dates go there and come back with -p', async () => {
    const date = 1_000_000_000;
    const tree = makeTree(directory, 'dates', { f: 'x' });
    utimesSync(join(tree, 'f'), date, date);
    await run('cp', '-p', 'dates/f', `${home}/dated`);
    for (const there of [false, true]) {
      if (there) writeFileSync(join(directory, 'back-dated'), 'x');
      expect((await run('cp', '-p', `${home}/dated`, 'back-dated')).code).toBe(0);
      expect(statSync(join(directory, 'back-dated')).mtimeMs).toBe(date * 1000);
    }
  });

  test('what cannot be made here is said, and the rest comes', async () => {
    makeTree(directory, 'some', { 'taken/file': 'x', 'fine/file': 'y' });
    await run('cp', '-r', 'some', `${home}/some`);
    mkdirSync(join(directory, 'here'));
    writeFileSync(join(directory, 'here', 'taken'), 'mine');
    const { code, err } = await run('sync', `${home}/some`, 'here');
    expect([code, err]).toEqual([7, expect.stringMatching(/failed .*here\/taken: .* is a file[^]*1 file copied, .*2 failed/)]);
    expect(readFileSync(join(directory, 'here', 'fine', 'file'), 'utf8')).toBe('y');
    expect(readFileSync(join(directory, 'here', 'taken'), 'utf8')).toBe('mine');
  });

  test('a copy that is interrupted is not said to be done', async () => {
    makeTree(directory, 'many', Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`f${i}`, `file ${i}`])));
    for (const args of [
      ['cp', '-rv', 'many', `${home}/many`],
      ['sync', '-v', `${home}/many`, 'many-back'],
    ]) {
      const running = begin(...args);
      await expect.poll(running.err, { timeout: 30_000, interval: 5 }).toContain('copied ');
      running.process.kill('SIGINT');
      const { code, err } = await running.ended;
      expect([code, err]).toEqual([130, expect.stringContaining('Stopped after')]);
      await run('sync', 'many', `${home}/many`);
    }
    expect((await run('sync', `${home}/many`, 'many-back')).code).toBe(0);
    expect(readdirSync(join(directory, 'many-back'))).toHaveLength(45);
  });
});

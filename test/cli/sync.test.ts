// sync: either way and between containers, what it copies, leaves and removes.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { put, statusOf } from './support/files.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { home, run, directory } = person;
const tree = (name: string, files: Parameters<typeof makeTree>[2]): string => makeTree(directory, name, files);

describe('a sync', () => {
  test('makes the target what the source is, and does nothing the second time', async () => {
    const source = tree('one', { a: '1', 'b/c': '2', 'b/d/e': '3', 'none/': '' });
    const first = await run(['sync', 'one', `${home}/one`]);
    expect([first.code, first.err]).toEqual([0, expect.stringMatching(/^3 files copied/m)]);
    const second = await run(['sync', 'one', `${home}/one`]);
    expect([second.code, second.err]).toEqual([0, expect.stringMatching(/^0 files copied, .*3 there already/m)]);
    expect((await run(['sync', `${home}/one`, 'two'])).code).toBe(0);
    expect(treeOf(join(directory, 'two'))).toEqual(treeOf(source));
    const third = await run(['sync', `${home}/one`, 'two']);
    expect([third.code, third.err]).toEqual([0, expect.stringMatching(/^0 files copied, .*3 there already/m)]);
    // A link to the same bytes is what it leads to, also where things are only told.
    rmSync(join(directory, 'two', 'a'));
    symlinkSync(join(source, 'a'), join(directory, 'two', 'a'));
    expect(await run(['sync', '--dry-run', `${home}/one`, 'two'])).toMatchObject({ code: 0, out: '' });
  });

  test('of a file that no node can be called after fails for that file alone', async () => {
    tree('odd', { good: '1', 'a\\b': '2' });
    expect((await run(['cp', '-r', 'odd', `${home}/`])).code).toBe(7);
    tree('odd', { good: '1', 'a\\b': '2', late: '3' });
    const events = async (...args: readonly string[]) => {
      const { code, lines } = await run([...args, '--json', 'odd', `${home}/odd`]);
      const told = lines<{ event: string; uri?: string; name?: string }>();
      return [code, told.map(({ event, uri = '', name = '' }) => `${event} ${(uri + name).replace(/.*\//, '')}`).toSorted()];
    };
    const failed = 'failed a\\b';
    expect(await events('sync', '--dry-run')).toEqual([7, expect.arrayContaining([failed, 'wouldCopy late'])]);
    expect(await events('sync')).toEqual([7, expect.arrayContaining([failed, 'copied late', 'same good'])]);
  });

  test('removes nothing unless told to, and then only what the source has not', async () => {
    tree('del', { a: '1', 'b/c': '2' });
    await run(['sync', 'del', `${home}/del`]);
    await put(person, ['del', 'extra']);
    await run(['mkdir', `${home}/del/more`]);
    await put(person, ['del', 'more', 'x']);
    await run(['sync', 'del', `${home}/del`]);
    expect(await statusOf(person, 'del', 'extra')).toBe(200);
    const dry = await run(['sync', '--delete', '--dry-run', 'del', `${home}/del`]);
    expect([dry.code, dry.err]).toEqual([0, expect.stringContaining('2 to be removed')]);
    expect(dry.out).toMatch(/^would remove vos:.*\/del\/extra\nwould remove vos:.*\/del\/more\n$/);
    expect(await statusOf(person, 'del', 'extra')).toBe(200);
    const { code, err } = await run(['sync', '--delete', 'del', `${home}/del`]);
    expect([code, err]).toEqual([0, expect.stringMatching(/2 removed/)]);
    expect([
      await statusOf(person, 'del', 'extra'),
      await statusOf(person, 'del', 'more'),
      await statusOf(person, 'del', 'b', 'c'),
    ]).toEqual([404, 404, 200]);
  });

  test('the other way removes files and folders here, and never what a link leads to', async () => {
    tree('pulled', { a: '1', 'b/c': '2' });
    tree('outside', { precious: 'x' });
    await run(['sync', 'pulled', `${home}/pulled`]);
    // Some of them no node can be called after.
    const here = tree('here', { old: 'x', 'older/x': 'y', 'o\\ld': 'x', 'old\\er/x': 'y' });
    symlinkSync(join(directory, 'outside'), join(here, 'link'));
    const { code } = await run(['sync', '--delete', `${home}/pulled`, 'here']);
    expect(code).toBe(0);
    expect(treeOf(here)).toEqual(treeOf(join(directory, 'pulled')));
    expect(readFileSync(join(directory, 'outside', 'precious'), 'utf8')).toBe('x');
  });

  test('removes a folder with much in it once, here and in a VOSpace', async () => {
    const files = Array.from({ length: 250 }, (_, i) => [`gone/f${i}`, ''] as const);
    const folders = Array.from({ length: 20 }, (_, i) => [`gone/${i}/x`, ''] as const);
    tree('wide', { stays: '1', ...Object.fromEntries([...folders, ...files]) });
    tree('narrow', { stays: '1' });
    await run(['sync', 'wide', `${home}/wide`]);
    await run(['sync', 'narrow', `${home}/narrow`]);
    for (const target of ['wide', `${home}/wide`]) {
      const { code, err } = await run(['sync', '--delete', `${home}/narrow`, target]);
      expect([code, err]).toEqual([0, expect.stringContaining(', 1 there already, 1 removed')]);
    }
    expect(existsSync(join(directory, 'wide', 'gone'))).toBe(false);
    expect(await statusOf(person, 'wide', 'gone')).toBe(404);
  });

  test('refuses to empty the target for an empty source, unless forced', async () => {
    tree('full', { a: '1' });
    tree('empty', { 'none/': '' });
    rmSync(join(directory, 'empty', 'none'), { recursive: true });
    await run(['sync', 'full', `${home}/full`]);
    expect(await run(['sync', '--delete', 'empty', `${home}/full`])).toMatchObject({ code: 5, err: expect.stringContaining('--force') });
    expect(await statusOf(person, 'full', 'a')).toBe(200);
    expect((await run(['sync', '--delete', '--force', 'empty', `${home}/full`])).code).toBe(0);
    expect(await statusOf(person, 'full', 'a')).toBe(404);
  });

  test('leaves out what is excluded, and does not remove it either', async () => {
    tree('some', { 'a.txt': '1', 'a.tmp': '2', 'keep.tmp': '3', '.git/x': '4', 'raw/deep/b.fits': '5', 'raw/b.txt': '6' });
    const options = ['--exclude', '*.tmp', '--include', 'keep.*', '--exclude', '.git/', '--exclude', 'raw/**/*.fits'];
    await run(['mkdir', `${home}/some`]);
    await put(person, ['some', 'theirs.tmp']);
    const { code } = await run(['sync', '--delete', ...options, 'some', `${home}/some`]);
    expect(code).toBe(0);
    const { out } = await run(['tree', `${home}/some`]);
    for (const name of ['a.txt', 'keep.tmp', 'theirs.tmp', 'b.txt']) expect(out).toContain(name);
    for (const name of ['a.tmp', '.git', 'b.fits']) expect(out).not.toContain(name);
  });

  test('compares by size alone where that is asked for', async () => {
    const source = tree('sized', { a: 'one' });
    await run(['sync', 'sized', `${home}/sized`]);
    writeFileSync(join(source, 'a'), 'two');
    await run(['sync', '--size-only', 'sized', `${home}/sized`]);
    expect((await run(['cat', `${home}/sized/a`])).out).toBe('one');
    await run(['sync', 'sized', `${home}/sized`]);
    expect((await run(['cat', `${home}/sized/a`])).out).toBe('two');
  });

  test('between two containers is the work of the service', async () => {
    tree('mirror', { a: '1', 'b/c': '2' });
    await run(['sync', 'mirror', `${home}/mirror`]);
    expect((await run(['sync', `${home}/mirror`, `${home}/mirrored`])).code).toBe(0);
    await put(person, ['mirrored', 'extra']);
    await run(['rm', `${home}/mirrored/b/c`]);
    const { code, err } = await run(['sync', '--delete', '--exclude', 'nothing', `${home}/mirror`, `${home}/mirrored`]);
    expect([code, err]).toEqual([0, expect.stringMatching(/^1 file copied, .*1 there already, 1 removed/m)]);
    expect((await run(['cat', `${home}/mirrored/b/c`])).out).toBe('2');
  });

  test('of large files goes by the digest of their parts', async () => {
    const bytes = Buffer.alloc(40 * 1024 * 1024, 'a large file, not quite random ');
    tree('large', { big: bytes });
    expect((await run(['sync', 'large', `${home}/large`])).code).toBe(0);
    const again = await run(['sync', 'large', `${home}/large`]);
    expect([again.code, again.err]).toEqual([0, expect.stringMatching(/^0 files copied, .*1 there already/m)]);
    expect((await run(['sync', `${home}/large`, 'large-back'])).code).toBe(0);
    expect(readFileSync(join(directory, 'large-back', 'big')).equals(bytes)).toBe(true);
    bytes[30_000_000] = 0;
    writeFileSync(join(directory, 'large', 'big'), bytes);
    const changed = await run(['sync', 'large', `${home}/large`]);
    expect([changed.code, changed.err]).toEqual([0, expect.stringMatching(/^1 file copied/m)]);
    mkdirSync(join(directory, 'x'), { recursive: true });
    expect((await run(['cp', `${home}/large/big`, 'x'])).code).toBe(0);
    expect(readFileSync(join(directory, 'x', 'big')).equals(bytes)).toBe(true);
    expect(existsSync(join(directory, 'x', '.vopipe'))).toBe(false);
  });
});

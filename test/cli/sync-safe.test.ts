// sync --delete never removes what it cannot see well: other forms of a name, what lies behind links that lead nowhere.
import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { put, statusOf } from './support/files.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { home, run, directory } = person;
const tree = (name: string, files: Parameters<typeof makeTree>[2]): string => makeTree(directory, name, files);
/** Written in two ways. */
const [COMPOSED, APART] = ['caf\u00e9', 'cafe\u0301'] as const;

describe('names with accents', () => {
  test('that the disk keeps apart are not taken for missing', async () => {
    tree('apart', { [`${APART}/${APART}.txt`]: 'one', plain: 'two' });
    for (const copied of [2, 0]) {
      const { code, err } = await run(['sync', '--delete', 'apart', `${home}/apart`]);
      expect([code, err]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^${copied} files copied, [^\n]*B/s\\)${copied ? '' : ', 2 there already'}$`, 'm')),
      ]);
    }
    expect(await statusOf(person, 'apart', COMPOSED, `${COMPOSED}.txt`)).toBe(200);
    await put(person, ['apart', COMPOSED, 'extra']);
    expect((await run(['sync', '--delete', 'apart', `${home}/apart`])).err).toContain('1 removed');
  });

  test('come back under the names that the disk has', async () => {
    const here = tree('round', { [`${APART}/${APART}.txt`]: 'one' });
    await run(['sync', 'round', `${home}/round`]);
    await put(person, ['round', COMPOSED, `${COMPOSED}.txt`], 'changed');
    expect((await run(['sync', '--delete', `${home}/round`, 'round'])).code).toBe(0);
    expect([readdirSync(here), readdirSync(join(here, APART))]).toEqual([[APART], [`${APART}.txt`]]);
    expect(readFileSync(join(here, APART, `${APART}.txt`), 'utf8')).toBe('changed');
  });

  test('that a VOSpace cannot tell apart are said, and neither is lost', async () => {
    tree('twins', { [`${COMPOSED}.txt`]: 'composed', [`${APART}.txt`]: 'apart', other: 'x' });
    for (const wanted of ['2 files copied', '2 there already']) {
      const { code, err } = await run(['sync', '--delete', 'twins', `${home}/twins`]);
      expect([code, err]).toEqual([7, expect.stringContaining(wanted)]);
      expect(err).toMatch(/failed .*one name\n {2}Give one of the two another name/);
    }
    expect((await run(['cat', `${home}/twins/${COMPOSED}.txt`])).out).toBe('composed');
  });

  test('mean the same in patterns', async () => {
    tree('patterns', { [`${APART}.tmp`]: 'x', [`${APART}.txt`]: 'y' });
    await run(['sync', '--exclude', `${COMPOSED}.tmp`, 'patterns', `${home}/patterns`]);
    expect((await run(['ls', `${home}/patterns`])).out).toBe(`${COMPOSED}.txt\n`);
  });
});

describe('links that lead nowhere', () => {
  test('keep what the target has in their place', async () => {
    const disk = tree('disk', { 'precious/file': 'x', other: 'y' });
    const source = tree('linked', { own: 'z', 'old/file': 'w' });
    symlinkSync(disk, join(source, 'mounted'));
    symlinkSync(join(disk, 'other'), join(source, 'single'));
    await run(['sync', 'linked', `${home}/linked`]);
    renameSync(disk, `${disk}-away`);
    rmSync(join(source, 'old'), { recursive: true });
    const { code, err } = await run(['sync', '--delete', 'linked', `${home}/linked`]);
    expect([code, err]).toEqual([0, expect.stringMatching(/skipped .*mounted: the link leads nowhere/)]);
    expect(await statusOf(person, 'linked', 'mounted', 'precious', 'file')).toBe(200);
    expect(await statusOf(person, 'linked', 'single')).toBe(200);
    expect(await statusOf(person, 'linked', 'old')).toBe(404);
  });

  test('and those in a circle do not end it', async () => {
    const source = tree('circle', { own: 'z' });
    symlinkSync('self', join(source, 'self'));
    await run(['mkdir', `${home}/circle`]);
    await put(person, ['circle', 'self']);
    await put(person, ['circle', 'extra']);
    const { code, err } = await run(['sync', '--delete', 'circle', `${home}/circle`]);
    expect(code, err).toBe(0);
    expect([await statusOf(person, 'circle', 'self'), await statusOf(person, 'circle', 'extra')]).toEqual([200, 404]);
  });

  test('in a VOSpace are in the way of folders here, and nothing is removed', async () => {
    await run(['mkdir', '-p', `${home}/nodes/in`, `${home}/elsewhere`]);
    await put(person, ['nodes', 'own']);
    await run(['ln', `${home}/elsewhere`, `${home}/nodes/link`]);
    const here = tree('nodes-here', { 'link/precious': 'x', 'gone/file': 'y' });
    const { code, err } = await run(['sync', '--delete', `${home}/nodes`, 'nodes-here']);
    expect([code, err]).toEqual([7, expect.stringContaining('Nothing is removed')]);
    expect(readdirSync(here).toSorted()).toEqual(['gone', 'in', 'link', 'own']);
    expect(readFileSync(join(here, 'link', 'precious'), 'utf8')).toBe('x');
  });
});

describe('a folder where a file was to be, and a file where a folder was to be', () => {
  test('are said and not removed, whichever way things go', async () => {
    const folder = tree('folder', { 'x/': '', y: '1' });
    const file = tree('file', { x: '', y: '1' });
    for (const name of ['folder', 'file']) expect((await run(['sync', name, `${home}/${name}`])).code).toBe(0);
    for (const [source, target] of [
      ['folder', `${home}/file`],
      ['file', `${home}/folder`],
      [`${home}/folder`, 'file'],
      [`${home}/file`, 'folder'],
      [`${home}/folder`, `${home}/file`],
      [`${home}/file`, `${home}/folder`],
    ] as const) {
      const { code, err } = await run(['sync', '--delete', '--size-only', source, target]);
      expect([source, target, code, err]).toEqual([source, target, 7, expect.stringMatching(/failed .*x: [^]*1 there already, 1 failed/)]);
    }
    expect([treeOf(folder), treeOf(file)]).toEqual([
      { x: '/', y: 'MQ==' },
      { x: '', y: 'MQ==' },
    ]);
    expect((await run(['find', `${home}/folder`, `${home}/file`])).out).toMatch(/\/folder\/x\/\n[^]*\/file\/x\n/);
  });
});

test('a link inside one VOSpace leads to where its source leads, and takes the place of nothing else', async () => {
  tree('links', { one: '1', two: '2' });
  await run(['sync', 'links', `${home}/links`]);
  await run(['mkdir', `${home}/from`, `${home}/from/below`]);
  for (const [name, ...options] of [['one'], ['two'], ['one', '--exclude', 'nothing']] as const) {
    await run(['ln', '-f', `${home}/links/${name}`, `${home}/from/below/link`]);
    for (const wanted of [/^1 file copied/m, /^0 files copied, .*1 there already/m])
      expect(await run(['sync', ...options, `${home}/from`, `${home}/to`])).toMatchObject({ code: 0, err: expect.stringMatching(wanted) });
    expect((await run(['cat', `${home}/to/below/link`])).out).toBe(name === 'one' ? '1' : '2');
  }
  expect((await run(['cat', `${home}/links/two`])).out).toBe('2');
  await run(['rm', `${home}/to/below/link`]);
  await put(person, ['to', 'below', 'link'], 'mine');
  expect(await run(['sync', '--delete', `${home}/from`, `${home}/to`])).toMatchObject({
    code: 5,
    err: expect.stringContaining('and was to be a link'),
  });
  expect((await run(['cat', `${home}/to/below/link`])).out).toBe('mine');
});

test('a container that may not be listed is told by its URI, and nothing is removed', async () => {
  const other = await makePerson();
  await other.run(['mkdir', `${other.home}/open`, `${other.home}/open/closed`]);
  expect((await other.run(['chmod', 'public', other.home, `${other.home}/open`])).code).toBe(0);
  expect((await other.run(['chmod', 'private', `${other.home}/open/closed`])).code).toBe(0);
  tree('own', { 'closed/mine': '1', file: '2' });
  const { code, lines } = await run(['sync', '--delete', '--json', `${other.home}/open`, 'own']);
  expect([code, lines().find((line) => (line as { readonly event: string }).event === 'failed')]).toEqual([
    4,
    expect.objectContaining({ uri: expect.stringMatching(new RegExp(`^vos://.*/${other.user}/open/closed$`)), fault: 'PermissionDenied' }),
  ]);
  expect(readdirSync(join(directory, 'own'))).toEqual(['closed', 'file']);
});

test('a source in its target is not removed', async () => {
  await run(['mkdir', '-p', `${home}/outer/inner`]);
  await put(person, ['outer', 'inner', 'a'], 'mine');
  await put(person, ['outer', 'old']);
  const sync = (...more: readonly string[]) => run(['sync', '--delete', ...more, `${home}/outer/inner`, `${home}/outer`]);
  for (const more of [[], ['--dry-run']])
    expect(await sync(...more)).toMatchObject({ code: 2, err: expect.stringContaining('outer/inner is in') as string });
  expect((await sync('--exclude', 'inner/')).code).toBe(0);
  expect(
    (await run(['find', `${home}/outer`])).out
      .replaceAll(/.*\/outer\//g, '')
      .split('\n')
      .toSorted(),
  ).toEqual(['', 'a', 'inner/', 'inner/a']);
});

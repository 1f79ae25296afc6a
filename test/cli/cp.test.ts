// cp: files and trees to, from and inside a VOSpace, by what they are afterwards.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { propertiesOf, put, statusOf } from './support/files.ts';
import { makeTree as make, treeOf } from './support/trees.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const other = await makePerson();
await put(other, ['own']);
const { home, run, directory } = person;
/** Names that shells, URLs or paths may take for something else. */
const ODD = ['50% done', 'a*b', 'm[1]', 'naïve ü', 'what?', '星図', 'a #1', '-rf', '.hidden', 'x&y=z;', "'quoted'"] as const;

const makeTree = (name: string, files: Parameters<typeof make>[2]): string => make(directory, name, files);

describe('a tree', () => {
  test('goes up and comes back as it was, with empty files and folders and odd names', async () => {
    const tree = makeTree('tree', {
      ...Object.fromEntries(ODD.map((name) => [`odd/${name}/${name}`, name])),
      'empty/': '',
      'a/b/c/d/deep': 'x',
      zero: '',
      middle: Buffer.alloc(700_000, 'middle'),
      larger: Buffer.alloc(3_000_000, 'larger'),
    });
    const up = await run(['cp', '-r', 'tree', `${home}/`]);
    expect([up.code, up.err]).toEqual([0, expect.stringMatching(/^15 files copied, /m)]);
    const down = await run(['cp', '-r', `${home}/tree`, 'back']);
    expect([down.code, down.err]).toEqual([0, expect.stringMatching(/^15 files copied, /m)]);
    expect(treeOf(join(directory, 'back'))).toEqual(treeOf(tree));
    expect(readdirSync(directory).filter((name) => name.startsWith('.vopipe'))).toEqual([]);
  });

  test('that is there already is not sent again, and what differs is', async () => {
    const tree = makeTree('again', { a: 'one', b: 'two', 'c/d': 'three' });
    await run(['cp', '-r', 'again', home]);
    writeFileSync(join(tree, 'b'), 'TWO');
    const second = await run(['cp', '-r', 'again', home]);
    expect([second.code, second.err]).toEqual([0, expect.stringMatching(/^1 file copied, .*2 there already/m)]);
    expect((await run(['cp', `${home}/again/b`, '-'])).out).toBe('TWO');
    writeFileSync(join(tree, 'a'), 'ONE');
    const back = await run(['cp', '-r', '--json', `${home}/again`, '.']);
    expect(back.lines<{ event: string; name: string }>().filter(({ event }) => event === 'copied')).toMatchObject([
      { name: join(tree, 'a') },
    ]);
    expect(readFileSync(join(tree, 'a'), 'utf8')).toBe('one');
  });

  test('stays as it is with -n', async () => {
    makeTree('kept', { a: 'mine', b: 'mine, too' });
    await run(['mkdir', `${home}/kept`]);
    await put(person, ['kept', 'a'], 'theirs');
    const { code, err } = await run(['cp', '-rn', 'kept', home]);
    expect([code, err]).toEqual([0, expect.stringMatching(/^1 file copied, .*1 left as they were/m)]);
    expect((await run(['cat', `${home}/kept/a`, `${home}/kept/b`])).out).toBe('theirsmine, too');
  });

  test('of several sources is done without those that are not there', async () => {
    makeTree('there', { a: 'one' });
    await run(['mkdir', `${home}/some`]);
    const { code, err } = await run(['cp', 'nofile', 'there/a', `${home}/none/*`, `${home}/some`]);
    expect([code, err]).toEqual([
      7,
      expect.stringMatching(/failed nofile: there is no such file or folder\n[^]*1 file copied.*, 2 failed/),
    ]);
    expect((await run(['cat', `${home}/some/a`])).out).toBe('one');
    expect((await run(['cp', 'nofile', 'there/a', `${home}/nowhere`])).code).toBe(3);
    expect((await run(['ls', `${home}/nowhere`])).code).toBe(3);
  });

  test('has its links followed, and says what it leaves out', async () => {
    const tree = makeTree('links', { 'real/file': 'linked' });
    symlinkSync('real/file', join(tree, 'to-file'));
    symlinkSync('..', join(tree, 'real', 'circle'));
    symlinkSync('nowhere', join(tree, 'dead'));
    const { code, err } = await run(['cp', '-r', 'links', home]);
    expect(code).toBe(0);
    expect(err).toMatch(/skipped .*\/dead: the link leads nowhere/);
    expect(err).toMatch(/skipped .*\/circle: it leads back/);
    expect((await run(['cat', `${home}/links/to-file`])).out).toBe('linked');
  });

  test('has the links left out that lead to no bytes, with the reason; where such a link itself was named nothing was done', async () => {
    await put(other, ['hidden']);
    await run(['mkdir', `${home}/ways`]);
    await run(['ln', `${other.home}/hidden`, `${home}/ways/closed`]);
    await run(['ln', `${home}/nothing`, `${home}/ways/dead`]);
    const tree = await run(['cp', '-r', `${home}/ways`, 'ways']);
    expect([tree.code, tree.err]).toEqual([0, expect.stringMatching(/skipped .*\/closed: PermissionDenied/)]);
    expect(tree.err).toMatch(/skipped .*\/dead: NodeNotFound/);
    expect(await run(['cp', `${home}/ways/closed`, 'closed'])).toMatchObject({ code: 4, err: expect.stringContaining('PermissionDenied') });
    expect(await run(['cp', `${home}/ways/dead`, 'dead'])).toMatchObject({ code: 3, err: expect.stringContaining('NodeNotFound') });
  });

  test('is done as far as it can be, with each failure and an exit code of its own', async () => {
    makeTree('partly', { good: 'x', 'bad\u0001name': 'y', 'below/good': 'z' });
    const { code, err } = await run(['cp', '-r', 'partly', home]);
    expect([code, err]).toEqual([7, expect.stringMatching(/failed .*bad.*control characters[^]*2 files copied, .*1 failed/)]);
    expect(await statusOf(person, 'partly', 'below', 'good')).toBe(200);
  });
});

describe('a copy of which nothing came about', () => {
  test('says what was wrong with all of it, and does not decide where the next one goes', async () => {
    makeTree('later', { a: '1', b: '2' });
    const { code, err } = await run(['cp', '-r', 'later', `${home}/no/later`]);
    expect([code, err]).toEqual([3, expect.stringContaining('vopipe mkdir -p')]);
    await run(['mkdir', '-p', `${home}/no/later`]);
    expect((await run(['cp', '-r', 'later', `${home}/no/later`])).code).toBe(0);
    expect((await run(['ls', `${home}/no/later`])).out).toBe('later/\n');
    expect((await run(['cp', 'later/a', `${home}/no/such/place`])).code).toBe(3);
    await run(['mkdir', '-p', `${home}/no/such/place`]);
    expect((await run(['cp', 'later/a', `${home}/no/such/place`])).code).toBe(0);
    expect((await run(['ls', `${home}/no/such/place`])).out).toBe('a\n');
  });
});

describe('one file', () => {
  test('goes where Unix would put it', async () => {
    makeTree('unix', { f: 'file' });
    await run(['mkdir', `${home}/unix`]);
    for (const [target, place] of [
      ['unix/', 'unix/f'],
      ['unix/g', 'unix/g'],
      ['unix', 'unix/f'],
    ] as const) {
      expect((await run(['cp', 'unix/f', `${home}/${target}`])).code).toBe(0);
      expect((await run(['cat', `${home}/${place}`])).out).toBe('file');
    }
    expect(await run(['cp', 'unix/f', `${home}/none/`])).toMatchObject({ code: 3, err: expect.stringContaining('mkdir') });
    expect(await run(['cp', 'unix/f', `${home}/none/x`])).toMatchObject({ code: 3 });
    expect(await run(['cp', 'unix', `${home}/none`])).toMatchObject({ code: 2, err: expect.stringContaining('cp -r') });
    expect(await run(['cp', 'none', home])).toMatchObject({ code: 3 });
    expect(await run(['cp', 'unix/f', `${other.home}/f`])).toMatchObject({ code: 4 });
    expect(await run(['cp', 'unix/f', 'unix/g'])).toMatchObject({ code: 2 });
  });

  test('gets the media type that its name says', async () => {
    makeTree('types', { 'a.fits': 'x', 'b.csv': 'y', plain: 'z' });
    await run(['cp', 'types/a.fits', 'types/b.csv', 'types/plain', home]);
    const types = await Promise.all(
      ['a.fits', 'b.csv', 'plain'].map(async (name) =>
        (await person.client.get(`/files/${person.user}/${name}?via=service`)).header('content-type'),
      ),
    );
    expect(types).toEqual(['application/fits', 'text/csv', 'application/octet-stream']);
  });

  test('comes from standard input and goes to standard output', async () => {
    const bytes = Buffer.alloc(1_000_000, 'stream');
    expect((await run(['cp', '-', `${home}/stream`], bytes)).code).toBe(0);
    expect((await run(['cp', `${home}/stream`, '-'])).out).toBe(bytes.toString());
    expect((await run(['cp', '-', home], 'x')).code).toBe(2);
    expect(await run(['cp', `${home}/missing`, `${home}/stream`, '-'])).toMatchObject({ code: 2, out: '' });
  });

  test('keeps its date with -p', async () => {
    makeTree('dates', { f: 'x' });
    utimesSync(join(directory, 'dates', 'f'), 1_000_000_000, 1_000_000_000);
    await run(['cp', '-p', 'dates/f', `${home}/dated`]);
    await run(['cp', '-p', `${home}/dated`, 'dates/back']);
    expect(statSync(join(directory, 'dates', 'back')).mtimeMs).toBe(1_000_000_000_000);
    // Also where the bytes are there already.
    utimesSync(join(directory, 'dates', 'f'), 1_100_000_000, 1_100_000_000);
    expect((await run(['cp', '-p', 'dates/f', `${home}/dated`, '--json'])).lines()).toMatchObject([{ event: 'same' }, {}]);
    expect((await run(['props', `${home}/dated`, 'content-date'])).out).toMatch(/^2004-11-09T11:33:20/);
    await run(['cp', '-p', `${home}/dated`, 'dates/back']);
    expect(statSync(join(directory, 'dates', 'back')).mtimeMs).toBe(1_100_000_000_000);
  });

  test('is never written outside of the folder that was named', async () => {
    await run(['mkdir', `${home}/escape`]);
    await put(person, ['escape', '..x'], 'fine');
    expect((await run(['cp', '-r', `${home}/escape`, 'escaped'])).code).toBe(0);
    expect(existsSync(join(directory, 'escaped', '..x'))).toBe(true);
  });
});

describe('inside one VOSpace', () => {
  test('the service copies trees, and goes through those that are there', async () => {
    makeTree('inner', { 'a/b': 'one', c: 'two' });
    await run(['cp', '-r', 'inner', home]);
    expect((await run(['cp', '-r', `${home}/inner`, `${home}/outer`])).code).toBe(0);
    expect((await run(['cat', `${home}/outer/a/b`])).out).toBe('one');
    writeFileSync(join(directory, 'inner', 'c'), 'TWO');
    writeFileSync(join(directory, 'inner', 'd'), 'three');
    await run(['cp', '-r', 'inner', home]);
    const second = await run(['cp', '-r', `${home}/inner`, `${home}/outer`, '--json']);
    expect(second.code).toBe(0);
    expect((await run(['cat', `${home}/outer/inner/c`])).out).toBe('TWO');
    await run(['rm', '-r', `${home}/outer/inner/a`]);
    await put(person, ['outer', 'inner', 'c'], 'older');
    const third = await run(['cp', '-r', `${home}/inner`, `${home}/outer`, '--json']);
    const told = third.lines<{ event: string; uri?: string }>().map(({ event, uri = '' }) => `${event} ${uri.split('/').at(-1) ?? ''}`);
    expect(told.toSorted()).toEqual(['copied b', 'copied c', 'end ', 'made a', 'same d']);
    expect(third.lines()).toContainEqual({
      event: 'same',
      uri: expect.stringMatching(/^vos:\/\/.+\/outer\/inner\/d$/) as string,
      size: 5,
      md5: createHash('md5').update('three').digest('hex'),
    });
    expect(third.lines().at(-1)).toMatchObject({ copied: 2, made: 1, same: 1, wouldCopy: 0, wouldRemove: 0 });
    expect((await run(['cat', `${home}/outer/inner/c`])).out).toBe('TWO');
  });

  test('dates go along with -p, also those that only the service has', async () => {
    await run(['mkdir', `${home}/undated`]);
    await put(person, ['undated', 'a']);
    const { date } = await propertiesOf(person, 'undated', 'a');
    expect(date).toMatch(/^\d{4}-/);
    for (const [from, to] of [
      ['undated', 'with-dates'],
      ['undated/a', 'dated-too'],
    ]) {
      expect((await run(['cp', '-rp', `${home}/${from}`, `${home}/${to}`])).code).toBe(0);
    }
    for (const names of [['with-dates', 'a'], ['dated-too']])
      expect(Date.parse((await propertiesOf(person, ...names))['content-date'] ?? '')).toBe(Date.parse(`${date}Z`));
  });

  test('nothing is copied into itself', async () => {
    await run(['mkdir', `${home}/self`]);
    expect((await run(['cp', '-r', `${home}/self`, `${home}/self`])).code).toBe(2);
  });
});

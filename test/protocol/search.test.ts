// GET /search: what is found below a container, in which order, page by page, and by whom.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core } from './documents.ts';
import { parseXml, readNode } from './tree.ts';
import { admin, anonymous, expectFault, expectStatus, newGroup, newOpenUser, newUser, ours, uriOf, type User } from './world.ts';

interface Page {
  readonly nodes: readonly { readonly uri: string; readonly type: string; readonly properties: Readonly<Record<string, string>> }[];
  readonly cursor?: string;
}

async function page(user: User, query: Readonly<Record<string, string>> | URLSearchParams): Promise<Page> {
  const answer = await user.get(`/search?${new URLSearchParams(query).toString()}`, { accept: 'application/json' });
  expectStatus(answer, 200);
  return JSON.parse(answer.text) as Page;
}

/** The paths below a container of everything that a search finds, through all pages. */
async function found(user: User, below: string, query: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const uris: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const answer: Page = await page(user, { below, ...query, ...(cursor === '' ? {} : { cursor }) });
    uris.push(...answer.nodes.map(({ uri }) => decodeURIComponent(uri.slice(uriOf(below).length + 1))));
    ({ cursor } = answer);
  }
  return uris;
}

const search = (user: User, query: string): Promise<Answer> => user.get(`/search${query}`);
const TITLE = core('title');

ours('a search', async () => {
  const user = await newUser('search');
  const base = await user.made(user.fresh('tree'));
  beforeAll(async () => {
    for (const path of ['/b', '/b/deep', '/b/deep/er', '/a', '/a b']) await user.made(base + encodeURI(path));
    await user.stored(`${base}/b/deep/one.fits`, 'x'.repeat(10));
    await user.stored(`${base}/b/deep/er/two.FITS`, 'x'.repeat(20));
    await user.stored(`${base}/a/three.csv`, 'x'.repeat(30), { 'content-type': 'text/csv' });
    await user.stored(`${base}/zero.fits`, '');
    await user.made(`${base}/a/link`, { type: 'LinkNode', target: uriOf(base) });
    await user.made(`${base}/b/odd%5B1%5D%25_.txt`, { type: 'DataNode', properties: { [TITLE]: 'The odd one', 'urn:x:q=1': 'yes' } });
    await user.set(`${base}/b/deep/one.fits`, { properties: { [TITLE]: 'The first one', 'urn:x:band': 'V' } });
  });

  test('finds everything below, container by container in the order of their paths, and by name in each', async () => {
    expect(await found(user, base)).toEqual([
      'a',
      'a b',
      'b',
      'zero.fits',
      'a/link',
      'a/three.csv',
      'b/deep',
      'b/odd[1]%_.txt',
      'b/deep/er',
      'b/deep/one.fits',
      'b/deep/er/two.FITS',
    ]);
  });

  test.each([1, 2, 3, 7, 1000])('finds the same in pages of %i', async (limit) => {
    expect(await found(user, base, { limit: String(limit) })).toEqual(await found(user, base));
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['the whole name', { name: 'three.csv' }, ['a/three.csv']],
    ['what it ends with', { name: '*.fits' }, ['zero.fits', 'b/deep/one.fits']],
    ['letters in either case', { name: '*.Fits', case: 'ignore' }, ['zero.fits', 'b/deep/one.fits', 'b/deep/er/two.FITS']],
    ['what it begins with', { name: 'z*' }, ['zero.fits']],
    ['something inside', { name: '*e*r*s' }, ['zero.fits']],
    ['one unknown character', { name: '?' }, ['a', 'b']],
    ['characters that mean something to a database', { name: 'odd[1]%_.txt' }, ['b/odd[1]%_.txt']],
    ['an escaped star', { name: '\\*' }, []],
    ['type', { type: 'LinkNode' }, ['a/link']],
    ['several types', { type: 'vos:LinkNode,ContainerNode', name: '*e*' }, ['b/deep', 'b/deep/er']],
    ['size from and to', { size: '10..20' }, ['b/deep/one.fits', 'b/deep/er/two.FITS']],
    ['one size', { size: '0' }, ['zero.fits', 'b/odd[1]%_.txt']],
    ['size up to', { size: '..9', name: '*.fits' }, ['zero.fits']],
    ['a property that is there', { property: TITLE }, ['b/odd[1]%_.txt', 'b/deep/one.fits']],
    ["a property's value", { property: `${TITLE}=The first one` }, ['b/deep/one.fits']],
    ["a part of a property's value", { property: `${TITLE}*=odd` }, ['b/odd[1]%_.txt']],
    ['a property whose URI holds =', { property: '<urn:x:q=1>=yes' }, ['b/odd[1]%_.txt']],
    ['the media type', { property: `${core('type')}=text/csv` }, ['a/three.csv']],
    ['the checksum', { property: `${core('MD5')}=D41D8CD98F00B204E9800998ECF8427E` }, ['zero.fits']],
    ['a property that no node has', { property: 'urn:x:none' }, []],
    ['owner', { owner: 'somebody-else' }, []],
    ['a date that is over', { date: '..2020-01-01' }, []],
    ['dates, size and name together', { date: '2020-01-01..', size: '1..', name: '*.fits' }, ['b/deep/one.fits']],
  ])('finds by %s', async (_, query, expected) => {
    expect(await found(user, base, query)).toEqual(expected);
    expect(await found(user, base, { ...query, limit: '1' })).toEqual(expected);
  });

  test('takes several properties, all of which a node must have', async () => {
    const both = new URLSearchParams([
      ['below', base],
      ['property', TITLE],
      ['property', 'urn:x:band=V'],
    ]);
    expect((await page(user, both)).nodes.map(({ uri }) => uri)).toEqual([uriOf(`${base}/b/deep/one.fits`)]);
  });

  test('answers nodes in XML as getNode has them, with the way to the next page', async () => {
    const answer = await search(user, `?below=${base}&limit=1`);
    expectStatus(answer, 200);
    const list = parseXml(answer.text);
    expect([list.name, list.children.length]).toEqual(['nodes', 1]);
    const [node] = list.children.map(readNode);
    expect(node?.properties.get(core('creator'))?.value).toBe(user.name);
    const next = /<[^>]*\/search\?([^>]+)>; rel="next"/.exec(answer.header('link') ?? '')?.[1] ?? '';
    expect(new URLSearchParams(next).get('cursor')).toBe(list.attributes.get('cursor'));
    const second = parseXml((await search(user, `?${next}`)).text);
    expect(second.children.map((child) => child.attributes.get('uri'))).toEqual([uriOf(`${base}/a%20b`)]);
  });

  test('takes a vos:// URI as the container, and answers as little as detail=min says', async () => {
    const answer = await page(user, { below: uriOf(`${base}/a`), detail: 'min' });
    expect(answer.nodes).toEqual([
      { uri: uriOf(`${base}/a/link`), type: 'LinkNode', target: uriOf(base) },
      { uri: uriOf(`${base}/a/three.csv`), type: 'DataNode' },
    ]);
  });

  test('streams all it finds as lines of JSON, the last of which says how many they were', async () => {
    const answer = await user.get(`/search?below=${base}&limit=2`, { accept: 'application/x-ndjson' });
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { uri?: string; kind?: string; nodes?: number });
    expect(lines.slice(0, -1).map(({ uri = '' }) => decodeURIComponent(uri.slice(uriOf(base).length + 1)))).toEqual(
      await found(user, base),
    );
    expect(lines.at(-1)).toEqual({ kind: 'end', nodes: 11 });
    const { cursor = '' } = await page(user, { below: base, limit: '9' });
    const rest = await user.get(`/search?below=${base}&cursor=${cursor}`, { accept: 'application/x-ndjson' });
    expect(rest.text.trimEnd().split('\n')).toHaveLength(3);
  });

  test('goes on behind what was removed between two pages', async () => {
    const place = await user.made(user.fresh());
    for (const name of ['a', 'b', 'c']) for (const path of [name, `${name}/x`, `${name}/y`]) await user.made(`${place}/${path}`);
    const all = await found(user, place);
    for (let first = 1; first <= 5; first++) {
      const before = await page(user, { below: place, limit: String(first) });
      if (first === 5) expectStatus(await user.remove(`${place}/b`), 204);
      const rest = await found(user, place, { cursor: before.cursor ?? '' });
      const there = first < 5 ? all : all.filter((path) => !path.startsWith('b'));
      expect(rest).toEqual(there.filter((path) => all.indexOf(path) >= first));
    }
  });
});

ours('what a search is asked', async () => {
  const user = await newUser('search-input');
  test.each([
    ['an unknown parameter', 'nmae=x', 'nmae'],
    ['a parameter twice', 'name=x&NAME=y', 'name'],
    ['an empty pattern', 'name=', 'name'],
    ['a pattern that ends with an escape', 'name=a%5C', 'name'],
    ['a pattern without end', `name=${'*a'.repeat(200)}`, 'name'],
    ['a case of its own', 'case=upper', 'case'],
    ['a size in words', 'size=big', 'size'],
    ['a size backwards', 'size=5..1', 'size'],
    ['a size without ends', 'size=..', 'size'],
    ['a date that is none', 'date=2026-13-41', 'date'],
    ['a property without URI', 'property==x', 'property'],
    ['a property that is computed', `property=${encodeURIComponent(core('length'))}=5`, 'property'],
    ['nine properties', Array.from({ length: 9 }, (_, i) => `property=urn:x:${i}`).join('&'), 'property'],
    ['a limit of 0', 'limit=0', 'limit'],
    ['a limit that is none', 'limit=1e2', 'limit'],
    ['a detail that is none', 'detail=all', 'detail'],
    ['a made-up cursor', 'cursor=AAAA', 'cursor'],
  ])('is refused with %s', async (_, query, name) => {
    expectFault(await search(user, `?below=${user.home}&${query}`), 'InvalidArgument', name);
  });
  test('is refused with a type that is none of the six', async () => {
    expectFault(await search(user, `?type=FileNode`), 'TypeNotSupported');
  });
  test('is refused with a container of another service, or none at all', async () => {
    expectFault(await search(user, '?below=vos://other.example~vospace/a'), 'InvalidURI');
    expectFault(await search(user, `?below=${user.home}/none`), 'NodeNotFound');
    const file = await user.stored(user.fresh(), 'x');
    expectFault(await search(user, `?below=${file}`), 'InvalidArgument', 'DataNode');
    const link = await user.made(user.fresh(), { type: 'LinkNode', target: uriOf(user.home) });
    expectFault(await search(user, `?below=${link}/x`), 'LinkFound');
  });
  test('is refused with the cursor of another search, or of another user', async () => {
    const [place, other] = [await user.made(user.fresh()), await newUser('search-other')];
    for (const name of ['a', 'b']) await user.made(`${place}/${name}`, { properties: { [core('publicread')]: 'true' } });
    const { cursor = '' } = await page(user, { below: place, limit: '1' });
    expectFault(await search(user, `?below=${place}&name=b&cursor=${cursor}`), 'InvalidArgument', 'cursor');
    expectFault(await search(admin, `?below=${place}&cursor=${cursor}`), 'InvalidArgument', 'cursor');
    expectFault(await search(other, `?below=${place}&cursor=${cursor}`), 'InvalidArgument', 'cursor');
    expect((await page(user, { below: place, limit: '5', cursor })).nodes).toHaveLength(1);
  });
  test('is a GET', async () => {
    expectStatus(await user.post('/search', ''), 405);
  });
});

ours('who searches', async () => {
  const [owner, reader, stranger] = [await newOpenUser('search-owner'), await newUser('reader', { idle: true }), await newUser('stranger')];
  const readers = await newGroup(owner, [reader]);
  const base = await owner.made(owner.fresh(), { properties: { [core('publicread')]: 'true' } });
  const open = { [core('publicread')]: 'true', 'urn:x:mark': '1' };
  const group = { [core('groupread')]: readers, 'urn:x:mark': '1' };
  beforeAll(async () => {
    await owner.made(`${base}/open`, { properties: open });
    await owner.made(`${base}/open/file`, { type: 'DataNode', properties: open });
    await owner.made(`${base}/open/closed-file`, { type: 'DataNode', properties: { 'urn:x:mark': '1' } });
    await owner.made(`${base}/closed`, { properties: { 'urn:x:mark': '1' } });
    await owner.made(`${base}/closed/open-file`, { type: 'DataNode', properties: open });
    await owner.made(`${base}/closed/open`, { properties: open });
    await owner.made(`${base}/group`, { properties: group });
    await owner.made(`${base}/group/file`, { type: 'DataNode', properties: group });
  });
  const everything = ['closed', 'group', 'open', 'closed/open', 'closed/open-file', 'group/file', 'open/closed-file', 'open/file'];
  const toAll = ['open', 'open/file'];

  describe.each<[string, User, string[]]>([
    ['the owner', owner, everything],
    ['an administrator', admin, everything],
    ['a member of the reading group', reader, ['group', 'open', 'group/file', 'open/file']],
    ['a stranger', stranger, toAll],
    ['the anonymous', anonymous, toAll],
  ])('as %s', (_, who, expected) => {
    test.each<[string, Record<string, string>]>([
      ['everything', {}],
      ['by property', { property: 'urn:x:mark' }],
      ['by value', { property: 'urn:x:mark=1' }],
      ['by date', { date: '2020-01-01..' }],
      ['by owner', { owner: owner.name }],
      ['one by one', { limit: '1' }],
    ])('finds what may be read, and nothing else: %s', async (__, query) => {
      expect(await found(who, base, query)).toEqual(expected);
    });
    test('is told of nothing hidden by short pages', async () => {
      const { nodes, cursor } = await page(who, { below: base, limit: String(expected.length) });
      expect([nodes.length, cursor]).toEqual([expected.length, undefined]);
    });
  });

  test('below a container that may not be read is refused in the same words as below one that is not there', async () => {
    const private_ = await owner.made(owner.fresh('private'));
    for (const who of [stranger, anonymous]) {
      const answers = await Promise.all([`${private_}/there`, `${private_}/gone1`].map((path) => search(who, `?below=${path}`)));
      expect(answers.map(({ status }) => status)).toEqual(who === anonymous ? [401, 401] : [403, 403]);
    }
  });

  test('below the root goes through every container that may be read', async () => {
    const mark = `urn:x:${base.split('-').at(-1) ?? ''}${owner.name}`;
    const other = await newOpenUser('search-second');
    await owner.set(`${base}/open/file`, { properties: { [mark]: '' } });
    await owner.set(`${base}/open/closed-file`, { properties: { [mark]: '' } });
    const second = await other.made(other.fresh(), { properties: { [core('publicread')]: 'true', [mark]: '' } });
    const paths = [`${base}/open/file`.slice(1), second.slice(1)];
    expect((await found(anonymous, '', { property: mark })).toSorted()).toEqual(paths.toSorted());
    expect((await found(other, '', { property: mark })).toSorted()).toEqual(paths.toSorted());
    expect((await found(owner, '', { property: mark, limit: '1' })).toSorted()).toEqual(
      [...paths, `${base}/open/closed-file`.slice(1)].toSorted(),
    );
    expect(await found(stranger, '', { name: owner.name })).toEqual([owner.name]);
    expect(await found(stranger, '', { name: reader.name })).toEqual([]);
  });
});

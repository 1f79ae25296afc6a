// The children of a container: limit, uri, order and sorting of getNode, VOSpace 2.1 section 6.3.1.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import type { ReadNode } from './tree.ts';
import { expectFault, expectOneFault, expectStatus, newUser, oursOnly, uriOf } from './world.ts';

const me = await newUser('listing');
const container = await me.made(me.fresh('six'));
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const LENGTHS = [30, 10, 60, 20, 50, 40];
for (const [i, name] of NAMES.entries()) await me.stored(`${container}/${name}`, 'x'.repeat(LENGTHS[i] ?? 0));
await me.made(`${container}/c-sub`);
await me.made(`${container}/c-sub/grandchild`);
const ALL = ['a', 'b', 'c', 'c-sub', 'd', 'e', 'f'];

async function names(queryString = '', path = container): Promise<string[]> {
  const prefix = `${uriOf(path)}/`;
  return (await me.read(path, queryString)).nodes?.map(({ uri }) => (uri.startsWith(prefix) ? uri.slice(prefix.length) : uri)) ?? [];
}
function at(name: string): string {
  return `uri=${encodeURIComponent(uriOf(`${container}/${name}`))}`;
}
/** Every page of a listing, each beginning with the last child of the one before, as clients do it. */
async function pages(limit: number, more = ''): Promise<string[]> {
  const all = await names(`?limit=${limit}${more}`);
  for (;;) {
    const last = all.at(-1) ?? '';
    const [first, ...rest] = await names(`?limit=${limit}&${at(last)}${more}`);
    expect(first).toBe(last);
    if (rest.length === 0) return all;
    all.push(...rest);
  }
}

test('a listing has the direct children and no others', async () => {
  expect((await names()).toSorted()).toEqual(ALL);
});

test('a listing has the same order every time', async () => {
  const first = await names();
  expect(await names()).toEqual(first);
  expect(await names('?detail=min')).toEqual(first);
});

test('every child has its type and its properties', async () => {
  const nodes = (await me.read(container)).nodes ?? [];
  for (const node of nodes) {
    expect(node.type).toMatch(node.uri.endsWith('/c-sub') ? /^ContainerNode$/ : /DataNode$/);
    expect(node.properties.get(core('date'))?.value).toBeDefined();
  }
  expect(nodes.find((node) => node.uri.endsWith('/a'))?.properties.get(core('length'))?.value).toBe('30');
});

test('a container among the children does not show its own', async () => {
  expect((await me.read(container)).nodes?.find((node) => node.uri.endsWith('c-sub'))?.nodes ?? []).toEqual([]);
});

test('an empty container has an empty list of nodes', async () => {
  expect((await me.read(await me.made(me.fresh()))).nodes).toEqual([]);
});

oursOnly('the listing of the root follows what is in a top-level container', async () => {
  const user = await newUser('listed');
  await user.stored(user.fresh(), 'x'.repeat(321));
  const facts = ({ properties }: ReadNode) => [core('length'), core('date')].map((uri) => properties.get(uri)?.value);
  const own = facts(await user.read(user.home));
  expect(own[0]).toBe('321');
  const page = `?limit=1&uri=${encodeURIComponent(uriOf(user.home))}`;
  const listed = async () => (await user.read('', page)).nodes?.map(facts);
  await expect.poll(listed, { timeout: 5000 }).toEqual([own]);
});

describe('limit', () => {
  test('0 gives the container without its children', async () => {
    const node = await me.read(container, '?limit=0');
    expect([node.nodes, node.properties.has(core('date'))]).toEqual([[], true]);
  });
  test.each([1, 2, 6])('%i gives so many children, from the beginning of the order', async (limit) => {
    expect(await names(`?limit=${limit}`)).toEqual((await names()).slice(0, limit));
  });
  test.each([7, 8, 1_000_000])('%i, being enough, gives all', async (limit) => {
    expect(await names(`?limit=${limit}`)).toEqual(await names());
  });
  test.each(['-1', 'NaN', 'ten', '1.5', '1e1', '', '0x2'])('%j is InvalidArgument', async (limit) => {
    expectFault(await me.get(`/nodes${container}?limit=${limit}`), 'InvalidArgument', 'limit');
  });
  test('is checked and otherwise without effect on a data node', async () => {
    expectStatus(await me.get(`/nodes${container}/a?limit=0`), 200);
    expectFault(await me.get(`/nodes${container}/a?limit=-1`), 'InvalidArgument');
  });
});

describe('uri', () => {
  test('makes the list begin with that child, inclusive', async () => {
    const all = await names();
    for (const [i, name] of all.entries()) expect(await names(`?${at(name)}`)).toEqual(all.slice(i));
  });
  test('and limit together give a page', async () => {
    const all = await names();
    expect(await names(`?${at(all[2] ?? '')}&limit=3`)).toEqual(all.slice(2, 5));
    expect(await names(`?${at(all[6] ?? '')}&limit=3`)).toEqual(all.slice(6));
  });
  test.each([2, 3, 7])('pages of %i, each from the last child of the one before, give every child once', async (limit) => {
    expect(await pages(limit)).toEqual(await names());
  });
  test('takes the other spelling of the authority', async () => {
    const uri = uriOf(`${container}/c`);
    for (const separator of ['!', '~']) {
      const spelled = uri.replace(/^vos:\/\/[^/]+/, (authority) => authority.replace(/[!~]/g, separator));
      expect((await names(`?uri=${encodeURIComponent(spelled)}&limit=1`))[0]).toBe('c');
    }
  });
  test.each([
    ['of the container itself', () => uriOf(container)],
    ['of a grandchild', () => uriOf(`${container}/c-sub/grandchild`)],
    ['of a node elsewhere', () => uriOf(`${me.home}/elsewhere`)],
    ['of another VOSpace', () => `vos://example.org~elsewhere${container}/a`],
    ['that is no URI', () => 'a'],
  ])('%s is InvalidURI', async (_, uri) => {
    expectFault(await me.get(`/nodes${container}?uri=${encodeURIComponent(uri())}`), 'InvalidURI');
  });
  test('stays good while children come and go', async () => {
    const path = await me.made(me.fresh());
    for (const name of ['a', 'b', 'c', 'd']) await me.made(`${path}/${name}`);
    const page = `?limit=2&uri=${encodeURIComponent(uriOf(`${path}/b`))}`;
    expect(await names(page, path)).toEqual(['b', 'c']);
    await me.remove(`${path}/a`);
    await me.made(`${path}/aa`);
    expect(await names(page, path)).toEqual(['b', 'c']);
  });
});

describe('sort', () => {
  const size = `&sort=${encodeURIComponent(core('length'))}`;
  const files = (list: string[]): string[] => list.filter((name) => name !== 'c-sub');

  test('by length, ascending', async () => {
    expect(files(await names(`?order=asc${size}`))).toEqual(['b', 'd', 'a', 'f', 'e', 'c']);
  });
  test('by length, descending', async () => {
    expect(files(await names(`?order=desc${size}`))).toEqual(['c', 'e', 'f', 'a', 'd', 'b']);
  });
  test('by length puts a container where the bytes below it belong', async () => {
    const path = await me.made(me.fresh());
    for (const name of ['full', 'full/deep', 'empty']) await me.made(`${path}/${name}`);
    await me.stored(`${path}/full/deep/file`, 'x'.repeat(25));
    await me.stored(`${path}/small`, 'x'.repeat(20));
    await me.stored(`${path}/large`, 'x'.repeat(30));
    expect(await names(`?order=desc${size}`, path)).toEqual(['large', 'full', 'small', 'empty']);
    const lengths = async () => (await me.read(path)).nodes?.map((node) => node.properties.get(core('length'))?.value);
    expect(await lengths()).toEqual(['0', '25', '30', '20']);
    expect((await me.read(path)).properties.get(core('length'))?.value).toBe('75');
    await me.remove(`${path}/full/deep`);
    expect(await lengths()).toEqual(['0', '0', '30', '20']);
  });
  test('by date follows the order of creation', async () => {
    const date = `&sort=${encodeURIComponent(core('date'))}`;
    expect(files(await names(`?order=asc${date}`))).toEqual(NAMES);
    expect(files(await names(`?order=desc${date}`))).toEqual(NAMES.toReversed());
  });
  test('without order is ascending', async () => {
    expect(await names(`?limit=100${size}`)).toEqual(await names(`?order=asc${size}`));
  });
  test('and pages together give every child once, in that order', async () => {
    expect(await pages(2, `&order=desc${size}`)).toEqual(await names(`?order=desc${size}`));
  });
  test('by anything else is OptionNotSupported, in the words that clients look for', async () => {
    for (const sort of [core('title'), 'name', 'urn:x']) {
      expectFault(
        await me.get(`/nodes${container}?sort=${encodeURIComponent(sort)}`),
        'OptionNotSupported',
        'sorting options not supported',
      );
    }
  });
  test('in an unknown order is refused', async () => {
    expectOneFault(await me.get(`/nodes${container}?order=sideways${size}`), 'OptionNotSupported', 'InvalidArgument');
  });
});

describe('every', () => {
  const size = `&sort=${encodeURIComponent(core('length'))}`;
  const nth = (all: readonly string[], every: number): string[] => all.filter((_, index) => index % every === 0);

  oursOnly('so-manyth child is listed and no other, in any order', async () => {
    for (const every of [1, 2, 3, 7, 8, 10_000])
      for (const order of ['', '&order=desc', size, `${size}&order=desc`])
        expect(await names(`?every=${every}${order}`)).toEqual(nth(await names(`?limit=100${order}`), every));
  });
  oursOnly('counts from the child that the page begins with, and limit counts what is in the answer', async () => {
    expect(await names(`?every=2&${at('b')}`)).toEqual(['b', 'c-sub', 'e']);
    expect(await names(`?every=2&limit=2&${at('b')}`)).toEqual(['b', 'c-sub']);
    expect(await names(`?every=3&limit=0`)).toEqual([]);
    expect(await names(`?every=2&limit=2&${at('d')}&order=desc`)).toEqual(['d', 'c']);
  });
  oursOnly('is a number from 1 to 10,000', async () => {
    for (const every of ['0', '-1', 'x', '10001', '', '1.5'])
      expectFault(await me.get(`/nodes${container}?every=${every}`), 'InvalidArgument', 'every');
  });
});

describe('a large container', () => {
  const COUNT = Number(process.env['LISTING'] ?? 3_000);

  test(`lists all ${COUNT} children when no limit is given, each once`, { timeout: 120_000 }, async () => {
    const path = await me.made(me.fresh('large'));
    const expected = Array.from({ length: COUNT }, (_, i) => `n${String(i).padStart(5, '0')}`);
    const queue = expected.values();
    const worker = async (): Promise<void> => {
      for (const name of queue) await me.made(`${path}/${name}`, { type: 'DataNode' });
    };
    await Promise.all(Array.from({ length: 24 }, worker));
    expect((await names('', path)).toSorted()).toEqual(expected);
    expect(await names('?detail=min', path)).toEqual(await names('', path));
    expect(await names(`?limit=500&uri=${encodeURIComponent(uriOf(`${path}/n01000`))}`, path)).toEqual(expected.slice(1_000, 1_500));
  });
});

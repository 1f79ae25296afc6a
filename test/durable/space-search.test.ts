// Searches in one Space: random trees beside a plain walk through them, and bounds that hold however large the tree is.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Found, SearchQuery } from '../../src/durable/space/search/port.ts';
import { matchesGlob, parseGlob } from '../../src/model/glob.ts';
import type { NodeFilter, SearchPlace } from '../../src/model/search.ts';
import type { Principal } from '../../src/model/principal.ts';
import { ADMIN, newSpace, NOBODY, OWNER, PUBLIC, READER, SHARED, STRANGER, type TestSpace } from './support/space.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));
const ALL: NodeFilter = { types: [], properties: [] };

interface Answered {
  readonly paths: string[];
  readonly pages: Found[];
}

async function search(space: TestSpace, base: string, by: Principal, filter: Partial<NodeFilter>, limit = 1000): Promise<Answered> {
  const pages: Found[] = [];
  for (let from: SearchPlace | undefined, more = true; more;) {
    const query: SearchQuery = { filter: { ...ALL, ...filter }, limit, detail: 'min', ...(from ? { from } : {}) };
    const page: Found = await space.port.search(space.call(base, by), query);
    expect(page.nodes.length).toBeLessThanOrEqual(limit);
    pages.push(page);
    from = page.next;
    more = from !== undefined;
    if (pages.length > 5000) throw new Error('the search does not end');
  }
  return { paths: pages.flatMap(({ nodes }) => nodes.map(({ path }) => path.join('/'))), pages };
}

/** What a plain walk through listings finds, in the order of a search. */
async function walk(
  space: TestSpace,
  base: string,
  by: Principal,
  isWanted: (name: string, marked: boolean) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const enter = async (path: string): Promise<void> => {
    const reading = await space.port.read(space.call(path, by), { detail: 'max', sort: 'name', descending: false });
    const children = (reading.children ?? []).filter(({ readable }) => readable);
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
    for (const child of children) {
      const marked = child.properties.some(({ uri }) => uri === 'urn:mark');
      if (isWanted(child.name, marked)) found.push(below(child.name).slice(base === '' ? 0 : base.length + 1));
    }
    for (const child of children) if (child.type === 'ContainerNode') await enter(below(child.name));
  };
  await enter(base);
  return found;
}

const name = fc.constantFrom('a', 'a b', 'ab', 'b', 'ba', 'é', '😀');
const node = fc.record({
  at: fc.nat(30),
  name,
  isContainer: fc.boolean(),
  access: fc.constantFrom([], [PUBLIC], [PUBLIC], SHARED),
  isMarked: fc.boolean(),
});

it(`finds what a walk through listings finds, for everybody and in pages of any size (SEED=${SEED})`, { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(
    fc.array(node, { minLength: 5, maxLength: 40 }),
    fc.constantFrom('*', 'a*', '*b', '?', '??', '*a*b*', 'é', '*?'.repeat(40), `*${'*a'.repeat(30)}`, 'nothing'),
    fc.boolean(),
    fc.integer({ min: 1, max: 5 }),
    async (steps, pattern, wantsMark, limit) => {
      const space = await newSpace();
      await space.set('', [PUBLIC]);
      const containers = [''];
      const taken = new Set<string>();
      for (const step of steps) {
        const above = containers[step.at % containers.length] ?? '';
        const path = above === '' ? step.name : `${above}/${step.name}`;
        const properties = [...step.access, ...(step.isMarked ? [{ uri: 'urn:mark', value: 'x' }] : [])];
        if (taken.has(path)) continue;
        taken.add(path);
        await space.make(path, step.isContainer ? 'ContainerNode' : 'DataNode', properties);
        if (step.isContainer) containers.push(path);
      }
      const glob = parseGlob(pattern, false);
      const filter: Partial<NodeFilter> = { name: glob, properties: wantsMark ? [{ uri: 'urn:mark', test: 'is', value: 'x' }] : [] };
      for (const by of [OWNER, ADMIN, READER, STRANGER, NOBODY]) {
        for (const base of ['', containers.at(-1) ?? '']) {
          // A refusal is asked for from within: it would be told as an error on its way.
          const listing = { detail: 'min', sort: 'name', descending: false, limit: 0 } as const;
          if (!(await space.within((port) => port.read(space.call(base, by), listing).catch(() => undefined)))) continue;
          const expected = await walk(space, base, by, (one, marked) => matchesGlob(glob, one) && (!wantsMark || marked));
          expect((await search(space, base, by, filter)).paths).toEqual(expected);
          expect((await search(space, base, by, filter, limit)).paths).toEqual(expected);
        }
      }
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 25, interruptAfterTimeLimit: 240_000, markInterruptAsFailure: false });
});

/** So many data nodes in a container, made by one statement. */
function fill(space: TestSpace, container: string, count: number): Promise<unknown> {
  return space.rows(
    `INSERT INTO node (parent, name, type, access, created, data_changed, changed, size)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
     SELECT node.id, printf('file-%07d', i), 'DataNode', node.access, i, i, i, i FROM n, node WHERE node.name = ? AND node.parent = 1`,
    container,
  );
}

describe('In a container of 200,000 nodes', async () => {
  const space = await newSpace();
  await space.make('large');
  await space.make('large/sub');
  await space.make('large/sub/file-0000007', 'DataNode');
  await fill(space, 'large', 200_000);

  it('one page looks at so many names, and the next ones find the rest', async () => {
    const { paths, pages } = await search(space, 'large', OWNER, { name: parseGlob('*99999', false) });
    expect(paths).toEqual(['file-0099999', 'file-0199999']);
    expect(pages.length).toBe(3);
    expect(pages[0]?.spent).toBe(1);
  });
  it('the beginning of a name is looked up', async () => {
    const { paths, pages } = await search(space, 'large', OWNER, { name: parseGlob('file-019999*', false) });
    expect([paths.length, pages.length]).toEqual([10, 1]);
    const whole = await search(space, 'large', OWNER, { name: parseGlob('file-0000007', false) });
    expect(whole.paths).toEqual(['file-0000007', 'sub/file-0000007']);
  });
  it('few sizes and dates are looked up, and what is in other containers still comes', async () => {
    const { paths, pages } = await search(space, 'large', OWNER, { size: { from: 100_000, to: 100_002 } });
    expect([paths, pages.length]).toEqual([['file-0100000', 'file-0100001', 'file-0100002'], 1]);
    expect((await search(space, 'large', OWNER, { size: { from: 0, to: 1 } })).paths).toEqual([
      'file-0000000',
      'file-0000001',
      'sub/file-0000007',
    ]);
    expect((await search(space, 'large', OWNER, { date: { from: 5, to: 6 } }, 1)).paths).toEqual(['file-0000005', 'file-0000006']);
  });
  it('patterns that the database cannot judge end a page, too', async () => {
    // Longer than what the database takes as a pattern, and each name holds all of its characters.
    const glob = parseGlob('*?'.repeat(30), false);
    const { paths, pages } = await search(space, 'large', OWNER, { name: glob });
    expect(paths).toEqual([]);
    expect(pages.length).toBeGreaterThanOrEqual(20);
    expect((await search(space, 'large', OWNER, { name: parseGlob('???-???????', false) }, 1000)).paths).toEqual([]);
    expect((await search(space, 'large', OWNER, { name: parseGlob('F???-000000[07]', true) })).paths).toEqual([]);
    expect((await search(space, 'large', OWNER, { name: parseGlob('F???-00000?7', true) })).paths).toHaveLength(11);
  });
  it('many of them are walked through', async () => {
    const { paths, pages } = await search(space, 'large', OWNER, { size: { from: 190_000 } });
    expect(paths.length).toBe(10_000);
    expect(pages.length).toBeGreaterThan(3);
  });
});

it('A tree of 9,000 containers takes pages, each of which ends after so many', async () => {
  const space = await newSpace();
  await space.make('deep');
  await fill(space, 'deep', 9000);
  await space.rows("UPDATE node SET type = 'ContainerNode' WHERE type = 'DataNode'");
  await space.make('deep/file-0008999/last', 'DataNode');
  const { paths, pages } = await search(space, 'deep', OWNER, { name: parseGlob('last', false) });
  expect(paths).toEqual(['file-0008999/last']);
  expect(pages.length).toBe(3);
});

it('A property that many nodes have is walked for, and found all the same', async () => {
  const space = await newSpace();
  await space.make('large');
  await fill(space, 'large', 5000);
  await space.make('large/zz', 'DataNode', [{ uri: 'urn:common', value: 'rare' }]);
  await space.rows(
    `INSERT INTO property (node, name, value) SELECT node.id, property_name.id, 'common' FROM node, property_name
     WHERE node.name LIKE 'file-%' AND property_name.uri = 'urn:common'`,
  );
  const test = (kind: 'exists' | 'is' | 'contains', value: string) => ({ properties: [{ uri: 'urn:common', test: kind, value }] });
  expect((await search(space, 'large', OWNER, test('exists', ''))).paths).toHaveLength(5001);
  expect((await search(space, 'large', OWNER, test('is', 'rare'))).paths).toEqual(['zz']);
  expect((await search(space, 'large', OWNER, test('contains', 'ar'))).paths).toEqual(['zz']);
});

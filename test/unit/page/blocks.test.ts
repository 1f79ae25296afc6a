// The parts of a long listing: found by position and by name, read anew when they have changed, let go when there are many.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK, Blocks, byCodePoints, type ReadPart } from '../../../src/page/files/blocks.ts';

interface Named {
  readonly name: string;
}
const nameOf = (index: number): string => `n${String(index).padStart(6, '0')}`;
const listOf = (count: number): Named[] => Array.from({ length: count }, (_, at) => ({ name: nameOf(at) }));

/** As a service answers. */
function read(all: readonly Named[], from: string | undefined, limit = BLOCK): ReadPart<Named> {
  const at = from === undefined ? 0 : all.findIndex(({ name }) => byCodePoints(name, from) >= 0);
  const rows = at < 0 ? [] : all.slice(at, at + limit);
  return { rows, next: at < 0 ? undefined : all[at + limit]?.name };
}
function marked(all: readonly Named[], most = 100): Blocks<Named> {
  const blocks = new Blocks<Named>(most);
  blocks.put(0, read(all, undefined), byCodePoints);
  const [, second] = blocks.list;
  if (second) blocks.mark(all.filter((_, at) => at % BLOCK === 0 && at > BLOCK).map(({ name }) => name));
  const last = blocks.list.length - 1;
  blocks.put(last, read(all, blocks.list[last]?.start), byCodePoints);
  return blocks;
}
function load(blocks: Blocks<Named>, all: readonly Named[], at: number): boolean {
  const block = blocks.list[at];
  return block !== undefined && blocks.put(at, read(all, block.start, blocks.limitOf(block)), byCodePoints);
}

describe('a listing whose parts are known', () => {
  const all = listOf(10_123);

  test('knows how long it is from its beginning and its last part', () => {
    const blocks = marked(all);
    expect([blocks.total, blocks.open, blocks.list.length]).toEqual([10_123, false, Math.ceil(10_123 / BLOCK)]);
  });
  test('finds the part of a position, and that of a name', () => {
    const blocks = marked(all);
    for (const index of [0, BLOCK - 1, BLOCK, 5000, 10_122]) {
      const { block, within } = blocks.find(index);
      expect(block * BLOCK + within).toBe(index);
      expect(blocks.findName(nameOf(index), byCodePoints)).toBe(block);
      load(blocks, all, block);
      expect([blocks.at(index)?.name, blocks.indexOf(nameOf(index))]).toEqual([nameOf(index), index]);
    }
  });
  test('keeps the rows of few parts, those that were used last', () => {
    const blocks = marked(all, 3);
    for (let at = 0; at < 10; at++) load(blocks, all, at);
    expect(blocks.list.filter(({ rows }) => rows).length).toBe(3);
    expect([7, 8, 9].map((at) => blocks.list[at]?.rows !== undefined)).toEqual([true, true, true]);
  });
});

test('a listing of which nothing is told grows as it is read', () => {
  const all = listOf(900);
  const blocks = new Blocks<Named>(100);
  let reads = 0;
  while (blocks.open && reads++ < 20) blocks.put(blocks.list.length - 1, read(all, blocks.list.at(-1)?.start));
  expect([blocks.total, blocks.open]).toEqual([900, false]);
});

describe('what has changed in a part', () => {
  test('moves what is behind it, and is in no other part', () => {
    const all = listOf(1000);
    const blocks = marked(all);
    const grown = [...all.slice(0, 300), { name: `${nameOf(299)}x` }, ...all.slice(300)];
    expect(load(blocks, grown, 1)).toBe(true);
    expect(blocks.total).toBe(1001);
    load(blocks, grown, 2);
    expect(blocks.indexOf(nameOf(500))).toBe(501);
  });
  test('may be more than was asked for', () => {
    const all = listOf(1000);
    const blocks = marked(all);
    const more = Array.from({ length: 600 }, (_, at) => ({ name: `${nameOf(299)}-${String(at).padStart(4, '0')}` }));
    const grown = [...all.slice(0, 300), ...more, ...all.slice(300)];
    for (let at = 0; at < blocks.list.length; at++) load(blocks, grown, at);
    expect(blocks.total).toBe(1600);
    expect(Array.from({ length: 1600 }, (_, at) => blocks.at(at)?.name)).toEqual(grown.map(({ name }) => name));
  });
  test('may be the child that the next part begins with', () => {
    const all = listOf(1000);
    const blocks = marked(all);
    const fewer = all.filter(({ name }) => name !== nameOf(BLOCK));
    for (let at = 0; at < blocks.list.length; at++) load(blocks, fewer, at);
    expect(blocks.total).toBe(999);
    expect(blocks.at(BLOCK)?.name).toBe(nameOf(BLOCK + 1));
  });
  test('may be that nothing is left behind it', () => {
    const all = listOf(1000);
    const blocks = marked(all);
    load(blocks, all.slice(0, 260), 1);
    expect([blocks.total, blocks.open]).toEqual([260, false]);
  });
  test('is not to be relied on where the order is not that of names', () => {
    const all = listOf(1000);
    const blocks = marked(all);
    const fewer = all.filter(({ name }) => name !== nameOf(BLOCK));
    expect(blocks.put(0, read(fewer, undefined))).toBe(false);
  });
});

test('whatever comes and goes, reading every part again tells the listing as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1200 }), fc.array(fc.tuple(fc.boolean(), fc.nat(1300)), { maxLength: 60 }), (count, changes) => {
      const all = listOf(count);
      const blocks = marked(all);
      for (const [adds, where] of changes) {
        if (adds) all.splice(where % (all.length + 1), 0, { name: `${all[(where % (all.length + 1)) - 1]?.name ?? ''}+` });
        else all.splice(where % (all.length + 1), 1);
      }
      all.sort((one, other) => byCodePoints(one.name, other.name));
      for (let at = 0, reads = 0; at < blocks.list.length && reads < 100; at++, reads++) load(blocks, all, at);
      expect(Array.from({ length: blocks.total }, (_, at) => blocks.at(at)?.name)).toEqual(all.map(({ name }) => name));
    }),
    { numRuns: 150, ...(process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {}) },
  );
});

test('names are in the order of code points', () => {
  const names = ['a', 'ab', 'b', 'Z', 'é', '￮', '𝒳', '', '0'];
  const bytes = (text: string): string => Buffer.from(text).toString('hex');
  expect(names.toSorted(byCodePoints)).toEqual(names.toSorted((one, other) => (bytes(one) < bytes(other) ? -1 : 1)));
});

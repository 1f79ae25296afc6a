// Into which parts uploads are divided, and which keys a range stands for.
import { describe, expect, test } from 'vitest';
import { formatKeyRange, inGroups, keysIn, rangeBounds } from '../../src/model/key-range.ts';
import { partSize, planParts } from '../../src/model/part-plan.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const SWIFT = { maxPut: 5 * GIB + 2, maxSegments: 1000 };

describe('parts', () => {
  test.each([
    [1, 5 * MIB, 1],
    [5 * MIB, 5 * MIB, 1],
    [5 * MIB + 1, 5 * MIB, 2],
    [160 * MIB, 5 * MIB, 32],
    [2 * GIB, 64 * MIB, 32],
    [6 * GIB, 64 * MIB, 96],
    [100 * GIB, 1 * GIB, 100],
    [1024 * GIB, 5 * GIB + 2, 205],
  ])('of %d bytes have %d bytes each', (length, size, count) => {
    expect(planParts(length, SWIFT)).toEqual({ size, count });
  });

  test('are as small as the store wants them while it can have so many', () => {
    const limits = { maxPut: 5 * GIB, maxSegments: 1000, goodPart: 64 * MIB };
    expect(planParts(60 * GIB, limits)).toEqual({ size: 64 * MIB, count: 960 });
    expect(planParts(100 * GIB, limits)).toEqual({ size: 103 * MIB, count: 995 });
  });

  test('fit into what a store with small limits takes', () => {
    expect(planParts(10 * MIB, { maxPut: MIB, maxSegments: 10 })).toEqual({ size: MIB, count: 10 });
    expect(() => planParts(10 * MIB + 1, { maxPut: MIB, maxSegments: 10 })).toThrow('RequestEntityTooLarge');
  });

  test('add up to the whole, for lengths of every kind', () => {
    for (const length of [1, 5 * MIB - 1, 5 * MIB + 1, 123_456_789, 6 * GIB + 12_345, 4000 * GIB]) {
      const plan = planParts(length, SWIFT);
      const sizes = Array.from({ length: plan.count }, (_, i) => partSize(length, plan, i + 1));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length);
      expect(sizes.every((size) => size > 0 && size <= SWIFT.maxPut)).toBe(true);
    }
  });
});

describe('a range of keys', () => {
  test('stands for its numbered keys, and another key for itself', () => {
    expect(keysIn(formatKeyRange('in/a/', 3))).toEqual(['in/a/1', 'in/a/2', 'in/a/3']);
    expect(keysIn('in/a')).toEqual(['in/a']);
  });

  test('lies within the bounds of its keys, and no other range does', () => {
    const { from = '', before = '' } = rangeBounds('in/a/12') ?? {};
    const within = (text: string): boolean => text >= from && text < before;
    expect(['in/a/1-3', 'in/a/1-640', 'in/a/1', 'in/a/10', 'in/b/1-3', 'in/a', 'in/aa/1-3'].map(within)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(rangeBounds('o/abc-1')).toBeUndefined();
  });

  test('goes into groups by what it stands for', () => {
    const ranges = [formatKeyRange('a/', 600), 'x', 'y', formatKeyRange('b/', 600), formatKeyRange('c/', 2000), 'z'];
    expect(inGroups(ranges, 1000)).toEqual([['a/1-600', 'x', 'y'], ['b/1-600'], ['c/1-2000'], ['z']]);
  });
});

// Pieces in which large nodes come, and the digests of parts that follow them.
import { describe, expect, test } from 'vitest';
import { DigestsAhead, DigestsBehind } from '../../../src/cli/copy/part-digests.ts';
import { Pieces } from '../../../src/cli/copy/pieces.ts';

describe.each([true, false])('pieces, digested by parts: %s', (digested) => {
  test.each([1, 2, 9, 10, 11, 12, 20, 21, 22, 35])('of %i bytes have each byte once, and complete each part once, in any order', (size) => {
    const pieces = new Pieces(size, 10, digested);
    const numbers = Array.from({ length: pieces.count }, (_, i) => i);
    const ends = numbers.map((number) => pieces.piece(number));
    expect(ends.map(([start]) => start)).toEqual([0, ...ends.slice(0, -1).map(([, end]) => end)]);
    expect(ends.every(([start, end]) => end > start)).toBe(true);
    expect(ends.at(-1)?.[1]).toBe(size);
    for (const order of [numbers, numbers.toReversed(), [...numbers.filter((n) => n % 2 === 1), ...numbers.filter((n) => n % 2 === 0)]]) {
      const there = new Set<number>();
      const parts: number[] = [];
      for (const number of order) {
        const complete = pieces.completedBy(number, there);
        there.add(number);
        for (const part of complete) {
          const [start, end] = pieces.part(part);
          const has = (at: number): boolean => [...there].some((one) => at >= pieces.piece(one)[0] && at < pieces.piece(one)[1]);
          expect(Array.from({ length: end - start }, (_, i) => start + i).every(has)).toBe(true);
        }
        parts.push(...complete);
      }
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: pieces.parts }, (_, i) => i));
    }
  });
});

test('no piece but the first and the last begins where a part does', () => {
  const pieces = new Pieces(100, 10, true);
  for (let number = 1; number < pieces.count; number++) expect(pieces.piece(number)[0] % 10).toBe(1);
});

test('parts that are sent are digested four at a time, and once more for another try', async () => {
  const asked: number[] = [];
  const ahead = new DigestsAhead(6, (part) => Promise.resolve(`${part}: ${asked.push(part)}`));
  expect(await ahead.take(1)).toBe('1: 2');
  expect(asked).toEqual([0, 1, 2, 3]);
  expect(await ahead.take(1)).toBe('1: 5');
  expect(await ahead.take(5)).toBe('5: 7');
  expect(asked).toEqual([0, 1, 2, 3, 1, 4, 5]);
});

test('parts that have come are digested by fours, and the last ones at the end', async () => {
  const asked: number[] = [];
  const behind = new DigestsBehind((part) => Promise.resolve(`${part}: ${asked.push(part)}`));
  for (const part of [3, 1, 4, 0]) behind.isThere(part);
  expect(asked).toEqual([3, 1, 4, 0]);
  behind.isThere(2);
  expect(asked).toHaveLength(4);
  expect(await behind.end(5)).toEqual(['0: 4', '1: 2', '2: 5', '3: 1', '4: 3']);
});

// Times, sizes and ranges as people write them, and who may read and write.
import { describe, expect, test } from 'vitest';
import { propertiesFor, readChanges } from '../../../src/cli/nodes/access.ts';
import { grid, Table, widthOf } from '../../../src/cli/nodes/columns.ts';
import { humanBytes } from '../../../src/cli/nodes/amounts.ts';
import { parseBetween, parseBytes, parseWhen } from '../../../src/cli/nodes/when.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const at = (text: string, sign: 1 | -1 = 1, ends = false): string | undefined => {
  const time = parseWhen(text, { now: NOW, sign, ends });
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('a time', () => {
  test('is a day, a minute, or so long from now', () => {
    expect(at('2026-11-22T10:00Z')).toBe('2026-11-22T10:00:00.000Z');
    expect(at('2026-11-22T10:00:30+02:00')).toBe('2026-11-22T08:00:30.000Z');
    expect([at('3d'), at('90m', -1), at('2w')]).toEqual([
      '2026-11-25T12:00:00.000Z',
      '2026-11-22T10:30:00.000Z',
      '2026-12-06T12:00:00.000Z',
    ]);
    const [begin, end] = [Date.parse(at('2026-11-22') ?? ''), Date.parse(at('2026-11-22', 1, true) ?? '')];
    expect(end - begin).toBe(24 * 3_600_000 - 1);
    expect(['2026-13-01', 'soon', '3y', '2026-11-22T'].map((text) => at(text))).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('a size', () => {
  test('has units of 1,024, and ranges may be open', () => {
    expect(['10', '0', '1.5K', '2GiB', '3 mb', '7B'].map(parseBytes)).toEqual([10, 0, 1536, 2 ** 31, 3_000_000, 7]);
    expect(['x', '', '-1', '1Q'].map(parseBytes)).toEqual([undefined, undefined, undefined, undefined]);
    expect(['1..2K', '1..', '..5', '7', '..', 'x..1', '5..1'].map((text) => parseBetween(text, parseBytes))).toEqual([
      { from: 1, to: 2048 },
      { from: 1 },
      { to: 5 },
      { from: 7, to: 7 },
      undefined,
      undefined,
      undefined,
    ]);
    expect([0, 999, 1000, 1024, 102_000, 5e12].map(humanBytes)).toEqual(['0 B', '999 B', '1.0 KiB', '1.0 KiB', '100 KiB', '4.5 TiB']);
  });
});

describe('columns', () => {
  test('stand below each other whatever their letters', () => {
    expect(['abc', '星図', 'e\u0301', '👍'].map(widthOf)).toEqual([3, 4, 1, 2]);
    expect(
      new Table([0]).lines([
        ['1', '星', 'x'],
        ['22', 'ab', 'y'],
      ]),
    ).toBe(' 1  星  x\n22  ab  y\n');
    expect(grid(['a', 'b', 'c'], 6, (i) => 'abc'[i] ?? '')).toBe('a  c\nb\n');
  });
});

describe('a change of access', () => {
  const READ = 'ivo://ivoa.net/vospace/core#groupread';
  const node = { properties: [{ uri: READ, value: 'ivo://x/gms?a ivo://x/gms?b', readOnly: false }] };

  test('adds to, takes from or replaces the groups that there are', () => {
    const of = (...words: string[]): string | undefined => propertiesFor(readChanges(words), node)[READ] ?? undefined;
    expect(of('g+r', 'ivo://x/gms?c')).toBe('ivo://x/gms?a ivo://x/gms?b ivo://x/gms?c');
    expect(of('+r', 'ivo://x/gms?a')).toBe(undefined);
    expect(of('g-r', 'ivo://x/gms?a')).toBe('ivo://x/gms?b');
    expect(of('g-rw')).toBe('');
    expect(of('g=r', 'ivo://x/gms?z')).toBe('ivo://x/gms?z');
    expect(of('g-r', 'g+r', 'ivo://x/gms?q')).toBe('ivo://x/gms?q');
  });

  test.each([[['x']], [['g+r']], [['team', 'public']], [['o+w']], [[]]])('that is none is refused: %j', (words) => {
    expect(() => readChanges(words)).toThrow();
  });
});

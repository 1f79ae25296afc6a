// Patterns for names, beside regular expressions made of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob, parseGlob } from '../../src/model/glob.ts';
import { compareNames, comparePaths } from '../../src/model/search.ts';

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', '😀', '[', '.'), maxLength: 8 });
const patterns = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'é', '😀', '[', '.', '*', '?', '\\*', '\\\\'),
  minLength: 1,
  maxLength: 6,
});

function oracle(pattern: string, ignoresCase: boolean): RegExp {
  const parts = pattern.match(/\\.|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return (part.startsWith('\\') ? part.slice(1) : part).replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, ignoresCase ? 'ui' : 'u');
}

describe('a pattern', () => {
  test(`matches what a regular expression does (SEED=${SEED})`, () => {
    const property = fc.property(patterns, letters, fc.boolean(), (pattern, name, ignoresCase) => {
      // É is another letter for the pattern, and the same for the expression: it does not come up.
      expect(matchesGlob(parseGlob(pattern, ignoresCase), name)).toBe(oracle(pattern, ignoresCase).test(name));
    });
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
  test(`tells what every match begins with and holds (SEED=${SEED})`, () => {
    const property = fc.property(patterns, letters, (pattern, name) => {
      const glob = parseGlob(pattern, false);
      if (!matchesGlob(glob, name)) return;
      expect(name.startsWith(glob.prefix)).toBe(true);
      for (const piece of glob.pieces) expect(name).toContain(piece);
      if (glob.isExact) expect(name).toBe(glob.prefix);
    });
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
  test('takes no longer for stars without a match', () => {
    const glob = parseGlob(`${'*a'.repeat(100)}b`, false);
    expect(matchesGlob(glob, 'a'.repeat(255))).toBe(false);
  });
});

describe('the order of hits', () => {
  test(`of names is that of their UTF-8 (SEED=${SEED})`, () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'b', '\uFFFD', '😀', 'é', '!'), maxLength: 4 });
    const property = fc.property(names, names, (a, b) => {
      expect(Math.sign(compareNames(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    });
    fc.assert(property, { seed: SEED, numRuns: 2000 });
  });
  test('puts a container before what is in it, and what is in it before its next sibling', () => {
    const paths = [['a', 'b'], ['a b'], ['a'], ['a', 'b', 'c'], [], ['b']];
    expect(paths.toSorted(comparePaths)).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a b'], ['b']]);
  });
});

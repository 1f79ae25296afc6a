// Patterns of names, as a shell reads them.
import { expect, test } from 'vitest';
import { literal, matches, parsePattern } from '../../../src/cli/pattern.ts';

test.each([
  ['*', '', true],
  ['*', 'any.fits', true],
  ['*.fits', 'a.fits.gz', false],
  ['a*b*c', 'aXbXbc', true],
  ['?', 'é', true],
  ['?', '', false],
  ['[a-c]1', 'b1', true],
  ['[!a-c]1', 'b1', false],
  ['[]x]', ']', true],
  ['[a-]', '-', true],
  ['[', '[', true],
  [String.raw`\*`, '*', true],
  [String.raw`\*`, 'x', false],
])('%s on %j: %j', (pattern, name, isMatch) => {
  expect(matches(parsePattern(pattern), name)).toBe(isMatch);
});

test('a pattern without wildcards is one name', () => {
  expect(literal(parsePattern(String.raw`a\*b`))).toBe('a*b');
  expect(literal(parsePattern('a*b'))).toBeUndefined();
});

test('what nearly matches many times over takes no longer than its length squared', () => {
  const began = process.cpuUsage().user;
  expect(matches(parsePattern(`${'a*'.repeat(100)}b`), 'a'.repeat(1000))).toBe(false);
  expect((process.cpuUsage().user - began) / 1000).toBeLessThan(1000);
});

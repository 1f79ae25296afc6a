// Names that can be, and those that are tried when one is taken.
import { expect, test } from 'vitest';
import { readLinkTarget } from '../../../src/page/actions/link-target.ts';
import { otherName, problemWithName, stemLength } from '../../../src/page/app/node-names.ts';

test('a name that the service refuses is refused before it is asked', () => {
  for (const name of ['', '.', '..', '.auto', 'a/b', 'a\\b', 'a\nb', 'é'.repeat(128)]) expect(problemWithName(name), name).toBeDefined();
  for (const name of ['a', '50% done.fits', '<b>"\'&', '…', 'x'.repeat(255), '.hidden'])
    expect(problemWithName(name), name).toBeUndefined();
});

test('another name keeps the ending, and is never too long', () => {
  expect(['stars.csv', 'stars (2).csv', 'a.tar.gz', 'README', '.hidden'].map((name) => otherName(name, 3))).toEqual([
    'stars (3).csv',
    'stars (3).csv',
    'a (3).tar.gz',
    'README (3)',
    '.hidden (3)',
  ]);
  const long = otherName(`${'ü'.repeat(125)}.fits`, 12);
  expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
  expect(long.endsWith(' (12).fits')).toBe(true);
  expect(stemLength('v1.2 final')).toBe(10);
});

test('a link leads to a path, from the folder or from the top, or to an address', () => {
  expect(readLinkTarget('/c/50% d', '/a/b')).toEqual({ path: '/c/50% d' });
  expect(readLinkTarget('../x', '/a/b')).toEqual({ path: '/a/x' });
  expect(readLinkTarget('https://example.org/x?y', '/a/b')).toEqual({ uri: 'https://example.org/x?y' });
  for (const bad of ['', 'javascript:alert(1)', 'DATA:text/html,x']) expect(() => readLinkTarget(bad, '/a'), bad).toThrow(Error);
});

// Names are shown so that no two that differ look alike by marks that nobody sees.
import { expect, test } from 'vitest';
import { shownName } from '../../../src/page/kit/shown-name.ts';

test('what turns a name around, or is not seen, is shown as a mark', () => {
  expect(shownName('a\u202Egnp.exe')).toBe('a\uFFFDgnp.exe');
  expect(shownName('line\u2028a\u00ADb\u3164\u{E0041}')).toBe('line\uFFFDa\uFFFDb\uFFFD\uFFFD');
  expect(shownName('\uFEFFcon\u200Bzero\u2069')).toBe('\uFFFDcon\uFFFDzero\uFFFD');
});

test('words in any script are shown as they are', () => {
  for (const name of ['m31 – é', 'שלום.fits', '星表', '👩‍🚀.png', '<b>']) expect(shownName(name)).toBe(name);
});

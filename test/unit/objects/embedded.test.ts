// The pure parts of the embedded store: ranges, names of files, names of versions, pieces of manifests.
import { describe, expect, it } from 'vitest';
import { contentDisposition } from '../../../src/objects/embedded/disposition.ts';
import { exactVersion, keysOf, nextVersion, prefixOf, VERSIONS, versionsOf, versionTime } from '../../../src/objects/embedded/layout.ts';
import { readRanges } from '../../../src/objects/embedded/ranges.ts';
import { cut } from '../../../src/objects/embedded/read.ts';

describe('a Range header', () => {
  it.each([null, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=2-1', 'bytes=1', 'bytes=0-1,', 'items=0-1', 'bytes=--1'])(
    '%j is ignored',
    (header) => {
      expect(readRanges(header, 10)).toBeUndefined();
    },
  );
  it.each([
    ['bytes=0-0', [[0, 1]]],
    ['bytes=3-', [[3, 10]]],
    ['bytes=-4', [[6, 10]]],
    ['bytes=-40', [[0, 10]]],
    ['bytes=9-20', [[9, 10]]],
    [
      'bytes=0-1, 5-6',
      [
        [0, 2],
        [5, 7],
      ],
    ],
    ['bytes=50-,0-1', [[0, 2]]],
    ['bytes=10-', []],
    ['bytes=-0', []],
  ])('%j is read', (header, spans) => {
    expect(readRanges(header, 10)).toEqual(spans.map(([start, end]) => ({ start, end })));
  });
  it('is refused when it asks for too many, too much overlap or too much going back', () => {
    const of = (n: number, span: (i: number) => string) => readRanges(`bytes=${Array.from({ length: n }, (_, i) => span(i)).join()}`, 1000);
    expect(of(50, (i) => `${i}-${i}`)).toHaveLength(50);
    expect(of(51, (i) => `${i}-${i}`)).toEqual([]);
    expect(readRanges('bytes=0-5,3-7,6-9', 10)).toHaveLength(3);
    expect(readRanges('bytes=0-5,3-7,4-9', 10)).toEqual([]);
    expect(of(7, (i) => `${20 - i}-${20 - i}`)).toHaveLength(7);
    expect(of(8, (i) => `${20 - i}-${20 - i}`)).toEqual([]);
  });
});

describe('Content-Disposition', () => {
  const naming = { filename: undefined, inline: false, stored: undefined, key: 'o/abc' };
  it('cannot be ended by a name, whatever it holds', () => {
    const hostile = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).join('');
    const value = contentDisposition({ ...naming, filename: hostile });
    expect(value).toMatch(/^attachment; filename="[A-Za-z0-9_.~\-% /]*"; filename\*=UTF-8''[A-Za-z0-9_.~\-%/]*$/);
    expect(decodeURIComponent(value.split("UTF-8''")[1] ?? '')).toBe(hostile);
  });
  it('survives half a surrogate pair', () => {
    expect(contentDisposition({ ...naming, filename: 'a\ud800' })).toContain('%EF%BF%BD');
  });
  it.each([
    [{ ...naming }, 'attachment; filename="abc"; filename*=UTF-8\'\'abc'],
    [{ ...naming, stored: 'inline; x=1' }, 'inline; x=1'],
    [{ ...naming, stored: 'inline; x=1', filename: 'n' }, 'attachment; filename="n"; filename*=UTF-8\'\'n'],
    [{ ...naming, stored: 'attachment; x=1', inline: true }, 'inline'],
  ])('of %j', (given, value) => {
    expect(contentDisposition(given)).toBe(value);
  });
});

describe('a version', () => {
  it('is named by a key of its own, which leads back to the bare key', () => {
    const at = nextVersion('c', 'in/x');
    const keys = keysOf('c', at);
    expect(keys?.bare).toBe('in/x');
    expect(exactVersion('c', keys?.exact ?? '')).toBe(at);
    expect(exactVersion('c', 'in/x')).toBeUndefined();
    expect(at.startsWith(versionsOf('c', 'in/x')) && at.startsWith(`${prefixOf('c', VERSIONS)}in/`)).toBe(true);
  });
  it('sorts before all earlier ones, however quickly they are made', () => {
    const names = Array.from({ length: 10_000 }, () => nextVersion('c', 'k'));
    expect(names.toSorted().toReversed()).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });
  it('knows its time', () => {
    expect(Math.abs(versionTime(nextVersion('c', 'k')) - Date.now())).toBeLessThan(5_000);
  });
});

describe('a span of a manifest', () => {
  const parts = [3, 0, 4, 2].map((size, i) => ({ bucketKey: `p${i}`, size }));
  it.each(Array.from({ length: 10 }, (_, start) => Array.from({ length: 10 - start }, (_unused, n) => [start, start + n] as const)).flat())(
    'from %i to %i is its bytes in their order',
    (start, end) => {
      const bytes = ['abc', '', 'defg', 'hi'];
      const text = cut(parts, { start, end })
        .map(({ part, offset, length }) => bytes[parts.indexOf(part)]?.slice(offset, offset + length))
        .join('');
      expect(text).toBe('abcdefghi'.slice(start, end));
    },
  );
});

// What previews make of bytes: which kind they are, text or numbers, tables, and FITS headers and pixels.
import { expect, test } from 'vitest';
import { kindOf } from '../../../src/page/preview/kinds.ts';
import { dump } from '../../../src/page/kit/bytes-as-text.ts';
import { prettyJson, show } from '../../../src/page/preview/text.ts';
import { readCsv, readVotable } from '../../../src/page/preview/read-table.ts';
import { decode, paint, zscale } from '../../../src/page/preview/fits-pixels.ts';
import { mainCards, readHdus } from '../../../src/page/preview/fits-file.ts';
import type { Bytes } from '../../../src/page/preview/bytes.ts';
import { hasNumbers } from '../../../src/page/preview/table-data.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const stream = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

test.each([
  ['image.fits', undefined, 'fits'],
  ['x', 'application/fits', 'fits'],
  ['table.vot', 'text/xml', 'votable'],
  ['table', 'application/x-votable+xml; charset=utf-8', 'votable'],
  ['rows.csv', 'text/plain', 'csv'],
  ['a.json', undefined, 'json'],
  ['evil.html', 'text/html', 'text'],
  ['evil.svg', 'image/svg+xml', 'image'],
  ['photo.png', 'application/octet-stream', 'image'],
  ['paper.pdf', 'application/pdf', 'pdf'],
  ['paper.pdf', 'text/html', 'pdf'],
  ['thing', 'application/octet-stream', 'unknown'],
  ['thing', undefined, 'unknown'],
] as const)('%s of type %s is shown as %s', (name, type, kind) => {
  expect(kindOf(name, type)).toBe(kind);
});

test('text is shown as text, also when it is cut in the middle of a character; other bytes as numbers', () => {
  expect(show(bytes('grün'), true)).toEqual({ kind: 'text', text: 'grün' });
  expect(show(bytes('grün').subarray(0, 3), false)).toEqual({ kind: 'text', text: 'gr' });
  expect(show(bytes('grün').subarray(0, 3), true).kind).toBe('hex');
  expect(show(new Uint8Array([80, 75, 3, 4, 0]), true)).toEqual({
    kind: 'hex',
    text: `00000000  50 4b 03 04 00${' '.repeat(33)}  PK...`,
  });
  expect(dump(new Uint8Array(32)).split('\n')).toHaveLength(2);
});

test('JSON is indented, and what is none stays as it is', () => {
  expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(prettyJson('{"a":')).toBe('{"a":');
});

test('of a CSV file the first rows are read, and no more of it', async () => {
  const small = await readCsv(stream('ra,dec\n1,2\n3,"4,5"\n'));
  expect(small).toEqual({
    columns: [{ name: 'ra' }, { name: 'dec' }],
    rows: [
      ['1', '2'],
      ['3', '4,5'],
    ],
    more: false,
  });
  const large = await readCsv(stream(`a\n${'1\n'.repeat(100_000)}`));
  expect([large.rows.length, large.more]).toEqual([500, true]);
});

test('a VOTable has units and UCDs', async () => {
  const table = await readVotable(
    stream(`<VOTABLE><RESOURCE><TABLE name="stars"><FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra"/>
      <DATA><TABLEDATA><TR><TD>1.5</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`),
  );
  expect(table.columns).toMatchObject([{ name: 'ra', unit: 'deg', ucd: 'pos.eq.ra' }]);
  expect([table.rows, table.more, table.description]).toEqual([[['1.5']], false, 'stars']);
});

/** A FITS file of two HDUs: 4 × 3 pixels of 16 bits, then an empty table. */
function fits(): Uint8Array<ArrayBuffer> {
  const block = (cards: readonly string[]): string =>
    [...cards, 'END']
      .map((card) => card.padEnd(80))
      .join('')
      .padEnd(2880);
  const card = (key: string, value: string): string => `${key.padEnd(8)}= ${value.padStart(20)}`;
  const primary = [
    card('SIMPLE', 'T'),
    card('BITPIX', '16'),
    card('NAXIS', '2'),
    card('NAXIS1', '4'),
    card('NAXIS2', '3'),
    "OBJECT  = 'M31     '",
  ];
  const table = [
    "XTENSION= 'BINTABLE'",
    card('BITPIX', '8'),
    card('NAXIS', '2'),
    card('NAXIS1', '8'),
    card('NAXIS2', '0'),
    "EXTNAME = 'ROWS    '",
  ];
  const file = new Uint8Array(2880 * 3);
  file.set(bytes(block(primary)), 0);
  const pixels = new DataView(file.buffer, 2880);
  for (let i = 0; i < 12; i++) pixels.setInt16(i * 2, i);
  file.set(bytes(block(table)), 2880 * 2);
  return file;
}

test('the HDUs of a FITS file are told with the places of their data', async () => {
  const file = fits();
  const from: Bytes = {
    size: file.length,
    open: async (start, end) => new Response(file.slice(start, end)),
    url: async () => '',
  };
  const hdus = await Array.fromAsync(readHdus(from, file.length));
  expect(hdus.map(({ name, kind, axes, dataAt }) => ({ name, kind, axes, dataAt }))).toEqual([
    { name: 'PRIMARY', kind: 'IMAGE', axes: [4, 3], dataAt: 2880 },
    { name: 'ROWS', kind: 'BINTABLE', axes: [8, 0], dataAt: 2880 * 3 },
  ]);
  expect(mainCards(hdus[0]?.cards ?? [])).toEqual([['OBJECT', 'M31']]);
});

test('pixels are decoded with scale and blank, made smaller, and painted with the first row at the bottom', () => {
  const data = new DataView(fits().buffer, 2880);
  const format = { width: 4, height: 3, bitpix: 16, bscale: 2, bzero: 1, blank: 5 };
  const whole = decode(data, format, 100);
  expect(Array.from(whole.values)).toEqual([1, 3, 5, 7, 9, Number.NaN, 13, 15, 17, 19, 21, 23]);
  const half = decode(data, { ...format, blank: undefined, bscale: 1, bzero: 0 }, 2);
  expect([half.width, half.height, Array.from(half.values)]).toEqual([2, 2, [2.5, 4.5, 8.5, 10.5]]);
  const painted = paint(whole, [1, 23], 'linear');
  expect(Array.from(painted.slice(0, 4))).toEqual([Math.round((255 * 16) / 22), 185, 185, 255]);
  expect(painted[(1 * 4 + 1) * 4 + 3]).toBe(0);
});

test('zscale leaves a few bright stars out of the range', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => 100 + Math.sin(i) * 3);
  for (let i = 0; i < 20; i++) values[i * 400] = 60_000;
  const [low, high] = zscale({ values });
  expect(low).toBeGreaterThan(90);
  expect(high).toBeLessThan(130);
  expect(zscale({ values: new Float32Array([7, 7, 7]) })).toEqual([7, 8]);
  expect(zscale({ values: new Float32Array([Number.NaN]) })).toEqual([0, 1]);
});

test('a column of numbers is one in which nothing else stands', () => {
  const rows = [
    ['1', '-2.5e3', 'HD 1', ''],
    ['', 'NaN', '2', ' '],
  ];
  expect([0, 1, 2, 3, 4].map((column) => hasNumbers(rows, column))).toEqual([true, true, false, false, false]);
});

// Tables and headers that are made to cost more than their bytes: each is read or refused within a bounded time and memory.
import { expect, test } from 'vitest';
import { CsvReader } from '../../../src/formats/csv.ts';
import { readFitsHeaders, valueOf } from '../../../src/formats/fits.ts';
import { SeekingReader } from '../../../src/formats/seeking-reader.ts';
import { VotableReader } from '../../../src/formats/votable-read.ts';

const PART = 64 * 1024;

function rowsOf(text: string): number {
  let rows = 0;
  // What would go on for ever ends here.
  const row = (): void => {
    if ((rows += 1) > 1000) throw new Error('more rows than bytes');
  };
  const reader = new VotableReader({ fields: () => undefined, row });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; at += PART) reader.push(bytes.subarray(at, at + PART));
  reader.end();
  return rows;
}

const table = (fields: string, data: string): string =>
  `<VOTABLE><RESOURCE><TABLE>${fields}<DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`;
const binary = (fields: string, bytes: Uint8Array): string =>
  table(fields, `<BINARY><STREAM encoding="base64">${Buffer.from(bytes).toString('base64')}</STREAM></BINARY>`);

test.each<[string, string, RegExp]>([
  ['rows without bytes', binary('<FIELD name="a" datatype="char" arraysize="0"/>', Buffer.alloc(3)), /have no bytes/],
  ['an empty arraysize', binary('<FIELD name="a" datatype="int" arraysize=""/>', Buffer.alloc(3)), /have no bytes/],
  [
    'an arraysize beyond all numbers',
    binary(`<FIELD name="a" datatype="int" arraysize="${'9'.repeat(400)}x*"/>`, Buffer.alloc(12)),
    /arraysize 999/,
  ],
  ['a length that lies', binary('<FIELD name="a" datatype="int" arraysize="*"/>', Buffer.alloc(12, 127)), /values/],
  ['bits that fill the memory', binary('<FIELD name="a" datatype="bit" arraysize="16000000"/>', Buffer.alloc(12)), /values/],
  ['cells without end', table('<FIELD name="a"/>', `<TABLEDATA><TR>${'<TD/>'.repeat(3)}`), /2 cells for 1/],
  ['names that fill the memory', table(`<FIELD name="${'n'.repeat(1_000_000)}"/>`.repeat(5), ''), /the fields have more/],
  ['a long name of an element', `<VOTABLE><${'n'.repeat(100_000)}/></VOTABLE>`, /is no tag/],
  ['a tag that is no attributes', `<VOTABLE ${'n'.repeat(1_000_000)}></VOTABLE>`, /no attribute/],
  ['attributes without blanks', `<VOTABLE n="${' '.repeat(500_000)}<"></VOTABLE>`, /no attribute/],
])('a VOTable with %s is refused', (_, text, reason) => {
  expect(() => rowsOf(text)).toThrow(reason);
});

test('a row of many megabytes is decoded once, however many parts it comes in', () => {
  const fields = '<FIELD name="a" datatype="int" arraysize="1000000"/><FIELD name="b" datatype="char" arraysize="10000000"/>';
  const from = process.cpuUsage();
  expect(rowsOf(binary(fields, Buffer.alloc(14_000_000)))).toBe(1);
  expect(process.cpuUsage(from).user / 1000, 'milliseconds of this process alone').toBeLessThan(20_000);
}, 120_000);

test('a row of a CSV that fills the memory is refused', () => {
  const reader = new CsvReader(() => undefined);
  const cell = Buffer.from(`${'c'.repeat(1_000_000)},`);
  expect(() => {
    for (let i = 0; i < 20; i++) reader.push(cell);
  }).toThrow(/a row has more/);
});

test('a FITS header of 72,000 cards with 999 axes is read in time', async () => {
  const cards = ['SIMPLE  =                    T', 'BITPIX  =                    8', 'NAXIS   =                  999'];
  for (let i = 0; i < 70_000; i++) cards.push(`COMMENT ${i}`);
  for (let i = 1; i < 1000; i++) cards.push(`${`NAXIS${i}`.padEnd(8)}= 0`);
  cards.push('END');
  const bytes = Buffer.from(cards.map((card) => card.padEnd(80)).join('')).toString();
  const whole = Buffer.from(bytes.padEnd(Math.ceil(bytes.length / 2880) * 2880));
  const source = new SeekingReader((start) => Promise.resolve(new Blob([new Uint8Array(whole.subarray(start))]).stream()));
  const from = process.cpuUsage();
  for await (const header of readFitsHeaders(source, whole.byteLength)) expect(header).toHaveLength(cards.length);
  expect(process.cpuUsage(from).user / 1000, 'milliseconds of this process alone').toBeLessThan(8000);
}, 120_000);

test('a value over 70,000 cards is joined in time', () => {
  const cards = ["LONG    = 'a&'", ...Array.from({ length: 70_000 }, () => `CONTINUE  '${'b'.repeat(60)}&'`)];
  const from = process.cpuUsage();
  expect(valueOf(cards, 0)).toHaveLength(60 * 70_000 + 2);
  expect(process.cpuUsage(from).user / 1000, 'milliseconds of this process alone').toBeLessThan(4000);
}, 120_000);

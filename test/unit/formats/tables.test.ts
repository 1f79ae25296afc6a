// VOTables in all three serialisations, CSV, and FITS headers, however their bytes are cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvReader, formatCsvRow } from '../../../src/formats/csv.ts';
import { readFitsHeaders, valueOf } from '../../../src/formats/fits.ts';
import { SeekingReader } from '../../../src/formats/seeking-reader.ts';
import { VotableReader, type Field } from '../../../src/formats/votable-read.ts';
import { closeVotable, formatRow, openVotable, TypeGuess } from '../../../src/formats/votable-write.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`SEED=${seed}`);

interface Table {
  readonly fields: readonly Field[];
  readonly description: string;
  readonly rows: readonly (readonly string[])[];
}

function pushAll(parser: { push(bytes: Uint8Array): void; end(): void }, bytes: Uint8Array, cut: number): void {
  for (let at = 0; at < bytes.byteLength; at += cut) parser.push(bytes.subarray(at, at + cut));
  parser.end();
}

function readVotable(text: string, cut = 1e9): Table {
  const rows: (readonly string[])[] = [];
  let told: { fields: readonly Field[]; description: string } = { fields: [], description: '' };
  const reader = new VotableReader({
    fields: (fields, description) => void (told = { fields, description }),
    row: (row) => void rows.push(row),
  });
  pushAll(reader, Buffer.from(text), cut);
  return { ...told, rows };
}

function readCsv(text: string, cut = 1e9): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  pushAll(new CsvReader((row) => void rows.push(row)), Buffer.from(text), cut);
  return rows;
}

const FIELDS = `<FIELD name="ok" datatype="boolean"/><FIELD name="byte" datatype="unsignedByte"/><FIELD name="short" datatype="short"/>
<FIELD name="int" datatype="int"/><FIELD name="long" datatype="long"/><FIELD name="float" datatype="float"/><FIELD name="double" datatype="double" unit="deg" ucd="pos.eq.ra"/>
<FIELD name="name" datatype="char" arraysize="*"/><FIELD name="uni" datatype="unicodeChar" arraysize="3"/><FIELD name="pair" datatype="int" arraysize="2"/>
<FIELD name="list" datatype="short" arraysize="*"/><FIELD name="bits" datatype="bit" arraysize="10"/>`;
const document = (data: string): string =>
  `<?xml version="1.0"?><!-- a comment with <tags> --><v:VOTABLE xmlns:v="http://www.ivoa.net/xml/VOTable/v1.3"><v:RESOURCE><v:TABLE><DESCRIPTION>Two
 stars</DESCRIPTION>${FIELDS}<DATA>${data}</DATA></v:TABLE><v:TABLE><FIELD name="other" datatype="int"/></v:TABLE></v:RESOURCE></v:VOTABLE>`;

function binaryRow(nulls?: number): Buffer {
  const fixed = Buffer.alloc(1 + 1 + 2 + 4 + 8 + 4 + 8);
  fixed.write('T', 0);
  fixed.writeUInt8(200, 1);
  fixed.writeInt16BE(-2, 2);
  fixed.writeInt32BE(70_000, 4);
  fixed.writeBigInt64BE(2n ** 60n, 8);
  fixed.writeFloatBE(0.1, 16);
  fixed.writeDoubleBE(10.684708, 20);
  const name = Buffer.from('M31');
  const length = (count: number) => Buffer.from([0, 0, 0, count]);
  const flags = nulls === undefined ? [] : [Buffer.from([nulls >> 8, nulls & 255])];
  const rest = [
    Buffer.from('é\u0000', 'utf16le').swap16(),
    Buffer.alloc(2),
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 2]),
    length(3),
    Buffer.from([0, 1, 0, 2, 0, 3]),
    Buffer.from([0b10100000, 0b01000000]),
  ];
  return Buffer.concat([...flags, fixed, length(name.length), name, ...rest]);
}
const ROW = ['true', '200', '-2', '70000', '1152921504606846976', '0.1', '10.684708', 'M31', 'é', '1 2', '1 2 3', '1 0 1 0 0 0 0 0 0 1'];

describe('a VOTable', () => {
  const tabledata = document(`<TABLEDATA><TR><TD>true</TD><TD>200</TD><TD>-2</TD><TD>70000</TD><TD>1152921504606846976</TD><TD>0.1</TD>
    <TD>10.684708</TD><TD>M31</TD><TD><![CDATA[é]]></TD><TD>1 2</TD><TD>1 2 3</TD><TD>1 0 1 0 0 0 0 0 0 1</TD></TR><TR><TD/><TD>1</TD></TR></TABLEDATA>`);
  const binary = document(
    `<BINARY><STREAM encoding="base64">${Buffer.concat([binaryRow(), binaryRow()]).toString('base64').replaceAll(/.{60}/g, '$&\n')}</STREAM></BINARY>`,
  );
  // The flags of fields 2 and 12: no values.
  const binary2 = document(`<BINARY2><STREAM encoding='base64'>${binaryRow(0b0100000000010000).toString('base64')}</STREAM></BINARY2>`);

  test.each([1, 7, 64, 1e9])('is read in each serialisation, in parts of %i bytes', (cut) => {
    const table = readVotable(tabledata, cut);
    expect(table.description).toBe('Two stars');
    expect(table.fields.map(({ name }) => name)).toEqual([
      'ok',
      'byte',
      'short',
      'int',
      'long',
      'float',
      'double',
      'name',
      'uni',
      'pair',
      'list',
      'bits',
    ]);
    expect(table.fields[6]).toEqual({ name: 'double', datatype: 'double', arraysize: undefined, unit: 'deg', ucd: 'pos.eq.ra' });
    expect(table.rows).toEqual([ROW, ['', '1', ...Array.from({ length: 10 }, () => '')]]);
    expect(readVotable(binary, cut).rows).toEqual([ROW, ROW]);
    expect(readVotable(binary2, cut).rows).toEqual([ROW.map((cell, i) => (i === 1 || i === 11 ? '' : cell))]);
  });

  test('with numbers that are none has empty cells and signs', () => {
    const bytes = Buffer.alloc(24);
    for (const [i, value] of [Number.NaN, Infinity, -Infinity].entries()) bytes.writeDoubleBE(value, 8 * i);
    const text = `<VOTABLE><RESOURCE><TABLE><FIELD name="x" datatype="double"/><DATA><BINARY><STREAM encoding="base64">${bytes.toString('base64')}</STREAM></BINARY></DATA></TABLE></RESOURCE></VOTABLE>`;
    expect(readVotable(text).rows).toEqual([[''], ['+Inf'], ['-Inf']]);
  });

  test.each<[string, string, RegExp]>([
    ['is no XML', 'ra,dec\n1,2\n', /outside of its root/],
    ['is another document', '<html></html>', /no VOTABLE/],
    ['is cut off', tabledata.slice(0, 900), /ends/],
    ['has entities of its own', '<!DOCTYPE VOTABLE [<!ENTITY a "b">]><VOTABLE/>', /document type/],
    ['has references that lead nowhere', '<VOTABLE>&file;</VOTABLE>', /&file/],
    ['has tags that do not match', '<VOTABLE><RESOURCE></TABLE></VOTABLE>', /closes no element/],
    ['has its rows elsewhere', document('<BINARY><STREAM href="http://example.org/rows"/></BINARY>'), /not in the document/],
    [
      'has rows that end in the middle',
      document(`<BINARY><STREAM encoding="base64">${binaryRow().subarray(1).toString('base64')}</STREAM></BINARY>`),
      /end in the middle/,
    ],
    ['has a row with too many cells', document(`<TABLEDATA><TR>${'<TD/>'.repeat(13)}</TR></TABLEDATA>`), /13 cells for 12/],
    ['is in FITS form', document('<FITS><STREAM encoding="base64"></STREAM></FITS>'), /FITS/],
    ['has no table', '<VOTABLE><RESOURCE/></VOTABLE>', /no table/],
    ['is deep', '<VOTABLE>'.repeat(200), /deep/],
    ['is not UTF-8', '<?xml version="1.0" encoding="ISO-8859-1"?><VOTABLE/>', /UTF-8/],
  ])('that %s is refused', (_, text, why) => {
    expect(() => readVotable(text)).toThrow(why);
  });
});

describe('CSV', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
    fc.constantFrom('"', ',', '\r\n', '\n', '', 'a"b', ' ', "'"),
  );
  const rows = fc
    .integer({ min: 2, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 10 }));

  test('is read as it was written, however it is cut', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 50 }), (table, cut) => {
        // A mark at the very beginning belongs to the encoding, not to the text.
        fc.pre(!(table[0]?.[0] ?? '').startsWith('\ufeff'));
        expect(readCsv(table.map(formatCsvRow).join(''), cut)).toEqual(table);
      }),
      { seed },
    );
  });

  test('of other programs: LF, no last line end, a byte order mark, empty lines', () => {
    expect(readCsv('\ufeffra,dec\n\n1, 2\n"3","4 ""x"""')).toEqual([
      ['ra', 'dec'],
      ['1', ' 2'],
      ['3', '4 "x"'],
    ]);
  });

  test.each<[string, RegExp]>([
    ['a,"b', /inside of quotes/],
    ['a,"b"c', /behind a quoted/],
    ['a,b\n1,2,3', /3 cells/],
  ])('%j is refused', (text, why) => {
    expect(() => readCsv(text)).toThrow(why);
  });

  test.each<[readonly string[], string]>([
    [['1', '', '-20'], 'long'],
    [['1', '2.5e3', 'NaN'], 'double'],
    [['true', 'FALSE'], 'boolean'],
    [['1', 'x'], 'char'],
    [['1234567890123456789012'], 'double'],
    [['', ''], 'char'],
    [['x', 'ünï'], 'unicodeChar'],
  ])('with values %j has the type %s', (values, type) => {
    const guess = new TypeGuess();
    for (const value of values) guess.see(value);
    expect(guess.type).toBe(type);
  });

  test('as a VOTable is read back as the same table', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim()),
            { minLength: 2, maxLength: 2 },
          ),
          { maxLength: 10 },
        ),
        (table) => {
          const text = openVotable(['a', 'b & <c>'], ['char', 'char']) + table.map((row) => formatRow(row, 2)).join('') + closeVotable();
          const read = readVotable(text);
          expect(read.fields.map(({ name }) => name)).toEqual(['a', 'b & <c>']);
          expect(read.rows).toEqual(table);
        },
      ),
      { seed },
    );
  });
});

describe('FITS', () => {
  const header = (...cards: string[]): Buffer => {
    const text = [...cards, 'END'].map((card) => card.padEnd(80)).join('');
    return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880));
  };
  const PRIMARY = [
    'SIMPLE  =                    T',
    'BITPIX  =                  -32',
    'NAXIS   =                    2',
    'NAXIS1  =                  100',
    'NAXIS2  =                   10',
    "OBJECT  = 'M31 ''core'''        / what it is",
    "LONGSTR = 'first &'",
    "CONTINUE  'second'",
    'COMMENT a comment',
    'EXPTIME =                30.25 / seconds',
  ];
  const TABLE = [
    "XTENSION= 'BINTABLE'",
    'BITPIX  =                    8',
    'NAXIS   =                    2',
    'NAXIS1  =                    4',
    'NAXIS2  =              1000000',
    'PCOUNT  =                   10',
    'GCOUNT  =                    1',
  ];
  const IMAGE = [
    "XTENSION= 'IMAGE   '",
    'BITPIX  =                   16',
    'NAXIS   =                    0',
    'PCOUNT  =                    0',
    'GCOUNT  =                    1',
  ];
  const padded = (bytes: number): Buffer => Buffer.alloc(Math.ceil(bytes / 2880) * 2880);
  const whole = Buffer.concat([header(...PRIMARY), padded(4000), header(...TABLE), padded(4_000_010), header(...IMAGE)]);

  async function read(bytes: Uint8Array): Promise<{ headers: (readonly string[])[]; opened: number }> {
    let opened = 0;
    const source = new SeekingReader((start) => {
      opened++;
      return Promise.resolve(new Blob([new Uint8Array(bytes.subarray(start))]).stream());
    });
    const headers: (readonly string[])[] = [];
    for await (const cards of readFitsHeaders(source, bytes.byteLength)) headers.push(cards);
    return { headers, opened };
  }

  test('has the headers of all its HDUs, and large data are not read', async () => {
    const { headers, opened } = await read(whole);
    expect(headers).toEqual([PRIMARY, TABLE, IMAGE].map((cards) => [...cards, 'END']));
    expect(opened).toBe(2);
  });

  test('has values with quotes, comments and continuations', () => {
    const value = (key: string) =>
      valueOf(
        PRIMARY,
        PRIMARY.findIndex((card) => card.startsWith(key)),
      );
    expect([value('OBJECT'), value('LONGSTR'), value('EXPTIME'), value('COMMENT'), value('SIMPLE')]).toEqual([
      "M31 'core'",
      'first second',
      '30.25',
      undefined,
      'T',
    ]);
  });

  test.each<[string, Buffer, RegExp]>([
    ['is none', Buffer.alloc(6000, 'x'), /begin with SIMPLE/],
    ['is short', Buffer.from('SIMPLE  ='), /shorter/],
    [
      'is cut off in a header',
      Buffer.from(
        PRIMARY.map((card) => card.padEnd(80))
          .join('')
          .padEnd(2880),
      ),
      /ends in the middle/,
    ],
    ['has impossible axes', header('SIMPLE  =                    T', 'NAXIS   =                 -1'), /NAXIS is -1/],
  ])('that %s is refused', async (_, bytes, why) => {
    await expect(read(bytes)).rejects.toThrow(why);
  });
});

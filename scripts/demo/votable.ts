// Writes VOTable 1.4 (IVOA Recommendation 2019-10-21), serialised as TABLEDATA or BINARY2.
import { escapeXml } from './xml.ts';

export type Cell = number | string | undefined;

export interface Column {
  readonly name: string;
  /** Texts are of variable length. `char` holds ASCII only, `unicodeChar` UCS-2. */
  readonly datatype: 'int' | 'float' | 'double' | 'char' | 'unicodeChar';
  readonly ucd: string;
  readonly unit?: string;
  readonly description: string;
  /** Digits after the decimal point that mean something. */
  readonly precision?: number;
}

export interface Table {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Where the data come from. */
  readonly source: string;
  /** Epoch of the positions, such as `J2000`; absent where they have no common one. */
  readonly epoch?: string;
  readonly columns: readonly Column[];
  /** Each as long as `columns`. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The document in UTF-8. */
export function formatVotable(table: Table, serialisation: 'TABLEDATA' | 'BINARY2'): Buffer {
  const head = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    `<DESCRIPTION>${escapeXml(table.title)}</DESCRIPTION>`,
    `<COOSYS ID="icrs" system="ICRS"${table.epoch === undefined ? '' : ` epoch="${escapeXml(table.epoch)}"`}/>`,
    `<INFO name="source" value="${escapeXml(table.source)}"/>`,
    '<RESOURCE type="results">',
    `<TABLE name="${escapeXml(table.name)}" nrows="${table.rows.length}">`,
    `<DESCRIPTION>${escapeXml(table.description)}</DESCRIPTION>`,
    ...table.columns.map(field),
    '<DATA>',
  ];
  const data = serialisation === 'TABLEDATA' ? tableData(table) : binary2(table);
  return Buffer.from([...head, ...data, '</DATA>', '</TABLE>', '</RESOURCE>', '</VOTABLE>', ''].join('\n'));
}

function field({ name, datatype, ucd, unit, description, precision }: Column): string {
  const optional = [
    isText(datatype) ? ' arraysize="*"' : '',
    unit === undefined ? '' : ` unit="${escapeXml(unit)}"`,
    precision === undefined ? '' : ` precision="${precision}"`,
    ucd.startsWith('pos.eq') ? ' ref="icrs"' : '',
  ].join('');
  const opening = `<FIELD name="${escapeXml(name)}" ucd="${escapeXml(ucd)}" datatype="${datatype}"${optional}>`;
  return `${opening}<DESCRIPTION>${escapeXml(description)}</DESCRIPTION></FIELD>`;
}

function tableData({ rows }: Table): string[] {
  // An empty cell is a null value of any type (section 5.1).
  const cell = (value: Cell): string => (value === undefined ? '<TD/>' : `<TD>${escapeXml(String(value))}</TD>`);
  return ['<TABLEDATA>', ...rows.map((row) => `<TR>${row.map(cell).join('')}</TR>`), '</TABLEDATA>'];
}

/** Each row begins with one bit per column, the highest first, that says whether the value is null (section 5.4). */
function binary2({ columns, rows }: Table): string[] {
  const parts = rows.flatMap((row) => {
    const flags = Buffer.alloc(Math.ceil(columns.length / 8));
    row.forEach((value, i) => {
      if (value === undefined) flags[i >> 3] = (flags[i >> 3] ?? 0) | (0x80 >> (i & 7));
    });
    return [flags, ...columns.map((column, i) => binaryCell(column, row[i]))];
  });
  const lines =
    Buffer.concat(parts)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return ['<BINARY2>', '<STREAM encoding="base64">', ...lines, '</STREAM>', '</BINARY2>'];
}

function binaryCell({ datatype }: Column, value: Cell): Buffer {
  if (isText(datatype)) {
    const text = String(value ?? '');
    const bytes = datatype === 'char' ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf16le').swap16();
    const count = Buffer.alloc(4);
    count.writeInt32BE(text.length);
    return Buffer.concat([count, bytes]);
  }
  const number = value === undefined ? NaN : Number(value);
  const cell = Buffer.alloc(datatype === 'double' ? 8 : 4);
  if (datatype === 'int') cell.writeInt32BE(Number.isNaN(number) ? 0 : number);
  else if (datatype === 'float') cell.writeFloatBE(number);
  else cell.writeDoubleBE(number);
  return cell;
}

function isText(datatype: Column['datatype']): boolean {
  return datatype === 'char' || datatype === 'unicodeChar';
}

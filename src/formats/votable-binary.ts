// Decodes the rows of VOTable's BINARY and BINARY2 serialisations (VOTable 1.4 sections 5.3 and 5.4), all numbers big-endian.
import { Fault } from '../faults.ts';
import type { Field, Row } from './votable-read.ts';

/** Bytes of one row. */
const MAX_ROW = 16 * 1024 * 1024;

type Decode = (view: DataView, at: number) => string;

const TYPES: Readonly<Record<string, { readonly bytes: number; readonly decode: Decode }>> = {
  boolean: {
    bytes: 1,
    decode: (view, at) =>
      ({ T: 'true', t: 'true', '1': 'true', F: 'false', f: 'false', '0': 'false' })[String.fromCharCode(view.getUint8(at))] ?? '',
  },
  unsignedByte: { bytes: 1, decode: (view, at) => String(view.getUint8(at)) },
  short: { bytes: 2, decode: (view, at) => String(view.getInt16(at)) },
  int: { bytes: 4, decode: (view, at) => String(view.getInt32(at)) },
  long: { bytes: 8, decode: (view, at) => String(view.getBigInt64(at)) },
  float: { bytes: 4, decode: (view, at) => single(view.getFloat32(at)) },
  double: { bytes: 8, decode: (view, at) => double(view.getFloat64(at)) },
  floatComplex: { bytes: 8, decode: (view, at) => `${single(view.getFloat32(at))} ${single(view.getFloat32(at + 4))}` },
  doubleComplex: { bytes: 16, decode: (view, at) => `${double(view.getFloat64(at))} ${double(view.getFloat64(at + 8))}` },
};

export class RowDecoder {
  readonly #columns: readonly Column[];
  readonly #nulls: boolean;
  readonly #row: (row: Row) => void;
  #rest = new Uint8Array(0);

  /** `nulls`: each row begins with one bit for each field (BINARY2). Throws InvalidArgument for fields of unknown types. */
  constructor(fields: readonly Field[], nulls: boolean, row: (row: Row) => void) {
    this.#columns = fields.map(readColumn);
    this.#nulls = nulls;
    this.#row = row;
    if (fields.length === 0) throw new Fault('InvalidArgument', 'the table has rows and no fields');
  }

  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#rest.byteLength + bytes.byteLength);
    all.set(this.#rest);
    all.set(bytes, this.#rest.byteLength);
    const view = new DataView(all.buffer);
    let at = 0;
    for (let end = this.#one(view, at); end !== undefined; end = this.#one(view, at)) at = end;
    this.#rest = all.slice(at);
    if (this.#rest.byteLength > MAX_ROW) throw new Fault('InvalidArgument', `a row has more than ${MAX_ROW} bytes`);
  }

  end(): void {
    if (this.#rest.byteLength > 0) throw new Fault('InvalidArgument', 'the rows of the table end in the middle of one');
  }

  /** The end of the row that begins here; undefined when it is not all there. */
  #one(view: DataView, start: number): number | undefined {
    let at = start + (this.#nulls ? Math.ceil(this.#columns.length / 8) : 0);
    if (at > view.byteLength || start === view.byteLength) return undefined;
    const cells: string[] = [];
    for (const [i, column] of this.#columns.entries()) {
      let count = column.count;
      if (column.variable) {
        if (at + 4 > view.byteLength) return undefined;
        const length = view.getInt32(at);
        if (length < 0) throw new Fault('InvalidArgument', `a cell has ${length} values`);
        count *= length;
        at += 4;
      }
      const bytes = column.bytesOf(count);
      if (bytes > MAX_ROW) throw new Fault('InvalidArgument', `a row has more than ${MAX_ROW} bytes`);
      if (at + bytes > view.byteLength) return undefined;
      const isNull = this.#nulls && (view.getUint8(start + (i >> 3)) & (0x80 >> (i & 7))) !== 0;
      cells.push(isNull ? '' : column.read(view, at, count));
      at += bytes;
    }
    this.#row(cells);
    return at;
  }
}

interface Column {
  /** Values of a cell, or of one slice where their number varies. */
  readonly count: number;
  readonly variable: boolean;
  bytesOf(count: number): number;
  read(view: DataView, at: number, count: number): string;
}

function readColumn({ name, datatype, arraysize = '1' }: Field): Column {
  if (!/^(\d+x)*(\d*\*?)$/.test(arraysize)) throw new Fault('InvalidArgument', `field ${name}: arraysize ${arraysize}`);
  const parts = arraysize.split('x');
  const last = parts.at(-1) ?? '1';
  const variable = last.endsWith('*');
  const count = parts.slice(0, variable ? -1 : undefined).reduce((product, part) => product * Number(part), 1);
  const shape = { count, variable };
  if (datatype === 'char') return { ...shape, bytesOf: (n) => n, read: (view, at, n) => text('utf-8', view, at, n) };
  if (datatype === 'unicodeChar') return { ...shape, bytesOf: (n) => 2 * n, read: (view, at, n) => text('utf-16be', view, at, 2 * n) };
  if (datatype === 'bit') {
    const bit = (view: DataView, at: number, i: number): number => (view.getUint8(at + (i >> 3)) >> (7 - (i & 7))) & 1;
    return {
      ...shape,
      bytesOf: (n) => Math.ceil(n / 8),
      read: (view, at, n) => Array.from({ length: n }, (_, i) => bit(view, at, i)).join(' '),
    };
  }
  const type = TYPES[datatype];
  if (!type) throw new Fault('InvalidArgument', `field ${name}: datatype ${datatype}`);
  const { bytes, decode } = type;
  return {
    ...shape,
    bytesOf: (n) => n * bytes,
    read: (view, at, n) => (n === 1 ? decode(view, at) : Array.from({ length: n }, (_, i) => decode(view, at + i * bytes)).join(' ')),
  };
}

function text(encoding: 'utf-8' | 'utf-16be', view: DataView, at: number, bytes: number): string {
  const decoded = new TextDecoder(encoding).decode(new Uint8Array(view.buffer, view.byteOffset + at, bytes));
  const end = decoded.indexOf('\0');
  return end < 0 ? decoded : decoded.slice(0, end);
}

function double(value: number): string {
  return Number.isNaN(value) ? '' : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}

/** The shortest text that stands for the same number of 32 bits. */
function single(value: number): string {
  if (!Number.isFinite(value)) return double(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

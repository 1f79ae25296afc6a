// Decodes the rows of VOTable's BINARY and BINARY2 serialisations (VOTable 1.4 sections 5.3 and 5.4), all numbers big-endian.
import { Fault } from '../faults.ts';
import type { Field, Row } from './votable-read.ts';

/** Bytes of one row. */
const MAX_ROW = 16 * 1024 * 1024;
/** Characters of one row as text, and values of one cell: one byte of bits is sixteen characters. */
const MAX_TEXT = 16 * 1024 * 1024;
const MAX_VALUES = 2 * 1024 * 1024;

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
  /** What has not been read, and how many bytes the row that it begins with has at least. */
  #parts: Uint8Array[] = [];
  #held = 0;
  #needed = 0;

  /** `nulls`: each row begins with one bit for each field (BINARY2). Throws InvalidArgument for fields of unknown types. */
  constructor(fields: readonly Field[], nulls: boolean, row: (row: Row) => void) {
    this.#columns = fields.map(readColumn);
    this.#nulls = nulls;
    this.#row = row;
    if (fields.length === 0) throw new Fault('InvalidArgument', 'the table has rows and no fields');
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#held += bytes.byteLength;
    // A long row is looked at when it may be all there, not with each part of it.
    if (this.#held < this.#needed) return;
    const all = new Uint8Array(this.#held);
    let filled = 0;
    for (const part of this.#parts) {
      all.set(part, filled);
      filled += part.byteLength;
    }
    const view = new DataView(all.buffer);
    let at = 0;
    let end = this.#endOf(view, at);
    for (; at < all.byteLength && end <= all.byteLength; end = this.#endOf(view, at)) {
      this.#read(view, at);
      at = end;
    }
    this.#parts = [all.slice(at)];
    this.#held = all.byteLength - at;
    this.#needed = end - at;
  }

  end(): void {
    if (this.#held > 0) throw new Fault('InvalidArgument', 'the rows of the table end in the middle of one');
  }

  /** The end of the row that begins here; beyond the view: it ends there at the earliest. */
  #endOf(view: DataView, start: number): number {
    let at = start + (this.#nulls ? Math.ceil(this.#columns.length / 8) : 0);
    for (const column of this.#columns) {
      if (column.variable && at + 4 > view.byteLength) return at + 4;
      at += (column.variable ? 4 : 0) + column.bytesOf(countOf(column, view, at));
      if (at - start > MAX_ROW) throw new Fault('InvalidArgument', `a row has more than ${MAX_ROW} bytes`);
      if (at > view.byteLength) return at;
    }
    if (at === start) throw new Fault('InvalidArgument', 'the rows of the table have no bytes');
    return at;
  }

  /** A row that is all there. */
  #read(view: DataView, start: number): void {
    let at = start + (this.#nulls ? Math.ceil(this.#columns.length / 8) : 0);
    let characters = 0;
    const cells = this.#columns.map((column, i) => {
      const count = countOf(column, view, at);
      if (column.variable) at += 4;
      const isNull = this.#nulls && (view.getUint8(start + (i >> 3)) & (0x80 >> (i & 7))) !== 0;
      const cell = isNull ? '' : column.read(view, at, count);
      characters += cell.length;
      if (characters > MAX_TEXT) throw new Fault('InvalidArgument', `a row has more than ${MAX_TEXT} characters`);
      at += column.bytesOf(count);
      return cell;
    });
    this.#row(cells);
  }
}

/** The number of values of the cell that begins here. */
function countOf({ count, variable, most }: Column, view: DataView, at: number): number {
  const slices = variable ? view.getInt32(at) : 1;
  if (slices < 0 || count * slices > most) throw new Fault('InvalidArgument', `a cell has ${count * slices} values`);
  return count * slices;
}

interface Column {
  /** Values of a cell, or of one slice where their number varies. */
  readonly count: number;
  readonly variable: boolean;
  /** Values that a cell may have. */
  readonly most: number;
  bytesOf(count: number): number;
  read(view: DataView, at: number, count: number): string;
}

function readColumn({ name, datatype, arraysize = '1' }: Field): Column {
  if (!/^(\d+x)*(\d*\*?)$/.test(arraysize)) throw refuseField(name, `arraysize ${arraysize}`);
  const parts = arraysize.split('x');
  const last = parts.at(-1) ?? '1';
  const variable = last.endsWith('*');
  const count = parts.slice(0, variable ? -1 : undefined).reduce((product, part) => product * Number(part), 1);
  // What no cell can have is refused before anything is multiplied with it.
  if (count > MAX_ROW) throw refuseField(name, `arraysize ${arraysize}`);
  const shape = { count, variable, most: datatype === 'char' || datatype === 'unicodeChar' ? MAX_ROW : MAX_VALUES };
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
  if (!type) throw refuseField(name, `datatype ${datatype}`);
  const { bytes, decode } = type;
  return {
    ...shape,
    bytesOf: (n) => n * bytes,
    read: (view, at, n) => (n === 1 ? decode(view, at) : Array.from({ length: n }, (_, i) => decode(view, at + i * bytes)).join(' ')),
  };
}

function refuseField(name: string, why: string): Fault {
  return new Fault('InvalidArgument', `field ${name.slice(0, 100)}: ${why.slice(0, 100)}`);
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

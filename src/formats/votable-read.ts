// Reads the first table of a VOTable as it streams by: its fields, then its rows, from TABLEDATA, BINARY or BINARY2.
import { Fault } from '../faults.ts';
import { RowDecoder } from './votable-binary.ts';
import { XmlEvents, type XmlHandler } from './xml-events.ts';

export interface Field {
  readonly name: string;
  readonly datatype: string;
  readonly arraysize: string | undefined;
  readonly unit: string | undefined;
  readonly ucd: string | undefined;
}

/** A cell as text; empty where there is no value. */
export type Row = readonly string[];

export interface VotableHandler {
  /** Called once, before the first row. The description and the name of the table may be empty. */
  fields(fields: readonly Field[], description: string, table: string): void;
  row(row: Row): void;
}

const MAX_FIELDS = 10_000;
/** Characters of one cell. */
const MAX_CELL = 4 * 1024 * 1024;
/** Characters of one row, and of what all fields say of themselves. */
const MAX_ROW = 16 * 1024 * 1024;
const MAX_HEADER = 4 * 1024 * 1024;
const MAX_DESCRIPTION = 10_000;

/** Give it the bytes with `push`, then `end`. What follows the first table is read and left out. Both throw InvalidArgument. */
export class VotableReader implements XmlHandler {
  readonly #events = new XmlEvents(this);
  readonly #handler: VotableHandler;
  readonly #path: string[] = [];
  readonly #fields: Field[] = [];
  #description = '';
  #table = '';
  #told = false;
  #over = false;
  #cell: string | undefined;
  #row: string[] = [];
  #rowLength = 0;
  #headerLength = 0;
  #binary: RowDecoder | undefined;
  #base64 = '';

  constructor(handler: VotableHandler) {
    this.#handler = handler;
  }

  push(bytes: Uint8Array): void {
    this.#events.push(bytes);
  }

  end(): void {
    this.#events.end();
    if (!this.#told) throw new Fault('InvalidArgument', 'the VOTable has no table');
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#path.length === 0 && name !== 'VOTABLE')
      throw new Fault('InvalidArgument', `the document is a ${name.slice(0, 100)}, no VOTABLE`);
    this.#path.push(name);
    if (this.#over) return;
    if (name === 'DESCRIPTION' && this.#description !== '') this.#description += ' ';
    if (name === 'TABLE') this.#table = attributes.get('name') ?? attributes.get('ID') ?? '';
    else if (name === 'FIELD' && this.#parent() === 'TABLE') this.#field(attributes);
    else if (name === 'TR') {
      this.#row = [];
      this.#rowLength = 0;
    } else if (name === 'TD') this.#cell = '';
    else if (name === 'TABLEDATA') this.#tell();
    else if (name === 'STREAM') this.#stream(attributes);
    else if (name === 'FITS') throw new Fault('InvalidArgument', 'the table is in FITS form, which is not read');
  }

  text(text: string): void {
    if (this.#over) return;
    if (this.#cell !== undefined) {
      this.#cell += text;
      if (this.#cell.length > MAX_CELL) throw new Fault('InvalidArgument', `a cell has more than ${MAX_CELL} characters`);
    } else if (this.#binary) this.#decode(text);
    else if (this.#path.at(-1) === 'DESCRIPTION' && ['RESOURCE', 'TABLE', 'VOTABLE'].includes(this.#parent() ?? ''))
      this.#description = (this.#description + text).slice(0, MAX_DESCRIPTION);
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#over) return;
    if (name === 'TD') {
      const cell = this.#cell ?? '';
      this.#cell = undefined;
      if (this.#row.length >= this.#fields.length)
        throw new Fault('InvalidArgument', `a row has ${this.#row.length + 1} cells for ${this.#fields.length} fields`);
      if ((this.#rowLength += cell.length) > MAX_ROW) throw new Fault('InvalidArgument', `a row has more than ${MAX_ROW} characters`);
      this.#row.push(cell);
    } else if (name === 'TR') this.#endRow();
    else if (name === 'STREAM') this.#endStream();
    else if (name === 'TABLE') {
      this.#tell();
      this.#over = true;
    }
  }

  /** Of the element that is open. */
  #parent(): string | undefined {
    return this.#path.at(-2);
  }

  #field(attributes: ReadonlyMap<string, string>): void {
    if (this.#fields.length >= MAX_FIELDS) throw new Fault('InvalidArgument', `the table has more than ${MAX_FIELDS} fields`);
    for (const value of attributes.values()) this.#headerLength += value.length;
    if (this.#headerLength > MAX_HEADER) throw new Fault('InvalidArgument', `the fields have more than ${MAX_HEADER} characters`);
    this.#fields.push({
      name: attributes.get('name') ?? attributes.get('ID') ?? `column${this.#fields.length + 1}`,
      datatype: attributes.get('datatype') ?? 'char',
      arraysize: attributes.get('arraysize'),
      unit: attributes.get('unit'),
      ucd: attributes.get('ucd'),
    });
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.#handler.fields(this.#fields, this.#description.replaceAll(/\s+/g, ' ').trim(), this.#table);
  }

  #endRow(): void {
    this.#handler.row(this.#fields.map((_, i) => (this.#row[i] ?? '').trim()));
  }

  #stream(attributes: ReadonlyMap<string, string>): void {
    const encoding = attributes.get('encoding');
    if (attributes.has('href') || encoding !== 'base64')
      throw new Fault('InvalidArgument', 'the rows are not in the document itself, in base64');
    this.#tell();
    this.#binary = new RowDecoder(this.#fields, this.#parent() === 'BINARY2', (row) => this.#handler.row(row));
  }

  #decode(text: string): void {
    const clean = this.#base64 + text.replaceAll(/\s+/g, '');
    const whole = clean.length - (clean.length % 4);
    this.#base64 = clean.slice(whole);
    if (whole > 0) this.#binary?.push(fromBase64(clean.slice(0, whole)));
  }

  #endStream(): void {
    if (this.#base64 !== '') throw new Fault('InvalidArgument', 'the rows of the table end in the middle of their base64');
    this.#binary?.end();
    this.#binary = undefined;
  }
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new Fault('InvalidArgument', 'the rows of the table are no base64');
  }
}

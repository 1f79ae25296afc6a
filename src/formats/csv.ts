// Comma-separated values as RFC 4180 has them: rows to text, and text to rows as it streams by.
import { Fault } from '../faults.ts';

const MAX_CELL = 4 * 1024 * 1024;
const MAX_CELLS = 10_000;
/** Characters of one row. */
const MAX_ROW = 16 * 1024 * 1024;

export function formatCsvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

/** Give it the bytes with `push`, then `end`; both throw InvalidArgument. Lines may end in LF alone; empty lines are left out. */
export class CsvReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  readonly #row: (cells: readonly string[]) => void;
  #cells: string[] = [];
  #length = 0;
  #cell = '';
  /** after: a quote inside quotes, which ends the cell or stands for itself. */
  #state: 'start' | 'plain' | 'quoted' | 'after' = 'start';
  #width: number | undefined;

  constructor(row: (cells: readonly string[]) => void) {
    this.#row = row;
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decode(bytes));
  }

  end(): void {
    this.#take(this.#decode());
    if (this.#state === 'quoted') throw new Fault('InvalidArgument', 'the CSV ends inside of quotes');
    this.#endRow();
  }

  #decode(bytes?: Uint8Array): string {
    try {
      return bytes ? this.#decoder.decode(bytes, { stream: true }) : this.#decoder.decode();
    } catch {
      throw new Fault('InvalidArgument', 'the CSV is not UTF-8');
    }
  }

  #take(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#state === 'quoted') {
        const quote = text.indexOf('"', at);
        this.#add(text.slice(at, quote < 0 ? undefined : quote));
        if (quote < 0) return;
        this.#state = 'after';
        at = quote + 1;
        continue;
      }
      const character = text[at] ?? '';
      if (this.#state === 'after' && character === '"') {
        this.#add('"');
        this.#state = 'quoted';
        at++;
      } else if (character === '"' && this.#state === 'start') {
        this.#state = 'quoted';
        at++;
      } else if (character === ',') {
        this.#endCell();
        at++;
      } else if (character === '\n') {
        this.#endRow();
        at++;
      } else {
        const rest = text.slice(at);
        const end = rest.search(/[,\n]/);
        const part = end < 0 ? rest : rest.slice(0, end);
        if (this.#state === 'after' && part.trim() !== '') throw new Fault('InvalidArgument', 'the CSV has text behind a quoted cell');
        if (this.#state !== 'after') {
          this.#add(part);
          this.#state = 'plain';
        }
        at += part.length;
      }
    }
  }

  #add(text: string): void {
    this.#cell += text;
    if (this.#cell.length > MAX_CELL) throw new Fault('InvalidArgument', `a cell has more than ${MAX_CELL} characters`);
  }

  #endCell(): void {
    if (this.#cells.length >= MAX_CELLS) throw new Fault('InvalidArgument', `a row has more than ${MAX_CELLS} cells`);
    if ((this.#length += this.#cell.length) > MAX_ROW) throw new Fault('InvalidArgument', `a row has more than ${MAX_ROW} characters`);
    // What is not quoted may end in the CR of the line's end.
    this.#cells.push(this.#state === 'plain' ? this.#cell.replace(/\r$/, '') : this.#cell);
    this.#cell = '';
    this.#state = 'start';
  }

  #endRow(): void {
    this.#endCell();
    const cells = this.#cells;
    this.#cells = [];
    this.#length = 0;
    if (cells.length === 1 && cells[0] === '') return;
    this.#width ??= cells.length;
    if (cells.length > this.#width)
      throw new Fault('InvalidArgument', `a row of the CSV has ${cells.length} cells, its first row ${this.#width}`);
    this.#row(cells);
  }
}

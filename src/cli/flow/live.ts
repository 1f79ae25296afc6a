// A view that is drawn over itself, without flicker: only lines that have changed are written.
import type { Terminal } from '../terminal.ts';
import { cutTo, widthOf } from '../nodes/columns.ts';
import { isInBackground } from '../processes.ts';

export class LiveView {
  readonly #terminal: Pick<Terminal, 'draw' | 'columns'>;
  readonly #rows: () => number;
  #shown: readonly string[] = [];
  #open = false;

  /** `rows`: of the terminal. */
  constructor(terminal: Pick<Terminal, 'draw' | 'columns'>, rows: () => number) {
    this.#terminal = terminal;
    this.#rows = rows;
  }

  /** Plain text, a line each; what does not fit is cut off. Nothing while another job has the terminal. */
  show(lines: readonly string[]): void {
    if (isInBackground()) return;
    const { columns } = this.#terminal;
    const most = Math.max(2, this.#rows());
    const fitting = lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more`];
    const cut = fitting.map((line) => cutTo(line, columns));
    // An own screen, without a cursor; what was there before comes back at the end.
    let text = this.#open ? '' : '\u001B[?1049h\u001B[?25l\u001B[2J';
    this.#open = true;
    for (let row = 0; row < Math.max(cut.length, this.#shown.length); row++) {
      if (cut[row] === this.#shown[row]) continue;
      text += `\u001B[${row + 1};1H${cut[row] ?? ''}\u001B[K`;
    }
    this.#shown = cut;
    if (text !== '') this.#terminal.draw(text);
  }

  /** After the window has another size. */
  redraw(): void {
    if (!this.#open) return;
    const lines = this.#shown;
    this.#shown = [];
    this.#terminal.draw('\u001B[2J');
    this.show(lines);
  }

  close(): void {
    if (this.#open) this.#terminal.draw('\u001B[?25h\u001B[?1049l');
    this.#open = false;
    this.#shown = [];
  }
}

/** A table in lines; where there is no room, without its last column, and then with the one before it on lines of their own. */
export function fit(rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, i) => Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ''))));
  const room = (used: readonly number[]): boolean => used.reduce((sum, width) => sum + (width > 0 ? width + 2 : 0), -2) <= columns;
  const used = [widths, widths.slice(0, -1)].find(room) ?? widths.slice(0, -2);
  const below = used.length < count - 1 ? count - 2 : count;
  const cellOf = (cell: string, width: number): string => (width === 0 ? '' : `${cell}${' '.repeat(width - widthOf(cell))}  `);
  return rows.flatMap((row) => {
    const line = used.map((width, i) => cellOf(row[i] ?? '', width)).join('');
    return [line.trimEnd(), ...(row[below] ? [`    ${row[below]}`] : [])];
  });
}

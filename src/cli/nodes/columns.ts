// Text in columns, by how wide a terminal shows it.

/** Characters that take two columns: those of East Asia, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NONE = /[\p{Mn}\p{Me}\u200b-\u200f\ufeff]/u;

export function widthOf(text: string): number {
  // oxlint-disable-next-line no-control-regex -- plain text needs no counting
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export function padded(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** What is cut off ends with …. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Rows whose cells stand below each other. `right`: the columns of numbers. Widths only grow, so that a long table may come in parts. */
export class Table {
  readonly #right: readonly number[];
  readonly #widths: number[] = [];

  constructor(right: readonly number[] = []) {
    this.#right = right;
  }

  lines(rows: readonly (readonly string[])[]): string {
    for (const row of rows) row.forEach((cell, i) => (this.#widths[i] = Math.max(this.#widths[i] ?? 0, widthOf(cell))));
    return rows.map((row) => `${row.map((cell, i) => this.#cell(cell, i, i === row.length - 1)).join('  ')}\n`).join('');
  }

  #cell(cell: string, at: number, last: boolean): string {
    const right = this.#right.includes(at);
    return last && !right ? cell : padded(cell, this.#widths[at] ?? 0, right);
  }
}

/** Names side by side, downwards, as many columns as there is room for. `paint` colours a name that has been measured. */
export function grid(names: readonly string[], columns: number, paint: (at: number) => string): string {
  const widths = names.map(widthOf);
  const widest = Math.max(1, ...widths) + 2;
  const across = Math.max(1, Math.floor((columns + 2) / widest));
  const rows = Math.ceil(names.length / across);
  return Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: across }, (__, column) => column * rows + row).filter((at) => at < names.length);
    const line = cells.map((at, i) => paint(at) + (i === cells.length - 1 ? '' : ' '.repeat(widest - (widths[at] ?? 0))));
    return `${line.join('')}\n`;
  }).join('');
}

// Medians, and the table that a run ends with.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly ours: string;
  readonly peer: string;
  /** What the target is about: mostly ours divided by the peer's. */
  readonly value: number;
  /** Printed behind the value, such as ` ms`. */
  readonly unit?: string;
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

export function ratio(name: string, ours: number, peer: number, format: (value: number) => string, target?: Figure['target']): Figure {
  return { name, ours: format(ours), peer: format(peer), value: ours / peer, ...(target ? { target } : {}) };
}

export function isMet({ value, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** The table in Markdown, its columns aligned. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [
    ['', 'ours', 'peer', 'ratio', 'target', 'met'],
    ...figures.map((figure) => {
      const { name, ours, peer, value, unit = '', target } = figure;
      const wanted = target === undefined ? '' : `${'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`}${unit}`;
      const met = isMet(figure);
      return [name, ours, peer, short(value) + unit, wanted, met === undefined ? '' : met ? 'yes' : 'NO'];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => '-'.repeat(width + 1) + (i === 0 ? '-' : ':')).join('|')}|`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)].join('\n');
}

function short(value: number): string {
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(Math.abs(value) < 0.1 ? 4 : 2);
}

export const micros = (value: number): string => `${value.toFixed(0)} µs`;
export const millis = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const perSecond = (value: number): string => `${value.toFixed(0)}/s`;
export const megabytes = (value: number): string => `${(value / 1e6).toFixed(value < 1e7 ? 2 : 0)} MB`;

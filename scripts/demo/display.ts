// Shows what goes on: a progress bar on a terminal, one line per step otherwise, and the table at the end.
import { stdout } from 'node:process';

const WIDTH = 28;
const REDRAW_MS = 50;

export interface Step {
  /** One more file, of so many bytes. */
  add(bytes: number): void;
  /** Leaves one line that says what was done. The seconds that the step took. */
  end(note?: string): number;
}

/** @param files how many there will be */
export function beginStep(title: string, files: number): Step {
  const start = performance.now();
  let done = 0;
  let bytes = 0;
  let drawn = 0;
  const draw = (): void => {
    const filled = Math.round((WIDTH * done) / Math.max(files, 1));
    stdout.write(`\r\u001b[K  ${pad(title)} [${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${done}/${files}  ${rate(bytes, start)}`);
  };
  if (stdout.isTTY) draw();
  return {
    add: (more) => {
      done++;
      bytes += more;
      if (!stdout.isTTY || performance.now() - drawn < REDRAW_MS) return;
      drawn = performance.now();
      draw();
    },
    end: (note) => {
      const seconds = (performance.now() - start) / 1000;
      const figures = bytes > 0 ? `${done} files, ${megabytes(bytes)}, ${rate(bytes, start)}` : `${done} of ${files}`;
      stdout.write(`${stdout.isTTY ? '\r\u001b[K' : ''}  ${pad(title)} ${note ?? figures}  (${seconds.toFixed(2)} s)\n`);
      return seconds;
    },
  };
}

export function say(line: string): void {
  stdout.write(`${line}\n`);
}

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of rows) {
    say(`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('   ')}`.trimEnd());
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function rate(bytes: number, start: number): string {
  return `${(bytes / 1000 / Math.max(performance.now() - start, 1)).toFixed(1)} MB/s`;
}

function pad(title: string): string {
  return title.padEnd(26);
}

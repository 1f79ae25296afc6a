// Where a command writes: data to standard output, everything else to standard error.
import type { Environment } from './command.ts';
import type { Readable, Writable } from 'node:stream';
import { isInBackground } from './processes.ts';
import { watchReaders } from './readers.ts';

export interface Terminal {
  /** What was asked for. Resolves when it has been taken, so that a slow reader slows the command down. */
  out(text: string): Promise<void>;
  bytes(part: Uint8Array): Promise<void>;
  /** One line of data as JSON. */
  json(value: unknown): Promise<void>;
  /** One line for the person: a note, which --quiet keeps back. */
  say(line: string): void;
  /** One line for the person, whether quiet or not: an error. */
  error(line: string): void;
  /** Text as it is, for lines that are written over. */
  draw(text: string): void;
  /** Text as it is, for questions, which are put whether quiet or not. */
  ask(text: string): void;
  /** Aborts with `signal`, and when nobody reads the output any more: for commands that wait for more to write. */
  whileRead(signal: AbortSignal): AbortSignal;
  readonly input: Readable;
  /** Whether somebody sees what is said as it is drawn, and in how many columns: not of a job that was begun in the background. */
  readonly watched: boolean;
  /** Whether standard output is a terminal. */
  readonly outWatched: boolean;
  readonly columns: number;
  /** NO_COLOR and FORCE_COLOR are heeded. */
  readonly colour: boolean;
}

/** Thrown where nobody reads the output any more, as in `vopipe ls | head`: the command ends, and nothing is said. */
export class NobodyReads extends Error {}

type Tty = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly fd?: number };

/** Milliseconds between two looks whether somebody reads. */
const LOOK = 1000;

/** `gone`: told once that nobody reads the output any more, which the command may not notice for long: it may have nothing to write. */
export function openTerminal(
  input: Readable,
  output: Tty,
  errors: Tty,
  environment: Environment,
  gone: (reason: NobodyReads) => void = () => undefined,
): Terminal {
  const broken: Error[] = [];
  output.on('error', (error: NodeJS.ErrnoException) => {
    const nobody = error.code === 'EPIPE' ? new NobodyReads() : undefined;
    broken.push(nobody ?? error);
    if (nobody) gone(nobody);
  });
  const check = (): void => {
    const [error] = broken;
    if (error) throw error;
  };
  errors.on('error', () => undefined);
  const write = async (part: string | Uint8Array): Promise<void> => {
    check();
    if (output.write(part)) return;
    await new Promise<void>((resolve) => {
      const over = (): void => {
        output.off('drain', over);
        output.off('error', over);
        resolve();
      };
      output.on('drain', over);
      output.on('error', over);
    });
    check();
  };
  const outWatched = output.isTTY === true;
  return {
    out: write,
    bytes: write,
    json: (value) => write(`${JSON.stringify(value)}\n`),
    say: (line) => void errors.write(`${line}\n`),
    error: (line) => void errors.write(`${line}\n`),
    draw: (text) => void errors.write(text),
    ask: (text) => void errors.write(text),
    whileRead: (signal) => {
      const unread = new AbortController();
      const isOver = watchReaders(output.fd ?? -1);
      setInterval(() => isOver() && unread.abort(new NobodyReads()), LOOK).unref();
      return AbortSignal.any([signal, unread.signal]);
    },
    input,
    watched: errors.isTTY === true && environment['TERM'] !== 'dumb' && !isInBackground(),
    outWatched,
    get columns() {
      // None: a terminal that does not know.
      return Math.max(20, errors.columns || output.columns || Number(environment['COLUMNS']) || 80);
    },
    colour: environment['FORCE_COLOR'] !== undefined || (outWatched && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'),
  };
}

// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\n\t]/g;

/** Names and texts of others as a terminal may show them: what would move the cursor, or turn the line around, is made visible. */
export function shown(text: string): string {
  return text.replace(CONTROL, (mark) => `\\u{${mark.codePointAt(0)?.toString(16) ?? ''}}`);
}

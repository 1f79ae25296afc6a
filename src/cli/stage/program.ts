// A program that does the work of a stage: run for one chunk, told by its arguments and environment where the bytes are, and ended when its work is in vain.
import type { Environment } from '../command.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { EXIT } from '../exit.ts';
import { NobodyReads } from '../terminal.ts';
import { Trouble } from '../trouble.ts';
import { WorkFailure } from './failure.ts';
import { WORK_VARIABLE } from './scratch.ts';
import { Tail } from './tail.ts';

export interface Program {
  /** Its name, and its arguments: `{}` stands for the input file, `{out}` for what it is to make. */
  readonly words: readonly string[];
  readonly environment: Environment;
  /** Seconds that it may take; absent: as long as it likes. */
  readonly timeout?: number;
}

export interface Run {
  readonly input: string;
  /** What stands for `{out}`. */
  readonly output: string;
  /** Where its standard output goes: into the file `output`, to where this process's own goes, or to `said`. */
  readonly stdout: 'output' | 'own' | 'said';
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Hears what the program says on standard error, and on standard output where that goes nowhere else. */
  readonly said?: ((text: string) => void) | undefined;
}

/** Milliseconds from the request to end to the kill. */
const GRACE = 3000;
/** Characters of what it said last, in the reason of a failure. */
const MOST_SAID = 400;

/** Programs that run at this moment, by the numbers of their process groups. */
const running = new Set<number>();
let watching = false;

/** Without `{}` among its words it reads its standard input. Resolves when it has ended well. Throws WorkFailure with what it said last; the signal's reason when it was ended for that. */
export async function runProgram({ words, environment, timeout }: Program, run: Run): Promise<void> {
  const { input, output, directory, signal } = run;
  const [name = '', ...args] = words.map((word) => word.replaceAll('{}', () => input).replaceAll('{out}', () => output));
  signal.throwIfAborted();
  const from = words.some((word) => word.includes('{}')) ? undefined : openSync(input, 'r');
  const to = run.stdout === 'output' ? openSync(output, 'w') : undefined;
  const variables = { ...run.variables, VOPIPE_IN: input, VOPIPE_OUT: output, [WORK_VARIABLE]: `${directory}/` };
  let child: ChildProcess;
  try {
    // A group of its own: what it starts is ended with it, and Ctrl-C is the stage's.
    child = spawn(name, args, {
      detached: true,
      stdio: [from ?? 'ignore', to ?? (run.stdout === 'own' ? 'inherit' : 'pipe'), 'pipe'],
      env: { ...environment, ...variables },
    });
  } finally {
    if (from !== undefined) closeSync(from);
    if (to !== undefined) closeSync(to);
  }
  const tail = new Tail();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail.add(text);
      run.said?.(text);
    });
  }
  const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
  const { code, ended } = await untilEnded(child, limit ? AbortSignal.any([signal, limit]) : signal, name);
  signal.throwIfAborted();
  const said = tail.last(MOST_SAID);
  const because = said === '' ? '' : `: ${said}`;
  if (limit?.aborted) throw new WorkFailure(`took longer than ${timeout ?? 0} s${because}`);
  if (ended === 'SIGPIPE' && run.stdout === 'own') throw new NobodyReads();
  if (ended !== null) throw new WorkFailure(`ended by ${ended}${because}`);
  if (code !== 0) throw new WorkFailure(`exit ${code ?? '?'}${because}`);
}

interface Ended {
  readonly code: number | null;
  readonly ended: string | null;
}

function untilEnded(child: ChildProcess, signal: AbortSignal, name: string): Promise<Ended> {
  const group = child.pid;
  if (group !== undefined) remember(group);
  return new Promise<Ended>((resolve, reject) => {
    let [hurry, patience]: (ReturnType<typeof setTimeout> | undefined)[] = [];
    const stop = (): void => {
      if (group === undefined) return;
      end(group, 'SIGTERM');
      hurry = setTimeout(() => end(group, 'SIGKILL'), GRACE);
    };
    const over = (how: () => void): void => {
      clearTimeout(hurry);
      clearTimeout(patience);
      signal.removeEventListener('abort', stop);
      // What it has left behind works for nobody.
      if (group !== undefined) end(group, 'SIGKILL');
      if (group !== undefined) running.delete(group);
      how();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const known = error.code === 'ENOENT' || error.code === 'EACCES';
      const why = error.code === 'EACCES' ? 'may not be run' : 'is not there';
      over(() => reject(known ? new Trouble(`the program ${JSON.stringify(name)} ${why}`, { exit: EXIT.notFound }) : error));
    });
    // Something that it started may keep its output open for ever.
    child.once('exit', (code, ended) => (patience = setTimeout(() => over(() => resolve({ code, ended })), 1000)));
    child.once('close', (code, ended) => over(() => resolve({ code, ended })));
  });
}

function end(group: number, how: NodeJS.Signals): void {
  try {
    process.kill(-group, how);
  } catch {
    // Gone already.
  }
}

/** They do not outlive the stage, however it ends while it can still do anything. */
function remember(group: number): void {
  running.add(group);
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const one of running) end(one, 'SIGKILL');
  });
}

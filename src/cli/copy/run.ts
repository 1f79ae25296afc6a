// One command of copies from its beginning to its end: the journal, what is told meanwhile, and the exit code.
import { setMaxListeners } from 'node:events';
import type { Context } from '../command.ts';
import { EXIT, type Exit } from '../exit.ts';
import type { Copying, Mode } from './copying.ts';
import { Report } from './report.ts';
import { Slots } from './slots.ts';
import { openJournal } from './state.ts';
import { StoreBytes } from './store-bytes.ts';

/** Connections with bytes where nothing else is said. */
export const PARALLEL = 10;
export const PARALLEL_MOST = 64;

export interface Running {
  /** What tells this copy from others: what is copied, and where to. */
  readonly names: readonly string[];
  readonly mode: Mode;
  readonly parallel: number;
  readonly verbose: boolean;
  /** Whether the last line says what was done. */
  readonly tells: boolean;
}

/** Resolves to the exit code. `work` tells the report of its failures; what it throws is the command's. */
export async function runCopies(
  context: Context,
  { names, mode, parallel, verbose, tells }: Running,
  work: (copying: Copying) => Promise<void>,
): Promise<Exit | undefined> {
  const { journal, close } = openJournal(names, context.environment);
  const report = new Report(context, verbose);
  // Each connection listens to the end of its copy.
  setMaxListeners(PARALLEL_MOST * 4);
  const stopping = new AbortController();
  const signal = AbortSignal.any([context.signal, stopping.signal]);
  const store = new StoreBytes(parallel);
  const copying: Copying = {
    mode,
    report,
    journal,
    store,
    slots: new Slots(parallel),
    parallel,
    disks: new Map(),
    signal,
    stop: (reason) => stopping.abort(reason),
  };
  let done = false;
  try {
    await work(copying);
    done = report.failures === 0;
    report.event({ event: 'end', ...report.facts() });
    await report.end(tells || verbose ? report.summary() : undefined);
    return report.exit();
  } catch (thrown) {
    report.event({ event: 'end', stopped: true, ...report.facts() });
    await report.end(undefined);
    if (context.signal.aborted) {
      context.terminal.say(`Stopped after ${report.summary()}. The same command goes on from here.`);
      return EXIT.interrupted;
    }
    if (report.failures === 0 || thrown !== signal.reason) throw thrown;
    context.terminal.say(`Stopped after ${report.summary()}: nothing else would have fared better. The same command goes on from here.`);
    return report.exit();
  } finally {
    store.close();
    close(done);
  }
}

// One line that tells how far something has come, written over as long as it lasts.
import type { JobDocument } from '../model/job.ts';
import type { Waiting } from '../client/jobs.ts';
import type { Context } from './command.ts';
import { counted, humanBytes } from './nodes/amounts.ts';
import { cutTo } from './nodes/columns.ts';
import { isInBackground } from './processes.ts';
import { shown, type Terminal } from './terminal.ts';

export interface StatusLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** Where nobody watches nothing is written, nor over what another job shows: after Ctrl-Z and `bg`. */
export function statusLine(terminal: Pick<Terminal, 'watched' | 'draw' | 'columns'>): StatusLine {
  let drawn = false;
  return {
    show: (text) => {
      if (!terminal.watched || isInBackground()) return;
      drawn = true;
      terminal.draw(`\r${cutTo(shown(text), terminal.columns - 1)}\u001b[K`);
    },
    clear: () => {
      if (drawn) terminal.draw('\r\u001b[K');
      drawn = false;
    },
  };
}

/** Milliseconds between two drawings. */
const DRAW = 250;

/** A line that is written over as time goes, where `isLive`, and lines above it. */
export function livingLine(
  terminal: Pick<Terminal, 'watched' | 'draw' | 'columns' | 'say'>,
  isLive: boolean,
  words: () => string,
): { readonly say: (text: string) => void; readonly end: () => void } {
  const line = statusLine(terminal);
  const drawing = isLive ? setInterval(() => line.show(words()), DRAW) : undefined;
  return {
    say: (text) => {
      line.clear();
      terminal.say(text);
    },
    end: () => {
      clearInterval(drawing);
      line.clear();
    },
  };
}

/** Waits for a job of the service, whose progress is shown. Who ends the wait is told that the job goes on. `doing`: `deleting vos:/x`. */
export async function watched<T>(context: Context, doing: string, work: (waiting: Waiting) => Promise<T>): Promise<T> {
  const { terminal, signal } = context;
  const line = statusLine(terminal);
  let job: string | undefined;
  line.show(doing);
  try {
    return await work({
      signal,
      submitted: (url) => (job = url),
      progress: (known) => line.show(`${doing}${progressOf(known)}`),
    });
  } catch (thrown) {
    line.clear();
    if (signal.aborted && job !== undefined) terminal.say(`vopipe: the job goes on: vopipe wait ${job}`);
    throw thrown;
  } finally {
    line.clear();
  }
}

/** `: 1,200 of 5,000 nodes, 31 MiB`. */
export function progressOf({ phase, progress = {} }: Pick<JobDocument, 'phase' | 'progress'>): string {
  const { nodes, totalNodes, bytes, totalBytes, errors = 0 } = progress;
  const parts = [
    ...(phase === 'QUEUED' || phase === 'PENDING' ? ['waits for its turn'] : []),
    ...(nodes === undefined || (nodes === 0 && totalNodes === undefined)
      ? []
      : [totalNodes === undefined ? counted(nodes, 'node') : `${nodes} of ${counted(totalNodes, 'node')}`]),
    ...(bytes === undefined || (bytes === 0 && totalBytes === undefined)
      ? []
      : [`${humanBytes(bytes)}${totalBytes === undefined ? '' : ` of ${humanBytes(totalBytes)}`}`]),
    ...(errors === 0 ? [] : [`${errors} refused`]),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

// What a person at a terminal hears of a stage: one line that is written over, and a line for what failed; elsewhere a line for each chunk.
import type { Pipe } from '../../client/pipe.ts';
import { counted, humanBytes } from '../nodes/amounts.ts';
import { duration, rate } from '../pipe/figures.ts';
import { livingLine } from '../status.ts';
import { shown, type Terminal } from '../terminal.ts';
import { Counter } from './counter.ts';
import { GRACE } from './run.ts';
import type { StageEvent, Tally } from './stage.ts';

/** Milliseconds between two questions for the lag. */
const ASK = 2000;
/** Milliseconds that the rate is taken over. */
const WINDOW = 10_000;
/** What is said also where a line is written over. */
const SAID: readonly StageEvent['kind'][] = ['group', 'failed', 'hole', 'closed'];

export interface Report {
  readonly tell: (event: StageEvent) => void;
  readonly said: (seq: number, text: string) => void;
  readonly note: (text: string) => void;
  readonly end: () => void;
}

export function reportOn(terminal: Terminal, pipe: Pipe, group: string, json: boolean): Report {
  const recent: number[] = [];
  const counter = new Counter();
  const start = performance.now();
  let sent = 0;
  let lag: number | undefined;
  let trouble = '';
  const isLive = terminal.watched && !json;
  const words = (): string => {
    const now = performance.now();
    while ((recent[0] ?? Infinity) < now - WINDOW) recent.shift();
    const { done, failed } = counter.sums;
    // What is cut off where a terminal is narrow comes last.
    return [
      `${counted(done, 'chunk')} done`,
      ...(lag === undefined ? [] : [`${lag} to do`]),
      `${counter.running.size} running`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(trouble === '' ? [] : [trouble]),
      rate(recent.length / (Math.min(WINDOW, now - start) / 1000)),
      ...(sent > 0 ? [`${humanBytes(sent)} made`] : []),
    ].join(' · ');
  };
  const { say, end } = livingLine(terminal, isLive, words);
  const asking = isLive
    ? setInterval(() => {
        void pipe
          .group(group)
          .describe({ signal: AbortSignal.timeout(ASK * 4) })
          .then(
            (found) => (lag = found.lag.chunks),
            () => undefined,
          );
      }, ASK)
    : undefined;
  return {
    tell(event) {
      if (json) void terminal.json(event).catch(() => undefined);
      counter.count(event);
      trouble = event.kind === 'waiting' ? 'the service does not answer' : '';
      if (event.kind === 'done') {
        sent += event.bytes;
        recent.push(performance.now());
      }
      // Until it is asked for again.
      if (lag !== undefined && isLast(event)) lag = Math.max(0, lag - 1);
      const text = lineOf(event);
      if (!json && (!isLive || SAID.includes(event.kind)) && text !== undefined) say(text);
    },
    said(seq, text) {
      for (const part of text.trimEnd().split('\n')) say(`${seq}: ${shown(part)}`);
    },
    note: say,
    end() {
      clearInterval(asking);
      end();
    },
  };
}

/** Whether the group has done with the chunk. */
function isLast(event: StageEvent): boolean {
  return event.kind === 'done' || event.kind === 'hole' || (event.kind === 'failed' && event.again === undefined);
}

/** Undefined: not worth a line. */
export function lineOf(event: StageEvent): string | undefined {
  if (event.kind === 'closed') return 'the output is complete, and closed';
  if (event.kind === 'waiting') return `waiting: ${shown(event.why)}`;
  if (event.kind === 'begun') return undefined;
  if (event.kind === 'group') {
    const { group, acked, todo, dead } = event;
    return `group ${group}: ${counted(todo, 'chunk')} to do${acked > 0 ? `, ${acked} done before` : ''}${dead > 0 ? `, ${dead} dead` : ''}`;
  }
  const chunk = `${event.seq} ${shown(event.name)}`;
  switch (event.kind) {
    case 'done': {
      const made =
        event.outputs.length === 1 ? shown(event.outputs[0] ?? '') : event.outputs.length === 0 ? '' : `${event.outputs.length} files`;
      return `done ${chunk}${made === '' ? '' : ` → ${made}`} (${duration(event.seconds)})`;
    }
    case 'failed': {
      const then = event.again === undefined ? 'dead' : `again in ${event.again} s`;
      return `failed ${chunk}: ${event.reason.split('\n').map(shown).join(' | ')} (${then})`;
    }
    case 'hole':
      return `dead in the pipe ${chunk}: ${shown(event.reason)}`;
    case 'lost':
      return `lost ${chunk}: somebody else may have it`;
    case 'returned':
      return `given back ${chunk}`;
    default:
      return undefined;
  }
}

/** At the first Ctrl-C. */
export function endingNote(grace = GRACE): string {
  return `vopipe: ending: what runs has ${counted(grace, 'second')}; Ctrl-C again ends it at once`;
}

/** The last line. */
export function summaryOf({ done, failed, dead, holes, before, ended }: Tally): string {
  const isIdle = done + failed + holes === 0 && before.acked > 0 && ended !== 'stopped';
  const words = [
    `${counted(done, 'chunk')} done`,
    ...(dead > 0 ? [`${dead} dead`] : []),
    ...(before.dead > 0 ? [`${before.dead} dead from before`] : []),
    ...(holes > 0 ? [`${holes} were dead in the pipe`] : []),
    ...(isIdle ? ['everything was done already by this group'] : []),
    { closed: 'the pipe is closed', tail: 'nothing more to do', stopped: 'ended' }[ended],
  ];
  return words.join(', ');
}

/** Also of a run that had nothing to do with the chunks that are dead. */
export function isPartly({ dead, holes, before }: Tally): boolean {
  return dead + holes + before.dead > 0;
}

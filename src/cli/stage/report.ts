// What a person at a terminal hears of a stage: one line that is written over, and a line for what failed; elsewhere a line for each chunk.
import type { Pipe } from '../../client/pipe.ts';
import { counted, humanBytes } from '../nodes/amounts.ts';
import { duration, rate } from '../pipe/figures.ts';
import { shown, type Terminal } from '../terminal.ts';
import type { StageEvent, Tally } from './stage.ts';

/** Milliseconds between two drawings, and between two questions for the lag. */
const DRAW = 250;
const ASK = 2000;
/** Milliseconds that the rate is taken over. */
const WINDOW = 10_000;

export interface Report {
  readonly tell: (event: StageEvent) => void;
  readonly said: (seq: number, text: string) => void;
  readonly end: () => void;
}

export function reportOn(terminal: Terminal, pipe: Pipe, group: string, json: boolean): Report {
  const recent: number[] = [];
  let [running, done, failed, sent] = [0, 0, 0, 0];
  let lag: number | undefined;
  let trouble = '';
  const isLive = terminal.watched && !json;
  const clear = (): void => {
    if (isLive) terminal.draw('\r\u001B[K');
  };
  const draw = (): void => {
    const from = performance.now() - WINDOW;
    while ((recent[0] ?? Infinity) < from) recent.shift();
    const words = [
      `${counted(done, 'chunk')} done`,
      rate(recent.length / (WINDOW / 1000)),
      ...(sent > 0 ? [`${humanBytes(sent)} made`] : []),
      `${running} running`,
      ...(lag === undefined ? [] : [`${lag} to do`]),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(trouble === '' ? [] : [trouble]),
    ];
    terminal.draw(`\r\u001B[K${words.join(' · ').slice(0, terminal.columns - 1)}`);
  };
  const say = (line: string): void => {
    clear();
    terminal.say(line);
  };
  const drawing = isLive ? setInterval(draw, DRAW) : undefined;
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
      if (event.kind === 'begun') running++;
      else if (event.kind !== 'waiting' && event.kind !== 'closed' && event.kind !== 'hole') running--;
      trouble = event.kind === 'waiting' ? 'the service does not answer' : '';
      if (event.kind === 'done') {
        done++;
        sent += event.bytes;
        recent.push(performance.now());
      } else if (event.kind === 'failed') failed++;
      const line = lineOf(event);
      if (!json && (!isLive || event.kind === 'failed' || event.kind === 'hole') && line !== undefined) say(line);
    },
    said(seq, text) {
      for (const line of text.trimEnd().split('\n')) say(`${seq}: ${shown(line)}`);
    },
    end() {
      clearInterval(drawing);
      clearInterval(asking);
      clear();
    },
  };
}

/** Undefined: not worth a line. */
export function lineOf(event: StageEvent): string | undefined {
  if (event.kind === 'closed') return 'the output is complete, and closed';
  if (event.kind === 'waiting') return `waiting: ${shown(event.why)}`;
  if (event.kind === 'begun') return undefined;
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

/** The last line. */
export function summaryOf({ done, dead, holes, ended }: Tally): string {
  const words = [
    `${counted(done, 'chunk')} done`,
    ...(dead > 0 ? [`${dead} dead`] : []),
    ...(holes > 0 ? [`${holes} were dead in the pipe`] : []),
    { closed: 'the pipe is closed', tail: 'nothing more to do', stopped: 'ended' }[ended],
  ];
  return words.join(', ');
}

// How the pipes of a flow stand at a moment, and what flows between two moments.
import type { PipeDocument } from '../../client/pipes.ts';
import { humanBytes } from '../nodes/amounts.ts';
import { duration, rate } from '../pipe/figures.ts';
import type { Found } from './difference.ts';
import type { Flow } from './model.ts';

export interface Standing {
  readonly name: string;
  /** Undefined: it is not there. */
  readonly pipe: PipeDocument | undefined;
}

/** In the order of the file; what is recorded and not declared any more comes last. */
export function standingsOf(flow: Flow, found: Found): readonly Standing[] {
  const names = [
    ...flow.pipes.map(({ name }) => name),
    ...[...found.pipes.keys()].filter((name) => !flow.pipes.some((pipe) => pipe.name === name)),
  ];
  return names.map((name) => ({ name, pipe: found.pipes.get(name)?.pipe }));
}

/** Chunks a second that became visible, and that groups have acknowledged: by the name of the pipe, or of pipe and group. */
export type Rates = ReadonlyMap<string, number>;

interface Sample {
  /** Milliseconds of a clock that only goes forward. */
  readonly at: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Milliseconds that rates are taken over. */
const WINDOW = 10_000;

/** Keeps what it has seen for a while. */
export class Meter {
  #samples: readonly Sample[] = [];

  rates(standings: readonly Standing[], now: number): Rates {
    const counts = new Map<string, number>();
    for (const { name, pipe } of standings) {
      counts.set(name, pipe?.counts?.visible ?? 0);
      for (const { group, acked } of pipe?.groups ?? []) counts.set(`${name}/${group}`, acked);
    }
    this.#samples = [...this.#samples.filter(({ at }) => at >= now - WINDOW), { at: now, counts }];
    const [first] = this.#samples;
    const seconds = first ? (now - first.at) / 1000 : 0;
    return new Map(
      Array.from(counts, ([key, count]) => [key, seconds > 0 ? Math.max(0, count - (first?.counts.get(key) ?? count)) / seconds : 0]),
    );
  }
}

/** Cells of a table: a line for each pipe, and below it one for each of its groups. `rates` undefined: there is one moment only. */
export function rowsOf(standings: readonly Standing[], rates?: Rates): readonly (readonly string[])[] {
  return standings.flatMap(({ name, pipe }) => {
    if (!pipe) return [[name, 'not there', '', '', '', '']];
    const { condition, counts, lag, bytes, groups = [] } = pipe;
    const behind = lag && lag.chunks > 0 ? `${lag.chunks} on their way for ${duration(lag.seconds)}` : '';
    const flowing = (key: string): string => (rates ? rate(rates.get(key) ?? 0) : '');
    return [
      [
        name,
        condition,
        counts ? `${counts.visible}/${counts.written}` : '',
        flowing(name),
        [behind, dead(counts?.missing)].filter((text) => text !== '').join(', '),
        bytes ? humanBytes(bytes.visible) : '',
      ],
      ...groups.map((one) => {
        const todo = one.lag.chunks === 0 ? '' : `${one.lag.chunks} to do for ${duration(one.lag.seconds)}`;
        const more = [todo, one.claimed > 0 ? `${one.claimed} in work` : '', one.waiting > 0 ? `${one.waiting} again` : '', dead(one.dead)];
        return [
          `  ${one.group}`,
          'group',
          `${one.acked}`,
          flowing(`${name}/${one.group}`),
          more.filter((text) => text !== '').join(', '),
          '',
        ];
      }),
    ];
  });
}

function dead(count = 0): string {
  return count > 0 ? `${count} dead` : '';
}

/** Whether all is closed and done: nothing will change any more. */
export function isOver(standings: readonly Standing[]): boolean {
  return standings.every(({ pipe }) => {
    if (!pipe) return true;
    const { condition, lag, groups = [] } = pipe;
    return condition === 'closed' && (lag?.chunks ?? 0) === 0 && groups.every((group) => group.lag.chunks === 0);
  });
}

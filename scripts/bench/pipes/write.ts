// WriteChunk: how many chunks a second are accepted as durable, one by one and in lists.
import { median, micros, perSecond, ratio, type Figure } from '../figures.ts';
import { driveWorkers, type Worker } from '../load.ts';
import { cpuOf } from '../process.ts';
import type { World } from '../world.ts';
import type { Log } from './peer.ts';
import { withPeers } from './peers.ts';

const SECONDS = 1.2;
const ROUNDS = 5;
const LIST = 100;

export interface Side {
  readonly name: string;
  readonly open: () => Promise<Worker>;
  /** Chunks per piece of work. */
  readonly list: number;
  /** Chunks per second, one for each round. */
  readonly rate: number[];
  /** Microseconds of CPU per chunk that the service used meanwhile. */
  readonly cpu: number[];
  sent: number;
}

export const sideOf = (name: string, open: Side['open'], list = 1): Side => ({ name, open, list, rate: [], cpu: [], sent: 0 });

/** Each round takes every side once; a first round warms up and does not count. */
export async function rounds(world: World, sides: readonly Side[], workers: number): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of sides) {
      const before = cpuOf(world.pid);
      const { requests, perSecond: rate } = await driveWorkers({ open: side.open, workers, seconds: SECONDS }, side.sent);
      side.sent += requests + workers;
      if (round === 0) continue;
      side.rate.push(rate * side.list);
      side.cpu.push((cpuOf(world.pid) - before) / requests / side.list);
    }
  }
}

export async function write(world: World): Promise<Figure[]> {
  return withPeers(world, async (peers) => {
    const logs: { readonly name: string; readonly log: Log }[] = [];
    for (const peer of peers) logs.push({ name: peer.name, log: await peer.log('writing') });
    const figures: Figure[] = [];
    let sent = 0;
    const compare = async (list: number, workers: number): Promise<readonly [Side, ...Side[]]> => {
      const [first, ...others] = logs.map(({ name, log }) => sideOf(name, () => log.writer(list), list));
      if (!first) throw new Error('there are no peers');
      // Names are never used twice.
      for (const side of [first, ...others]) side.sent = sent;
      await rounds(world, [first, ...others], workers);
      sent = Math.max(...[first, ...others].map((side) => side.sent * list));
      return [first, ...others];
    };
    for (const workers of [1, 32]) {
      const [first, ...others] = await compare(1, workers);
      const who = workers === 1 ? '1 writer' : `${workers} writers`;
      const [bare] = others;
      if (bare) figures.push(ratio(`WriteChunk inline, ${who}, CPU (peer: ${bare.name})`, median(first.cpu), median(bare.cpu), micros));
      others.forEach((side, i) => {
        const target = i === 0 ? ({ atLeast: 0.6 } as const) : undefined;
        figures.push(ratio(`WriteChunk inline, ${who} (peer: ${side.name})`, median(first.rate), median(side.rate), perSecond, target));
      });
    }
    const [first, ...others] = await compare(LIST, 1);
    others.forEach((side, i) => {
      const rate = median(first.rate);
      figures.push({
        name: `WriteChunk inline in lists of ${LIST}, chunks (peer: ${side.name})`,
        ours: perSecond(rate),
        peer: perSecond(median(side.rate)),
        ...(i === 0 ? { value: rate, unit: '/s', target: { atLeast: 5000 } } : { value: rate / median(side.rate) }),
      });
    });
    return figures;
  });
}

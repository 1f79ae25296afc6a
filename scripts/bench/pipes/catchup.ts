// Catching up: a reader takes everything that a pipe holds, without URLs and with them, from pipes of very different lengths.
import { formatState } from '../../../src/model/pipe-state.ts';
import type { PipeId } from '../../../src/model/pipe.ts';
import { median, perSecond, ratio, type Figure } from '../figures.ts';
import { cpuOf } from '../process.ts';
import type { World } from '../world.ts';
import { bare } from './bare.ts';
import { seedNodes, whenVisible } from './nodes.ts';
import { createPipe, readAll, writerOf } from './ours.ts';
import type { Log } from './peer.ts';
import { withPeers } from './peers.ts';

/** Chunks in the pipe that is compared with others. */
const COUNT = 20_000;
const WITH_URLS = 5000;
const ROUNDS = 5;
const LENGTHS = [1000, 10_000, 100_000, 1_000_000] as const;
/** Chunks read per figure of LENGTHS. */
const SAMPLE = 10_000;
const LIST = 100;

interface Side {
  readonly name: string;
  readonly read: () => Promise<void>;
  readonly count: number;
  /** Chunks per second, one for each round. */
  readonly rate: number[];
  /** Microseconds of CPU per chunk that the service used meanwhile. */
  readonly cpu: number[];
}

const sideOf = (name: string, count: number, read: () => Promise<void>): Side => ({ name, read, count, rate: [], cpu: [] });

async function rounds(world: World, sides: readonly Side[]): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { read, count, rate, cpu } of sides) {
      const before = cpuOf(world.pid);
      const start = performance.now();
      await read();
      if (round === 0) continue;
      rate.push((count * 1000) / (performance.now() - start));
      cpu.push((cpuOf(world.pid) - before) / count);
    }
  }
}

export async function catchUp(world: World): Promise<Figure[]> {
  return [...(await beside(world)), ...(await withUrls(world)), ...(await byLength(world))];
}

async function beside(world: World): Promise<Figure[]> {
  return withPeers(world, async (peers) => {
    const sides: Side[] = [];
    for (const peer of peers) {
      const log = await peer.log('catching-up');
      await fill(log, COUNT);
      sides.push(sideOf(peer.name, COUNT, () => log.readAll(COUNT)));
    }
    await rounds(world, sides);
    const [first, ...others] = sides;
    const mine = median(first?.rate ?? []);
    return others.map(({ name, rate }, i) => ({
      name: `catch-up without URLs, chunks (peer: ${name})`,
      ours: perSecond(mine),
      peer: perSecond(median(rate)),
      ...(i === 0 ? { value: mine, unit: '/s', target: { atLeast: 100_000 } } : { value: mine / median(rate) }),
    }));
  });
}

async function fill(log: Log, count: number): Promise<void> {
  const writer = await log.writer(LIST);
  for (let i = 0; i < count / LIST; i++) await writer.work(i);
  writer.close();
}

async function withUrls(world: World): Promise<Figure[]> {
  const pipe = await createPipe(world, 'signed');
  const names = await seedNodes(world, pipe.src, WITH_URLS);
  const writer = await writerOf(world, pipe, LIST, (i) => ({ name: names(i) }));
  const start = performance.now();
  for (let i = 0; i < WITH_URLS / LIST; i++) await writer.work(i);
  const written = performance.now() - start;
  await whenVisible(world, pipe, WITH_URLS);
  const visible = performance.now() - start;
  writer.close();
  const log = await bare(world).log('unsigned');
  await fill(log, WITH_URLS);
  const sides = [
    sideOf('', WITH_URLS, () => readAll(world, pipe, WITH_URLS, '&urls=1')),
    sideOf('', WITH_URLS, () => log.readAll(WITH_URLS)),
  ] as const;
  await rounds(world, sides);
  const mine = median(sides[0].rate);
  const name = 'catch-up with signed URLs, chunks (peer: bare log, without)';
  const rate = (milliseconds: number): number => (WITH_URLS * 1000) / milliseconds;
  return [
    ratio(
      'nodes written in lists until the last is in its destination (peer: until it is accepted)',
      rate(visible),
      rate(written),
      perSecond,
    ),
    { name, ours: perSecond(mine), peer: perSecond(median(sides[1].rate)), value: mine, unit: '/s', target: { atLeast: 20_000 } },
  ];
}

/** The last of each pipe are read, as often as it takes for SAMPLE. */
async function byLength(world: World): Promise<Figure[]> {
  const sides: Side[] = [];
  for (const length of LENGTHS) {
    const pipe = await createPipe(world, `long-${length}`);
    const id = pipe.path.slice(pipe.path.lastIndexOf('/') + 1) as PipeId;
    await world.bench(`/fill?pipe=${id}&count=${length}`);
    const count = Math.min(length, SAMPLE);
    const from = formatState(id, length - count);
    const read = async (): Promise<void> => {
      for (let i = 0; i < SAMPLE; i += count) await readAll(world, pipe, count, '&urls=0', from);
    };
    sides.push(sideOf(length.toLocaleString('en'), SAMPLE, read));
  }
  await rounds(world, sides);
  const [least, ...others] = sides.map(({ name, rate, cpu }) => ({ name, time: 1e6 / median(rate), cpu: median(cpu) }));
  return others.flatMap(({ name, time, cpu }) => [
    ratio(`catch-up at the end of ${name} chunks, CPU per chunk (peer: of ${least?.name})`, cpu, least?.cpu ?? NaN, precise, {
      atMost: 1.5,
    }),
    ratio(`the same, time per chunk`, time, least?.time ?? NaN, precise),
  ]);
}

const precise = (value: number): string => `${value.toFixed(1)} µs`;

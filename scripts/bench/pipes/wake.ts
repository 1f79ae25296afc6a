// From WriteChunk to the readers that wait: one, a hundred, a thousand; long polls, event streams, and what they leave in memory.
import { setTimeout as sleep } from 'node:timers/promises';
import { megabytes, median, millis, ratio, type Figure } from '../figures.ts';
import type { Worker } from '../load.ts';
import { memoryOf } from '../process.ts';
import type { World } from '../world.ts';
import { openStream } from './event-stream.ts';
import { createPipe, logOf, writerOf } from './ours.ts';
import { DATA, type Log, type Peer, type Reader } from './peer.ts';
import { withPeers } from './peers.ts';

const ROUNDS = { 1: 60, 100: 15, 1000: 7 } as const;
/** Milliseconds in which so many requests have come to wait. */
const SETTLE = { 1: 20, 100: 150, 1000: 1000 } as const;
type Count = keyof typeof ROUNDS;

interface Waiting {
  readonly name: string;
  readonly readers: readonly Reader[];
  readonly writer: Worker;
  /** Milliseconds from before the chunk was written until the last reader had it, one for each round. */
  readonly last: number[];
  written: number;
}

async function waitingOn(name: string, count: number, reader: () => Promise<Reader>, writer: Worker): Promise<Waiting> {
  const readers: Reader[] = [];
  for (let i = 0; i < count; i += 50) readers.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, reader))));
  return { name, readers, writer, last: [], written: 0 };
}

async function round(side: Waiting, settle: number, counts: boolean): Promise<void> {
  let start = 0;
  let last = 0;
  const arrivals = side.readers.map(async (reader) => {
    await reader.next();
    last = Math.max(last, performance.now() - start);
  });
  const all = Promise.all(arrivals);
  // Those that fail while the writer is not yet done are not lost.
  all.catch(() => undefined);
  await sleep(settle);
  start = performance.now();
  await side.writer.work(side.written++);
  await all;
  if (counts) side.last.push(last);
}

async function measure(sides: readonly Waiting[], count: Count): Promise<void> {
  try {
    for (let i = 0; i <= ROUNDS[count]; i++) for (const side of sides) await round(side, SETTLE[count], i > 0);
  } finally {
    for (const side of sides) for (const one of [...side.readers, side.writer]) one.close();
  }
}

const WANTED: Readonly<Record<Count, number>> = { 1: 5, 100: 50, 1000: 400 };

export async function wake(world: World): Promise<Figure[]> {
  const figures = await withPeers(world, async (peers) => {
    const found: Figure[] = [];
    for (const count of [1, 100, 1000] as const) found.push(...(await compare(peers, count)));
    return found;
  });
  return [...figures, ...(await streams(world)), await memory(world)];
}

async function compare(peers: readonly Peer[], count: Count): Promise<Figure[]> {
  const sides: Waiting[] = [];
  for (const peer of peers) {
    const log: Log = await peer.log(`waiting-${count}`);
    sides.push(await waitingOn(peer.name, count, () => log.reader(), await log.writer(1)));
  }
  await measure(sides, count);
  const [first, ...others] = sides;
  const who = count === 1 ? 'a chunk → the reader who waits' : `a chunk → the last of ${count} who wait`;
  const mine = median(first?.last ?? []);
  return others.flatMap(({ name, last }, i) => {
    const peer = median(last);
    const wanted = { value: mine, unit: ' ms', target: { atMost: WANTED[count] } };
    const figure = {
      name: `${who} (peer: ${name})`,
      ours: millis(mine),
      peer: millis(peer),
      ...(i === 0 ? wanted : { value: mine / peer }),
    };
    return i === 0 && count === 1000 ? [figure, ratio('the same beside the bare log', mine, peer, millis, { atMost: 1.4 })] : [figure];
  });
}

const inline = (i: number): object => ({ name: `chunk-${i}`, data: Buffer.from(DATA).toString('base64') });

async function streams(world: World): Promise<Figure[]> {
  const pipe = await createPipe(world, 'streaming');
  const side = await waitingOn('', 1000, () => openStream(world, pipe), await writerOf(world, pipe, 1, inline));
  await measure([side], 1000);
  const last = median(side.last);
  return [
    { name: 'a chunk → the last of 1000 event streams', ours: millis(last), peer: '', value: last, unit: ' ms', target: { atMost: 150 } },
  ];
}

const EARLY = 100;
const LATE = 1000;

async function memory(world: World): Promise<Figure> {
  const pipe = await createPipe(world, 'remembering');
  const log = logOf(world, pipe);
  const side = await waitingOn('', 100, () => log.reader(), await log.writer(1));
  const at: number[] = [];
  try {
    for (let i = 1; i <= LATE; i++) {
      await round(side, 5, false);
      if (i === EARLY || i === LATE) at.push(memoryOf(world.pid));
    }
  } finally {
    for (const one of [...side.readers, side.writer]) one.close();
  }
  const [early = NaN, late = NaN] = at;
  return {
    name: `memory after ${LATE} rounds of 100 readers (peer: after ${EARLY})`,
    ours: megabytes(late),
    peer: megabytes(early),
    value: late / early,
    target: { atMost: 1.1 },
  };
}

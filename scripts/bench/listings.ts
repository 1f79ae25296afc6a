// Listing out of a million children, beside out of a thousand: pages, and the whole as a stream.
import { median, megabytes, millis, ratio, type Figure } from './figures.ts';
import { cpuOf, growthOf } from './process.ts';
import { creation, TOP, type World } from './world.ts';

const MANY = 1_000_000;
const FEW = 1000;
const BATCH = 20_000;
const PAGES = 40;
const STARTS = 15;

export async function fill(world: World, container: string, count: number): Promise<void> {
  await world.call(creation(`${TOP}/${container}`, 'ContainerNode'));
  for (let from = 0; from < count; from += BATCH) {
    await world.bench(`/seed?top=${TOP}&container=${container}&from=${from}&count=${Math.min(BATCH, count - from)}`);
  }
}

interface Page {
  /** Milliseconds to the last byte. */
  readonly last: number;
  readonly bytes: number;
  /** Milliseconds of CPU that the service used. */
  readonly cpu: number;
}

async function read(world: World, path: string): Promise<Page> {
  const cpu = cpuOf(world.pid);
  const start = performance.now();
  const answer = await world.call({ method: 'GET', path: `/vos/nodes/${TOP}/${path}` });
  let bytes = 0;
  if (answer.body) {
    for await (const part of answer.body) {
      bytes += part.length;
    }
  }
  return { last: performance.now() - start, bytes, cpu: (cpuOf(world.pid) - cpu) / 1000 };
}

/** Milliseconds until the first byte of an answer that is then given up. */
async function firstByte(world: World, path: string): Promise<number> {
  const start = performance.now();
  const answer = await world.call({ method: 'GET', path: `/vos/nodes/${TOP}/${path}` });
  const reader = answer.body?.getReader();
  await reader?.read();
  const milliseconds = performance.now() - start;
  await reader?.cancel();
  return milliseconds;
}

export async function listing(world: World): Promise<Figure[]> {
  await fill(world, 'few', FEW);
  await fill(world, 'many', MANY);
  const start = encodeURIComponent(`vos://localhost~vospace/${TOP}/many/file-${String(MANY / 2).padStart(7, '0')}`);
  const few = { time: [] as number[], cpu: [] as number[] };
  const many = { time: [] as number[], cpu: [] as number[] };
  for (let i = -5; i < PAGES; i++) {
    for (const [path, into] of [
      [`few?limit=${FEW}`, few],
      [`many?limit=${FEW}&uri=${start}`, many],
    ] as const) {
      const page = await read(world, path);
      if (i < 0) continue;
      into.time.push(page.last);
      into.cpu.push(page.cpu);
    }
  }
  const repeat = async (path: string): Promise<void> => {
    for (let i = 0; i < PAGES; i++) await read(world, path);
  };
  const fewGrowth = await growthOf(world.pid, () => repeat(`few?limit=${FEW}`));
  const manyGrowth = await growthOf(world.pid, () => repeat(`many?limit=${FEW}&uri=${start}`));
  const whole: Page[] = [];
  const wholeGrowth = await growthOf(world.pid, async () => void whole.push(await read(world, 'many?detail=min')));
  const [all] = whole;
  const first = { few: [] as number[], many: [] as number[] };
  for (let i = 0; i < STARTS; i++)
    for (const size of ['few', 'many'] as const) first[size].push(await firstByte(world, `${size}?detail=min`));
  return [
    ratio('page of 1,000 out of 1,000,000, time (peer: out of 1,000)', median(many.time), median(few.time), millis, { atMost: 1.2 }),
    ratio('page of 1,000 out of 1,000,000, CPU (peer: out of 1,000)', median(many.cpu), median(few.cpu), millis, { atMost: 1.2 }),
    {
      name: '40 such pages, memory added at most',
      ours: megabytes(manyGrowth),
      peer: megabytes(fewGrowth),
      value: (manyGrowth - fewGrowth) / 1e6,
      unit: ' MB',
      target: { atMost: 16 },
    },
    ratio('all 1,000,000 at once, first byte (peer: all of 1,000)', median(first.many), median(first.few), millis),
    {
      name: `all 1,000,000 at once, ${millis(all?.last ?? NaN)}: memory added at most`,
      ours: megabytes(wholeGrowth),
      peer: megabytes(all?.bytes ?? 0),
      value: wholeGrowth / (all?.bytes ?? NaN),
      target: { atMost: 0.25 },
    },
  ];
}

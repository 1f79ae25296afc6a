// Renaming a container of 100,000 nodes beside one of 10: one inside a Space, and a top-level one.
import { median, millis, ratio, type Figure } from './figures.ts';
import { creation, type World } from './world.ts';

const SIZES = { large: 100_000, small: 10 } as const;
const BATCH = 20_000;
const ROUNDS = 41;
const CONTAINER = 'tree';

type Size = keyof typeof SIZES;

async function make(world: World, top: Size): Promise<void> {
  await world.callAsAdmin(creation(top, 'ContainerNode'));
  await world.callAsAdmin(creation(`${top}/${CONTAINER}`, 'ContainerNode'));
  for (let from = 0; from < SIZES[top]; from += BATCH) {
    await world.bench(`/seed?top=${top}&container=${CONTAINER}&from=${from}&count=${Math.min(BATCH, SIZES[top] - from)}`);
  }
}

/** Renames both back and forth, in turn. Milliseconds of each round. */
async function rounds(world: World, path: (size: Size, from: string, to: string) => string): Promise<Record<Size, number[]>> {
  const times: Record<Size, number[]> = { large: [], small: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of ['large', 'small'] as const) {
      const start = performance.now();
      await world.bench(round % 2 === 0 ? path(size, '', '-b') : path(size, '-b', ''));
      times[size].push(performance.now() - start);
    }
  }
  return times;
}

export async function rename(world: World): Promise<Figure[]> {
  await make(world, 'large');
  await make(world, 'small');
  const inside = await rounds(world, (size, from, to) => `/move?top=${size}&from=${CONTAINER}${from}&to=${CONTAINER}${to}`);
  const top = await rounds(world, (size, from, to) => `/rename?from=${size}${from}&to=${size}${to}`);
  // An odd number of rounds leaves the other names: the last node must be found under both.
  await world.callAsAdmin({ method: 'GET', path: `/vos/nodes/large-b/${CONTAINER}-b/file-${String(SIZES.large - 1).padStart(7, '0')}` });
  return [
    ratio('rename of 100,000 nodes, inside a Space (peer: of 10)', median(inside.large), median(inside.small), millis, { atMost: 1.5 }),
    ratio('rename of 100,000 nodes, top-level (peer: of 10)', median(top.large), median(top.small), millis, { atMost: 1.5 }),
  ];
}

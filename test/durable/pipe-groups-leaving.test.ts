// A group that goes: what only it held back is released, in steps of bounded cost, whatever comes meanwhile.
import { expect, it } from 'vitest';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import type { ClaimPage } from '../../src/model/pipe-group.ts';
import { costOf } from './support/cost.ts';
import { inlineChunk, TestPipe } from './support/pipe.ts';
import { OWNER } from './support/space.ts';

const G = parsePipeGroup('g');
const H = parsePipeGroup('h');
const K = parsePipeGroup('k');
/** Rows read and written in one transaction. */
const STEP = 6000;

/** 4,000 chunks: G has acknowledged none of them, H every second one. */
async function withGaps() {
  const pipe = await TestPipe.open();
  for (const group of [G, H]) await pipe.port.putGroup(OWNER, group, {});
  for (let i = 0; i < 8; i++)
    await pipe.port.append({ principal: OWNER, chunks: Array.from({ length: 500 }, (_, n) => inlineChunk(`${i}.${n}`)) });
  for (let i = 0; i < 4; i++) {
    const { chunks } = JSON.parse((await pipe.port.claim(OWNER, H, { max: 1000, maxBytes: 1e9 })).body) as ClaimPage;
    const fences = chunks.filter(({ seq }) => seq % 2 === 1).map(({ fence }) => fence);
    await pipe.port.settleClaims(OWNER, H, fences, { kind: 'ack' });
  }
  return {
    port: pipe.port,
    room: async (): Promise<number> => (await pipe.port.describe(OWNER)).credit.chunks,
    rows: async (table: string): Promise<number> => (await pipe.rows(`SELECT 1 FROM ${table}`)).length,
    /** What the call costs, and each step after it, until nothing is left to do. */
    costs: async (group: typeof G): Promise<readonly number[]> => {
      const costs = [await costOf(pipe.stub, (inside) => inside.dropGroup(OWNER, group))];
      while ((await pipe.rows('SELECT 1 FROM leaving')).length > 0)
        costs.push(await costOf(pipe.stub, (inside) => (inside as unknown as { alarm(): Promise<void> }).alarm()));
      return costs.map(({ read, written }) => read + written);
    },
  };
}

it('what only a group with many gaps held back is released in steps', async () => {
  const { port, room, costs } = await withGaps();
  expect(await room()).toBe(6000);
  const steps = await costs(G);
  expect([Math.max(...steps) < STEP, steps.length > 4, await room()]).toEqual([true, true, 8000]);
  // Once released, for ever.
  await port.putGroup(OWNER, K, {});
  expect(await room()).toBe(8000);
});

it('a group that is made in between holds nothing back of it', async () => {
  const { port, room, costs } = await withGaps();
  await port.dropGroup(OWNER, G);
  expect(await room()).toBeLessThan(8000);
  await port.putGroup(OWNER, G, {});
  await port.putGroup(OWNER, K, { start: 'now' });
  await costs(K);
  expect(await room()).toBe(8000);
});

it('when the last one goes everything is released, and the next begins anew', async () => {
  const { port, room, rows, costs } = await withGaps();
  await costs(G);
  await port.dropGroup(OWNER, H);
  expect(await room()).toBe(10_000);
  await port.putGroup(OWNER, G, {});
  await port.append({ principal: OWNER, chunks: [inlineChunk('a'), inlineChunk('b')] });
  expect(await room()).toBe(9998);
  const { chunks } = JSON.parse((await port.claim(OWNER, G, { max: 10_000, maxBytes: 1e9 })).body) as ClaimPage;
  await port.settleClaims(OWNER, G, [chunks.at(-1)?.fence ?? ''], { kind: 'ack' });
  expect(await room()).toBe(10_000 - (chunks.length === 4002 ? 1 : 2));
  const steps = await costs(G);
  expect(Math.max(...steps)).toBeLessThan(STEP);
  expect([await room(), await rows('settled'), await rows('released'), await rows('leaving')]).toEqual([10_000, 0, 0, 0]);
});

// Following through lost calls, killed and late Carriers, full pipes and evictions: nothing is lost, and nothing comes twice.
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import type { PipeId } from '../../src/model/pipe.ts';
import { MAX_HOPS } from '../../src/model/limits.ts';
import { Random } from '../support/random.ts';
import { amid, Chaining, pipeAt } from './support/chaining.ts';
import { FakeStore } from './support/fake-store.ts';
import { inlineChunk, TestPipe } from './support/pipe.ts';
import { testClock } from './support/ports.ts';
import { mount } from './support/relocating.ts';
import { OWNER } from './support/space.ts';
import { TROUBLES, Troubles } from './support/troubles.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));

let chain: Chaining;

beforeEach(async () => {
  chain = new Chaining(await mount(new FakeStore()));
});

describe('a chain of pipes', () => {
  for (const how of TROUBLES)
    it(`brings each chunk once when any call is ${how}`, { timeout: 120_000 }, async () => {
      for (let at = 1; ; at++) {
        chain = new Chaining(chain.space);
        for (const name of ['a', 'b', 'c']) await chain.space.make(`${name}${at}`);
        const [first, second] = [await chain.made(`a${at}`, `b${at}`), await chain.made(`b${at}`, `c${at}`)];
        await chain.settle();
        const troubles = new Troubles(at, how);
        await chain.write(first, `a${at}`, 'x', 'y');
        await amid(troubles.peers, () => chain.settle(600_000, troubles));
        troubles.release();
        await chain.settle();
        expect([at, await chain.names(second)]).toEqual([at, ['x', 'y']]);
        expect(await chain.space.names(`c${at}`)).toEqual(['x', 'y']);
        if (troubles.calls < at) break;
      }
    });

  it(`of random pipes brings every chunk to every end once (SEED=${SEED})`, { timeout: 120_000 }, async () => {
    const random = new Random(SEED);
    const boxes = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of boxes) await chain.space.make(name);
    const edges: { readonly pipe: PipeId; readonly from: number; readonly to: number }[] = [];
    const written = new Map<PipeId, string[]>();
    for (let step = 0; step < 60; step++) {
      const kind = random.weighted({ make: edges.length < 8 ? 4 : 0, write: edges.length > 0 ? 8 : 0, settle: 3, evict: 1, jump: 2 });
      if (kind === 'make') {
        const from = random.below(boxes.length - 1);
        const to = random.between(from + 1, boxes.length - 1);
        const bounds = random.chance(0.3) ? { maxChunks: random.between(1, 3) } : {};
        edges.push({
          pipe: await chain.made(boxes[from] ?? '', boxes[to] ?? '', { ...bounds, order: random.pick(['write', 'ready']) }),
          from,
          to,
        });
      } else if (kind === 'write') {
        const { pipe, from } = random.pick(edges);
        const name = `n${step}`;
        await chain.space.upload(`${boxes[from]}/${name}`, 10);
        // A full pipe refuses.
        const done = await chain.writeNodes(pipe, [name]).then(
          () => true,
          () => false,
        );
        if (done) written.set(pipe, [...(written.get(pipe) ?? []), name]);
      } else if (kind === 'settle') await chain.settle(random.between(0, 5000));
      else if (kind === 'evict') await chain.evict();
      else testClock.now += random.between(0, 60_000);
    }
    await chain.settle(3_600_000);
    // What a pipe brings is what was written into it, and what those bring that lead to its source.
    const expected = (edge: (typeof edges)[number]): Set<string> =>
      new Set([...(written.get(edge.pipe) ?? []), ...edges.filter(({ to }) => to === edge.from).flatMap((other) => [...expected(other)])]);
    for (const edge of edges) expect((await chain.names(edge.pipe)).toSorted()).toEqual([...expected(edge)].toSorted());
  });

  it('ends after so many pipes', { timeout: 60_000 }, async () => {
    const pipes: PipeId[] = [];
    for (let i = 0; i <= MAX_HOPS + 1; i++) pipes.push(await chain.made(`p${i}`, `p${i + 1}`));
    await chain.write(pipes[0] as PipeId, 'p0', 'x');
    await chain.settle(3_600_000);
    expect(await chain.names(pipes[MAX_HOPS] as PipeId)).toEqual(['x']);
    const [last] = (await chain.log(pipes[MAX_HOPS + 1] as PipeId)).chunks;
    expect(last?.reason).toMatch('CycleDetected');
  });

  it('stops where the owner of the next pipe may not read any more, and goes on when he may', async () => {
    for (const name of ['a', 'b', 'c']) await chain.space.make(name);
    const first = await chain.made('a', 'b');
    await chain.write(first, 'a', 'x');
    await chain.settle();
    chain.members = false;
    const second = await chain.made('b', 'c');
    await chain.settle(1000);
    expect([(await pipeAt(second).describe(OWNER)).condition, await chain.names(second)]).toEqual(['authRequired', []]);
    chain.members = true;
    await chain.settle(3_600_000);
    expect([(await pipeAt(second).describe(OWNER)).condition, await chain.names(second)]).toEqual(['open', ['x']]);
  });
});

it('what is lost in another pipe is counted once, however long the follower is full', async () => {
  const pipe = await TestPipe.open({ maxChunks: 1 });
  await pipe.port.putGroup(OWNER, parsePipeGroup('g'), {});
  await pipe.port.append({ principal: OWNER, chunks: [inlineChunk('own')] });
  await pipe.port.upstreamHas({ pipe: 'other' as PipeId, destination: pipe.definition.source.uri, pos: 6 });
  for (let round = 0; round < 3; round++) {
    const [attempt] = pipe.given();
    if (!attempt) throw new Error('nothing was given out');
    const task = await pipe.port.begin(attempt.id, attempt.attempt);
    if (task?.kind !== 'follow') throw new Error(`the task is ${task?.kind}`);
    const lost = Math.max(0, 5 - task.after);
    const passed = [{ pos: 6, lineage: [], kind: 'chunk', chunk: inlineChunk('theirs') }] as const;
    await pipe.port.report(attempt.id, attempt.attempt, {
      kind: 'followed',
      after: task.after,
      to: 6,
      lost,
      pinnedAt: testClock.now,
      passed,
    });
    testClock.now += 6000;
    await pipe.ring();
  }
  expect((await pipe.port.describe(OWNER)).upstreams).toMatchObject([{ taken: 5, known: 6, lost: 5 }]);
});

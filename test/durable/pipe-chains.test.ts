// Chains of pipes: what comes out of one goes into the next, each chunk once, whichever was made first and whoever is interrupted.
import { beforeEach, describe, expect, it } from 'vitest';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import type { ClaimPage } from '../../src/model/pipe-group.ts';
import { Chaining, pipeAt } from './support/chaining.ts';
import { FakeStore } from './support/fake-store.ts';
import { testClock } from './support/ports.ts';
import { mount } from './support/relocating.ts';
import { OWNER } from './support/space.ts';

let chain: Chaining;

beforeEach(async () => {
  const space = await mount(new FakeStore());
  for (const name of ['a', 'b', 'c', 'd', 'e']) await space.make(name);
  chain = new Chaining(space);
});

describe('a pipe whose source is the destination of another', () => {
  it('forwards what that brings, with the pipes that it has passed', async () => {
    const [first, second, third] = [await chain.made('a', 'b'), await chain.made('b', 'c'), await chain.made('c', 'd')];
    await chain.write(first, 'a', 'one', 'two');
    await chain.settle();
    expect(await chain.names(third)).toEqual(['one', 'two']);
    const [notice] = (await chain.log(third)).chunks;
    expect(notice?.lineage?.map(({ pipe, seq, name }) => [pipe, seq, name])).toEqual([
      [first, 1, 'one'],
      [second, 1, 'one'],
    ]);
    expect(await chain.space.names('d')).toEqual(['one', 'two']);
  });

  it('forwards what came before it was made, and before the other was made', async () => {
    const first = await chain.made('a', 'b');
    const last = await chain.made('c', 'd');
    await chain.write(first, 'a', 'one');
    await chain.settle();
    await chain.made('b', 'c');
    await chain.settle();
    expect(await chain.names(last)).toEqual(['one']);
  });

  it('does so after an eviction of all, and only once', async () => {
    const [first, second] = [await chain.made('a', 'b'), await chain.made('b', 'c')];
    for (const name of ['one', 'two', 'three']) {
      await chain.write(first, 'a', name);
      await chain.evict();
      await chain.settle();
    }
    expect(await chain.names(second)).toEqual(['one', 'two', 'three']);
    expect((await pipeAt(second).describe(OWNER)).upstreams).toMatchObject([{ pipe: first, taken: 3, known: 3, lost: 0, conflicts: 0 }]);
  });

  it('does not where it is told not to, until it is told to', async () => {
    const [first, second] = [await chain.made('a', 'b'), await chain.made('b', 'c', { follow: false })];
    await chain.write(first, 'a', 'one');
    await chain.settle();
    expect(await chain.names(second)).toEqual([]);
    await pipeAt(second).change(OWNER, { options: { follow: true } });
    await chain.settle();
    expect(await chain.names(second)).toEqual(['one']);
  });

  it('is closed when all that it follows are closed and read to their ends', async () => {
    const [one, other, last] = [await chain.made('a', 'c'), await chain.made('b', 'c'), await chain.made('c', 'd')];
    await chain.write(one, 'a', 'x');
    await chain.write(other, 'b', 'y');
    await pipeAt(one).close(OWNER, {});
    await chain.settle();
    expect((await chain.log(last)).closed).toBe(false);
    await pipeAt(other).close(OWNER, {});
    await chain.settle();
    expect([(await chain.names(last)).toSorted(), (await chain.log(last)).closed]).toEqual([['x', 'y'], true]);
  });

  it('stays open where somebody writes into it by hand', async () => {
    const [first, second] = [await chain.made('a', 'b'), await chain.made('b', 'c')];
    await chain.write(second, 'b', 'own');
    await pipeAt(first).close(OWNER, {});
    await chain.settle();
    expect((await chain.log(second)).closed).toBe(false);
  });

  it('waits while it is full, and goes on', async () => {
    const [first, second] = [await chain.made('a', 'b'), await chain.made('b', 'c', { maxChunks: 2 })];
    await chain.write(first, 'a', '1', '2', '3', '4', '5');
    await chain.settle();
    expect(await chain.names(second)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('takes what a destroyed pipe had brought', async () => {
    const first = await chain.made('a', 'b');
    await chain.write(first, 'a', 'one');
    await chain.settle();
    const second = await chain.made('b', 'c');
    await chain.destroy(first);
    await chain.settle();
    expect([await chain.names(second), (await chain.log(second)).closed]).toEqual([['one'], false]);
  });
});

describe('chunks that come by several ways', () => {
  it('come once', async () => {
    const [top, left, right] = [await chain.made('a', 'b'), await chain.made('b', 'c'), await chain.made('b', 'd')];
    const [one, other] = [await chain.made('c', 'e'), await chain.made('d', 'e')];
    await chain.space.make('f');
    const last = await chain.made('e', 'f');
    await chain.write(top, 'a', 'x', 'y');
    await chain.settle();
    for (const pipe of [left, right, one, other]) expect(await chain.names(pipe)).toEqual(['x', 'y']);
    expect((await chain.names(last)).toSorted()).toEqual(['x', 'y']);
  });

  it('with other bytes are counted where they would have the same name', async () => {
    const [one, other, last] = [
      await chain.made('a', 'c'),
      await chain.made('b', 'c', { onConflict: 'overwrite' }),
      await chain.made('c', 'd'),
    ];
    await chain.write(one, 'a', 'x');
    await chain.settle();
    await chain.write(other, 'b', 'x');
    await chain.settle();
    expect(await chain.names(last)).toEqual(['x']);
    expect((await pipeAt(last).describe(OWNER)).upstreams?.map(({ conflicts }) => conflicts).toSorted()).toEqual([0, 1]);
  });

  it('are dead where the bytes are not those that were delivered', async () => {
    const first = await chain.made('a', 'b');
    await chain.write(first, 'a', 'x');
    await chain.settle();
    await chain.space.upload('b/x', 11);
    const second = await chain.made('b', 'c');
    await chain.settle();
    const [notice] = (await chain.log(second)).chunks;
    expect([notice?.status, notice?.reason]).toEqual(['dead', expect.stringContaining('ChunkMismatch')]);
  });
});

describe('a pipe that keeps its chunks until they are acknowledged', () => {
  const G = parsePipeGroup('g');

  it('keeps them for those that follow it, too, and no longer than a week', async () => {
    const first = await chain.made('a', 'b', { retain: { kind: 'acked' }, reclaim: true });
    await pipeAt(first).putGroup(OWNER, G, {});
    const second = await chain.made('b', 'c');
    const acknowledge = async (): Promise<void> => {
      const { chunks } = JSON.parse((await pipeAt(first).claim(OWNER, G, { max: 10, maxBytes: 1e9 })).body) as ClaimPage;
      await pipeAt(first).settleClaims(
        OWNER,
        G,
        chunks.map(({ fence }) => fence),
        { kind: 'ack' },
      );
    };
    const trimmed = async (): Promise<number> => (await pipeAt(first).describe(OWNER)).counts.trimmed;
    await chain.write(first, 'a', '1', '2', '3');
    await chain.settle();
    await acknowledge();
    await chain.settle(7_200_000);
    expect([await chain.names(second), await trimmed()]).toEqual([['1', '2', '3'], 3]);
    await chain.write(first, 'a', '4');
    chain.stopped.add(second);
    await chain.settle(1000);
    await acknowledge();
    testClock.now += 86_400_000;
    await chain.settle(2000);
    expect(await trimmed()).toBe(3);
    testClock.now += 6 * 86_400_000;
    await chain.settle(2000);
    expect(await trimmed()).toBe(4);
  });
});

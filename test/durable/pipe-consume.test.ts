// Consume-transform-produce: stages that claim chunks of one pipe and write what they make of them into another, and that crash anywhere.
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseChunkName, parsePipeGroup } from '../../src/model/chunk-name.ts';
import type { Consumed } from '../../src/model/json/pipe-write.ts';
import type { Appended } from '../../src/durable/pipe/port.ts';
import type { ClaimedChunk, ClaimPage } from '../../src/model/pipe-group.ts';
import type { PipeId } from '../../src/model/pipe.ts';
import { pinNames } from '../../src/service/pipes/pin.ts';
import { writeChunks } from '../../src/service/pipes/write.ts';
import { Chaining, pipeAt } from './support/chaining.ts';
import { FakeStore } from './support/fake-store.ts';
import { testClock } from './support/ports.ts';
import { Random } from '../support/random.ts';
import { mount } from './support/relocating.ts';
import { OWNER, refused, STRANGER } from './support/space.ts';

const G = parsePipeGroup('stage');
const LEASE = 10;

let chain: Chaining;
let from: PipeId;
let to: PipeId;

beforeEach(async () => {
  chain = new Chaining(await mount(new FakeStore()));
  for (const name of ['a', 'b', 'c', 'd']) await chain.space.make(name);
  from = await chain.made('a', 'b');
  to = await chain.made('c', 'd');
  await pipeAt(from).putGroup(OWNER, G, { lease: LEASE, maxDeliveries: 0 });
});

const claim = async (max = 1): Promise<readonly ClaimedChunk[]> =>
  (JSON.parse((await pipeAt(from).claim(OWNER, G, { max, maxBytes: 1e9 })).body) as ClaimPage).chunks;
const consumedBy = ({ seq, fence }: ClaimedChunk, more: Partial<Consumed> = {}): Consumed => ({
  pipe: from,
  group: G,
  seq,
  fence,
  output: 'o',
  ...more,
});

function produce(consumed: Consumed, name: string, text = name, by = OWNER): Promise<Appended> {
  const chunks = [{ name: parseChunkName(name), data: btoa(text) }];
  return writeChunks(chain.services(), by, to, { kind: 'list', chunks, consumed }, undefined, pinNames);
}

const waiting = async (): Promise<number> => (await pipeAt(from).getGroup(OWNER, G)).lag.chunks;

async function one(): Promise<ClaimedChunk> {
  const [chunk] = await claim();
  if (!chunk) throw new Error('nothing to claim');
  return chunk;
}

describe('what is made of a claimed chunk', () => {
  it('is written with where it comes from, and then the chunk is acknowledged', async () => {
    await chain.write(from, 'a', 'x');
    await chain.settle();
    const chunk = await one();
    expect((await produce(consumedBy(chunk), 'x.out')).chunks).toEqual([{ name: 'x.out', seq: 1, duplicate: false }]);
    const [notice] = (await chain.log(to)).chunks;
    expect(notice?.lineage).toMatchObject([{ pipe: from, seq: 1, name: 'x' }]);
    await chain.settle();
    expect(await waiting()).toBe(0);
  });

  it('is written once, whoever comes later and with whatever', async () => {
    await chain.write(from, 'a', 'x');
    await chain.settle();
    const first = await one();
    await produce(consumedBy(first, { ack: false }), 'x.out');
    testClock.now += (LEASE + 1) * 1000;
    const second = await one();
    expect((await produce(consumedBy(second), 'another name')).chunks).toEqual([{ name: 'x.out', seq: 1, duplicate: true }]);
    await chain.settle(1000);
    expect([await waiting(), await chain.names(to)]).toEqual([0, ['x.out']]);
    // The client has not heard of the answer.
    expect((await produce(consumedBy(second), 'another name')).chunks).toEqual([{ name: 'x.out', seq: 1, duplicate: true }]);
  });

  it('may be several outputs, of which the last acknowledges', async () => {
    await chain.write(from, 'a', 'x');
    await chain.settle();
    const chunk = await one();
    await produce(consumedBy(chunk, { output: '1', ack: false }), 'x.1');
    await chain.settle(1000);
    expect(await waiting()).toBe(1);
    await produce(consumedBy(chunk, { output: '2' }), 'x.2');
    await chain.settle(1000);
    expect([await waiting(), await chain.names(to)]).toEqual([0, ['x.1', 'x.2']]);
    expect(await refused(produce(consumedBy(chunk, { output: '3' }), 'x.3'))).toBe('Fenced');
  });

  it('is refused from a zombie, from who has claimed another chunk, and from strangers', async () => {
    await chain.write(from, 'a', 'x', 'y');
    await chain.settle();
    const [x, y] = await claim(2);
    if (!x || !y) throw new Error('two were written');
    expect(await refused(produce(consumedBy(x, { seq: y.seq }), 'x.out'))).toBe('InvalidArgument');
    expect(await refused(produce(consumedBy(x), 'x.out', 'x', STRANGER))).toBe('PermissionDenied');
    expect(await refused(produce(consumedBy(x, { fence: `${x.fence}0` }), 'x.out'))).toBe('InvalidArgument');
    testClock.now += (LEASE + 1) * 1000;
    expect(await refused(produce(consumedBy(x), 'x.out'))).toBe('Fenced');
    expect(await chain.names(to)).toEqual([]);
  });
});

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`stages that crash anywhere (SEED=${SEED})`, () => {
  it('neither lose nor repeat an output', { timeout: 60_000 }, async () => {
    const random = new Random(SEED);
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    await chain.write(from, 'a', ...names);
    await chain.settle();
    let tries = 0;
    for (let rounds = 0; (await waiting()) > 0; rounds++) {
      if (rounds > 2000) throw new Error('the stages do not come to an end');
      for (const chunk of await claim(random.between(1, 4))) {
        tries++;
        // Before it has written, between two outputs, after the last, or before the acknowledgement has got there.
        if (random.chance(0.2)) continue;
        if (random.chance(0.1)) testClock.now += (LEASE + 1) * 1000;
        const write = async (output: string, ack: boolean): Promise<unknown> =>
          produce(consumedBy(chunk, { output, ack }), `${chunk.name}.${output}.${tries}`).catch(() => undefined);
        await write('1', false);
        if (random.chance(0.2)) continue;
        await write('2', true);
        if (random.chance(0.3)) await chain.evict();
      }
      if (random.chance(0.5)) await chain.settle(LEASE * 1000);
      else testClock.now += random.between(0, LEASE * 1500);
    }
    await chain.settle();
    const outputs = (await chain.log(to)).chunks.map(({ name }) => name.replace(/\.\d+$/, ''));
    expect(outputs.toSorted()).toEqual(names.flatMap((name) => [`${name}.1`, `${name}.2`]).toSorted());
    expect(tries).toBeGreaterThan(names.length);
  });
});

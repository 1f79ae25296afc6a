// Groups of readers: who may do what, what a claim gives out, and what it costs.
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import { formatState } from '../../src/model/pipe-state.ts';
import type { ClaimedChunk, ClaimPage, GroupWish } from '../../src/model/pipe-group.ts';
import { formatWait, parseTold, WAIT_HEADER } from '../../src/model/pipe-waiting.ts';
import type { PipeOptions } from '../../src/model/pipe.ts';
import { costOf } from './support/cost.ts';
import { inlineChunk, TestPipe } from './support/pipe.ts';
import { testClock } from './support/ports.ts';
import { group, OWNER, READER, STRANGER, WRITER } from './support/space.ts';

const G = parsePipeGroup('g');
const H = parsePipeGroup('h');

async function open(wish: GroupWish = {}, options: Partial<PipeOptions> = {}) {
  const pipe = await TestPipe.open(options);
  const { id, port, stub } = pipe;
  let written = 0;
  await port.putGroup(OWNER, G, wish);
  return {
    id,
    port,
    stub,
    write: (count: number) => port.append({ principal: OWNER, chunks: Array.from({ length: count }, () => inlineChunk(`n${++written}`)) }),
    page: async (max = 100, more: { lease?: number; group?: typeof G } = {}) =>
      JSON.parse(
        (await port.claim(OWNER, more.group ?? G, { max, maxBytes: 1e9, ...(more.lease !== undefined && { lease: more.lease }) })).body,
      ) as ClaimPage,
    claim: async (max = 100, lease?: number) =>
      (JSON.parse((await port.claim(OWNER, G, { max, maxBytes: 1e9, ...(lease !== undefined && { lease }) })).body) as ClaimPage).chunks,
    ack: (...chunks: ClaimedChunk[]) =>
      outcome(
        port.settleClaims(
          OWNER,
          G,
          chunks.map(({ fence }) => fence),
          { kind: 'ack' },
        ),
      ),
    nack: (chunk: ClaimedChunk | undefined, delay = 0) =>
      outcome(port.settleClaims(OWNER, G, [chunk?.fence ?? ''], { kind: 'nack', delay })),
    ring: () => pipe.ring(),
  };
}

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: unknown) => asFault(error)?.fault ?? String(error),
  );
const seqs = (chunks: readonly ClaimedChunk[]): number[] => chunks.map(({ seq }) => seq);

describe('a group', () => {
  it('is made once; a repeat changes what may be changed, and neither mode nor start', async () => {
    const { port } = await open({ mode: 'single', start: 'now' });
    expect(await port.putGroup(OWNER, G, { mode: 'single', start: 'now' })).toMatchObject({
      made: false,
      group: { mode: 'single', lease: 30 },
    });
    expect(await port.putGroup(OWNER, G, { lease: 5, maxDeliveries: 3 })).toMatchObject({
      made: false,
      group: { lease: 5, maxDeliveries: 3 },
    });
    expect(await outcome(port.putGroup(OWNER, G, { mode: 'shared' }))).toBe('Conflict');
    expect(await outcome(port.putGroup(OWNER, G, { start: 'earliest' }))).toBe('Conflict');
  });

  it('starts at the beginning, at the end, or at a state', async () => {
    const { port, id, write, page } = await open();
    await write(3);
    await port.putGroup(OWNER, H, { start: 'now' });
    expect((await page(10, { group: H })).chunks).toEqual([]);
    const at = parsePipeGroup('at');
    await port.putGroup(OWNER, at, { start: formatState(id, 2) });
    expect(seqs((await page(10, { group: at })).chunks)).toEqual([3]);
    expect(seqs((await page(10)).chunks)).toEqual([1, 2, 3]);
    expect(await outcome(port.putGroup(OWNER, parsePipeGroup('x'), { start: 'nonsense' }))).toBe('InvalidState');
    expect(await outcome(port.putGroup(OWNER, parsePipeGroup('x'), { start: formatState(id, 4) }))).toBe('InvalidState');
  });

  it('is made by who may manage the pipe and used by who may read it; others learn nothing', async () => {
    const { port } = await open();
    const access = { read: [group('readers')], write: [group('writers')] };
    await port.change(OWNER, { access });
    const bounds = { max: 1, maxBytes: 1 };
    for (const someone of [READER, WRITER, STRANGER]) expect(await outcome(port.putGroup(someone, G, {}))).toBe('PermissionDenied');
    for (const someone of [READER, WRITER, STRANGER]) expect(await outcome(port.dropGroup(someone, G))).toBe('PermissionDenied');
    expect(await outcome(port.claim(READER, G, bounds))).toBe('ok');
    for (const someone of [WRITER, STRANGER])
      for (const name of [G, H]) expect(await outcome(port.claim(someone, name, bounds))).toBe('PermissionDenied');
    expect(await outcome(port.claim(READER, H, bounds))).toBe('GroupNotFound');
    expect(await outcome(port.getGroup(READER, H))).toBe('GroupNotFound');
  });

  it('is deleted by itself when none of its readers has called for so long, and what it held back is released', async () => {
    const { port, write, claim, ring } = await open({ expiresAfterIdle: 1000 });
    await write(3);
    expect((await port.describe(OWNER)).credit.chunks).toBe(9997);
    testClock.now += 999_000;
    await ring();
    await claim(1);
    testClock.now += 1_000_000;
    await ring();
    expect(await outcome(port.getGroup(OWNER, G))).toBe('ok');
    testClock.now += 50_001;
    await ring();
    expect(await outcome(port.getGroup(OWNER, G))).toBe('GroupNotFound');
    expect((await port.describe(OWNER)).credit.chunks).toBe(10_000);
  });

  it('fills the pipe with what it does not acknowledge, and makes room by acknowledging', async () => {
    const { port, write, claim, ack } = await open({}, { maxChunks: 5 });
    await port.putGroup(OWNER, H, {});
    await write(5);
    expect(await outcome(write(1))).toBe('PipeFull');
    expect(await ack(...(await claim(2)))).toBe('ok');
    expect(await outcome(write(1))).toBe('PipeFull');
    await port.dropGroup(OWNER, H);
    expect((await port.describe(OWNER)).credit.chunks).toBe(2);
    expect(await outcome(write(2))).toBe('ok');
    expect(await outcome(write(1))).toBe('PipeFull');
  });

  it('that is made later reads what is there without filling the pipe with what was released', async () => {
    const { port, write, claim, ack } = await open({}, { maxChunks: 5 });
    await write(5);
    expect(await ack(...(await claim()))).toBe('ok');
    await port.putGroup(OWNER, H, { start: 'earliest' });
    expect(await port.getGroup(OWNER, H)).toMatchObject({ lag: { chunks: 5 } });
    expect((await port.describe(OWNER)).credit.chunks).toBe(5);
  });

  it('says in a claim when nothing will come any more', async () => {
    const { port, write, page, ack } = await open();
    await write(2);
    await port.close(OWNER, {});
    const { chunks, closed } = await page(10);
    expect([chunks.length, closed]).toEqual([2, false]);
    expect((await page(10)).closed).toBe(false);
    await ack(...chunks);
    expect(await page(10)).toMatchObject({ chunks: [], closed: true, lag: { chunks: 0, bytes: 0, seconds: 0 } });
  });
});

describe('a lease', () => {
  it('ends exactly at its end, whether the alarm has gone off or not', async () => {
    const { write, claim, ack } = await open({ lease: 10 });
    await write(2);
    const [one, two] = await claim();
    testClock.now += 9999;
    expect(one && (await ack(one))).toBe('ok');
    testClock.now += 1;
    expect(two && (await ack(two))).toBe('Fenced');
    const [again] = await claim();
    expect(again).toMatchObject({ seq: 2, deliveries: 2 });
    expect(two && (await ack(two))).toBe('Fenced');
    expect(again && (await ack(again))).toBe('ok');
    expect(again && (await ack(again))).toBe('ok');
  });

  it('is noticed by the alarm, so that what a dead reader held back is given up in time', async () => {
    const { port, write, claim, ring, stub } = await open({ lease: 10, maxDeliveries: 1 }, { maxChunks: 1 });
    await write(1);
    await claim();
    await evictDurableObject(stub);
    testClock.now += 10_000;
    await ring();
    expect(await port.getGroup(OWNER, G)).toMatchObject({ dead: 1, claimed: 0 });
    expect(await outcome(write(1))).toBe('ok');
  });

  it('is as long as the claim says, and can be extended', async () => {
    const { port, write, claim, ack } = await open({ lease: 10 });
    await write(1);
    const [one] = await claim(1, 100);
    testClock.now += 99_000;
    expect(await outcome(port.settleClaims(OWNER, G, [one?.fence ?? ''], { kind: 'extend', lease: 50_000 }))).toBe('ok');
    testClock.now += 49_000;
    expect(one && (await ack(one))).toBe('ok');
  });

  it('cannot be guessed: another secret, another claim or another group is fenced off', async () => {
    const { port, write, claim } = await open();
    await port.putGroup(OWNER, H, {});
    await write(2);
    const [one] = await claim(1);
    const [pos, id, secret = ''] = one?.fence.split('.') ?? [];
    const ack = (fence: string, name = G): Promise<string> => outcome(port.settleClaims(OWNER, name, [fence], { kind: 'ack' }));
    const other = secret.startsWith('A') ? `B${secret.slice(1)}` : `A${secret.slice(1)}`;
    expect(await ack(`${pos}.${id}.${other}`)).toBe('Fenced');
    expect(await ack(`${pos}.${Number(id) + 1}.${secret}`)).toBe('Fenced');
    expect(await ack(`2.${id}.${secret}`)).toBe('Fenced');
    expect(await ack(one?.fence ?? '', H)).toBe('Fenced');
    expect(await ack('nonsense')).toBe('InvalidArgument');
  });

  it('that has ended does not keep the others of one call from being acknowledged, and the refusal names the chunk', async () => {
    const { port, write, claim } = await open();
    await write(2);
    const [old] = await claim(1, 5);
    const [live] = await claim(1, 60);
    testClock.now += 5000;
    const fences = [old, live].map((one) => one?.fence ?? '');
    const refusal = await port.settleClaims(OWNER, G, fences, { kind: 'ack' }).then(() => undefined, asFault);
    expect(refusal).toMatchObject({ fault: 'Fenced', detail: expect.stringContaining('chunk 1 (n1)') });
    expect(await port.getGroup(OWNER, G)).toMatchObject({ acked: 1, lag: { chunks: 1 } });
  });
});

describe('a single group', () => {
  it('gives out nothing beyond what is not acknowledged, and goes on in order', async () => {
    const { write, claim, ack } = await open({ mode: 'single' });
    await write(6);
    const [one, two, three] = await claim(3);
    expect(await claim(3)).toEqual([]);
    expect(one && three && (await ack(one, three))).toBe('ok');
    expect(await claim(3)).toEqual([]);
    expect(two && (await ack(two))).toBe('ok');
    expect(seqs(await claim(3))).toEqual([4, 5, 6]);
  });

  it('takes back what was claimed behind a chunk that is given back, and waits for that', async () => {
    const { write, claim, ack, nack } = await open({ mode: 'single' });
    await write(4);
    const [one, two, three] = await claim(3);
    expect(one && (await ack(one))).toBe('ok');
    expect(await nack(two, 5000)).toBe('ok');
    expect(three && (await ack(three))).toBe('Fenced');
    expect(await claim(3)).toEqual([]);
    testClock.now += 5000;
    expect((await claim(3)).map(({ seq, deliveries }) => [seq, deliveries])).toEqual([
      [2, 2],
      [3, 1],
      [4, 1],
    ]);
  });

  it('counts the end of a lease against the first chunk only: it gives up the one that nobody manages, and no other', async () => {
    const { port, write, claim } = await open({ mode: 'single', maxDeliveries: 3, lease: 10 });
    await write(3);
    for (let i = 0; i < 3; i++) {
      expect(seqs(await claim())[0]).toBe(1);
      testClock.now += 10_000;
    }
    expect((await claim()).map(({ seq, deliveries }) => [seq, deliveries])).toEqual([
      [2, 1],
      [3, 1],
    ]);
    expect(await port.deadOfGroup(OWNER, G, 0, 10)).toMatchObject({ items: [{ seq: 1, deliveries: 3, reason: 'its lease has ended' }] });
  });
});

describe('a shared group', () => {
  it('gives the last delivery of a chunk alone, so that only what kills its readers is given up', async () => {
    const { port, write, claim, ack } = await open({ maxDeliveries: 3, lease: 10 });
    await write(3);
    const dies = (chunks: readonly ClaimedChunk[]): boolean => chunks.some(({ seq }) => seq === 2);
    for (let i = 0; i < 10; i++) {
      const chunks = await claim(10);
      if (dies(chunks)) testClock.now += 10_000;
      else if (chunks.length > 0) expect(await ack(...chunks)).toBe('ok');
    }
    expect(await port.getGroup(OWNER, G)).toMatchObject({ acked: 2, dead: 1 });
  });

  it('refuses more when too much is dead for it', async () => {
    const { port, stub, write } = await open();
    await write(1);
    await runInDurableObject(stub, (_, state) => void state.storage.sql.exec('UPDATE reader_group SET dead = 10000'));
    expect(await outcome(port.claim(OWNER, G, { max: 1, maxBytes: 1 }))).toBe('Conflict');
  });
});

describe('who waits for something to claim', () => {
  /** What is said on the line, each once. */
  async function dial(stub: DurableObjectStub, name = G) {
    const wait = formatWait({ kind: 'claim', principal: OWNER, group: name });
    const answer = await stub.fetch('https://pipe/', { headers: { Upgrade: 'websocket', [WAIT_HEADER]: wait } });
    const { webSocket: socket } = answer;
    if (!socket) return { told: async () => parseTold(await answer.text()).kind };
    const said: string[] = [];
    socket.addEventListener('message', ({ data }) => void said.push(parseTold(String(data)).kind));
    socket.accept();
    return {
      said,
      told: async (): Promise<string> => {
        await expect.poll(() => said.length).toBeGreaterThan(0);
        return said.join();
      },
    };
  }

  it('is told when something is there, comes back, or the end has come; also after an eviction', async () => {
    const { port, stub, write, claim, ack, nack, ring } = await open({ lease: 10 });
    const forFirst = await dial(stub);
    expect(forFirst.said).toEqual([]);
    await write(1);
    expect(await forFirst.told()).toBe('room');
    expect(await (await dial(stub)).told()).toBe('room');
    const [one] = await claim();
    const forNack = await dial(stub);
    await nack(one);
    expect(await forNack.told()).toBe('room');
    await claim();
    const forEnd = await dial(stub);
    await evictDurableObject(stub);
    testClock.now += 10_000;
    await ring();
    expect(await forEnd.told()).toBe('room');
    const [last] = await claim();
    await port.close(OWNER, {});
    const forClose = await dial(stub);
    expect(forClose.said).toEqual([]);
    expect(last && (await ack(last))).toBe('ok');
    expect(await forClose.told()).toBe('room');
  });

  it('is told when a single group may go on, and when the group goes', async () => {
    const { port, stub, write, claim, ack } = await open({ mode: 'single' });
    await write(2);
    const [one] = await claim(1);
    const waiting = await dial(stub);
    expect(waiting.said).toEqual([]);
    expect(one && (await ack(one))).toBe('ok');
    expect(await waiting.told()).toBe('room');
    await claim();
    const forGroup = await dial(stub);
    await port.dropGroup(OWNER, G);
    expect(await forGroup.told()).toBe('room');
    expect(await (await dial(stub, H)).told()).toBe('room');
  });
});

describe('what a claim and its acknowledgement read and write', () => {
  it.each(['single', 'shared'] as const)('does not depend on how much the pipe holds (%s)', async (mode) => {
    const { port, stub, write, claim, ack } = await open({ mode }, { maxChunks: 1_000_000 });
    const costs: { readonly read: number; readonly written: number }[] = [];
    for (const more of [200, 20_000]) {
      for (let n = 0; n < more; n += 500) await write(Math.min(500, more));
      // What other readers hold, and what came back out of order.
      const held = mode === 'shared' ? await claim(50, 3600) : [];
      for (const chunk of held.filter((_, i) => i % 2 === 0)) await ack(chunk);
      costs.push(
        await costOf(stub, async (inside) => {
          const { chunks } = JSON.parse((await inside.claim(OWNER, G, { max: 100, maxBytes: 1e9 })).body) as ClaimPage;
          expect(chunks).toHaveLength(100);
          await inside.settleClaims(
            OWNER,
            G,
            chunks.map(({ fence }) => fence),
            { kind: 'ack' },
          );
        }),
      );
    }
    const [few, many] = costs;
    expect(many?.written).toBe(few?.written);
    expect(many?.written).toBeLessThan(15);
    expect(Math.abs((many?.read ?? 0) - (few?.read ?? 0))).toBeLessThan(10);
    expect((await port.getGroup(OWNER, G)).lag.chunks).toBeGreaterThan(19_000);
  });
});

// How long a pipe keeps its log, what it lets go with it, and what becomes of chunks that did not arrive.
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import type { NewChunk } from '../../src/durable/pipe/port.ts';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import { formatState } from '../../src/model/pipe-state.ts';
import type { ClaimPage } from '../../src/model/pipe-group.ts';
import type { PipeOptions } from '../../src/model/pipe.ts';
import { inlineChunk, pinnedChunk, reading, TestPipe } from './support/pipe.ts';
import { peers, reclaimed, signing, testClock } from './support/ports.ts';
import { DAY, OWNER, READER, STRANGER } from './support/space.ts';

const G = parsePipeGroup('g');

/** Calls to Spaces that let bytes go. */
const gone: string[] = [];
peers.wire = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get: (target, method) =>
      method === 'letGo' ? async (_: string, keys: readonly string[]) => void gone.push(...keys) : Reflect.get(target, method),
  });

afterEach(() => {
  gone.length = 0;
  reclaimed.length = 0;
});

async function open(options: Partial<PipeOptions> = {}) {
  const pipe = await TestPipe.open(options);
  const { port, stub, id } = pipe;
  return {
    port,
    stub,
    id,
    write: (...chunks: NewChunk[]) => port.append({ principal: OWNER, chunks, pinnedAt: testClock.now }),
    /** A Carrier places what is on its way; the names in `dead` cannot be placed. */
    deliver: (...dead: string[]) => pipe.place((name) => dead.includes(name)),
    read: async (state?: string) => (await pipe.read(state)).chunks,
    claim: async (max = 100) => (JSON.parse((await port.claim(OWNER, G, { max, maxBytes: 1e9 })).body) as ClaimPage).chunks,
    /** The alarm, as long as anything is due by then. */
    later: async (milliseconds = 0) => {
      testClock.now += milliseconds;
      for (let i = 0; i < 20; i++) {
        testClock.now += 1001;
        await pipe.ring();
      }
    },
    rows: async (table: string) => (await pipe.rows(`SELECT 1 FROM ${table}`)).length,
  };
}

const fault = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => asFault(error)?.fault ?? String(error),
  );

const names = (chunks: readonly { readonly name: string }[]): string[] => chunks.map(({ name }) => name);

describe('a pipe that retains by age', () => {
  it('trims what is older, lets its bytes go, remembers the names, and says so to whoever reads from before', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 100 } });
    const start = formatState(pipe.id, 0);
    await pipe.write(pinnedChunk('a', 10), pinnedChunk('b', 10));
    await pipe.deliver();
    await pipe.later(60_000);
    await pipe.write(inlineChunk('c'));
    await pipe.later(30_000);
    expect(names(await pipe.read())).toEqual(['c']);
    expect(gone.toSorted()).toEqual(['o/a', 'o/b']);
    const refusal = await pipe.port.read(reading(start)).then(() => undefined, asFault);
    expect(refusal).toMatchObject({ fault: 'StateTrimmed', detail: expect.stringContaining(formatState(pipe.id, 2)) });
    expect(await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a', 10)], pinnedAt: testClock.now })).toMatchObject({
      chunks: [{ seq: 1, duplicate: true }],
    });
    expect(await fault(pipe.write(pinnedChunk('a', 11)))).toBe('ChunkNameInUse');
    for (const seq of [1, 2]) expect(await fault(pipe.port.chunk(OWNER, seq))).toBe('ChunkNotFound');
    expect((await pipe.port.describe(OWNER)).counts).toMatchObject({ written: 3, visible: 3, trimmed: 2 });
  });

  it('keeps what a group has not settled, however old, and trims it when it has', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 10 } });
    await pipe.port.putGroup(OWNER, G, {});
    await pipe.write(...['a', 'b', 'c'].map((name) => inlineChunk(name)));
    const [first] = await pipe.claim(1);
    await pipe.port.settleClaims(OWNER, G, [first?.fence ?? ''], { kind: 'ack' });
    await pipe.later(DAY);
    expect(names(await pipe.read())).toEqual(['b', 'c']);
    expect(names(await pipe.claim())).toEqual(['b', 'c']);
    await pipe.port.dropGroup(OWNER, G);
    await pipe.later(1000);
    expect(await pipe.read()).toEqual([]);
  });

  it('owes nothing when everything is trimmed', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 1 } });
    await pipe.write(...Array.from({ length: 400 }, (_, i) => inlineChunk(`n${i}`)), inlineChunk('last'));
    await pipe.write(...Array.from({ length: 400 }, (_, i) => inlineChunk(`m${i}`)));
    await pipe.later(10_000);
    expect(await pipe.rows('log')).toBe(1);
    expect(await runInDurableObject(pipe.stub, (_, state) => state.storage.getAlarm())).toBeNull();
  });
});

describe('a pipe that retains what is not acknowledged', () => {
  it('keeps everything while it has no group, and trims what all groups have settled', async () => {
    const pipe = await open({ retain: { kind: 'acked' } });
    await pipe.write(inlineChunk('a'), inlineChunk('b'));
    await pipe.later(100 * DAY);
    expect(names(await pipe.read())).toEqual(['a', 'b']);
    await pipe.port.putGroup(OWNER, G, { expiresAfterIdle: 86_400 });
    const [first] = await pipe.claim(1);
    await pipe.port.settleClaims(OWNER, G, [first?.fence ?? ''], { kind: 'ack' });
    await pipe.later();
    expect(names(await pipe.read())).toEqual(['b']);
  });
});

describe('a pipe that retains by bytes', () => {
  it('has no more of them than that, and always the latest', async () => {
    const pipe = await open({ retain: { kind: 'bytes', bytes: 25 } });
    for (const name of ['a', 'b', 'c', 'd']) await pipe.write(inlineChunk(name, '0123456789'));
    await pipe.later();
    expect(names(await pipe.read())).toEqual(['c', 'd']);
  });
});

describe('a claim whose answer cannot be made', () => {
  it.each(['single', 'shared'] as const)('leaves its chunks as they were, their deliveries too (%s)', async (mode) => {
    const pipe = await open();
    await pipe.port.putGroup(OWNER, G, { mode, maxDeliveries: 1 });
    await pipe.write(pinnedChunk('a', 5), pinnedChunk('b', 5));
    await pipe.deliver();
    signing.fails = true;
    const refusal = await fault(pipe.port.claim(OWNER, G, { max: 10, maxBytes: 1e9 }));
    signing.fails = false;
    expect(refusal).toBe('ServiceBusy');
    expect(await pipe.port.getGroup(OWNER, G)).toMatchObject({ claimed: 0, waiting: 2, dead: 0 });
    expect((await pipe.claim()).map(({ name, deliveries }) => [name, deliveries])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });
});

describe('a chunk that is dead for a group', () => {
  it('keeps its entry and its bytes over trimming until it is retried, and goes when it is acknowledged', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 10 } });
    await pipe.port.putGroup(OWNER, G, { maxDeliveries: 1 });
    await pipe.write(pinnedChunk('bad', 5), pinnedChunk('good', 5));
    await pipe.deliver();
    const [bad, good] = await pipe.claim();
    await pipe.port.settleClaims(OWNER, G, [good?.fence ?? ''], { kind: 'ack' });
    await pipe.port.settleClaims(OWNER, G, [bad?.fence ?? ''], { kind: 'nack', delay: 0 });
    await pipe.later(20_000);
    expect(await pipe.read()).toEqual([]);
    expect(gone).toEqual(['o/good']);
    expect(await pipe.port.deadOfGroup(OWNER, G, 0, 10)).toMatchObject({ items: [{ seq: 1, name: 'bad', deliveries: 1 }] });
    await pipe.port.mendOfGroup(OWNER, G, 1, 'retry');
    const [again] = await pipe.claim();
    expect(again).toMatchObject({ name: 'bad', url: expect.stringContaining('o/bad') });
    await pipe.port.settleClaims(OWNER, G, [again?.fence ?? ''], { kind: 'ack' });
    await pipe.later();
    expect(gone.toSorted()).toEqual(['o/bad', 'o/good']);
    expect(await pipe.port.getGroup(OWNER, G)).toMatchObject({ dead: 0, waiting: 0, claimed: 0 });
  });

  it('goes when it is dropped, and when its group goes', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 10 } });
    await pipe.port.putGroup(OWNER, G, { maxDeliveries: 1 });
    await pipe.write(pinnedChunk('a', 5), pinnedChunk('b', 5));
    await pipe.deliver();
    const fences = (await pipe.claim()).map(({ fence }) => fence);
    await pipe.port.settleClaims(OWNER, G, fences, { kind: 'nack', delay: 0 });
    await pipe.later(20_000);
    expect(gone).toEqual([]);
    await pipe.port.mendOfGroup(OWNER, G, 1, 'drop');
    await pipe.later();
    expect(gone).toEqual(['o/a']);
    await pipe.port.dropGroup(OWNER, G);
    await pipe.later();
    expect(gone).toEqual(['o/a', 'o/b']);
    for (const table of ['failed', 'again', 'settled', 'leaving', 'loose', 'released']) expect(await pipe.rows(table), table).toBe(0);
  });
});

describe('bytes of chunks', () => {
  it('that two chunks of one call have are let go with the second', async () => {
    const pipe = await open({ retain: { kind: 'bytes', bytes: 10 } });
    const one = pinnedChunk('one', 10);
    await pipe.write(one, { ...pinnedChunk('two', 10), bytes: one.bytes });
    await pipe.deliver();
    await pipe.later();
    expect(names(await pipe.read())).toEqual(['two']);
    expect(gone).toEqual([]);
    await pipe.write(inlineChunk('three', '0123456789'));
    await pipe.later();
    expect(gone).toEqual(['o/one']);
  });

  it('go from the destination, too, where the pipe reclaims', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 1 }, reclaim: true });
    await pipe.write(pinnedChunk('x/a', 10), pinnedChunk('dead', 10), inlineChunk('c'));
    await pipe.deliver('dead');
    await pipe.later(5000);
    expect(reclaimed).toEqual([{ pipe: pipe.id, path: ['x', 'a'] }]);
  });
});

describe('a dead chunk of the pipe', () => {
  it('is listed, and tried again as a new entry that makes the hole good', async () => {
    const pipe = await open();
    await pipe.write(pinnedChunk('a', 10), pinnedChunk('b', 10), pinnedChunk('c', 10));
    await pipe.deliver('b');
    expect(await pipe.port.deadChunks(OWNER, 0, 10)).toMatchObject({
      items: [{ seq: 2, name: 'b', pos: 2, reason: 'QuotaExceeded no room' }],
    });
    await pipe.port.mendChunk(OWNER, 2, 'retry');
    await pipe.port.mendChunk(OWNER, 2, 'retry');
    expect((await pipe.port.deadChunks(OWNER, 0, 10)).items).toEqual([]);
    expect((await pipe.port.describe(OWNER)).counts.waiting).toBe(1);
    await pipe.deliver();
    expect((await pipe.read()).map(({ seq, pos, status, replaces }) => ({ seq, pos, status, replaces }))).toEqual([
      { seq: 1, pos: 1, status: 'ready', replaces: undefined },
      { seq: 2, pos: 2, status: 'dead', replaces: undefined },
      { seq: 3, pos: 3, status: 'ready', replaces: undefined },
      { seq: 2, pos: 4, status: 'ready', replaces: 2 },
    ]);
    expect(await fault(pipe.port.mendChunk(OWNER, 2, 'retry'))).toBe('ChunkNotFound');
    expect((await pipe.port.describe(OWNER)).counts).toMatchObject({ waiting: 0, written: 3, visible: 4 });
  });

  it('may die again, and its bytes are kept until its last entry is trimmed', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 100 } });
    await pipe.write(pinnedChunk('a', 10));
    await pipe.deliver('a');
    await pipe.later(50_000);
    await pipe.port.mendChunk(OWNER, 1, 'retry');
    await pipe.deliver('a');
    expect(await pipe.port.deadChunks(OWNER, 0, 10)).toMatchObject({ items: [{ seq: 1, pos: 2 }] });
    await pipe.later(40_000);
    expect((await pipe.read()).map(({ pos }) => pos)).toEqual([2]);
    expect(gone).toEqual([]);
    await pipe.port.mendChunk(OWNER, 1, 'retry');
    await pipe.later(100_000);
    expect(gone).toEqual([]);
    await pipe.deliver();
    expect(await pipe.read(formatState(pipe.id, 2))).toMatchObject([{ seq: 1, pos: 3, status: 'ready', replaces: 2 }]);
    await pipe.later(200_000);
    expect(gone).toEqual(['o/a']);
  });

  it('of an inline chunk that was to be a node has its bytes still', async () => {
    const pipe = await open({ materialise: true });
    await pipe.write(inlineChunk('a', 'hello'));
    await pipe.deliver('a');
    expect((await pipe.read()).at(-1)).toMatchObject({ status: 'dead' });
    await pipe.port.mendChunk(OWNER, 1, 'retry');
    await pipe.deliver();
    expect((await pipe.read()).at(-1)).toMatchObject({ status: 'ready', data: btoa('hello'), replaces: 1 });
  });

  it('that halts the pipe is retried or skipped in place', async () => {
    const pipe = await open({ onDead: 'halt' });
    await pipe.write(...['a', 'b', 'c', 'd'].map((name) => pinnedChunk(name, 10)));
    await pipe.deliver('b', 'c');
    expect(names(await pipe.read())).toEqual(['a']);
    expect((await pipe.port.describe(OWNER)).reason).toContain('chunk 2 is dead');
    expect((await pipe.port.deadChunks(OWNER, 0, 10)).items.map(({ seq, pos }) => [seq, pos])).toEqual([
      [2, undefined],
      [3, undefined],
    ]);
    const dead = async (): Promise<number> => (await pipe.port.describe(OWNER)).counts.dead;
    const missing = async (): Promise<number> => (await pipe.port.describe(OWNER)).counts.missing;
    expect([await dead(), await missing()]).toEqual([2, 2]);
    for (let again = 0; again < 2; again++) await pipe.port.mendChunk(OWNER, 3, 'skip');
    expect([names(await pipe.read()), await dead()]).toEqual([['a'], 2]);
    await pipe.port.mendChunk(OWNER, 2, 'retry');
    await pipe.deliver();
    expect((await pipe.read()).map(({ name, status }) => `${name} ${status}`)).toEqual(['a ready', 'b ready', 'c dead', 'd ready']);
    expect((await pipe.port.describe(OWNER)).reason).toBeUndefined();
    expect((await pipe.port.deadChunks(OWNER, 0, 10)).items).toEqual([]);
    expect([await dead(), await missing()]).toEqual([1, 0]);
    await pipe.port.mendChunk(OWNER, 3, 'skip');
    expect(await fault(pipe.port.mendChunk(OWNER, 2, 'skip'))).toBe('ChunkNotFound');
    await pipe.later();
    expect(gone).toEqual(['o/c']);
  });

  it('that is given up is listed no more, and cannot be retried', async () => {
    const pipe = await open();
    await pipe.write(pinnedChunk('a', 10));
    await pipe.deliver('a');
    await pipe.port.mendChunk(OWNER, 1, 'skip');
    await pipe.later();
    expect(gone).toEqual(['o/a']);
    await pipe.port.mendChunk(OWNER, 1, 'skip');
    expect(await fault(pipe.port.mendChunk(OWNER, 1, 'retry'))).toBe('ChunkNotFound');
    expect(names(await pipe.read())).toEqual(['a']);
    expect((await pipe.port.describe(OWNER)).counts.dead).toBe(1);
  });

  it('that has been trimmed cannot be retried', async () => {
    const pipe = await open({ retain: { kind: 'age', seconds: 1 } });
    await pipe.write(pinnedChunk('a', 10));
    await pipe.deliver('a');
    await pipe.later(5000);
    expect(await fault(pipe.port.mendChunk(OWNER, 1, 'retry'))).toBe('StateTrimmed');
    expect(await fault(pipe.port.mendChunk(OWNER, 7, 'retry'))).toBe('ChunkNotFound');
  });

  it('is seen by who may read the pipe, and mended by who may manage it', async () => {
    const pipe = await open();
    expect(await fault(pipe.port.deadChunks(STRANGER, 0, 10))).toBe('PermissionDenied');
    expect(await fault(pipe.port.mendChunk(READER, 1, 'retry'))).toBe('PermissionDenied');
  });
});

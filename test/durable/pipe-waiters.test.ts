// Those who wait for a pipe, through evictions, lost lines and several appends at a time: each gets everything once, in order, and soon.
import { env } from 'cloudflare:workers';
import { describe, expect, it, test } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { WINDOW } from '../../src/model/pipe-waiting.ts';
import { livePages } from '../../src/service/pipes/live.ts';
import { readChunks, withRoom } from '../../src/service/pipes/wait.ts';
import type { Services } from '../../src/service/services.ts';
import { Random } from '../support/random.ts';
import { inlineChunk, pinnedChunk, reading, TestPipe, type SeenPage } from './support/pipe.ts';
import { OWNER } from './support/space.ts';
import { untilSockets, Waiting } from './support/waiting.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));
const { signal } = new AbortController();

const names = (text: string): readonly string[] => (JSON.parse(text) as SeenPage).chunks.map(({ name }) => name);
const poll = (pipe: TestPipe, { services }: Waiting, state?: string, milliseconds = 20_000, more = {}): Promise<string> =>
  readChunks(services, pipe.definition.id, reading(state, more), milliseconds, signal);
const append = (pipe: TestPipe, ...chunks: readonly string[]): Promise<unknown> =>
  pipe.port.append({ principal: OWNER, chunks: chunks.map((name) => inlineChunk(name)) });

it(`readers at several states see all of the log, once and in order (SEED=${SEED})`, { timeout: 120_000 }, async () => {
  const random = new Random(SEED);
  for (let round = 0; round < 4; round++) {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const written: string[] = [];
    const late: string[] = [];
    const at = new Map<string, number>();
    const see = (seen: string[], text: string): void => {
      for (const name of names(text)) {
        const took = Date.now() - (at.get(name) ?? Date.now());
        if (took > 5000) late.push(`${name} after ${took} ms`);
        seen.push(name);
      }
    };
    const polls = async (own: Random): Promise<string[]> => {
      const seen: string[] = [];
      for (let state: string | undefined; ;) {
        const milliseconds = own.pick([0, 20, 300, 20_000]);
        const text = await poll(pipe, waiting, state, milliseconds, { max: own.pick([1, 2, 1000]), urls: own.chance(0.5) });
        see(seen, text);
        const page = JSON.parse(text) as SeenPage;
        ({ state } = page);
        if (page.closed) return seen;
        if (own.chance(0.2)) await scheduler.wait(own.below(60));
      }
    };
    const streams = async (own: Random): Promise<string[]> => {
      const seen: string[] = [];
      const pages = livePages(
        waiting.services,
        pipe.definition.id,
        reading(undefined, { max: own.pick([1, 3, 100]) }),
        async () => OWNER,
        signal,
      );
      for await (const live of pages) {
        if (live?.kind === 'fault') throw live.fault;
        if (live) see(seen, live.body);
        if (own.chance(0.2)) await scheduler.wait(own.below(60));
      }
      return seen;
    };
    const readers = Array.from({ length: 12 }, (_, i) => (i % 3 === 2 ? streams : polls)(new Random(SEED + 100 * round + i)));
    const all = Promise.all(readers);
    all.catch(() => undefined);
    for (let step = 0; step < 60; step++) {
      const what = random.weighted({ append: 10, together: 4, pause: 6, evict: 2, reset: 1, cut: 2 });
      const next = (count: number): string[] => Array.from({ length: count }, (_, i) => `c${written.length + i}`);
      if (what === 'append' || what === 'together') {
        const groups = Array.from({ length: what === 'append' ? 1 : 3 }, () => {
          const group = next(random.between(1, 5));
          written.push(...group);
          for (const name of group) at.set(name, Date.now());
          return group;
        });
        await Promise.all(groups.map((group) => append(pipe, ...group)));
      } else if (what === 'pause') await scheduler.wait(random.below(40));
      else if (what === 'evict') await pipe.evict().catch(() => undefined);
      else
        await pipe.inside((_, state) => {
          for (const socket of state.getWebSockets()) if (what === 'reset' || random.chance(0.3)) socket.close(1011, 'cut');
        });
    }
    await pipe.port.close(OWNER, {});
    for (const seen of await all) expect(seen).toEqual(written);
    expect(late).toEqual([]);
  }
});

describe('a waiting reader', () => {
  test('at the tail misses nothing that comes while he looks for the last time', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    await append(pipe, 'before');
    const real = waiting.services.pipes(pipe.definition.id);
    const late = {
      ...waiting.services,
      pipes: () => ({ read: async (...given: Parameters<typeof real.read>) => (await append(pipe, 'late'), real.read(...given)) }),
    };
    const text = await readChunks(late as unknown as Services, pipe.definition.id, reading('now'), 30, signal);
    expect(names(text)).toEqual(['late']);
  });

  test('is woken after the object has slept', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const text = poll(pipe, waiting);
    await untilSockets(pipe, 1);
    await pipe.evict();
    await append(pipe, 'a');
    expect([names(await text), waiting.dials, waiting.missed]).toEqual([['a'], 1, 0]);
  });

  test('whose line is cut dials again', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const text = poll(pipe, waiting, 'now');
    await untilSockets(pipe, 1);
    await pipe.inside((_, state) => state.getWebSockets().forEach((socket) => socket.close(1011, 'cut')));
    await append(pipe, 'a');
    expect([names(await text), waiting.dials]).toEqual([['a'], 2]);
  });

  test('shares one page with all who stand where he does', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const texts = Array.from({ length: 20 }, (_, i) => poll(pipe, waiting, undefined, 20_000, { urls: i % 2 === 0 }));
    await untilSockets(pipe, 20);
    await pipe.port.append({ principal: OWNER, chunks: [inlineChunk('a')] });
    const told = await Promise.all(texts);
    expect(new Set(told).size).toBe(1);
    expect(waiting.missed).toBe(0);
  });

  test('is told at once that the pipe is destroyed', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const text = poll(pipe, waiting).catch((error: unknown) => asFault(error)?.fault);
    const pages = livePages(waiting.services, pipe.definition.id, reading(undefined), async () => OWNER, signal);
    await pages.next();
    await untilSockets(pipe, 2);
    await pipe.port.destroy(OWNER, { force: true, purge: false });
    expect(await text).toBe('PipeDestroyed');
    const last = await pages.next();
    expect(last.value?.kind === 'fault' && last.value.fault.fault).toBe('PipeDestroyed');
    expect((await pages.next()).done).toBe(true);
  });

  test('who hangs up leaves no socket', async () => {
    const pipe = await TestPipe.open();
    const gone = new AbortController();
    const text = readChunks(new Waiting(pipe).services, pipe.definition.id, reading(undefined), 20_000, gone.signal);
    await untilSockets(pipe, 1);
    gone.abort();
    await text;
    await expect.poll(() => pipe.inside((_, state) => state.getWebSockets().length)).toBe(0);
  });

  test('beyond the places is refused unless there is something to read', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const places = Array.from({ length: 1000 }, () => waiting.services.places.take(60_000));
    expect(await poll(pipe, waiting).catch((error: unknown) => asFault(error)?.fault)).toBe('ServiceBusy');
    await append(pipe, 'a');
    expect(names(await poll(pipe, waiting))).toEqual(['a']);
    for (const place of places) place.free();
  });
});

describe('a stream', () => {
  test('has so much on its way, however much there is', async () => {
    const pipe = await TestPipe.open();
    const waiting = new Waiting(pipe);
    const pages = livePages(waiting.services, pipe.definition.id, reading(undefined, { max: 1 }), async () => OWNER, signal);
    await pages.next();
    await untilSockets(pipe, 1);
    const list = Array.from({ length: 10 }, (_, i) => `big-${i}`);
    for (const name of list) await pipe.port.append({ principal: OWNER, chunks: [inlineChunk(name, 'x'.repeat(16_000))] });
    const [kept] = await pipe.inside((_, state) =>
      state.getWebSockets().map((socket) => socket.deserializeAttachment() as { standing: { pos: number }; unread: number }),
    );
    expect(kept?.standing.pos).toBe(Math.ceil(WINDOW / ((kept?.unread ?? 0) / (kept?.standing.pos ?? 1))));
    for (const name of list) {
      const { value } = await pages.next();
      expect(value?.kind === 'page' && names(value.body)).toEqual([name]);
    }
    await pages.return(undefined);
  });
});

describe('a writer who waits for room', () => {
  const write = (pipe: TestPipe, { services }: Waiting, name: string, milliseconds: number): Promise<unknown> =>
    withRoom(services, pipe.definition.id, { principal: OWNER, milliseconds, signal }, () =>
      pipe.port.append({ principal: OWNER, chunks: [pinnedChunk(name)], pinnedAt: pipe.definition.created }),
    );
  const tickets = { readPipeId: async (id: string) => id };
  const open = async (): Promise<{ readonly pipe: TestPipe; readonly waiting: Waiting }> => {
    const pipe = await TestPipe.open({ maxChunks: 1 });
    const waiting = new Waiting(pipe);
    Object.assign(waiting.services, { tickets });
    await write(pipe, waiting, 'first', 0);
    return { pipe, waiting };
  };

  test('writes when a chunk has arrived', async () => {
    const { pipe, waiting } = await open();
    const written = write(pipe, waiting, 'second', 20_000);
    await untilSockets(pipe, 1);
    const [attempt] = pipe.given();
    await pipe.port.begin(attempt?.id ?? '', attempt?.attempt ?? 0);
    await pipe.port.report(attempt?.id ?? '', attempt?.attempt ?? 0, { kind: 'delivered', deliveries: [{ kind: 'ready', seq: 1 }] });
    expect(await written).toMatchObject({ chunks: [{ name: 'second', seq: 2 }] });
  });

  test('is told that the pipe is full when the time is over, and that it is closed or gone at once', async () => {
    const { pipe, waiting } = await open();
    const fault = (error: unknown): string | undefined => asFault(error)?.fault;
    expect(await write(pipe, waiting, 'x', 50).catch(fault)).toBe('PipeFull');
    const written = write(pipe, waiting, 'second', 20_000).catch(fault);
    await untilSockets(pipe, 1);
    await pipe.port.close(OWNER, {});
    expect(await written).toBe('PipeClosed');
    const other = await open();
    const lost = write(other.pipe, other.waiting, 'second', 20_000).catch(fault);
    await untilSockets(other.pipe, 1);
    await other.pipe.port.destroy(OWNER, { force: true, purge: false });
    expect(await lost).toBe('PipeDestroyed');
  });
});

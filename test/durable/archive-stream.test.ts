// An archive while it is sent: a store that breaks off is asked again where it broke, and one that stays broken ends the stream in failure.
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults.ts';
import { TAR } from '../../src/formats/tar.ts';
import type { ByteRange, ObjectKey, Objects, StoreContainer } from '../../src/objects/port.ts';
import type { Packed } from '../../src/service/views/archive-entries.ts';
import { streamArchive } from '../../src/service/views/archive-stream.ts';
import type { Services } from '../../src/service/services.ts';

const LARGE = 1_000_000;
const SMALL = 1000;

interface Store {
  readonly gets: { key: string; range: ByteRange | undefined }[];
  open: number;
  most: number;
}

type Answer = (size: number, range: ByteRange | undefined, call: number) => ReadableStream<Uint8Array> | Error;

/** Bytes that end early, or fail. */
function stream(bytes: number, fails = false): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= bytes) return fails ? controller.error(new Error('reset by peer')) : controller.close();
      const part = Math.min(100_000, bytes - sent);
      sent += part;
      controller.enqueue(new Uint8Array(part).fill(120));
    },
  });
}

const whole: Answer = (size, range) => stream(size - (range?.start ?? 0));

function open(sizes: readonly number[], answer: Answer): { body: ReadableStream<Uint8Array>; length: number; store: Store } {
  const store: Store = { gets: [], open: 0, most: 0 };
  const packed = sizes.map((size, i): Packed => ({
    entry: { kind: 'file', name: `f${i}`, size, modified: 0 },
    uri: `vos://localhost~vospace/f${i}`,
    source: { container: { name: 'c', epoch: 0 }, key: `o/${i}` as ObjectKey },
  }));
  const get: Objects['get'] = async (_, key, range) => {
    store.gets.push({ key, range });
    store.most = Math.max(store.most, ++store.open);
    await scheduler.wait(1);
    store.open--;
    const given = answer(sizes[Number(key.slice(2))] ?? 0, range, store.gets.filter((one) => one.key === key).length);
    if (given instanceof Error) throw given;
    return given;
  };
  const spaces = { placeOf: async (place: { container: StoreContainer; key: ObjectKey }) => ({ ...place, foreign: false }) };
  const services = { objects: { get }, spaces, later: () => undefined } as unknown as Services;
  const length = TAR.length(packed.map(({ entry }) => entry));
  return { body: streamArchive(services, TAR, packed, length), length, store };
}

/** Bytes that came, and whether the stream ended well. */
async function drain(body: ReadableStream<Uint8Array>): Promise<{ bytes: number; ended: boolean }> {
  const reader = body.getReader();
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.byteLength;
    return { bytes, ended: true };
  } catch {
    return { bytes, ended: false };
  }
}

describe('the archive', () => {
  it('is of the announced length, and has asked for each file once', async () => {
    const { body, length, store } = open([SMALL, LARGE, 0, SMALL], whole);
    expect(await drain(body)).toEqual({ bytes: length, ended: true });
    expect(store.gets.map(({ key }) => key).sort()).toEqual(['o/0', 'o/1', 'o/3']);
  });

  it('reads small files ahead, only so many at a time', async () => {
    const { body, length, store } = open(
      Array.from({ length: 100 }, () => SMALL),
      whole,
    );
    expect(await drain(body)).toEqual({ bytes: length, ended: true });
    expect(store.most).toBeGreaterThan(1);
    expect(store.most).toBeLessThanOrEqual(8);
  });

  it('goes on where a large file broke off', async () => {
    const cut: Answer = (size, range, call) => (call === 1 ? stream(300_000, true) : whole(size, range, call));
    const { body, length, store } = open([SMALL, LARGE, SMALL], cut);
    expect(await drain(body)).toEqual({ bytes: length, ended: true });
    expect(store.gets.filter(({ key }) => key === 'o/1').map(({ range }) => range)).toEqual([
      undefined,
      { start: 300_000, end: LARGE - 1 },
    ]);
  });

  it.each<[string, Answer, number]>([
    ['a store that does not answer', () => new Fault('ServiceBusy', 'store'), 3],
    ['a file that is gone', () => new Fault('NotFound', 'key'), 1],
    ['a stream that fails at once, always', () => stream(0, true), 3],
    ['a file that is shorter than its node says', () => stream(10), 3],
    ['a file that is longer than its node says', (size) => stream(size + 1), 1],
  ])('fails with %s, small or large', async (_, answer, most) => {
    for (const size of [SMALL, LARGE]) {
      const { body, length, store } = open([SMALL, size, SMALL], (expected, range, call) =>
        expected === SMALL && size === LARGE ? whole(expected, range, call) : answer(expected, range, call),
      );
      const { bytes, ended } = await drain(body);
      expect(ended).toBe(false);
      expect(bytes).toBeLessThan(length);
      expect(store.gets.filter(({ key }) => key === 'o/1').length).toBeLessThanOrEqual(most);
    }
  });

  it('stops reading the store when nobody takes it any more', async () => {
    const { body, store } = open(
      Array.from({ length: 1000 }, () => 100_000),
      whole,
    );
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    await scheduler.wait(50);
    const asked = store.gets.length;
    await scheduler.wait(50);
    expect(store.gets.length).toBe(asked);
    expect(asked).toBeLessThan(50);
  });
});

// WriteChunk of nodes by many at a time: those that come together share a call to the Space, a holder and a commit, and are accepted or refused alone.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ARRIVAL_LIFE } from '../../src/model/limits.ts';
import type { PipeId } from '../../src/model/pipe.ts';
import { parseChunkName } from '../../src/model/chunk-name.ts';
import type { SpacePort } from '../../src/durable/space/port.ts';
import { pinNames } from '../../src/service/pipes/pin.ts';
import { writeChunks } from '../../src/service/pipes/write.ts';
import { Chaining } from './support/chaining.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { peers } from './support/ports.ts';
import { mount } from './support/relocating.ts';
import { DAY, OWNER, refused, STRANGER } from './support/space.ts';

let chain: Chaining;
let pipe: PipeId;
/** Calls to Spaces by which something was pinned. */
let pinCalls: number;
let fails: boolean;

beforeEach(async () => {
  chain = new Chaining(await mount(new FakeStore()));
  await chain.space.make('a');
  pipe = await chain.made('a', 'b');
  [pinCalls, fails] = [0, false];
  peers.wire = (port) =>
    new Proxy(port, {
      get: (target, method) => {
        if (method !== 'pinChunks') return Reflect.get(target, method) as unknown;
        return async (...pinning: Parameters<SpacePort['pinChunks']>) => {
          pinCalls++;
          const pins = await (target as SpacePort).pinChunks(...pinning);
          if (fails) throw new Error('the connection was lost');
          return pins;
        };
      },
    });
});
afterEach(() => {
  peers.wire = (port) => port;
});

const made = async (...names: string[]): Promise<void> => {
  for (const name of names) await chain.space.upload(`a/${name}`, 10);
};
const holds = async (): Promise<number> => (await chain.space.rows<{ n: number }>('SELECT count(*) AS n FROM hold'))[0]?.n ?? -1;
const holders = () => chain.space.rows<{ state: string }>('SELECT state FROM holder');
const write = (name: string, more: { size?: number } = {}, by = OWNER) =>
  refused(
    writeChunks(chain.services(), by, pipe, { kind: 'single', chunks: [{ name: parseChunkName(name), ...more }] }, undefined, pinNames),
  );

it('takes a call for who comes first, and one for all that come meanwhile', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
  await made(...names);
  expect(await Promise.all(names.map((name) => write(name)))).toEqual(names.map(() => 'none'));
  expect(pinCalls).toBeLessThan(10);
  expect((await holders()).length).toBe(pinCalls);
  expect(await holds()).toBe(20);
  await chain.settle();
  expect((await chain.names(pipe)).toSorted()).toEqual(names.toSorted());
});

it('refuses each alone, and holds nothing for what is refused', async () => {
  await made('x', 'y', 'z');
  const asked = [write('x'), write('y', { size: 11 }), write('no'), write('z'), write('z'), write('x', {}, STRANGER)];
  const told = await Promise.all(asked);
  expect(told).toEqual(['none', 'ChunkMismatch', 'ChunkNotFound', 'none', 'none', 'PermissionDenied']);
  await vi.waitFor(async () => expect(await holds()).toBe(2));
  await chain.settle();
  expect((await chain.names(pipe)).toSorted()).toEqual(['x', 'z']);
  await chain.space.inside((state) => checkRows(state.storage.sql, chain.space.store, chain.space.container));
});

it('lets go of what was pinned for a repeat, and keeps what the first has', async () => {
  await made('x', 'y');
  await Promise.all([write('x'), write('y')]);
  await Promise.all([write('x'), write('y'), write('x')]);
  await vi.waitFor(async () => expect(await holds()).toBe(2));
  await chain.space.remove('a/x');
  await chain.space.pass(3 * DAY, DAY / 4);
  await chain.settle();
  expect((await chain.names(pipe)).toSorted()).toEqual(['x', 'y']);
});

it('has the caller pin by himself where the Space does not answer the pipe, and asks later what that was for', async () => {
  await made('x');
  fails = true;
  expect(await write('x')).toBe('none');
  expect(await holds()).toBe(2);
  fails = false;
  await chain.space.pass(2 * ARRIVAL_LIFE, ARRIVAL_LIFE / 2);
  await vi.waitFor(async () => expect(await holds()).toBe(1));
  await chain.settle();
  expect(await chain.names(pipe)).toEqual(['x']);
});

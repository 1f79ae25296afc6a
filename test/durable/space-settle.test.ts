// Settling an upload against a store whose n-th call fails, for every n and every way to fail: the retry works, nothing is lost or left.
import { describe, expect, it } from 'vitest';
import type { Failure, Sealing } from './support/fake-store.ts';
import { DAY, HOUR, MINUTE, newSpace, type TestSpace } from './support/space.ts';
import { testClock } from './support/ports.ts';
import { asFault } from '../../src/faults.ts';

const SEALINGS: readonly Sealing[] = ['copy', 'manifest', 'version'];
const FAILURES: readonly Failure[] = ['busy', 'lost', 'changed'];
const cases = SEALINGS.flatMap((sealing) => FAILURES.map((how) => ({ sealing, how })));

/** What the node serves is in the store, undamaged. */
async function served(space: TestSpace, path: string): Promise<{ size: number; whole: boolean; key: string }> {
  const located = await space.port.locate(space.call(path));
  if (located.kind !== 'bytes' || located.key === undefined) throw new Error(`${path} has no bytes`);
  return { size: located.node.size, whole: space.store.readable(space.container, located.key) !== undefined, key: located.key };
}

/** One upload with a failing call of the store; false when no call failed any more. */
async function withFailure(sealing: Sealing, how: Failure, at: number): Promise<boolean> {
  const space = await newSpace(1000);
  space.store.sealing = sealing;
  // There are old bytes: either those or the new ones are served at all times.
  await space.upload('file', 5, { length: 5 });
  const id = await space.reserve('file', { length: 100 });
  space.send(id, 100);
  const first = space.store.calls;
  space.store.failure = { at: first + at, how };
  const outcome = await space.settle(id);
  const failed = space.store.calls >= first + at;
  if (outcome === undefined) {
    expect(await served(space, 'file')).toMatchObject({ size: 5, whole: true });
    expect((await space.get('')).quota).toEqual({ bytes: 1000, used: 5, reserved: 95 });
    testClock.now += 2000;
    expect(await space.settle(id)).toMatchObject({ result: 'committed' });
  } else expect(outcome).toEqual({ result: 'committed', detail: '' });
  // A replaced upload is committed as what it is by then, never as a mixture.
  const now = await served(space, 'file');
  expect(now.whole).toBe(true);
  expect([100, 7]).toContain(now.size);
  expect(now.key).not.toBe(`in/${id}`);
  expect((await space.get('')).quota).toEqual({ bytes: 1000, used: now.size, reserved: 0 });
  space.store.failure = undefined;
  await space.pass(5 * DAY, 6 * HOUR);
  expect(await served(space, 'file')).toEqual(now);
  const stays = sealing === 'copy' ? [now.key] : [now.key, `in/${id}`];
  expect(space.store.keys(space.container).sort()).toEqual(stays.sort());
  expect(await space.rows('SELECT * FROM leftover')).toEqual([]);
  return failed;
}

describe('settling', () => {
  it.each(cases)('by $sealing survives every call that fails as $how', async ({ sealing, how }) => {
    let tried = 0;
    while (await withFailure(sealing, how, tried + 1)) tried++;
    expect(tried).toBeGreaterThanOrEqual(2);
  });

  it.each(SEALINGS)('by %s survives a Worker that dies at any call to the store or to the Space', async (sealing) => {
    for (let at = 1; ; at++) {
      const space = await newSpace(1000);
      space.store.sealing = sealing;
      const id = await space.reserve('file', { length: 10 });
      space.send(id, 10);
      let calls = 0;
      // From this call on nothing is heard of the Worker: the call itself is done or not.
      const dead = new Error('the Worker died');
      const port = new Proxy(space.port, {
        get:
          (port, method) =>
          async (...values: unknown[]) => {
            if (++calls > at) throw dead;
            return (port as unknown as Record<string | symbol, (...values: unknown[]) => unknown>)[method]?.(...values);
          },
      });
      const { settle } = await import('../../src/service/uploads/settle.ts');
      const outcome = await settle(port, space.store, id).catch((error: unknown) =>
        error === dead || asFault(error) ? 'died' : Promise.reject(error),
      );
      await space.evict();
      await space.pass(10 * MINUTE, MINUTE);
      expect(await served(space, 'file')).toMatchObject({ size: 10, whole: true });
      expect((await space.get('')).quota).toEqual({ bytes: 1000, used: 10, reserved: 0 });
      await space.pass(4 * DAY, 6 * HOUR);
      expect(space.store.keys(space.container)).toHaveLength(sealing === 'copy' ? 1 : 2);
      if (outcome !== 'died') break;
      expect(at).toBeLessThan(10);
    }
  });

  it('has one of many at the same time do it, and the others wait', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 3);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => space.settle(id)));
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual(expect.arrayContaining([{ result: 'committed', detail: '' }]));
    expect(await space.rows('SELECT * FROM object')).toHaveLength(1);
    expect(space.store.calls).toBe(2);
  });

  it('in vain keeps the rows that a lost attempt needs, and no more than one per attempt', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    for (let i = 0; i < 5; i++) {
      await space.settle(id);
      testClock.now += 2000;
    }
    expect((await space.rows('SELECT * FROM leftover')).length).toBeLessThanOrEqual(5);
  });
});

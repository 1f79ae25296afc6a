// Completing an upload in parts while the store fails at its n-th call, for every n: it works in the end, and leaves nothing behind.
import { describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { formatKeyRange, keysIn } from '../../src/model/key-range.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import { abortUpload, completeUpload } from '../../src/service/uploads/complete.ts';
import type { Failure } from './support/fake-store.ts';
import { testClock } from './support/ports.ts';
import { servicesOf } from './support/services.ts';
import { DAY, newSpace, OWNER, type TestSpace } from './support/space.ts';

const PLAN = { size: 10, count: 3 };
const LENGTH = 25;

async function begin(space: TestSpace): Promise<{ readonly id: string; readonly keys: readonly string[] }> {
  const id = `p${crypto.randomUUID()}`;
  const key = formatKeyRange(`in/${id}/`, PLAN.count) as ObjectKey;
  await space.reserve('file', { id, key, length: LENGTH, expires: testClock.now + 7 * DAY, asked: { parts: PLAN } });
  return { id, keys: keysIn(key) };
}

function send(space: TestSpace, keys: readonly string[]): void {
  for (const [i, key] of keys.entries()) space.store.upload(space.container, key, i === 2 ? 5 : 10);
}

const complete = (space: TestSpace, id: string): Promise<string> =>
  completeUpload(servicesOf(space, id), OWNER, id, {}).then(
    ({ phase }) => phase,
    (error: unknown) => asFault(error)?.fault ?? String(error),
  );

describe('completing an upload in parts', () => {
  it.each(['busy', 'lost', 'changed'] as const)('survives a store that is %s at any of its calls', async (how: Failure) => {
    const outcomes: string[] = [];
    for (let at = 1; ; at += 1) {
      const space = await newSpace(1000);
      const { id, keys } = await begin(space);
      send(space, keys);
      const before = space.store.calls;
      space.store.failure = { at: before + at, how };
      outcomes.push(await complete(space, id));
      const reached = space.store.calls >= before + at;
      space.store.failure = undefined;
      if (!reached) break;
      send(space, keys);
      expect(await complete(space, id)).toBe('COMPLETED');
      expect(await space.get('file')).toMatchObject({ size: LENGTH, busy: false });
      expect((await space.get('')).quota).toMatchObject({ used: LENGTH, reserved: 0 });
      await space.pass(3 * DAY);
      const left = space.store.keys(space.container).toSorted();
      expect(left).toEqual([...keys, expect.stringMatching(/^o\//)]);
    }
    expect(outcomes.length).toBeGreaterThan(2);
    expect(outcomes.at(-1)).toBe('COMPLETED');
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(how === 'changed' ? ['COMPLETED', 'PreconditionFailed'] : ['ServiceBusy']));
  });

  it('that was aborted meanwhile fails, and leaves nothing in the store', async () => {
    const space = await newSpace(1000);
    const { id, keys } = await begin(space);
    send(space, keys);
    const services = servicesOf(space, id);
    const assemble = space.store.assemble.bind(space.store);
    space.store.assemble = async (...request) => {
      const made = await assemble(...request);
      await abortUpload(services, OWNER, id);
      return made;
    };
    expect(await complete(space, id)).toBe('TransferFailed');
    await space.pass(3 * DAY);
    expect(space.store.keys(space.container)).toEqual([]);
    expect((await space.get('')).quota).toMatchObject({ used: 0, reserved: 0 });
  });
});

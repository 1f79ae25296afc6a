// Parts that are in the store, while its listing does not show them yet: Swift's container servers hear of an object a moment after its sender does.
import { describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { formatKeyRange, keysIn } from '../../src/model/key-range.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import { completeUpload } from '../../src/service/uploads/complete.ts';
import type { Services } from '../../src/service/services.ts';
import { describeUpload, openUpload } from '../../src/service/uploads/state.ts';
import { testClock } from './support/ports.ts';
import { servicesOf } from './support/services.ts';
import { DAY, newSpace, OWNER, type TestSpace } from './support/space.ts';

const PLAN = { size: 10, count: 60 };
const LENGTH = 600;

interface Begun {
  readonly id: string;
  readonly services: Services;
  readonly keys: readonly string[];
}

/** An upload of many parts in a store that lists nothing. */
async function begin(space: TestSpace): Promise<Begun> {
  const id = `p${crypto.randomUUID()}`;
  const key = formatKeyRange(`in/${id}/`, PLAN.count) as ObjectKey;
  await space.reserve('file', { id, key, length: LENGTH, expires: testClock.now + 7 * DAY, asked: { parts: PLAN } });
  space.store.list = async () => ({ objects: [] });
  space.store.sign = async ({ key: signed }) => `https://store.example/${signed}`;
  return { id, services: servicesOf(space, id), keys: keysIn(key) };
}

async function missingOf({ services, id }: Begun): Promise<readonly number[] | undefined> {
  const { parts } = await describeUpload(services, await openUpload(services, OWNER, id), 'missing');
  return parts?.map(({ number }) => number);
}

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('parts that the listing does not show yet', () => {
  it('are not sent again by a client that goes on', async () => {
    const space = await newSpace(1000);
    const begun = await begin(space);
    for (const key of begun.keys.slice(0, 40)) space.store.upload(space.container, key, 10);
    expect(await missingOf(begun)).toEqual(numbers(41, 60));
    // Parts come in any order.
    space.store.upload(space.container, begun.keys[42] ?? '', 10);
    expect(await missingOf(begun)).toEqual([41, 42, ...numbers(44, 60)]);
  });

  it('are not looked for one by one where nothing has come', async () => {
    const space = await newSpace(1000);
    const begun = await begin(space);
    const before = space.store.calls;
    expect(await missingOf(begun)).toEqual(numbers(1, 60));
    expect(space.store.calls - before).toBeLessThan(20);
  });

  it('are put together, however many they are', async () => {
    const space = await newSpace(1000);
    const { services, id, keys } = await begin(space);
    for (const key of keys.slice(1)) space.store.upload(space.container, key, 10);
    const refused = asFault(await completeUpload(services, OWNER, id, {}).catch((thrown: unknown) => thrown));
    expect([refused?.fault, refused?.detail]).toEqual(['PreconditionFailed', expect.stringMatching(/parts 1$/)]);
    space.store.upload(space.container, keys[0] ?? '', 10);
    expect(await completeUpload(services, OWNER, id, {})).toMatchObject({ phase: 'COMPLETED', received: LENGTH });
  });
});

// Completing an upload of one PUT that cannot be decided at this moment: who asks is told so, and not that his bytes are missing.
import { describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { completeUpload, completeUploads } from '../../src/service/uploads/complete.ts';
import { servicesOf } from './support/services.ts';
import { newSpace, OWNER, type TestSpace } from './support/space.ts';

const LENGTH = 25;

async function begin(): Promise<{ readonly space: TestSpace; readonly id: string; readonly complete: () => Promise<string> }> {
  const space = await newSpace(1000);
  const id = await space.reserve('file', { length: LENGTH });
  const complete = (): Promise<string> =>
    completeUpload(servicesOf(space, id), OWNER, id, {}).then(
      ({ phase }) => phase,
      (error: unknown) => {
        const fault = asFault(error);
        return fault ? [fault.fault, ...Object.entries(fault.headers).flat()].join(' ') : String(error);
      },
    );
  return { space, id, complete };
}

describe('completing an upload of one PUT', () => {
  it('says that the bytes are missing where they are', async () => {
    const { complete } = await begin();
    expect(await complete()).toBe('PreconditionFailed');
  });

  it.each(['busy', 'lost'] as const)('is to be asked again when the store is %s at any of its calls, and works then', async (how) => {
    const outcomes: string[] = [];
    for (let at = 1; ; at += 1) {
      const { space, id, complete } = await begin();
      space.send(id, LENGTH);
      const before = space.store.calls;
      space.store.failure = { at: before + at, how };
      outcomes.push(await complete());
      const reached = space.store.calls >= before + at;
      space.store.failure = undefined;
      if (!reached) break;
      expect(await complete()).toBe('COMPLETED');
    }
    expect(outcomes.length).toBeGreaterThan(2);
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['ServiceBusy Retry-After 1']));
  });

  it('is busy while another request is completing it, in a list as well', async () => {
    const { space, id, complete } = await begin();
    space.send(id, LENGTH);
    expect(await space.port.claim(id, true)).toMatchObject({ kind: 'claimed' });
    expect(await complete()).toBe('NodeBusy Retry-After 1');
    const [one] = await completeUploads(servicesOf(space, id), OWNER, [{ name: id, wish: {} }]);
    expect(one).toMatchObject({ id, fault: 'NodeBusy', retryAfter: 1 });
  });
});

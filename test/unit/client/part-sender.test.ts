// Parts of an upload that are sent at the same time end together.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { VospaceError } from '../../../src/client/error.ts';
import { sendParts, type Put } from '../../../src/client/part-sender.ts';
import { FakeSpace } from './fake-space.ts';

test('when one part is lost, nothing reads the source any more', async () => {
  const { session } = new FakeSpace().client();
  const lost = new VospaceError('TransferFailed', 'the disk is gone');
  let ended = 0;
  const put = async ({ portion: { number }, signal }: Put): Promise<never> => {
    if (number === 1) throw lost;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    await turn();
    ended += 1;
    throw lost;
  };
  const source = { size: 3, slice: () => new Uint8Array(1) };
  const upload = {
    uri: 'vos://space.test~vospace/a',
    id: '1',
    phase: 'PENDING',
    length: 3,
    expires: '2026-01-01T00:00:00Z',
    partSize: 1,
    partCount: 3,
    parts: [1, 2, 3].map((number) => ({ number, size: 1, url: `https://store.test/${number}` })),
  } as const;
  const sending = { session, source, type: 'text/plain', parallel: 3, signal: undefined, sent: () => undefined, put };
  await expect(sendParts(sending, upload, () => Promise.resolve(upload))).rejects.toBe(lost);
  expect(ended).toBe(2);
});

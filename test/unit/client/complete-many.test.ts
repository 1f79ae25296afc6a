// Many uploads completed in one request: none waits for others of it that take longer.
import { expect, test } from 'vitest';
import type { Session } from '../../../src/client/session.ts';
import { RETRY } from '../../../src/client/retry.ts';
import { refusalOf, UploadCalls } from '../../../src/client/upload-calls.ts';

const BUSY = { fault: 'NodeBusy', detail: 'another request is at it', retryAfter: 1 };

/** A service that says so of each id in its first answers, and that it is complete afterwards. What it was asked, and how often it was waited for, is kept. */
function service(first: Readonly<Record<string, readonly object[]>>) {
  const log: string[] = [];
  const times = new Map<string, number>();
  const answer = (id: string): object => {
    const time = times.get(id) ?? 0;
    times.set(id, time + 1);
    return { id, ...(first[id]?.[time] ?? { uri: `vos://a/${id}`, phase: 'COMPLETED', length: 1 }) };
  };
  const ask = ({ body = '' }: { readonly body?: string }): Promise<{ readonly text: string }> => {
    const { items } = JSON.parse(body) as { readonly items: readonly { readonly id: string }[] };
    log.push(`asked ${items.map(({ id }) => id).join()}`);
    return Promise.resolve({ text: JSON.stringify({ items: items.map(({ id }) => answer(id)) }) });
  };
  const sleep = (): Promise<void> => {
    log.push('waited');
    return Promise.resolve();
  };
  const session = { wire: { ask, policy: RETRY, runtime: { sleep, random: () => 0 } }, endpoints: { base: '' } } as unknown as Session;
  const complete = async (...ids: readonly string[]): Promise<readonly string[]> => {
    const calls = new UploadCalls(session, undefined);
    for await (const one of calls.completeMany(
      ids.map((id) => ({ id })),
      () => log.push('rests'),
    ))
      log.push(`${one.id}: ${refusalOf(one)?.fault ?? 'complete'}`);
    return log;
  };
  return { complete };
}

test('what is complete or refused is told before those that take longer are asked for again', async () => {
  const { complete } = service({ b: [BUSY, BUSY], c: [{ fault: 'QuotaExceeded', detail: '' }] });
  expect(await complete('a', 'b', 'c')).toEqual([
    'asked a,b,c',
    'a: complete',
    'c: QuotaExceeded',
    'rests',
    'waited',
    'asked b',
    'rests',
    'waited',
    'asked b',
    'b: complete',
  ]);
});

test('what never is complete is told as what it is after some tries', async () => {
  const log = await service({ a: Array.from({ length: 99 }, () => BUSY) }).complete('a');
  expect([log.filter((one) => one === 'asked a').length, log.at(-1)]).toEqual([RETRY.tries, 'a: NodeBusy']);
});

test('without uploads nothing is asked', async () => {
  expect(await service({}).complete()).toEqual([]);
});

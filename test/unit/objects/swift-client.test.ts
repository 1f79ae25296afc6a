// How long the service waits for a Swift that has stopped to answer.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SwiftConfig } from '../../../src/config.ts';
import { asFault } from '../../../src/faults.ts';
import type { StoreKeysPort } from '../../../src/objects/keys.ts';
import { makeSwiftClient } from '../../../src/objects/swift/client.ts';

const LIMIT = 20;
const keys = {
  token: async () => ({ token: 't', storageUrl: 'http://swift.test/v1/AUTH_a', expires: Number.MAX_SAFE_INTEGER }),
} as unknown as StoreKeysPort;

/** Answers HEAD, and never a PUT: only its time limit ends it. */
function silent(): void {
  vi.stubGlobal('fetch', (_: string, { method, signal }: RequestInit) =>
    method === 'HEAD'
      ? Promise.resolve(new Response(null, { status: 204 }))
      : new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
  );
}

const send = (sent: Promise<boolean>) =>
  makeSwiftClient({} as SwiftConfig, keys, LIMIT)
    .stream({ method: 'PUT', path: '/c/o' }, new ReadableStream<Uint8Array>(), sent)
    .then(
      () => 'an answer',
      (error: unknown) => asFault(error)?.message ?? String(error),
    );

describe('a body that is streamed into Swift', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is given up when it has been sent and nothing is answered', async () => {
    silent();
    vi.useFakeTimers();
    const outcome = send(Promise.resolve(true));
    await vi.advanceTimersByTimeAsync(3 * LIMIT);
    expect(await outcome).toMatch(/ServiceBusy.*has not answered within/);
  });

  it('takes as long as its sender', async () => {
    silent();
    vi.useFakeTimers();
    let finish = (_whole: boolean): void => undefined;
    let ended = false;
    const outcome = send(new Promise((resolve) => (finish = resolve))).finally(() => (ended = true));
    await vi.advanceTimersByTimeAsync(1000 * LIMIT);
    expect(ended).toBe(false);
    finish(true);
    await vi.advanceTimersByTimeAsync(3 * LIMIT);
    expect(await outcome).toMatch(/has not answered within/);
  });
});

// StoreKeys: one secret for ever, epochs, and one authentication for a burst of requests.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asFault, Fault } from '../../src/faults.ts';
import type { StoreToken } from '../../src/objects/keys.ts';
import { storeKeysPorts, type TestEnv } from '../support/test-worker.ts';
import { faultOf } from './harness.ts';

const { STORE_KEYS } = env as unknown as TestEnv;
const HOUR = 3_600_000;

function token(name: string, life = HOUR): StoreToken {
  return { token: name, storageUrl: 'http://127.0.0.1:9/v1/AUTH_x', expires: Date.now() + life };
}

describe('StoreKeys', () => {
  let asked = 0;
  let answer: () => Promise<StoreToken> = async () => token('none');
  const fresh = () => STORE_KEYS.getByName(crypto.randomUUID());

  // Objects run in the isolate of the tests: they share the clock.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    asked = 0;
    storeKeysPorts.authenticate = () => {
      asked++;
      return answer();
    };
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('makes a secret of 256 bits once, and keeps it over eviction', async () => {
    const keys = fresh();
    const secret = await keys.secret();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await evictDurableObject(keys);
    expect(await keys.secret()).toBe(secret);
    expect(await fresh().secret()).not.toBe(secret);
  });

  it('counts epochs from one, and keeps them over eviction', async () => {
    const keys = fresh();
    expect([await keys.epoch(), await keys.rotate(), await keys.rotate()]).toEqual([1, 2, 3]);
    await evictDurableObject(keys);
    expect(await keys.epoch()).toBe(3);
  });

  it('authenticates once for many that ask at the same time', async () => {
    const keys = fresh();
    const { promise, resolve } = Promise.withResolvers<StoreToken>();
    answer = () => promise;
    const waiting = Array.from({ length: 20 }, () => keys.token());
    // Whatever is asked later is answered later: all of them wait by then.
    await keys.epoch();
    resolve(token('shared'));
    expect(new Set((await Promise.all(waiting)).map((each) => each.token))).toEqual(new Set(['shared']));
    expect(asked).toBe(1);
  });

  it('gives the token that it has, over eviction, until it is called stale', async () => {
    const keys = fresh();
    answer = async () => token(`token-${asked}`);
    expect((await keys.token()).token).toBe('token-1');
    await evictDurableObject(keys);
    expect((await keys.token()).token).toBe('token-1');
    expect((await keys.token('another')).token).toBe('token-1');
    expect((await keys.token('token-1')).token).toBe('token-2');
    expect((await keys.token('token-1')).token).toBe('token-2');
    expect(asked).toBe(2);
  });

  it('replaces a token that is about to end', async () => {
    const keys = fresh();
    answer = async () => token(`token-${asked}`, asked === 1 ? 59_000 : HOUR);
    expect((await keys.token()).token).toBe('token-1');
    expect((await keys.token()).token).toBe('token-2');
    expect((await keys.token()).token).toBe('token-2');
  });

  it('answers a refusal with ServiceBusy and its reason, and asks again a second later at the earliest', async () => {
    const keys = fresh();
    answer = async () => {
      throw new Fault('ServiceBusy', 'SWIFT_KEY is wrong');
    };
    const refusal = asFault(
      await keys.token().then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect([refusal?.fault, refusal?.detail]).toEqual(['ServiceBusy', 'SWIFT_KEY is wrong']);
    answer = async () => token('late');
    expect(await faultOf(keys.token())).toBe('ServiceBusy');
    expect(asked).toBe(1);
    vi.setSystemTime(Date.now() + 1001);
    expect((await keys.token()).token).toBe('late');
  });

  it('turns an authentication that breaks into ServiceBusy, without its words', async () => {
    const keys = fresh();
    answer = async () => {
      throw new TypeError('password=hunter2');
    };
    const refusal = asFault(
      await keys.token().then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect([refusal?.fault, refusal?.detail]).toEqual(['ServiceBusy', "the object store's authentication failed"]);
  });

  it('keeps nothing but its three items', async () => {
    const keys = fresh();
    answer = async () => token('one');
    await Promise.all([keys.secret(), keys.rotate(), keys.token()]);
    const names = await runInDurableObject(keys, (_, state) =>
      state.storage.sql
        .exec('SELECT name FROM item ORDER BY name')
        .toArray()
        .map(({ name }) => name),
    );
    expect(names).toEqual(['epoch', 'secret', 'token']);
  });
});

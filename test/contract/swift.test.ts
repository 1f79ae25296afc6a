// The contract on a real Swift: `npm run swift:up`, then `npm run test:swift`.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { STORE_KEYS_NAME } from '../../src/durable/store-keys/index.ts';
import { asFault } from '../../src/faults.ts';
import { authenticate } from '../../src/objects/swift/auth.ts';
import { makeSwiftObjects } from '../../src/objects/swift/index.ts';
import { readSwiftConfig } from '../support/store-vars.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { Bench, bytes, faultOf, md5, pattern, read, streamOf, type StoreUnderTest } from './harness.ts';
import { describeHttp } from './http.ts';
import { describeObjects } from './objects.ts';
import { describeSealing } from './sealing.ts';
import { describeTempUrls } from './temp-urls.ts';
import { describeWire } from './wire.ts';

const testEnv = env as unknown as TestEnv;
const config = readSwiftConfig(testEnv);
const keys = testEnv.STORE_KEYS.getByName(STORE_KEYS_NAME);

function makeStore(): StoreUnderTest {
  return { objects: makeSwiftObjects(config, keys), secret: () => keys.secret() };
}

async function detailOf(promise: Promise<unknown>): Promise<string> {
  const fault = asFault(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return `${fault?.fault}: ${fault?.detail}`;
}

describe('Swift', () => {
  describeObjects(makeStore);
  describeSealing(makeStore);
  describeTempUrls(makeStore);
  describeHttp(makeStore);
  describeWire(makeStore);

  describe('alone', () => {
    const bench = new Bench(makeStore);
    const { container } = bench;

    it.each([
      ['small', 1000],
      ['large', 1_500_000],
    ])('seals a %s upload without the headers that it was sent with', async (_name, size) => {
      const [from, to] = [bench.key(), bench.key('o')];
      const headers = { 'Content-Encoding': 'gzip', 'Content-Disposition': 'inline; filename="other"', 'Content-Type': 'text/html' };
      const sealed = await bench.objects.seal(container, from, to, await bench.upload(from, pattern(size), headers));
      expect(sealed).toMatchObject({ size, md5: await md5(pattern(size)), type: 'text/html' });
      expect(await read(await bench.objects.get(container, sealed.key))).toEqual(pattern(size));
      const answer = await bench.download(sealed.key);
      expect([answer.status, answer.headers.get('Content-Encoding')]).toEqual([200, null]);
      expect(answer.headers.get('Content-Disposition')).not.toContain('other');
      await answer.body?.cancel();
    });

    it('seals a large upload whose last byte nobody has asked for', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const { last, ...info } = await bench.upload(from, pattern(1_500_000));
      expect(last).toBe(btoa(String.fromCharCode(pattern(1_500_000).at(-1) ?? 0)));
      const sealed = await bench.objects.seal(container, from, to, info);
      expect(await read(await bench.objects.get(container, sealed.key))).toEqual(pattern(1_500_000));
      expect(await bench.objects.head(container, bench.key(), true)).toBeUndefined();
    });

    it('gets a fresh token when the one it has is refused, also before a body that cannot be sent twice', async () => {
      const bad = { token: 'AUTH_tkworn', storageUrl: (await keys.token()).storageUrl, expires: Date.now() + 3_600_000 };
      const asked: (string | undefined)[] = [];
      const port = {
        secret: () => keys.secret(),
        epoch: () => keys.epoch(),
        rotate: () => keys.rotate(),
        token: async (stale?: string) => (asked.push(stale), stale === undefined ? bad : keys.token(stale)),
      };
      const objects = makeSwiftObjects(config, port);
      expect((await objects.put(container, bench.key('o'), { body: streamOf(bytes('x')), length: 1 })).size).toBe(1);
      expect(asked).toEqual([undefined, 'AUTH_tkworn']);
      const again = makeSwiftObjects(config, port);
      expect(await again.head(container, bench.key())).toBeUndefined();
    });

    it('says what an operator can mend, without the password', async () => {
      const wrong = await detailOf(authenticate({ ...config, key: 'not-the-password' }));
      expect(wrong).toMatch(/^ServiceBusy: .*SWIFT_USER or SWIFT_KEY is wrong$/);
      expect(wrong).not.toContain('not-the-password');
      expect(await detailOf(authenticate({ ...config, authUrl: 'http://127.0.0.1:9/auth/v1.0' }))).toMatch(
        /^ServiceBusy: .*no answer: is SWIFT_AUTH_URL right/,
      );
      const lost = makeSwiftObjects(
        { ...config, storageUrl: 'http://127.0.0.1:9/v1/AUTH_x' },
        { ...keysOf(), token: async () => ({ token: 't', storageUrl: 'http://127.0.0.1:9/v1/AUTH_x', expires: Date.now() + 3_600_000 }) },
      );
      expect(await detailOf(lost.health())).toBe('ServiceBusy: the object store cannot be reached');
      expect(await faultOf(lost.put(container, bench.key(), { body: streamOf(bytes('x')), length: 1 }))).toBe('ServiceBusy');
    });

    it('knows its origin and the largest upload once it is asked how it is', async () => {
      const { objects } = makeStore();
      await objects.health();
      expect(objects.origin).toBe(new URL((await keys.token()).storageUrl).origin);
      expect(objects.maxPut).toBeGreaterThan(1024 * 1024);
    });

    it('never serves a large sealed object whose segment was overwritten', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const sealed = await bench.objects.seal(container, from, to, await bench.upload(from, pattern(1_500_000)));
      expect(sealed).toMatchObject({ key: to, keeps: true });
      await bench.upload(from, pattern(1_500_000, 2));
      expect(await faultOf(bench.objects.get(container, to))).toBe('Conflict');
    });
  });
});

function keysOf() {
  return { secret: () => keys.secret(), epoch: () => keys.epoch(), rotate: () => keys.rotate() };
}

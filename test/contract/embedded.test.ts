// The contract on the embedded store, and what only that store promises.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { STORE_KEYS_NAME } from '../../src/durable/store-keys/index.ts';
import { makeEmbeddedObjects } from '../../src/objects/embedded/index.ts';
import type { ObjectInfo, ObjectKey } from '../../src/objects/port.ts';
import { MAX_PUT } from '../support/store-vars.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { Bench, bytes, faultOf, pattern, read, streamOf, textOf, type StoreUnderTest } from './harness.ts';
import { describeHttp } from './http.ts';
import { describeObjects } from './objects.ts';
import { describeSealing } from './sealing.ts';
import { describeTempUrls } from './temp-urls.ts';
import { describeWire } from './wire.ts';

const { BYTES, STORE_KEYS, STORE_ORIGIN } = env as unknown as TestEnv;

function makeStore(): StoreUnderTest {
  const secret = () => STORE_KEYS.getByName(STORE_KEYS_NAME).secret();
  return { objects: makeEmbeddedObjects({ bucket: BYTES, origin: STORE_ORIGIN, secret, maxPut: MAX_PUT }), secret };
}

describe('the embedded store', () => {
  describeObjects(makeStore);
  describeSealing(makeStore);
  describeTempUrls(makeStore);
  describeHttp(makeStore);
  describeWire(makeStore);

  describe('alone', () => {
    const bench = new Bench(makeStore);
    const { container } = bench;

    it('answers 404 to everything but its objects', async () => {
      for (const path of [
        '/',
        '/vos/nodes',
        '/v1',
        '/v1/AUTH_local',
        `/v1/AUTH_local/${container.name}`,
        `/v1/AUTH_local/${container.name}/`,
        '/v1/AUTH_other/c/o',
        '/info',
        '/auth/v1.0',
      ]) {
        const answer = await fetch(`${STORE_ORIGIN}${path}`);
        expect([path, answer.status]).toEqual([path, 404]);
        await answer.body?.cancel();
      }
    });

    it("keeps a browser from running users' bytes", async () => {
      const key = bench.key();
      await bench.upload(key, bytes('<script>alert(1)</script>'), { 'Content-Type': 'text/html' });
      for (const answer of [
        await bench.download(key),
        await bench.download(key, { Range: 'bytes=0-3' }),
        await bench.download(bench.key()),
      ]) {
        expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(answer.headers.get('Content-Security-Policy')).toBe("sandbox; default-src 'none'");
        await answer.body?.cancel();
      }
    });

    it('serves every sealed upload of one key, whatever came later', async () => {
      const from = bench.key();
      const first = await bench.objects.seal(container, from, bench.key('o'), await bench.upload(from, pattern(2_000_000, 1)));
      const second = await bench.objects.seal(container, from, bench.key('o'), await bench.upload(from, pattern(2_000_000, 2)));
      await bench.upload(from, bytes('late'));
      expect(await read(await bench.objects.get(container, first.key))).toEqual(pattern(2_000_000, 1));
      expect(new Uint8Array(await (await bench.download(second.key)).arrayBuffer())).toEqual(pattern(2_000_000, 2));
      await bench.objects.delete(container, [second.key]);
      expect(await bench.objects.head(container, first.key)).toBeDefined();
      await bench.objects.delete(container, [from]);
      expect(await bench.objects.head(container, first.key)).toBeUndefined();
    });

    it('takes no upload to a sealed key', async () => {
      const from = bench.key();
      const { key } = await bench.objects.seal(container, from, bench.key('o'), await bench.upload(from, bytes('x')));
      expect(await faultOf(bench.sign('PUT', key))).toBe('InvalidArgument');
      expect(await faultOf(bench.objects.put(container, key, { body: streamOf(bytes('y')), length: 1 }))).toBe('InvalidArgument');
      expect(await faultOf(bench.objects.assemble(container, key, []))).toBe('InvalidArgument');
    });

    it('bounds what the holder of one URL can make it keep', async () => {
      const key = bench.key();
      for (let i = 0; i < 16; i++) await bench.upload(key, bytes(String(i)));
      expect((await bench.send(key, bytes('more'))).status).toBe(429);
      expect(await textOf(await bench.download(key))).toBe('15');
    });

    it('refuses chunks beyond the largest upload, and keeps nothing of them', async () => {
      const key = bench.key();
      const chunk = pattern(1024 * 1024);
      const body = streamOf(...Array.from({ length: 21 }, () => chunk));
      expect(await faultOf(bench.objects.put(container, key, { body, length: undefined }))).toBe('RequestEntityTooLarge');
      expect((await bench.objects.list(container, key)).objects).toEqual([]);
    });

    it('leaves nothing in the bucket when a container is emptied and dropped', async () => {
      const other = { name: `${container.name}-gone`, epoch: 1 };
      await bench.objects.prepare(other);
      const key = bench.key('o');
      await bench.objects.put(other, key, { body: streamOf(pattern(9_000_000)), length: undefined });
      await bench.clear(other);
      const left = await Promise.all(
        ['c/', 'v/', 'b/'].map(async (kind) => (await BYTES.list({ prefix: `${kind}${other.name}` })).objects),
      );
      expect(left.flat()).toEqual([]);
    });

    describe('whose upload of unknown length died between its bytes and its version', () => {
      /** What a kill leaves of it. */
      const killed = async (key: ObjectKey, to = container) => {
        const body = streamOf(pattern(9_000_000));
        await bench.objects.put(to, key, { body, length: undefined });
        const [version] = (await BYTES.list({ prefix: `v/${to.name}/${key}!` })).objects;
        await BYTES.delete(version?.key ?? '');
      };
      const blobs = async (name = container.name, key = '') => (await BYTES.list({ prefix: `b/${name}/${key}` })).objects.length;

      it('lists the bytes for the sweep, and deletes them with their key', async () => {
        const [before, key, after] = [bench.key('o/k1'), bench.key('o/k2'), bench.key('o/k3')];
        await bench.objects.put(container, before, { body: streamOf(bytes('x')), length: 1 });
        await killed(key);
        await bench.objects.put(container, after, { body: streamOf(pattern(9_000_000)), length: undefined });
        const listed = (await bench.objects.list(container, 'o/k')).objects;
        expect(listed.map(({ key: one, size }) => [one, size])).toEqual([
          [before, 1],
          [key, 9_000_000],
          [after, 9_000_000],
        ]);
        expect(listed[1]?.modified).toBeGreaterThan(Date.now() - 60_000);
        expect((await bench.objects.list(container, 'o/k', key)).objects.map((object) => object.key)).toEqual([after]);
        expect(await bench.objects.head(container, key)).toBeUndefined();
        await bench.objects.delete(container, [key]);
        expect([await blobs(container.name, key), await blobs(container.name, after)]).toEqual([0, 1]);
      });

      it('lists the key as the version that is there, and leaves that alone when the other goes', async () => {
        const key = bench.key('o');
        await bench.upload(key, bytes('there'));
        await killed(key);
        const { objects } = await bench.objects.list(container, key);
        expect(objects.map(({ size, md5 }) => [size, md5?.length])).toEqual([[5, 32]]);
        const sealed = await bench.objects.seal(container, key, bench.key('o'), objects[0] as ObjectInfo);
        await bench.objects.delete(container, [sealed.key]);
        expect(await blobs(container.name, key)).toBe(1);
        await bench.objects.delete(container, [key]);
        expect(await blobs(container.name, key)).toBe(0);
      });

      it('drops the container with them', async () => {
        const other = { name: `${container.name}-killed`, epoch: 1 };
        await bench.objects.prepare(other);
        await killed(bench.key('o'), other);
        expect(await blobs(other.name)).toBe(1);
        await bench.objects.drop(other);
        expect(await blobs(other.name)).toBe(0);
      });
    });

    it('lists more than a page, each key once', async () => {
      const names = Array.from({ length: 1003 }, (_, i) => `v/${container.name}/page/${String(i).padStart(4, '0')}!${'0'.repeat(26)}`);
      for (let i = 0; i < names.length; i += 100) await Promise.all(names.slice(i, i + 100).map((name) => BYTES.put(name, 'x')));
      await bench.upload(bench.key('page/0000-'), bytes('x'));
      const first = await bench.objects.list(container, 'page/');
      const second = await bench.objects.list(container, 'page/', first.next);
      const keys = [...first.objects, ...second.objects].map(({ key }) => key);
      expect([first.objects.length, second.objects.length, second.next]).toEqual([1000, 4, undefined]);
      expect(keys).toEqual([...new Set(keys)].sort());
    }, 30_000);

    it('has no object after its life is over', async () => {
      const key = bench.key();
      await bench.upload(key, bytes('x'), { 'X-Delete-After': '3600' });
      const [version] = (await BYTES.list({ prefix: `v/${container.name}/${key}!` })).objects;
      await BYTES.put(version?.key ?? '', 'x', { customMetadata: { expires: '1000' } });
      expect(await bench.objects.head(container, key)).toBeUndefined();
      expect((await bench.download(key)).status).toBe(404);
    });
  });
});

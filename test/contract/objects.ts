// The contract of an object store, as the service uses it. Every store runs this suite.
import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../../src/objects/port.ts';
import { Bench, brokenStream, bytes, faultOf, md5, pattern, read, streamOf, type StoreUnderTest } from './harness.ts';

export function describeObjects(make: () => StoreUnderTest): void {
  describe('putting and getting', () => {
    const bench = new Bench(make);
    const { container } = bench;

    it('gives back the bytes that were put, with their size, MD5 and type', async () => {
      const key = bench.key('o');
      const data = bytes('some observation');
      const put = await bench.objects.put(container, key, { body: streamOf(data), length: data.length, type: 'text/plain' });
      expect(put).toMatchObject({ key, size: 16, md5: await md5(data), etag: await md5(data) });
      expect(await bench.objects.head(container, key)).toMatchObject({
        key,
        size: 16,
        md5: await md5(data),
        etag: put.etag,
        type: 'text/plain',
      });
      expect(await read(await bench.objects.get(container, key))).toEqual(data);
    });

    it.each([
      ['small', 100],
      ['larger than a buffer', 9 * 1024 * 1024 + 7],
      ['exactly one buffer', 8 * 1024 * 1024],
    ])('takes a body of unknown length: %s', async (_name, size) => {
      const key = bench.key('o');
      const data = pattern(size);
      const put = await bench.objects.put(container, key, { body: streamOf(data.subarray(0, 50), data.subarray(50)), length: undefined });
      expect(put).toMatchObject({ size, md5: await md5(data) });
      expect(await bench.objects.head(container, key)).toMatchObject({ size, md5: await md5(data) });
      expect(await md5(await read(await bench.objects.get(container, key)))).toBe(await md5(data));
    });

    it.each([
      ['stated', 0],
      ['unknown', undefined],
    ])('stores an object without bytes when the length is %s', async (_name, length) => {
      const key = bench.key('o');
      expect(await bench.objects.put(container, key, { body: streamOf(), length })).toMatchObject({
        size: 0,
        md5: 'd41d8cd98f00b204e9800998ecf8427e',
      });
      expect(await bench.objects.head(container, key)).toMatchObject({ size: 0 });
      expect(await read(await bench.objects.get(container, key))).toHaveLength(0);
    });

    it.each([
      ['stated', 5],
      ['unknown', undefined],
    ])('refuses bytes with another MD5 and keeps nothing when the length is %s', async (_name, length) => {
      const key = bench.key('o');
      expect(await faultOf(bench.objects.put(container, key, { body: streamOf(bytes('hello')), length, md5: '0'.repeat(32) }))).toBe(
        'PreconditionFailed',
      );
      expect(await bench.objects.head(container, key)).toBeUndefined();
    });

    it('accepts bytes that have the stated MD5', async () => {
      const data = bytes('hello');
      expect(await bench.objects.put(container, bench.key('o'), { body: streamOf(data), length: 5, md5: await md5(data) })).toMatchObject({
        size: 5,
      });
    });

    it.each([
      ['is shorter than stated', () => streamOf(bytes('abc')), 5],
      ['is longer than stated', () => streamOf(bytes('abcdefgh')), 5],
      ['breaks off', () => brokenStream(bytes('abc')), 5],
      ['of unknown length breaks off', () => brokenStream(bytes('abc')), undefined],
      ['breaks off after much', () => brokenStream(pattern(2_000_000)), 4_000_000],
      ['of unknown length breaks off after much', () => brokenStream(pattern(9_000_000)), undefined],
    ])('stores nothing of a body that %s', async (_name, body, length) => {
      const key = bench.key('o');
      expect(await faultOf(bench.objects.put(container, key, { body: body(), length }))).toBe('PreconditionFailed');
      expect(await bench.objects.head(container, key)).toBeUndefined();
    });

    it('refuses a body that is stated to be larger than one upload may be', async () => {
      const key = bench.key('o');
      expect(await faultOf(bench.objects.put(container, key, { body: streamOf(bytes('x')), length: bench.objects.maxPut + 1 }))).toBe(
        'RequestEntityTooLarge',
      );
    });

    it('serves ranges', async () => {
      const key = bench.key('o');
      await bench.objects.put(container, key, { body: streamOf(bytes('0123456789')), length: 10 });
      const range = async (start: number, end: number) =>
        new TextDecoder().decode(await read(await bench.objects.get(container, key, { start, end })));
      expect(await range(2, 4)).toBe('234');
      expect(await range(0, 0)).toBe('0');
      expect(await range(7, 99)).toBe('789');
      expect(await faultOf(bench.objects.get(container, key, { start: 10, end: 12 }))).toBe('RangeNotSatisfiable');
    });

    it('knows what it does not have', async () => {
      const key = bench.key('o');
      expect(await bench.objects.head(container, key)).toBeUndefined();
      expect(await faultOf(bench.objects.get(container, key))).toBe('NotFound');
      const nowhere = { name: `${container.name}-absent`, epoch: 1 };
      expect(await bench.objects.head(nowhere, key)).toBeUndefined();
      expect(await bench.objects.list(nowhere, '')).toEqual({ objects: [] });
      expect(await faultOf(bench.objects.put(nowhere, key, { body: streamOf(bytes('x')), length: 1 }))).toBe('NotFound');
    });
  });

  describe('deleting and listing', () => {
    const bench = new Bench(make);
    const { container } = bench;

    it('deletes objects, and does not mind those that are missing', async () => {
      const [one, two] = [bench.key(), bench.key()];
      await bench.upload(one, bytes('1'));
      await bench.objects.delete(container, [one, two]);
      await bench.objects.delete(container, [one, two]);
      await bench.objects.delete(container, []);
      expect(await bench.objects.head(container, one)).toBeUndefined();
    });

    it('deletes many at once', async () => {
      const keys = Array.from({ length: 12 }, () => bench.key('many'));
      for (const key of keys.slice(2)) await bench.upload(key, bytes(key));
      await bench.objects.delete(container, keys);
      expect((await bench.objects.list(container, 'many/')).objects).toEqual([]);
    });

    it('lists what starts with a prefix in the order of keys, each key once, from after a key on', async () => {
      const names = ['in/a', 'in/a-b', 'in/a.b', 'in/a/1', 'in/a/2', 'in/b'] as ObjectKey[];
      for (const key of names.toReversed()) await bench.upload(key, bytes(key), { 'Content-Type': 'text/x-name' });
      await bench.upload('in/a' as ObjectKey, bytes('in/a again'));
      await bench.upload('io/x' as ObjectKey, bytes('x'));
      const { objects, next } = await bench.objects.list(container, 'in/');
      expect(objects.map(({ key }) => key)).toEqual(names);
      expect(next).toBeUndefined();
      expect(objects[0]).toMatchObject({ size: 10, md5: await md5(bytes('in/a again')), etag: await md5(bytes('in/a again')) });
      expect(objects[3]).toMatchObject({ type: 'text/x-name' });
      expect(Math.abs((objects[0]?.modified ?? 0) - Date.now())).toBeLessThan(60_000);
      const rest = await bench.objects.list(container, 'in/', 'in/a.b');
      expect(rest.objects.map(({ key }) => key)).toEqual(names.slice(3));
      expect((await bench.objects.list(container, 'in/a/')).objects.map(({ key }) => key)).toEqual(['in/a/1', 'in/a/2']);
    });

    it('drops a container only when it is empty, and does not mind when it is gone', async () => {
      const other = { name: `${container.name}-drop`, epoch: 1 };
      await bench.objects.prepare(other);
      await bench.objects.prepare(other);
      const key = bench.key('o');
      await bench.objects.put(other, key, { body: streamOf(bytes('x')), length: 1 });
      expect(await faultOf(bench.objects.drop(other))).toBe('Conflict');
      await bench.objects.delete(other, [key]);
      await bench.objects.drop(other);
      await bench.objects.drop(other);
    });

    it('says that it is well, without secrets', async () => {
      const { detail } = await bench.objects.health();
      expect(detail).toMatch(/^[\w .:/,()-]+$/);
      expect(detail).not.toContain(await bench.store.secret());
    });
  });
}

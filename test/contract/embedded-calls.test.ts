// What the embedded store asks of its bucket: listings search all that the bucket has, so their number stays what it is however much there is.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { makeEmbeddedObjects } from '../../src/objects/embedded/index.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { bytes, pattern, read, streamOf } from './harness.ts';

const { BYTES } = env as unknown as TestEnv;

/** The bucket, with a count of its listings. */
function counting(): { readonly bucket: R2Bucket; lists: number } {
  const counted = { lists: 0, bucket: BYTES };
  counted.bucket = new Proxy(BYTES, {
    get(target, name) {
      if (name === 'list') counted.lists += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return counted;
}

async function prepared() {
  const counted = counting();
  const store = makeEmbeddedObjects({ bucket: counted.bucket, origin: 'http://127.0.0.1', secret: () => Promise.resolve('0'.repeat(64)) });
  const container = { name: `calls-${crypto.randomUUID().slice(0, 13)}`, epoch: 1 };
  await store.prepare(container);
  const put = (key: ObjectKey, data = bytes(key)) => store.put(container, key, { body: streamOf(data), length: data.length });
  const fill = async (prefix: string, count: number) => {
    const keys = Array.from({ length: count }, (_, i) => `${prefix}/${i}` as ObjectKey);
    for (let i = 0; i < count; i += 50) await Promise.all(keys.slice(i, i + 50).map((key) => put(key)));
    return keys;
  };
  const listsOf = async (work: () => Promise<unknown>) => {
    const before = counted.lists;
    await work();
    return counted.lists - before;
  };
  const left = async () =>
    (await Promise.all(['v', 'b', 'r'].map((kind) => BYTES.list({ prefix: `${kind}/${container.name}/` })))).flatMap(
      ({ objects }) => objects,
    );
  return { store, container, put, fill, listsOf, left };
}

describe('listings of the embedded store', () => {
  it.each([0, 300])(
    'looking for an upload and sealing it takes none among %i others',
    async (others) => {
      const { store, container, put, fill, listsOf } = await prepared();
      await fill('o', others);
      const [key, sealTo] = ['in/1', 'o/sealed'] as ObjectKey[];
      expect(
        await listsOf(async () => {
          expect(await store.head(container, key as ObjectKey)).toBeUndefined();
          await put(key as ObjectKey);
          const info = await store.head(container, key as ObjectKey);
          if (!info) throw new Error('the upload is not there');
          const sealed = await store.seal(container, key as ObjectKey, sealTo as ObjectKey, info);
          expect(await store.head(container, sealed.key)).toMatchObject({ size: 4 });
        }),
      ).toBe(0);
    },
    60_000,
  );

  it.each([1, 400])(
    'deleting %i keys with bytes takes none, and leaves nothing',
    async (count) => {
      const { store, container, put, fill, listsOf, left } = await prepared();
      const keys = await fill('o', count);
      const [first] = keys as [ObjectKey];
      await put(first, bytes('again'));
      await store.put(container, first, { body: streamOf(pattern(9_000_000)), length: undefined });
      expect(await listsOf(() => store.delete(container, keys))).toBe(0);
      expect(await left()).toEqual([]);
      await store.drop(container);
    },
    60_000,
  );

  it.each([1, 400])(
    'deleting %i keys that have nothing takes one of each kind',
    async (count) => {
      const { store, container, fill, listsOf } = await prepared();
      const [kept] = await fill('o', 1);
      const keys = Array.from({ length: count }, (_, i) => `in/${i}` as ObjectKey);
      expect(await listsOf(() => store.delete(container, keys))).toBe(2);
      expect(await store.head(container, kept as ObjectKey)).toBeDefined();
    },
    60_000,
  );
});

describe('the record of a key', () => {
  it('names every one of many uploads at a time', async () => {
    const { store, container, put, left } = await prepared();
    const key = 'in/1' as ObjectKey;
    await Promise.all(Array.from({ length: 12 }, (_, i) => put(key, bytes(`${i}`))));
    expect(await left()).toHaveLength(13);
    await store.delete(container, [key]);
    expect(await left()).toEqual([]);
  });

  it('goes with the last version, and with an upload that failed', async () => {
    const { store, container, put, left } = await prepared();
    const key = 'in/1' as ObjectKey;
    const info = await put(key);
    const sealed = await store.seal(container, key, key, info);
    await store.delete(container, [sealed.key]);
    expect(await left()).toEqual([]);
    await expect(store.put(container, key, { body: streamOf(bytes('abc')), length: 5 })).rejects.toMatchObject({
      fault: 'PreconditionFailed',
    });
    expect(await left()).toEqual([]);
  });

  it('is made again by an upload during which the key was deleted', async () => {
    const { store, container, left } = await prepared();
    const key = 'in/1' as ObjectKey;
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const upload = store.put(container, key, { body: readable, length: 3 });
    await writer.write(bytes('a'));
    await store.delete(container, [key]);
    await writer.write(bytes('bc'));
    await writer.close();
    await upload;
    expect(await store.head(container, key)).toMatchObject({ size: 3 });
    await store.delete(container, [key]);
    expect(await left()).toEqual([]);
  });

  it('may name what a kill kept from being written, and goes with its bytes', async () => {
    const { store, container, put, left } = await prepared();
    const key = 'in/1' as ObjectKey;
    await put(key, bytes('there'));
    await store.put(container, key, { body: streamOf(pattern(9_000_000)), length: undefined });
    const [newest] = (await BYTES.list({ prefix: `v/${container.name}/` })).objects;
    await BYTES.delete(newest?.key ?? '');
    expect(await store.head(container, key)).toMatchObject({ size: 5 });
    await store.delete(container, [key]);
    expect(await left()).toEqual([]);
  });

  it('is not missed where a kill left a version without it', async () => {
    const { store, container, put, left } = await prepared();
    const key = 'in/1' as ObjectKey;
    await put(key);
    await BYTES.delete(`r/${container.name}/${key}`);
    const { objects } = await store.list(container, '');
    expect(objects.map((object) => object.key)).toEqual([key]);
    await store.delete(container, [key]);
    expect(await left()).toEqual([]);
  });
});

describe('a container of an older release', () => {
  const old = async () => {
    const made = await prepared();
    const { name } = made.container;
    await BYTES.put(`c/${name}`, '', { customMetadata: { epoch: '1' } });
    const at = (key: string, version = 'f') => `v/${name}/${key}!${version.repeat(26)}`;
    return { ...made, name, at };
  };

  it('is read and emptied, and takes uploads', async () => {
    const { store, container, name, at, put, left } = await old();
    const [key, long, other] = ['in/1', 'in/2', 'o/other'] as [ObjectKey, ObjectKey, ObjectKey];
    await BYTES.put(at(key), 'before');
    await BYTES.put(at(other), 'other');
    await BYTES.put(`b/${name}/elsewhere`, 'long bytes');
    await BYTES.put(at(long), '', { customMetadata: { size: '10', etag: '0'.repeat(32), blob: `b/${name}/elsewhere` } });
    await store.prepare(container);
    expect(await store.head(container, key)).toMatchObject({ size: 6 });
    expect(new TextDecoder().decode(await read(await store.get(container, long)))).toBe('long bytes');
    await put(key, bytes('after it'));
    expect(await store.head(container, key)).toMatchObject({ size: 8 });
    await store.delete(container, [key, long]);
    expect((await left()).map((object) => object.key)).toEqual([at(other)]);
    expect(await store.head(container, key)).toBeUndefined();
  });

  it('has no object after its life is over', async () => {
    const { store, container, at } = await old();
    await BYTES.put(at('in/1', '0'), 'x', { customMetadata: { expires: '1000' } });
    expect(await store.head(container, 'in/1' as ObjectKey)).toBeUndefined();
  });
});

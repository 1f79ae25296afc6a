// Sealing and assembling: what was committed never changes, whatever the holder of an upload URL does.
import { describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import type { ObjectInfo, ObjectKey } from '../../src/objects/port.ts';
import { Bench, bytes, faultOf, md5, pattern, read, streamOf, textOf, type StoreUnderTest } from './harness.ts';

const SMALL = 100_000;
const LARGE = 1_500_000;

export function describeSealing(make: () => StoreUnderTest): void {
  describe('sealing', () => {
    const bench = new Bench(make);
    const { container } = bench;

    const sealedLarge = async (): Promise<ObjectInfo> => {
      const [from, to] = [bench.key(), bench.key('o')];
      return bench.objects.seal(container, from, to, await bench.upload(from, pattern(LARGE)));
    };

    it.each([
      ['a small upload', SMALL],
      ['a large upload', LARGE],
      ['an empty upload', 0],
    ])('%s keeps its bytes, size, MD5 and type', async (_name, size) => {
      const [from, to] = [bench.key(), bench.key('o')];
      const data = pattern(size);
      const uploaded = await bench.upload(from, data, { 'Content-Type': 'image/fits' });
      const sealed = await bench.objects.seal(container, from, to, uploaded);
      expect(sealed).toMatchObject({ size, md5: await md5(data), type: 'image/fits' });
      expect(sealed.key).not.toBe(from);
      expect(await read(await bench.objects.get(container, sealed.key))).toEqual(data);
      const answer = await bench.download(sealed.key);
      expect(answer.headers.get('Content-Type')).toBe('image/fits');
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(data);
      expect(await bench.objects.head(container, sealed.key)).toMatchObject({ key: sealed.key, size });
    });

    it('is safe to repeat', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const uploaded = await bench.upload(from, pattern(LARGE));
      const first = await bench.objects.seal(container, from, to, uploaded);
      expect(await bench.objects.seal(container, from, to, uploaded)).toMatchObject({ key: first.key, etag: first.etag, size: LARGE });
    });

    it('is not undone by another PUT to the same URL: small', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const sealed = await bench.objects.seal(container, from, to, await bench.upload(from, pattern(SMALL)));
      expect((await bench.send(from, pattern(SMALL, 2))).status).toBe(201);
      expect(await read(await bench.objects.get(container, sealed.key))).toEqual(pattern(SMALL));
    });

    it('never serves other bytes after another PUT to the same URL: large', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const sealed = await bench.objects.seal(container, from, to, await bench.upload(from, pattern(LARGE)));
      expect((await bench.send(from, pattern(LARGE, 2))).status).toBe(201);
      for (const headers of [{}, { Range: 'bytes=5-1499990' }] as Record<string, string>[]) {
        const answer = await bench.download(sealed.key, headers);
        const got = new Uint8Array(await answer.arrayBuffer());
        if (answer.ok) expect(got).toEqual(headers['Range'] ? pattern(LARGE).slice(5, 1_499_991) : pattern(LARGE));
        else expect(answer.status).toBe(409);
      }
      const got = await bench.objects.get(container, sealed.key).then(read, () => undefined);
      if (got) expect(got).toEqual(pattern(LARGE));
    });

    it('frees a small upload, so that deleting it leaves the sealed object, unless the answer says that it keeps it', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const sealed = await bench.objects.seal(container, from, to, await bench.upload(from, pattern(SMALL)));
      if (!sealed.keeps) await bench.objects.delete(container, [from]);
      expect(await read(await bench.objects.get(container, sealed.key))).toEqual(pattern(SMALL));
      await bench.objects.delete(container, [sealed.key, from]);
      expect(await bench.objects.head(container, sealed.key)).toBeUndefined();
      expect((await bench.objects.list(container, from)).objects).toEqual([]);
    });

    it.each([
      ['small', SMALL],
      ['large', LARGE],
    ])('refuses a %s upload that changed since it was seen, and one that is missing', async (_name, size) => {
      const [from, to] = [bench.key(), bench.key('o')];
      const seen = await bench.upload(from, pattern(size));
      await bench.upload(from, pattern(size, 2));
      expect(await faultOf(bench.objects.seal(container, from, to, seen))).toBe('PreconditionFailed');
      expect(await bench.objects.head(container, to)).toBeUndefined();
      expect(await faultOf(bench.objects.seal(container, bench.key(), to, seen))).toBe('PreconditionFailed');
    });

    it.each([
      ['X-Delete-After', '3600'],
      ['X-Delete-At', String(Math.floor(Date.now() / 1000) + 3600)],
    ])('refuses an upload with %s, and head tells of it', async (name, value) => {
      const [from, to] = [bench.key(), bench.key('o')];
      const uploaded = await bench.upload(from, pattern(10), { [name]: value });
      expect(Math.abs((uploaded.expires ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
      expect(await faultOf(bench.objects.seal(container, from, to, uploaded))).toBe('PreconditionFailed');
    });

    it('gives a small upload that got a lifetime after it was seen none, or refuses it', async () => {
      const [from, to] = [bench.key(), bench.key('o')];
      const seen = await bench.upload(from, pattern(SMALL), { 'Content-Type': 'image/fits' });
      await bench.upload(from, pattern(SMALL), { 'X-Delete-After': '3600', 'Content-Type': 'text/html' });
      const sealed = await bench.objects.seal(container, from, to, seen).catch((error: unknown) => asFault(error)?.fault);
      if (typeof sealed !== 'object') return expect(sealed).toBe('PreconditionFailed');
      const found = await bench.objects.head(container, sealed.key);
      expect([found?.expires, found?.type]).toEqual([undefined, 'image/fits']);
    });

    it.each([
      ['the first byte', 'bytes=0-0', [0, 1]],
      ['the last byte', 'bytes=-1', [LARGE - 1, LARGE]],
      ['the last two bytes', 'bytes=-2', [LARGE - 2, LARGE]],
      ['all from the middle on', 'bytes=700000-', [700_000, LARGE]],
      ['all but the last byte', `bytes=0-${LARGE - 2}`, [0, LARGE - 1]],
      ['everything', `bytes=0-${LARGE - 1}`, [0, LARGE]],
    ] as const)('answers ranges of a large one: %s', async (_name, range, [start, end]) => {
      const sealed = await sealedLarge();
      const answer = await bench.download(sealed.key, { Range: range });
      expect([answer.status, answer.headers.get('Content-Range')]).toEqual([206, `bytes ${start}-${end - 1}/${LARGE}`]);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(pattern(LARGE).slice(start, end));
    });

    it('refuses an object that is a manifest itself', async () => {
      const [part, from, to] = [bench.key(), bench.key(), bench.key('o')];
      const { etag, size } = await bench.upload(part, pattern(10));
      const manifest = await bench.objects.assemble(container, from, [{ key: part, etag, size }]);
      expect(await faultOf(bench.objects.seal(container, from, to, manifest))).toBe('PreconditionFailed');
    });
  });

  describe('assembling', () => {
    const bench = new Bench(make);
    const { container } = bench;
    const segments = async (...parts: readonly Uint8Array<ArrayBuffer>[]): Promise<ObjectInfo[]> => {
      const base = bench.key();
      const made: ObjectInfo[] = [];
      for (const [i, part] of parts.entries()) made.push(await bench.upload(`${base}/${i}` as ObjectKey, part));
      return made;
    };

    it('makes one object of segments in their order, with ranges across their borders', async () => {
      const to = bench.key('o');
      const parts = await segments(bytes('first,'), bytes(''), bytes('second,'), bytes('third'));
      const made = await bench.objects.assemble(container, to, parts, 'text/csv');
      const tags = await Promise.all(['first,', 'second,', 'third'].map((text) => md5(bytes(text))));
      expect(made).toMatchObject({ key: to, size: 18, md5: undefined, etag: await md5(bytes(tags.join(''))) });
      expect(await bench.objects.head(container, to)).toMatchObject({ size: 18, md5: undefined, etag: made.etag, type: 'text/csv' });
      expect(new TextDecoder().decode(await read(await bench.objects.get(container, to)))).toBe('first,second,third');
      const answer = await bench.download(to, { Range: 'bytes=4-13' });
      expect([answer.status, await textOf(answer), answer.headers.get('Content-Range')]).toEqual([206, 't,second,t', 'bytes 4-13/18']);
      expect(answer.headers.get('Etag')).toBe(`"${made.etag}"`);
      const several = await bench.download(to, { Range: 'bytes=0-0,5-6,-1' });
      expect([...(await textOf(several)).matchAll(/\r\n\r\n(.*?)\r\n/gs)].map((match) => match[1])).toEqual(['f', ',s', 'd']);
    });

    it('lists the assembled object with its size and entity tag', async () => {
      const to = bench.key('o');
      const made = await bench.objects.assemble(container, to, await segments(bytes('one'), bytes('two')));
      const { objects } = await bench.objects.list(container, to);
      expect(objects).toMatchObject([{ key: to, size: 6, etag: made.etag, md5: undefined }]);
    });

    it('does not serve other bytes after another PUT to the URL of a segment', async () => {
      const to = bench.key('o');
      const parts = await segments(bytes('first'), bytes('other'));
      await bench.objects.assemble(container, to, parts);
      await bench.upload((parts[1] as ObjectInfo).key, bytes('forge'));
      const answer = await bench.download(to);
      const got = await textOf(answer).catch(() => 'broken off');
      expect(got).not.toContain('forge');
    });

    it.each([
      ['has another entity tag', (part: ObjectInfo) => ({ ...part, etag: '0'.repeat(32) })],
      ['has another size', (part: ObjectInfo) => ({ ...part, size: part.size + 1 })],
      ['is missing', (part: ObjectInfo) => ({ ...part, key: `${part.key}-absent` as ObjectKey })],
    ])('refuses when a segment %s', async (_name, change) => {
      const to = bench.key('o');
      const [one, two] = (await segments(bytes('one'), bytes('two'))) as [ObjectInfo, ObjectInfo];
      expect(await faultOf(bench.objects.assemble(container, to, [one, change(two)]))).toBe('PreconditionFailed');
      expect(await bench.objects.head(container, to)).toBeUndefined();
    });

    it('refuses a segment that carries an expiry', async () => {
      const from = bench.key();
      const { key, etag, size } = await bench.upload(from, bytes('x'), { 'X-Delete-After': '3600' });
      expect(await faultOf(bench.objects.assemble(container, bench.key('o'), [{ key, etag, size }]))).toBe('PreconditionFailed');
    });

    it('leaves the segments when the assembled object is deleted', async () => {
      const to = bench.key('o');
      const [part] = (await segments(bytes('stays'))) as [ObjectInfo];
      await bench.objects.assemble(container, to, [part]);
      await bench.objects.delete(container, [to]);
      expect(await bench.objects.head(container, to)).toBeUndefined();
      expect(await read(await bench.objects.get(container, part.key))).toEqual(bytes('stays'));
    });

    it('refuses more than a thousand segments', async () => {
      const part = { key: bench.key(), etag: '0'.repeat(32), size: 1 };
      expect(
        await faultOf(
          bench.objects.assemble(
            container,
            bench.key('o'),
            Array.from({ length: 1001 }, () => part),
          ),
        ),
      ).toBe('InvalidArgument');
    });

    it('takes bytes of the service for segments as well', async () => {
      const [one, to] = [bench.key('o'), bench.key('o')];
      const { etag } = await bench.objects.put(container, one, { body: streamOf(pattern(9_000_000)), length: undefined });
      const made = await bench.objects.assemble(container, to, [{ key: one, etag, size: 9_000_000 }]);
      expect(made.size).toBe(9_000_000);
      expect(await md5(await read(await bench.objects.get(container, to)))).toBe(await md5(pattern(9_000_000)));
    });
  });
}

// Requests that no well-behaved client sends: written to the socket byte by byte. The same assertions for every store.
import { describe, expect, it } from 'vitest';
import { Bench, raw, textOf, type StoreUnderTest } from './harness.ts';

export function describeWire(make: () => StoreUnderTest): void {
  describe('a request on the wire', () => {
    const bench = new Bench(make);

    const send = async (key: ReturnType<typeof bench.key>, rest: string, method: 'PUT' | 'GET' = 'PUT'): Promise<string> => {
      const url = new URL(await bench.sign(method, key));
      return raw(url.origin, `${method} ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n${rest}`);
    };

    it('that is a PUT with neither length nor chunks gets 411', async () => {
      const key = bench.key();
      const answer = await send(key, '\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 411 /);
      expect(answer).toContain('Missing Content-Length header.');
      expect(await bench.objects.head(bench.container, key)).toBeUndefined();
    });

    it('may come in chunks', async () => {
      const key = bench.key();
      expect(await send(key, 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 /);
      expect(await textOf(await bench.download(key))).toBe('hello, world');
    });

    it('may be empty', async () => {
      const key = bench.key();
      expect(await send(key, 'Content-Length: 0\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 /);
      expect(await send(key, 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 /);
      expect(await bench.objects.head(bench.container, key)).toMatchObject({ size: 0 });
    });

    it.each([
      ['shorter than stated', 'Content-Length: 10\r\n\r\nhello'],
      ['cut within a chunk', 'Transfer-Encoding: chunked\r\n\r\na\r\nhello'],
      ['cut between chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ])('whose body is %s stores nothing', async (_name, rest) => {
      const key = bench.key();
      expect(await send(key, rest)).not.toMatch(/^HTTP\/1\.1 2/);
      expect(await bench.objects.head(bench.container, key)).toBeUndefined();
      expect((await bench.objects.list(bench.container, key)).objects).toEqual([]);
    });

    it('that states more bytes than an upload may have gets 413 before they are sent', async () => {
      const key = bench.key();
      expect(await send(key, `Content-Length: ${bench.objects.maxPut + 1}\r\nExpect: 100-continue\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
      expect(await bench.objects.head(bench.container, key)).toBeUndefined();
    });

    it('leaves bytes after the stated length out', async () => {
      const key = bench.key();
      expect(await send(key, 'Content-Length: 5\r\n\r\nhello, world')).toMatch(/^HTTP\/1\.1 201 /);
      expect(await textOf(await bench.download(key))).toBe('hello');
    });
  });
}

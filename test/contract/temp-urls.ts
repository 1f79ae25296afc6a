// Who may pass: temp URLs, good and bad. The same assertions for every store, so that a client cannot tell them apart.
import { beforeAll, describe, expect, it } from 'vitest';
import { formatTempUrl } from '../../src/objects/temp-url-format.ts';
import { signTempUrl } from '../../src/objects/temp-url.ts';
import { Bench, bytes, soon, textOf, type StoreUnderTest } from './harness.ts';

const INVALID = {
  status: 401,
  type: 'text/html; charset=UTF-8',
  challenge: 'Swift realm="unknown"',
  cors: null,
  body: '401 Unauthorized: Temp URL invalid\n',
};

async function shown(answer: Response): Promise<typeof INVALID | object> {
  return {
    status: answer.status,
    type: answer.headers.get('Content-Type'),
    challenge: answer.headers.get('WWW-Authenticate'),
    cors: answer.headers.get('Access-Control-Allow-Origin'),
    body: await textOf(answer),
  };
}

/** The URL with one query parameter changed; undefined takes it away. */
function withParameter(url: string, name: string, value: string | undefined): string {
  const changed = new URL(url);
  if (value === undefined) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}

export function describeTempUrls(make: () => StoreUnderTest): void {
  describe('a temp URL', () => {
    const bench = new Bench(make);
    const { container } = bench;
    const key = bench.key();
    beforeAll(() => bench.upload(key, bytes('hello')));

    it('for PUT takes bytes, and answers their MD5', async () => {
      const answer = await bench.send(bench.key(), bytes('hello'));
      expect([answer.status, answer.headers.get('Etag'), await textOf(answer)]).toEqual([201, '5d41402abc4b2a76b9719d911017c592', '']);
      expect(Date.parse(answer.headers.get('Last-Modified') ?? '')).not.toBeNaN();
    });

    it('for GET gives bytes', async () => {
      const answer = await fetch(await bench.sign('GET', key));
      expect([answer.status, await textOf(answer)]).toEqual([200, 'hello']);
      expect(Object.fromEntries(['Etag', 'Content-Length', 'Accept-Ranges'].map((name) => [name, answer.headers.get(name)]))).toEqual({
        Etag: '5d41402abc4b2a76b9719d911017c592',
        'Content-Length': '5',
        'Accept-Ranges': 'bytes',
      });
      expect(answer.headers.get('X-Timestamp')).toMatch(/^\d+\.\d{5}$/);
    });

    it.each(['GET', 'HEAD', 'PUT'] as const)('for %s lets HEAD pass', async (method) => {
      const answer = await fetch(await bench.sign(method, key), { method: 'HEAD' });
      expect([answer.status, answer.headers.get('Content-Length'), await textOf(answer)]).toEqual([200, '5', '']);
    });

    it.each([
      ['HEAD', 'GET'],
      ['PUT', 'GET'],
      ['GET', 'PUT'],
      ['HEAD', 'PUT'],
      ['GET', 'POST'],
      ['PUT', 'POST'],
      ['PUT', 'DELETE'],
      ['GET', 'DELETE'],
      ['GET', 'PATCH'],
      ['GET', 'COPY'],
    ] as const)('for %s refuses %s', async (signed, used) => {
      const answer = await fetch(await bench.sign(signed, key), {
        method: used,
        ...(used === 'PUT' || used === 'POST' ? { body: 'forged' } : {}),
      });
      expect(await shown(answer)).toEqual(INVALID);
      expect(await textOf(await bench.download(key))).toBe('hello');
    });

    it('is refused to HEAD without a body', async () => {
      const answer = await fetch(withParameter(await bench.sign('GET', key), 'temp_url_sig', '0'.repeat(64)), { method: 'HEAD' });
      expect(await shown(answer)).toEqual({ ...INVALID, body: '' });
    });

    it.each([
      [
        'another digit in its signature',
        (url: string) => url.replace(/temp_url_sig=(.)/, (_, digit: string) => `temp_url_sig=${digit === '0' ? '1' : '0'}`),
      ],
      [
        'a signature in upper case',
        (url: string) => url.replace(/temp_url_sig=[0-9a-f]+/, (text) => text.toUpperCase().replace('TEMP_URL_SIG', 'temp_url_sig')),
      ],
      ['a shorter signature', (url: string) => url.replace(/(temp_url_sig=[0-9a-f]{62})../, '$1')],
      ['an empty signature', (url: string) => withParameter(url, 'temp_url_sig', '')],
      ['no signature', (url: string) => withParameter(url, 'temp_url_sig', undefined)],
      ['a later expiry', (url: string) => withParameter(url, 'temp_url_expires', String(soon(9999)))],
      ['no expiry', (url: string) => withParameter(url, 'temp_url_expires', undefined)],
      ['an expiry that is no number', (url: string) => withParameter(url, 'temp_url_expires', 'tomorrow')],
      ['an expiry of zero', (url: string) => withParameter(url, 'temp_url_expires', '0')],
      ['a negative expiry', (url: string) => withParameter(url, 'temp_url_expires', '-5')],
      ['another key', (url: string) => url.replace('?', 'x?')],
      ['a prefix', (url: string) => `${url}&temp_url_prefix=in`],
      ['an address range', (url: string) => `${url}&temp_url_ip_range=10.0.0.0/8`],
      ['another container', (url: string) => url.replace(container.name, `${container.name}x`)],
      ['another version of the API', (url: string) => url.replace('/v1/', '/v1.0/')],
    ])('is refused with %s', async (name, change) => {
      const answer = await fetch(change(await bench.sign('GET', key)));
      // The embedded store has no other API versions: there is nothing at such a path.
      const { status } = answer;
      const all = await shown(answer);
      if (name === 'another version of the API') expect([401, 404]).toContain(status);
      else expect(all).toEqual(INVALID);
    });

    it('is refused one second after its end and accepted before', async () => {
      const url = (expires: number) => bench.objects.sign({ method: 'GET', container, key, expires });
      expect(await shown(await fetch(await url(soon(-1))))).toEqual(INVALID);
      const answer = await fetch(await url(soon(30)));
      expect(await textOf(answer)).toBe('hello');
    });

    it('may write its end as UTC date, but in no other form', async () => {
      const expires = soon();
      const url = await bench.objects.sign({ method: 'GET', container, key, expires });
      const iso = new Date(expires * 1000).toISOString().replace('.000', '');
      expect((await fetch(withParameter(url, 'temp_url_expires', iso))).status).toBe(200);
      for (const form of [iso.replace('Z', '+00:00'), iso.replace('Z', '.000Z'), iso.replace('Z', ''), iso.slice(0, 10)]) {
        expect(await shown(await fetch(withParameter(url, 'temp_url_expires', form))), form).toEqual(INVALID);
      }
    });

    it.each(['sha1', 'sha256', 'sha512'] as const)('may be signed with %s, as digits or in base64', async (digest) => {
      const expires = soon();
      const url = await bench.objects.sign({ method: 'GET', container, key, expires });
      const path = decodeURIComponent(new URL(url).pathname);
      const digits = await signTempUrl(await bench.urlKey(), { method: 'GET', expires, path }, digest);
      const base64 = btoa(String.fromCharCode(...(digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))));
      for (const signature of [digits, `${digest}:${base64}`, `${digest}:${base64.replaceAll('+', '-').replaceAll('/', '_')}`]) {
        const answer = await fetch(withParameter(url, 'temp_url_sig', signature));
        expect([answer.status, await textOf(answer)], signature).toEqual([200, 'hello']);
      }
      const wrong = digest === 'sha1' ? 'sha256' : 'sha1';
      for (const signature of [`${wrong}:${base64}`, `md5:${base64}`, `${digest}:?`])
        expect(await shown(await fetch(withParameter(url, 'temp_url_sig', signature))), signature).toEqual(INVALID);
    });

    it('covers neither the file name nor anything else in its query', async () => {
      const answer = await fetch(`${await bench.sign('GET', key)}&filename=x&multipart-manifest=get&version-id=1&other=2`);
      expect([answer.status, await textOf(answer)]).toEqual([200, 'hello']);
    });

    it('without any signature asks for authentication', async () => {
      const answer = await fetch((await bench.sign('GET', key)).replace(/\?.*/, ''));
      expect([answer.status, answer.headers.get('WWW-Authenticate')?.split(' ')[0]]).toEqual([
        401,
        expect.stringMatching(/^(Swift|Keystone)$/),
      ]);
      expect(await textOf(answer)).not.toContain('Temp URL');
    });

    it('that is right for what is not there gets 404', async () => {
      const url = await bench.sign('GET', bench.key());
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('Content-Type'), await textOf(answer)]).toEqual([
        404,
        'text/html; charset=UTF-8',
        '<html><h1>Not Found</h1><p>The resource could not be found.</p></html>',
      ]);
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, await textOf(head)]).toEqual([404, '']);
    });

    it('reaches keys with characters that need escapes', async () => {
      const odd = `in/ä b+c%25&=?#'(x)!*~/${crypto.randomUUID()}` as typeof key;
      await bench.upload(odd, bytes('odd'));
      expect(await textOf(await bench.download(odd))).toBe('odd');
      expect((await bench.objects.list(container, 'in/ä b')).objects.map((each) => each.key)).toEqual([odd]);
    });
  });

  describe('the key of a container', () => {
    const bench = new Bench(make);
    const { container } = bench;

    it('does not open another container', async () => {
      const other = { name: `${container.name}-other`, epoch: 1 };
      await bench.objects.prepare(other);
      const key = bench.key();
      const url = new URL(
        (await bench.objects.sign({ method: 'PUT', container, key, expires: soon() })).replace(container.name, other.name),
      );
      const account = `${url.origin}${url.pathname.split('/').slice(0, 3).join('/')}`;
      const forged = await formatTempUrl(account, await bench.urlKey(), { method: 'PUT', container: other, key, expires: soon() });
      expect(await shown(await fetch(forged, { method: 'PUT', body: 'x' }))).toEqual(INVALID);
      expect(await bench.objects.head(other, key)).toBeUndefined();
      await bench.clear(other);
    });

    it('stays valid over one rotation and ends with the next', async () => {
      const rotated = (epoch: number) => ({ name: `${container.name}-rotated`, epoch });
      const key = bench.key();
      await bench.objects.prepare(rotated(1));
      const sign = (epoch: number, method: 'GET' | 'PUT') =>
        bench.objects.sign({ method, container: rotated(epoch), key, expires: soon() });
      expect((await fetch(await sign(1, 'PUT'), { method: 'PUT', body: 'hello' })).status).toBe(201);
      const old = await sign(1, 'GET');
      expect((await fetch(await sign(2, 'GET'))).status).toBe(401);
      await bench.objects.prepare(rotated(2));
      expect(await textOf(await fetch(old))).toBe('hello');
      expect(await textOf(await fetch(await sign(2, 'GET')))).toBe('hello');
      await bench.objects.prepare(rotated(3));
      expect(await shown(await fetch(old))).toEqual(INVALID);
      expect(await textOf(await fetch(await sign(2, 'GET')))).toBe('hello');
      expect(await textOf(await fetch(await sign(3, 'GET')))).toBe('hello');
      await bench.clear(rotated(3));
    });
  });
}

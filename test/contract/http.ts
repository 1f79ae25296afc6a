// What an answer by temp URL says: names, ranges, conditions, CORS. The same assertions for every store.
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench, bytes, pattern, textOf, type StoreUnderTest } from './harness.ts';

const HELLO = 'fc3ff98e8c6a0d3087d515c0473f8677';
const UNSATISFIABLE = '<html><h1>Requested Range Not Satisfiable</h1><p>The Range requested is not available.</p></html>';
const PAST = 'Sun, 06 Nov 1994 08:49:37 GMT';
const FUTURE = 'Sun, 06 Nov 2044 08:49:37 GMT';

export function describeHttp(make: () => StoreUnderTest): void {
  describe('a download', () => {
    const bench = new Bench(make);
    const [key, empty] = [bench.key(), bench.key()];
    beforeAll(async () => {
      await bench.upload(key, bytes('hello world!'), { 'Content-Type': 'text/plain' });
      await bench.upload(empty, bytes(''));
    });

    it.each([
      ['bytes=0-3', 'hell', 'bytes 0-3/12'],
      ['bytes=4-4', 'o', 'bytes 4-4/12'],
      ['bytes=6-', 'world!', 'bytes 6-11/12'],
      ['bytes=6-999', 'world!', 'bytes 6-11/12'],
      ['bytes=-3', 'ld!', 'bytes 9-11/12'],
      ['bytes=-99', 'hello world!', 'bytes 0-11/12'],
      ['BYTES = 0-0', 'h', 'bytes 0-0/12'],
      ['bytes=50-,0-1', 'he', 'bytes 0-1/12'],
    ])('with Range %s is partial', async (range, text, contentRange) => {
      const answer = await bench.download(key, { Range: range });
      expect([answer.status, await textOf(answer), answer.headers.get('Content-Range'), answer.headers.get('Content-Length')]).toEqual([
        206,
        text,
        contentRange,
        String(text.length),
      ]);
      expect([answer.headers.get('Etag'), answer.headers.get('Content-Type')]).toEqual([HELLO, 'text/plain']);
    });

    it.each(['bytes=x', 'bytes=5-3', 'bytes=-', 'bytes=3', 'lines=0-1', 'bytes=0-1,x', 'bytes=1-2-3', ''])(
      'ignores the Range %j',
      async (range) => {
        const answer = await bench.download(key, { Range: range });
        expect([answer.status, await textOf(answer), answer.headers.get('Content-Range')]).toEqual([200, 'hello world!', null]);
      },
    );

    it.each([
      'bytes=12-',
      'bytes=90-99',
      'bytes=-0',
      'bytes=12-,20-30',
      'bytes=0-5,1-6,2-7,3-8',
      `bytes=${Array.from({ length: 51 }, () => '0-0').join()}`,
      'bytes=9-9,8-8,7-7,6-6,5-5,4-4,3-3,2-2',
    ])('refuses the Range %s', async (range) => {
      const answer = await bench.download(key, { Range: range });
      expect([answer.status, answer.headers.get('Content-Range'), await textOf(answer), answer.headers.get('Content-Type')]).toEqual([
        416,
        'bytes */12',
        UNSATISFIABLE,
        'text/plain',
      ]);
      expect(answer.headers.get('Content-Disposition')).toBeNull();
    });

    it('with several ranges has several parts', async () => {
      const answer = await bench.download(key, { Range: 'bytes=0-1,4-5,-1' });
      const boundary = /^multipart\/byteranges; ?boundary=(\w+)$/.exec(answer.headers.get('Content-Type') ?? '')?.[1];
      const part = (range: string, text: string) =>
        `--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes ${range}/12\r\n\r\n${text}\r\n`;
      const body = await textOf(answer);
      expect([answer.status, body]).toEqual([206, `${part('0-1', 'he')}${part('4-5', 'o ')}${part('11-11', '!')}--${boundary}--`]);
      expect(answer.headers.get('Content-Length')).toBe(String(body.length));
    });

    it('of an empty object has no ranges, except that its last bytes are none', async () => {
      const answers = await Promise.all(['bytes=0-1', 'bytes=-5', 'bytes=0-'].map((Range) => bench.download(empty, { Range })));
      expect(answers.map(({ status }) => status)).toEqual([416, 200, 416]);
      const bodies = await Promise.all(answers.map((answer) => textOf(answer)));
      expect([answers[0]?.headers.get('Content-Range'), bodies[1], answers[1]?.headers.get('Content-Length')]).toEqual([
        'bytes */0',
        '',
        '0',
      ]);
      const whole = await bench.download(empty);
      expect([whole.status, whole.headers.get('Etag'), await textOf(whole)]).toEqual([200, 'd41d8cd98f00b204e9800998ecf8427e', '']);
    });

    it.each([
      ['If-None-Match', HELLO, 304],
      ['If-None-Match', `"${HELLO}"`, 304],
      ['If-None-Match', `"x", "${HELLO}"`, 304],
      ['If-None-Match', '*', 304],
      ['If-None-Match', '"x"', 200],
      ['If-Match', HELLO, 200],
      ['If-Match', `"${HELLO}"`, 200],
      ['If-Match', '*', 200],
      ['If-Match', '"x"', 412],
      ['If-Modified-Since', PAST, 200],
      ['If-Modified-Since', FUTURE, 304],
      ['If-Modified-Since', 'nonsense', 200],
      ['If-Unmodified-Since', PAST, 412],
      ['If-Unmodified-Since', FUTURE, 200],
    ])('with %s: %s answers', async (name, value, status) => {
      const answer = await bench.download(key, { [name]: value });
      expect([answer.status, await textOf(answer), answer.headers.get('Etag')]).toEqual([
        status,
        status === 200 ? 'hello world!' : '',
        HELLO,
      ]);
      expect(answer.headers.has('Content-Disposition')).toBe(status === 200);
    });

    it('that has not changed since its Last-Modified is not sent again', async () => {
      const since = (await bench.download(key)).headers.get('Last-Modified') ?? '';
      expect((await bench.download(key, { 'If-Modified-Since': since })).status).toBe(304);
      expect((await bench.download(key, { 'If-Unmodified-Since': since })).status).toBe(200);
    });

    it('of what is not there fails If-Match: *', async () => {
      expect((await bench.download(bench.key(), { 'If-Match': '*' })).status).toBe(412);
    });

    it.each([
      ['', /^attachment; filename="[^"]+"; filename\*=UTF-8''\S+$/],
      ['&filename=plain.fits', 'attachment; filename="plain.fits"; filename*=UTF-8\'\'plain.fits'],
      ['&filename=two%20words.txt', 'attachment; filename="two words.txt"; filename*=UTF-8\'\'two%20words.txt'],
      ['&filename=a%22b%C3%A9%0Ac%3Bd.txt', 'attachment; filename="a%22b%C3%A9%0Ac%3Bd.txt"; filename*=UTF-8\'\'a%22b%C3%A9%0Ac%3Bd.txt'],
      [
        '&filename=%E6%98%9F~_.-(1)%27!*',
        'attachment; filename="%E6%98%9F~_.-%281%29%27%21%2A"; filename*=UTF-8\'\'%E6%98%9F~_.-%281%29%27%21%2A',
      ],
      ['&filename=dir%2Fname', 'attachment; filename="dir/name"; filename*=UTF-8\'\'dir/name'],
      ['&filename=', /^attachment; filename="/],
      ['&inline', 'inline'],
      ['&inline=&filename=x', 'inline; filename="x"; filename*=UTF-8\'\'x'],
    ])('with %j in its URL names the file', async (parameters, disposition) => {
      const answer = await fetch(`${await bench.sign('GET', key)}${parameters}`);
      expect(await textOf(answer)).toBe('hello world!');
      if (typeof disposition === 'string') expect(answer.headers.get('Content-Disposition')).toBe(disposition);
      else expect(answer.headers.get('Content-Disposition')).toMatch(disposition);
    });

    it('is named by the signer, in any script', async () => {
      const answer = await fetch(await bench.sign('GET', key, 'Звезда & "co".txt'));
      expect(answer.headers.get('Content-Disposition')).toContain(
        "filename*=UTF-8''%D0%97%D0%B2%D0%B5%D0%B7%D0%B4%D0%B0%20%26%20%22co%22.txt",
      );
      expect(await textOf(answer)).toBe('hello world!');
    });

    it('is named as the uploader said, unless the URL says otherwise', async () => {
      const named = bench.key();
      await bench.upload(named, bytes('x'), { 'Content-Disposition': 'attachment; filename="own"' });
      expect((await bench.download(named)).headers.get('Content-Disposition')).toBe('attachment; filename="own"');
      const url = await bench.sign('GET', named, 'other');
      expect((await fetch(url)).headers.get('Content-Disposition')).toContain('filename="other"');
    });

    it('ends with its URL: Expires says when', async () => {
      const url = await bench.sign('GET', key);
      const end = Number(new URL(url).searchParams.get('temp_url_expires'));
      expect((await fetch(url)).headers.get('Expires')).toBe(new Date(end * 1000).toUTCString());
    });

    it('gives bytes with a Content-Encoding as they are stored', async () => {
      const encoded = bench.key();
      await bench.upload(encoded, pattern(100), { 'Content-Encoding': 'x-own' });
      const answer = await bench.download(encoded);
      expect(answer.headers.get('Content-Encoding')).toBe('x-own');
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(pattern(100));
    });
  });

  describe('an upload', () => {
    const bench = new Bench(make);
    const text = async (answer: Response) => [answer.status, await textOf(answer)];

    it('with If-None-Match: * is refused where something is', async () => {
      const key = bench.key();
      expect((await bench.send(key, bytes('one'), { 'If-None-Match': '*' })).status).toBe(201);
      expect(await text(await bench.send(key, bytes('two'), { 'If-None-Match': '*' }))).toEqual([
        412,
        '<html><h1>Precondition Failed</h1><p>A precondition for this request was not met.</p></html>',
      ]);
      expect(await textOf(await bench.download(key))).toBe('one');
      expect(await text(await bench.send(key, bytes('two'), { 'If-None-Match': '"x"' }))).toEqual([400, 'If-None-Match only supports *']);
    });

    it('with another MD5 than its ETag is refused and leaves what was there', async () => {
      const key = bench.key();
      await bench.upload(key, bytes('one'));
      for (const etag of ['0'.repeat(32), 'nonsense', 'B8A9F715DBB64FD5C56E7783C6820A61']) {
        expect(await text(await bench.send(key, bytes('two'), { ETag: etag }))).toEqual([
          422,
          '<html><h1>Unprocessable Entity</h1><p>Unable to process the contained instructions</p></html>',
        ]);
      }
      expect(await textOf(await bench.download(key))).toBe('one');
      expect((await bench.send(key, bytes('two'), { ETag: 'b8a9f715dbb64fd5c56e7783c6820a61' })).status).toBe(201);
      expect((await bench.send(key, bytes('two'), { ETag: '"b8a9f715dbb64fd5c56e7783c6820a61"' })).status).toBe(201);
    });

    it('is seen by the next reader, and hides the one before', async () => {
      const key = bench.key();
      for (const word of ['one', 'two', 'three', 'four']) {
        await bench.upload(key, bytes(word));
        expect(await textOf(await bench.download(key))).toBe(word);
      }
    });

    it.each([
      [{ 'X-Delete-At': '12' }, 'X-Delete-At in past'],
      [{ 'X-Delete-At': 'soon' }, 'Non-integer X-Delete-At'],
      [{ 'X-Delete-After': '-1' }, 'X-Delete-After in past'],
      [{ 'X-Delete-After': 'abc' }, 'Non-integer X-Delete-After'],
      [{ 'X-Object-Manifest': 'a/b' }, "The header 'X-Object-Manifest' is not allowed in this tempurl"],
      [{ 'X-Symlink-Target': 'a/b' }, "The header 'X-Symlink-Target' is not allowed in this tempurl"],
    ] as [Record<string, string>, string][])('with %j is refused', async (headers, why) => {
      const key = bench.key();
      expect(await text(await bench.send(key, bytes('x'), headers))).toEqual([400, why]);
      expect((await bench.download(key)).status).toBe(404);
    });

    it('of large size comes back whole', async () => {
      const key = bench.key();
      const data = pattern(6_000_000);
      await bench.upload(key, data);
      expect(new Uint8Array(await (await bench.download(key)).arrayBuffer())).toEqual(data);
    });
  });

  describe('a browser of another origin', () => {
    const bench = new Bench(make);
    const Origin = 'https://page.example';

    it('may ask before, without a signature, and hears what it may do', async () => {
      const url = (await bench.sign('PUT', bench.key())).replace(/temp_url_sig=\w+/, 'temp_url_sig=0');
      const answer = await fetch(url, {
        method: 'OPTIONS',
        headers: { Origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'content-type, if-none-match' },
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(answer.headers.get('Access-Control-Max-Age')).toBe('3600');
      expect(answer.headers.get('Access-Control-Allow-Methods')?.split(', ')).toEqual(expect.arrayContaining(['GET', 'HEAD', 'PUT']));
      expect(answer.headers.get('Access-Control-Allow-Headers')?.split(', ')).toEqual(
        expect.arrayContaining(['content-type', 'if-none-match']),
      );
    });

    it.each([{ Origin, 'Access-Control-Request-Method': 'PATCH' }, { Origin }] as Record<string, string>[])(
      'is refused when it asks %j',
      async (headers) => {
        const answer = await fetch(await bench.sign('GET', bench.key()), { method: 'OPTIONS', headers });
        expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([401, null]);
      },
    );

    it('reads answers and their headers, also that nothing is there', async () => {
      const key = bench.key();
      const put = await bench.send(key, bytes('hello'), { Origin });
      const got = await bench.download(key, { Origin, Range: 'bytes=0-1' });
      const absent = await bench.download(bench.key(), { Origin });
      expect([put.status, got.status, absent.status]).toEqual([201, 206, 404]);
      for (const answer of [put, got, absent]) {
        expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
        const exposed = (answer.headers.get('Access-Control-Expose-Headers') ?? '').toLowerCase().split(', ');
        expect(exposed).toEqual(
          expect.arrayContaining(['etag', 'content-range', 'content-length', 'content-disposition', 'accept-ranges', 'last-modified']),
        );
      }
      expect((await bench.download(key)).headers.get('Access-Control-Allow-Origin')).toBeNull();
    });
  });
}

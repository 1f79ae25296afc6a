// GET and HEAD on /files: bytes by path, as OpenCADC's #files-proto has it, and the deprecated view=data of getNode.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { anonymous, expectFault, expectStatus, newOpenUser, newUser, ours, service, uriOf } from './world.ts';

const me = await newUser('get-files');
const origin = new URL(service.base).origin;

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

describe('GET', () => {
  test('redirects with 303 to a signed URL of the store, which gives the bytes', async () => {
    const path = await me.stored(me.fresh(), 'by redirect', { 'content-type': 'text/plain' });
    const answer = await me.get(`/files${path}`);
    expectStatus(answer, 303);
    const location = answer.header('location') ?? '';
    expect(new URL(location).origin).not.toBe(origin);
    if (service.storeUrl !== null) expect(new URL(location).origin).toBe(service.storeUrl);
    const bytes = await anonymous.get(location);
    expect([bytes.status, bytes.text]).toEqual([200, 'by redirect']);
    // Swift itself sends no such header.
    if (service.storeUrl !== null) expect(bytes.header('x-content-type-options')).toBe('nosniff');
  });

  test('keeps the redirect out of caches and the signed URL out of Referer', async () => {
    const answer = await me.get(`/files${await me.stored(me.fresh(), 'x')}`);
    expect([answer.header('cache-control'), answer.header('referrer-policy')]).toEqual([
      expect.stringContaining('no-store'),
      'no-referrer',
    ]);
  });

  test('gives a URL that serves this file by GET and nothing else', async () => {
    const path = await me.stored(me.fresh(), 'original');
    const location = (await me.get(`/files${path}`)).header('location') ?? '';
    for (const method of ['PUT', 'DELETE', 'POST']) {
      const answer = await anonymous.send(method, location, { body: 'x' });
      expect(answer.status, method).toBeGreaterThanOrEqual(400);
    }
    const signature = /[0-9a-f]{40,}/.exec(new URL(location).search)?.[0] ?? '';
    const forged = location.replace(
      signature,
      signature.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    );
    expect(forged).not.toBe(location);
    expectStatus(await anonymous.get(forged), 401, 403);
    expect(await me.bytes(path)).toBe('original');
  });

  test('with via=service streams the bytes with everything a client wants to know', async () => {
    const path = await me.stored(me.fresh('name'), 'twelve bytes', { 'content-type': 'text/plain' });
    const answer = await me.get(`/files${path}?via=service`);
    expect([answer.status, answer.text]).toEqual([200, 'twelve bytes']);
    expect({
      length: answer.header('content-length'),
      digest: answer.header('digest'),
      ranges: answer.header('accept-ranges'),
      type: answer.header('content-type')?.replace(/;.*/, ''),
      sniff: answer.header('x-content-type-options'),
    }).toEqual({ length: '12', digest: `md5=${md5('twelve bytes')}`, ranges: 'bytes', type: 'text/plain', sniff: 'nosniff' });
    expect(answer.header('content-disposition')).toContain(path.slice(path.lastIndexOf('/') + 1));
    expect(Date.parse(answer.header('last-modified') ?? '')).toBeGreaterThan(Date.now() - 120_000);
    expect(answer.header('etag')).toMatch(/^"[^"]+"$/);
  });

  test('through the service serves a web page so that it cannot act', async () => {
    const path = await me.stored(me.fresh(), '<script>alert(1)</script>', { 'content-type': 'text/html' });
    const answer = await me.get(`/files${path}?via=service`);
    expect(answer.header('content-security-policy')).toContain('sandbox');
    expect(answer.header('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    ['bytes=0-4', 'abcde', '0-4'],
    ['bytes=5-', 'fghijklmno', '5-14'],
    ['bytes=-3', 'mno', '12-14'],
    ['bytes=10-99', 'klmno', '10-14'],
    ['bytes=14-14', 'o', '14-14'],
  ])('of the range %s gives 206 and that part', async (range, part, told) => {
    const path = await me.stored(me.fresh(), 'abcdefghijklmno');
    const answer = await me.get(`/files${path}?via=service`, { range });
    expect([answer.status, answer.text, answer.header('content-range'), answer.header('content-length')]).toEqual([
      206,
      part,
      `bytes ${told}/15`,
      String(part.length),
    ]);
  });

  test('of a range beyond the end is a 416 that tells the length', async () => {
    const path = await me.stored(me.fresh(), 'abcdefghijklmno');
    const answer = await me.get(`/files${path}?via=service`, { range: 'bytes=15-20' });
    expect([answer.status, answer.header('content-range')]).toEqual([416, 'bytes */15']);
  });

  test('of a range that makes no sense gives the whole', async () => {
    const path = await me.stored(me.fresh(), 'abcdefghijklmno');
    for (const range of ['bytes=9-3', 'lines=1-2', 'bytes=a-b']) {
      const answer = await me.get(`/files${path}?via=service`, { range });
      expect([answer.status, answer.text], range).toEqual([200, 'abcdefghijklmno']);
    }
  });

  test('of a range of the signed URL works too', async () => {
    const location = (await me.get(`/files${await me.stored(me.fresh(), 'abcdefghijklmno')}`)).header('location') ?? '';
    const answer = await anonymous.get(location, { range: 'bytes=5-' });
    expect([answer.status, answer.text]).toEqual([206, 'fghijklmno']);
  });

  test('of a container is a 400', async () => {
    expectStatus(await me.get(`/files${await me.made(me.fresh())}`), 400);
    expectStatus(await me.get(`/files${me.home}`), 400);
    expectStatus(await me.get('/files/'), 400, 404);
  });

  test('of what does not exist is NodeNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.get(`/files${path}`), 'NodeNotFound', uriOf(path));
    expectFault(await me.get(`/files${path}/below`), 'NodeNotFound');
    expectFault(await me.get(`/files${path}?via=service`), 'NodeNotFound');
  });

  test('with an unknown via is a fault of the client', async () => {
    expectFault(await me.get(`/files${await me.stored(me.fresh(), 'x')}?via=pigeon`), 'InvalidArgument');
  });
});

describe('HEAD', () => {
  test('has the headers of GET and no body', async () => {
    const path = await me.stored(me.fresh(), 'twelve bytes', { 'content-type': 'application/fits' });
    const [head, get] = [await me.send('HEAD', `/files${path}`), await me.get(`/files${path}?via=service`)];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['content-length', 'content-type', 'digest', 'last-modified', 'etag', 'accept-ranges']) {
      expect(head.header(name), name).toBeDefined();
      expect(head.header(name), name).toBe(get.header(name));
    }
    // A service may show in place what it lets the store serve, and not what it serves itself; the name is the same.
    expect(head.header('content-disposition')).toMatch(/filename/);
    expect(head.header('content-disposition')?.replace(/^\w+/, '')).toBe(get.header('content-disposition')?.replace(/^\w+/, ''));
    expect(head.header('digest')).toBe(`md5=${md5('twelve bytes')}`);
  });
  test('of a missing node is a 404 and of a container a 400', async () => {
    expectStatus(await me.send('HEAD', `/files${me.fresh()}`), 404);
    expectStatus(await me.send('HEAD', `/files${await me.made(me.fresh())}`), 400);
  });
  test('tells another ETag after the bytes have changed', async () => {
    const path = await me.stored(me.fresh(), 'one');
    const before = (await me.send('HEAD', `/files${path}`)).header('etag');
    await me.put(path, 'two');
    expect((await me.send('HEAD', `/files${path}`)).header('etag')).not.toBe(before);
  });
});

describe('Content-Disposition', () => {
  test.each([
    ['plain.fits', /filename="?plain\.fits"?/],
    ['with%20space.fits', /filename="with space\.fits"|filename\*=UTF-8''with%20space\.fits/],
    ['quote%22d.fits', /filename="quote\\"d\.fits"|filename\*=UTF-8''quote%22d\.fits/],
    ['%C3%A9toile.fits', /filename\*=UTF-8''%C3%A9toile\.fits/],
    ['semi;colon.fits', /filename="semi;colon\.fits"|filename\*=UTF-8''semi%3Bcolon\.fits/],
  ])('names the file %s so that clients understand it', async (name, form) => {
    const parent = await me.made(me.fresh());
    const answer = await me.send('HEAD', `/files${await me.stored(`${parent}/${name}`, 'x')}`);
    expect(answer.header('content-disposition')).toMatch(form);
    expect(answer.header('content-disposition')).toMatch(/^[\u0020-\u007e]+$/);
  });
});

describe('GET /nodes with view=data', () => {
  test('redirects to the bytes', async () => {
    const path = await me.stored(me.fresh(), 'viewed');
    const answer = await me.get(`/nodes${path}?view=data`);
    expectStatus(answer, 303);
    const next = await me.get(answer.header('location') ?? '');
    expect((next.status === 303 ? await me.get(next.header('location') ?? '') : next).text).toBe('viewed');
  });
});

ours('a public file', () => {
  test('can be read by anyone, and written by its owner only', async () => {
    const owner = await newOpenUser('files-public');
    const path = await owner.stored(owner.fresh(), 'for all');
    await owner.set(path, { properties: { [core('publicread')]: 'true' } });
    expect(await anonymous.bytes(path)).toBe('for all');
    expectStatus(await anonymous.get(`/files${path}`), 303);
    expectFault(await anonymous.put(path, 'x'), 'NotAuthenticated');
    expectFault(await me.put(path, 'x'), 'PermissionDenied');
  });
});

test.each(['DELETE', 'POST', 'PATCH'])('the method %s on /files is refused with 405', async (method) => {
  const path = await me.stored(me.fresh(), 'x');
  expectStatus(await me.send(method, `/files${path}`), 405);
  expect(await me.bytes(path)).toBe('x');
});

// PUT on /files: bytes by path, as OpenCADC's #files-proto has it.
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { expectFault, expectStatus, newUser, service, uriOf } from './world.ts';

const me = await newUser('put');
const origin = new URL(service.base).origin;

function md5(bytes: string | Uint8Array, encoding: 'base64' | 'hex' = 'base64'): string {
  return createHash('md5').update(bytes).digest(encoding);
}
async function property(path: string, name: string): Promise<string | undefined> {
  return (await me.read(path)).properties.get(core(name))?.value;
}

describe('PUT', () => {
  test('makes a data node: 201, no body, the digest', async () => {
    const path = me.fresh();
    const answer = await me.put(path, 'twelve bytes');
    expect([answer.status, answer.text, answer.header('digest')]).toEqual([201, '', `md5=${md5('twelve bytes')}`]);
    const node = await me.read(path);
    expect(node.type).toMatch(/DataNode$/);
    expect([await property(path, 'length'), await property(path, 'MD5')]).toEqual(['12', md5('twelve bytes', 'hex')]);
  });

  test('fills a node that createNode made', async () => {
    const path = await me.made(me.fresh(), { type: 'UnstructuredDataNode' });
    expectStatus(await me.put(path, 'filled'), 200, 201);
    expect([await me.bytes(path), (await me.read(path)).type]).toEqual(['filled', 'UnstructuredDataNode']);
  });

  test('replaces the bytes of a file', async () => {
    const path = await me.stored(me.fresh(), 'the first bytes');
    const answer = await me.put(path, 'second');
    expectStatus(answer, 200, 201);
    expect(answer.header('digest')).toBe(`md5=${md5('second')}`);
    expect([await me.bytes(path), await property(path, 'length')]).toEqual(['second', '6']);
  });

  test.each([
    ['every byte value', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ['line ends of all kinds', Buffer.from('a\nb\r\nc\rd')],
    ['what looks compressed', Buffer.from('1f8b0800000000000003', 'hex')],
    ['1 MiB and a byte', randomBytes(1024 * 1024 + 1)],
    ['6 MiB', randomBytes(6 * 1024 * 1024)],
  ])('keeps %s bit by bit', async (_, bytes) => {
    const path = await me.stored(me.fresh(), bytes);
    const answer = await me.get(`/files${path}?via=service`);
    expect(answer.status).toBe(200);
    expect(answer.bytes.equals(bytes)).toBe(true);
    expect(await property(path, 'MD5')).toBe(md5(bytes, 'hex'));
  });

  test('takes a body without Content-Length, or asks for one and stores nothing', async () => {
    const path = me.fresh();
    const answer = await me.send('PUT', `/files${path}`, { body: 'chunked', chunked: true, headers: { 'transfer-encoding': 'chunked' } });
    expectStatus(answer, 201, 411);
    if (answer.status === 201) expect(await me.bytes(path)).toBe('chunked');
    else expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('takes an empty file', async () => {
    const path = await me.stored(me.fresh(), '');
    expect([await property(path, 'length'), await property(path, 'MD5')]).toEqual(['0', md5('', 'hex')]);
    const head = await me.send('HEAD', `/files${path}`);
    expect([head.status, head.header('content-length')]).toEqual([200, '0']);
    expectStatus(await me.get(`/files${path}`), 204);
    expectStatus(await me.get(`/files${path}?via=service`), 204);
  });

  test('empties a file', async () => {
    const path = await me.stored(me.fresh(), 'full');
    expectStatus(await me.put(path, ''), 200, 201);
    expect([await property(path, 'length'), await me.bytes(path)]).toEqual(['0', '']);
  });

  test('with the right Digest is accepted', async () => {
    expectStatus(await me.put(me.fresh(), 'bytes', { digest: `md5=${md5('bytes')}` }), 201);
  });

  test('with a wrong Digest is PreconditionFailed, and no node is made', async () => {
    const path = me.fresh();
    expectFault(await me.put(path, 'bytes', { digest: `md5=${md5('other')}` }), 'PreconditionFailed');
    expectStatus(await me.get(`/nodes${path}`), 404);
    expectStatus(await me.get(`/files${path}`), 404);
  });

  test('with a wrong Digest leaves the file that was there', async () => {
    const path = await me.stored(me.fresh(), 'before', { 'content-type': 'text/plain' });
    const before = await me.read(path);
    expectFault(await me.put(path, 'after', { digest: `md5=${md5('other')}` }), 'PreconditionFailed');
    expect(await me.read(path)).toEqual(before);
    expect(await me.bytes(path)).toBe('before');
  });

  test('that breaks off stores nothing', async () => {
    const path = me.fresh();
    await expect(
      me.send('PUT', `/files${path}`, { body: 'x'.repeat(50_000), breakOff: true, headers: { 'content-length': '100000' } }),
    ).rejects.toThrow();
    await me.stored(me.fresh(), 'meanwhile');
    expectStatus(await me.get(`/nodes${path}`), 404);
    expectStatus(await me.get(`/files${path}`), 404);
  });

  test('that breaks off leaves the file that was there', async () => {
    const path = await me.stored(me.fresh(), 'before');
    await expect(
      me.send('PUT', `/files${path}`, { body: 'x'.repeat(50_000), breakOff: true, headers: { 'content-length': '100000' } }),
    ).rejects.toThrow();
    await me.stored(me.fresh(), 'meanwhile');
    expect(await me.bytes(path)).toBe('before');
  });

  test('into a missing container is ContainerNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.put(`${path}/file`, 'x'), 'ContainerNotFound');
    expectFault(await me.put(`${path}/deeper/file`, 'x'), 'ContainerNotFound');
  });

  test('below a file is ContainerNotFound', async () => {
    expectFault(await me.put(`${await me.stored(me.fresh(), 'x')}/file`, 'x'), 'ContainerNotFound');
  });

  test('onto a container is a 400, and the container stays', async () => {
    const path = await me.made(me.fresh());
    await me.made(`${path}/child`);
    expectStatus(await me.put(path, 'x'), 400);
    expect((await me.read(path)).nodes).toHaveLength(1);
  });

  test('to .auto chooses a name, and to .null keeps nothing', async () => {
    const path = await me.made(me.fresh());
    expectStatus(await me.put(`${path}/.null`, 'discarded'), 200, 201);
    expect((await me.read(path)).nodes).toEqual([]);
    expectStatus(await me.put(`${path}/.auto`, 'named'), 201);
    const [node] = (await me.read(path)).nodes ?? [];
    expect(node?.uri).not.toMatch(/\.auto$/);
    expect(await me.bytes(node?.uri.slice(uriOf('').length) ?? '')).toBe('named');
  });

  test('by many clients at once leaves one of the files, whole', async () => {
    const path = me.fresh();
    const bodies = Array.from({ length: 8 }, (_, i) => String(i).repeat(10_000 + i));
    for (const answer of await Promise.all(bodies.map((body) => me.put(path, body)))) expectStatus(answer, 200, 201, 409);
    const left = await me.bytes(path);
    expect(bodies).toContain(left);
    expect([await property(path, 'MD5'), await property(path, 'length')]).toEqual([md5(left, 'hex'), String(left.length)]);
  });

  test('keeps the stated type, and says octet-stream when none is stated', async () => {
    expect(await property(await me.stored(me.fresh(), 'x', { 'content-type': 'image/fits' }), 'type')).toBe('image/fits');
    const path = me.fresh();
    expectStatus(await me.send('PUT', `/files${path}`, { body: 'x' }), 201);
    expect((await me.send('HEAD', `/files${path}`)).header('content-type')).toMatch(/^application\/octet-stream/);
  });

  test('of an empty body that only announces a larger upload does not replace the file', async () => {
    const path = await me.stored(me.fresh(), 'before');
    await me.put(path, '', { 'x-put-txn-op': 'start', 'x-total-length': '6000000000' });
    expect(await me.bytes(path)).toBe('before');
  });
});

describe('PUT with via=store', () => {
  test('is answered with 307 to the store, and what is sent there becomes the file', async () => {
    const path = me.fresh();
    const answer = await me.send('PUT', `/files${path}?via=store`, { headers: { 'content-type': 'text/plain' } });
    expectStatus(answer, 307);
    const location = answer.header('location') ?? '';
    expect(new URL(location).origin).not.toBe(origin);
    if (service.storeUrl !== null) expect(new URL(location).origin).toBe(service.storeUrl);
    expectStatus(await me.send('PUT', location, { body: 'straight to the store' }), 200, 201);
    await expect.poll(() => property(path, 'length'), { timeout: 15_000 }).toBe('21');
    expect([await me.bytes(path), await property(path, 'MD5')]).toEqual(['straight to the store', md5('straight to the store', 'hex')]);
  });
});

describe('a conditional PUT (RFC 9110 section 13.1)', () => {
  test('with If-None-Match: * makes a file and replaces none', async () => {
    const path = me.fresh();
    expectStatus(await me.put(path, 'first', { 'if-none-match': '*' }), 201);
    expectFault(await me.put(path, 'second', { 'if-none-match': '*' }), 'PreconditionFailed');
    expect(await me.bytes(path)).toBe('first');
  });

  test('with If-Match replaces exactly the bytes with that entity tag', async () => {
    const path = await me.stored(me.fresh(), 'one');
    const etag = (await me.send('HEAD', `/files${path}`)).header('etag') ?? '';
    expectFault(await me.put(path, 'three', { 'if-match': '"00000000000000000000000000000000"' }), 'PreconditionFailed');
    expectStatus(await me.put(path, 'two', { 'if-match': etag }), 201);
    expectFault(await me.put(path, 'three', { 'if-match': etag }), 'PreconditionFailed');
    expect(await me.bytes(path)).toBe('two');
  });

  test('of several at once with one entity tag succeeds once', async () => {
    const path = await me.stored(me.fresh(), 'one');
    const etag = (await me.send('HEAD', `/files${path}`)).header('etag') ?? '';
    const statuses = await Promise.all(['a', 'b', 'c', 'd'].map(async (body) => (await me.put(path, body, { 'if-match': etag })).status));
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(3);
  });
});

test('a PUT without Content-Type keeps the type that is known', async () => {
  const path = me.fresh();
  expectStatus(await me.put(path, 'x', { 'content-type': 'application/fits' }), 201);
  expectStatus(await me.put(path, 'y'), 201);
  expect((await me.read(path)).properties.get(core('type'))?.value).toBe('application/fits');
});

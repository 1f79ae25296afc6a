// /uploads and /downloads for many files in one request: a list is answered item by item.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { items, MIB, noise, postJson, sendParts, type UploadItem } from './send-parts.ts';
import { admin, anonymous, expectFault, expectStatus, newUser, ours, unique, uriOf, type User } from './world.ts';

interface DownloadItem {
  readonly uri: string;
  readonly fault?: string;
  readonly size?: number;
  readonly md5?: string;
  readonly type?: string;
  readonly url?: string;
  readonly urlsExpire?: string;
}

const me = await newUser('many');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function each<T>(list: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  const waiting = list.entries();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const [index, item] of waiting) await work(item, index);
    }),
  );
}
const send = async ({ url = '' }: UploadItem, body: string): Promise<void> => expectStatus(await anonymous.send('PUT', url, { body }), 201);

ours('/uploads and /downloads', () => {
  test('take 500 files in one request each, in the order of the list', { timeout: 120_000 }, async () => {
    const parent = await me.made(me.fresh());
    const names = Array.from({ length: 500 }, (_, i) => `${parent}/file ${i}`.replace(' ', '%20'));
    const content = (i: number): string => `content of file ${i}`;
    const negotiated = await items(
      me,
      '/uploads',
      names.map((name, i) => ({ path: name, length: content(i).length, md5: md5(content(i)) })),
    );
    expect(negotiated.map(({ uri }) => uri)).toEqual(names.map((name) => uriOf(name)));
    await each(negotiated, (item, i) => send(item, content(i)));
    const completed = await items(
      me,
      '/uploads/complete',
      negotiated.map(({ id }) => ({ id })),
    );
    expect(completed.map(({ uri, phase }) => [uri, phase])).toEqual(names.map((name) => [uriOf(name), 'COMPLETED']));
    const found = await items<DownloadItem>(
      me,
      '/downloads',
      names.map((name) => ({ uri: uriOf(name) })),
    );
    expect(found.map(({ uri, size, md5: digest }) => [uri, size, digest])).toEqual(
      names.map((name, i) => [uriOf(name), content(i).length, md5(content(i))]),
    );
    await each([0, 250, 499], async (i) => expect((await anonymous.get(found[i]?.url ?? '')).text).toBe(content(i)));
  });

  test('refuse a list that is longer, or none at all', async () => {
    for (const where of ['/uploads', '/uploads/complete', '/downloads']) {
      expectFault(await postJson(me, where, { items: Array.from({ length: 501 }, () => ({})) }), 'InvalidArgument', 'more than 500');
      expectFault(await postJson(me, where, []), 'InvalidArgument');
      expectFault(await me.post(where, '{', 'application/json'), 'InvalidArgument', 'not JSON');
      expectStatus(await me.post(where, ' '.repeat(1_100_000), 'application/json'), 413);
      expectStatus(await me.get(where), ...(where === '/uploads' ? [200] : [405, 404]));
    }
    expect(await items(me, '/uploads', [])).toEqual([]);
    expectStatus(await postJson(me, '/uploads/made-up', { items: [] }), 405);
  });

  test('refuse bad items with their faults, and serve the others', async () => {
    const container = await me.made(me.fresh());
    const other = await newUser('many');
    const good = `${container}/good`;
    const list = [
      { uri: uriOf(good), length: 4 },
      { uri: uriOf(container), length: 4 },
      { uri: uriOf(`${container}/none/file`), length: 4 },
      { uri: uriOf(`${other.home}/file`), length: 4 },
      { uri: uriOf(`/${unique('nowhere')}/file`), length: 4 },
      { uri: 'vos://elsewhere.org~vospace/file', length: 4 },
      { path: `${container}/.null`, length: 4 },
      { path: `${container}/%2e%2e/x`, length: 4 },
      { uri: uriOf(good) },
      { uri: uriOf(good), length: -1 },
      { uri: uriOf(good), length: 4, md5: 'none' },
      { uri: uriOf(good), path: good, length: 4 },
      { uri: uriOf(good), length: 4, colour: 'red' },
      { length: 4 },
    ];
    const results = await items(me, '/uploads', [...list, null as unknown as object]);
    expect(results.map(({ fault }) => fault)).toEqual([
      undefined,
      'InvalidArgument',
      'ContainerNotFound',
      'PermissionDenied',
      'ContainerNotFound',
      'InvalidURI',
      'InvalidArgument',
      'InvalidURI',
      ...Array.from({ length: 7 }, () => 'InvalidArgument'),
    ]);
    const [upload] = results as readonly [UploadItem];
    await send(upload, 'good');
    const outcomes = await items(me, '/uploads/complete', [{ id: 'made-up' }, { id: upload.id }, {}, { id: upload.id, etags: 'x' }]);
    expect(outcomes.map(({ phase, fault }) => fault ?? phase)).toEqual(['NotFound', 'COMPLETED', 'InvalidArgument', 'InvalidArgument']);
    const found = await items<DownloadItem>(me, '/downloads', [
      { uri: uriOf(`${container}/none`) },
      { uri: uriOf(good) },
      { uri: uriOf(container) },
      { uri: uriOf(`${other.home}/file`) },
      { length: 1 },
    ]);
    expect(found.map(({ fault, size }) => fault ?? size)).toEqual([
      'NodeNotFound',
      4,
      'InvalidArgument',
      'PermissionDenied',
      'InvalidArgument',
    ]);
  });

  test.each(['abc', 'abcdefg'])('refuse to complete an upload of 5 bytes with %j', async (body) => {
    const path = me.fresh();
    const [upload] = (await items(me, '/uploads', [{ path, length: 5 }])) as readonly [UploadItem];
    await send(upload, body);
    const [outcome] = await items(me, '/uploads/complete', [{ id: upload.id }]);
    expect([outcome?.fault, outcome?.detail]).toEqual(['PreconditionFailed', `5 bytes were stated, and ${body.length} have come`]);
    expectFault(await me.get(`/nodes${path}`), 'NodeNotFound');
  });

  test('tell how many bytes have come where a reader was before the client', async () => {
    const path = me.fresh();
    const [upload] = (await items(me, '/uploads', [{ path, length: 5 }])) as readonly [UploadItem];
    await send(upload, 'abc');
    expect(await me.bytes(path)).toBe('abc');
    expect(JSON.parse((await me.get(`/uploads/${upload.id}`)).text)).toMatchObject({ phase: 'COMPLETED', length: 5, received: 3 });
  });

  test('of several users are answered together, each by its own rights and quota', async () => {
    const small = await newUser('many', { properties: { [core('groupwrite')]: '' } });
    expectStatus(await admin.set(small.home, { type: 'ContainerNode', properties: { [core('quota')]: '10' } }), 200);
    const results = await items(admin, '/uploads', [
      { path: small.fresh(), length: 6 },
      { path: me.fresh(), length: 6 },
      { path: small.fresh(), length: 6 },
      { path: small.fresh(), length: 4 },
    ]);
    expect(results.map(({ fault, url }) => fault ?? typeof url)).toEqual(['string', 'string', 'QuotaExceeded', 'string']);
  });

  test('go through links', async () => {
    const [target, link] = [await me.stored(me.fresh(), 'behind'), me.fresh()];
    await me.made(link, { type: 'LinkNode', target: uriOf(target) });
    const [found] = await items<DownloadItem>(me, '/downloads', [{ path: link }]);
    expect(found).toMatchObject({ uri: uriOf(target), size: 6, md5: md5('behind') });
    const [upload] = (await items(me, '/uploads', [{ path: link, length: 11 * MIB, parts: true }])) as readonly [UploadItem];
    expect(upload.uri).toBe(uriOf(target));
    await sendParts(upload, noise(11 * MIB));
    expect((await items(me, '/uploads/complete', [{ id: upload.id }]))[0]?.phase).toBe('COMPLETED');
    expect((await me.read(target)).properties.get(core('length'))?.value).toBe(String(11 * MIB));
  });
});

describe('a single PUT negotiated by /uploads', () => {
  const one = async (user: User, item: object): Promise<UploadItem> =>
    ((await items(user, '/uploads', [item])) as readonly [UploadItem])[0];
  const completed = async (user: User, { id }: UploadItem, wish: object = {}): Promise<string | undefined> => {
    const [outcome] = await items(user, '/uploads/complete', [{ id, ...wish }]);
    return outcome?.fault ?? outcome?.phase;
  };

  test('is committed as soon as its client says that it is there, even if somebody has just looked in vain', async () => {
    const path = me.fresh();
    const upload = await one(me, { uri: uriOf(path), length: 5, type: 'text/csv' });
    expect(await completed(me, upload)).toBe('PreconditionFailed');
    expect((await me.read(path)).busy).toBe('true');
    await send(upload, 'there');
    expect(await completed(me, upload)).toBe('COMPLETED');
    const { properties } = await me.read(path);
    expect([properties.get(core('type'))?.value, properties.get(core('MD5'))?.value]).toEqual(['text/csv', md5('there')]);
    expect(await completed(me, upload)).toBe('COMPLETED');
  });

  test('of an empty file makes an empty file', async () => {
    const path = me.fresh();
    const upload = await one(me, { uri: uriOf(path), length: 0, parts: true });
    await send(upload, '');
    expect(await completed(me, upload)).toBe('COMPLETED');
    expect((await me.read(path)).properties.get(core('length'))?.value).toBe('0');
  });

  test('of bytes with another MD5 than was stated is refused', async () => {
    const [stated, told] = [me.fresh(), me.fresh()];
    const first = await one(me, { uri: uriOf(stated), length: 5, md5: md5('other') });
    const second = await one(me, { uri: uriOf(told), length: 5 });
    for (const upload of [first, second]) await send(upload, 'there');
    expect(await completed(me, first)).toBe('PreconditionFailed');
    expect(await completed(me, second, { md5: md5('other') })).toBe('PreconditionFailed');
    for (const path of [stated, told]) expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('may be conditional', async () => {
    const path = me.fresh();
    const upload = await one(me, { path, length: 5, ifNoneMatch: '*' });
    expect((await one(me, { path, length: 5, ifMatch: '"x"' })).fault).toBe('PreconditionFailed');
    await me.stored(path, 'quicker');
    await send(upload, 'there');
    expect(await completed(me, upload)).toBe('PreconditionFailed');
    expect(await me.bytes(path)).toBe('quicker');
    expect((await one(me, { path, length: 5, ifNoneMatch: '*' })).fault).toBe('PreconditionFailed');
    const replacing = await one(me, { path, length: 5, ifMatch: `"${md5('quicker')}"` });
    await send(replacing, 'there');
    expect(await completed(me, replacing)).toBe('COMPLETED');
  });
});

ours('/downloads', () => {
  test('give the anonymous what everybody may read, and nothing of the rest', async () => {
    const open = await newUser('many', { properties: { [core('publicread')]: 'true' } });
    const [shown, hidden, empty] = [open.fresh(), open.fresh(), open.fresh()];
    await open.stored(shown, 'shown', { 'content-type': 'text/plain' });
    expectStatus(await open.set(shown, { properties: { [core('publicread')]: 'true' } }), 200);
    await open.stored(hidden, 'hidden');
    await open.made(empty);
    const list = [shown, hidden, me.fresh()].map((path) => ({ path }));
    const found = await items<DownloadItem>(anonymous, '/downloads', list);
    expect(found.map(({ fault, type }) => fault ?? type)).toEqual(['text/plain', 'NotAuthenticated', 'NotAuthenticated']);
    expect((await anonymous.get(found[0]?.url ?? '')).text).toBe('shown');
    expect(Date.parse(found[0]?.urlsExpire ?? '')).toBeGreaterThan(Date.now());
  });

  test('say which files have no bytes yet', async () => {
    const [pending, empty] = [me.fresh(), await me.made(me.fresh(), { type: 'DataNode' })];
    await items(me, '/uploads', [{ path: pending, length: 5 }]);
    const found = await items<DownloadItem>(me, '/downloads', [{ path: pending }, { path: empty }]);
    expect(found.map(({ fault, size, url }) => [fault, size, url])).toEqual([
      ['NodeBusy', undefined, undefined],
      [undefined, 0, undefined],
    ]);
  });
});

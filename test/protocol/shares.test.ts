// Shares: URLs that read one node, or what is in one container, with the rights of whoever made them, until they end or are revoked.
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core } from './documents.ts';
import { admin, anonymous, expectFault, expectStatus, newGroup, newUser, ours, service, uriOf, type User } from './world.ts';

interface Share {
  readonly id: string;
  readonly uri: string;
  readonly url: string;
  readonly created: string;
  readonly expires: string;
}
interface Listing {
  readonly name: string;
  readonly nodes: readonly { readonly name: string; readonly type: string; readonly length: number; readonly url?: string }[];
  readonly next?: string;
}

const ask = (user: User, document: object): Promise<Answer> => user.post('/shares', JSON.stringify(document), 'application/json');
async function shared(user: User, path: string, more: object = {}): Promise<Share> {
  const answer = await ask(user, { uri: uriOf(path), ...more });
  expectStatus(answer, 201);
  return JSON.parse(answer.text) as Share;
}
const open = (url: string, headers: Record<string, string> = {}): Promise<Answer> => anonymous.get(url, headers);
async function bytesOf(url: string): Promise<string> {
  const answer = await open(url);
  expectStatus(answer, 303);
  return (await open(answer.header('location') ?? '')).text;
}
async function listing(url: string): Promise<Listing> {
  const answer = await open(url);
  expectStatus(answer, 200);
  return JSON.parse(answer.text) as Listing;
}
const ended = (answer: Answer): void =>
  expect([answer.status, answer.text]).toEqual([404, 'NotFound there is no such share, or nothing there']);

ours('a share of a file', async () => {
  const user = await newUser('share');
  const file = await user.stored(`${user.fresh('f')}%20%C3%A4.csv`, '0123456789', { 'content-type': 'text/csv' });

  test('leads whoever has its URL to a fresh signed URL of the bytes', async () => {
    const share = await shared(user, file);
    expect(share.url).toMatch(new RegExp(`^${service.base}/shared/[A-Za-z0-9_-]{43}$`));
    const [first, second] = [await open(share.url), await open(share.url)];
    for (const answer of [first, second]) {
      expectStatus(answer, 303);
      expect(answer.header('cache-control')).toContain('no-store');
      expect(answer.header('referrer-policy')).toBe('no-referrer');
    }
    const answer = await open(first.header('location') ?? '');
    expect([answer.status, answer.text, answer.header('content-disposition')?.startsWith('attachment')]).toEqual([200, '0123456789', true]);
    // The bytes come from the store itself: a Swift says nothing of sniffing, and has an origin of its own.
    expect(answer.header('x-content-type-options')).toBe(process.env['TEST_STORE'] === 'swift' ? undefined : 'nosniff');
  });
  test('describes them by HEAD, and by ranges through the store', async () => {
    const { url } = await shared(user, file);
    const head = await anonymous.send('HEAD', url);
    expect([head.status, head.header('content-length'), head.header('content-type')]).toEqual([200, '10', 'text/csv']);
    expect([head.header('x-content-type-options'), head.header('content-security-policy')]).toEqual([
      'nosniff',
      "sandbox; default-src 'none'",
    ]);
    const location = (await open(url)).header('location') ?? '';
    const part = await open(location, { range: 'bytes=2-4' });
    expect([part.status, part.text]).toEqual([206, '234']);
    expectStatus(await open(url, { 'if-none-match': head.header('etag') ?? '' }), 304);
  });
  test('answers an empty file as one', async () => {
    const { url } = await shared(user, await user.stored(user.fresh(), ''));
    const answer = await open(url);
    expect([answer.status, answer.text, answer.header('content-length')]).toEqual([200, '', '0']);
  });
  test('has nothing below it', async () => {
    ended(await open(`${(await shared(user, file)).url}/x`));
  });
  test('is a GET or a HEAD', async () => {
    const { url } = await shared(user, file);
    for (const method of ['PUT', 'POST', 'DELETE']) expectStatus(await anonymous.send(method, url), 405);
  });
  test('follows the node, not its name', async () => {
    const path = await user.stored(user.fresh(), 'first');
    const { url } = await shared(user, path);
    await user.stored(path, 'second');
    expect(await bytesOf(url)).toBe('second');
    expectStatus(await user.remove(path), 204);
    ended(await open(url));
    await user.stored(path, 'another node of that name');
    ended(await open(url));
  });
  test('lasts seven days where nothing else is said, and a year at most', async () => {
    const life = ({ created, expires }: Share): number => Math.round((Date.parse(expires) - Date.parse(created)) / 1000);
    expect(life(await shared(user, file))).toBe(7 * 86_400);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await shared(user, file, { expires: tomorrow })).expires).toBe(tomorrow);
    for (const days of [-1, 366]) {
      const expires = new Date(Date.now() + days * 86_400_000).toISOString();
      expectFault(await ask(user, { uri: uriOf(file), expires }), 'InvalidArgument', 'expires');
    }
  });
  test('ends when its time is over', async () => {
    const { url } = await shared(user, file, { expires: new Date(Date.now() + 1000).toISOString() });
    expectStatus(await open(url), 303);
    await expect.poll(async () => (await open(url)).status, { timeout: 5000 }).toBe(404);
  });
});

ours('a share of a container', async () => {
  const user = await newUser('share-tree');
  const base = await user.made(user.fresh('tree'));
  await user.made(`${base}/sub`);
  await user.stored(`${base}/sub/a%20b.csv`, 'inside');
  await user.stored(`${base}/top.csv`, 'on top');
  const outside = await user.stored(user.fresh('outside'), 'secret');
  await user.made(`${base}/sub/link`, { type: 'LinkNode', target: uriOf(outside) });

  test('lists it, and what is in it, with the URLs of its files', async () => {
    const share = await shared(user, base);
    const top = await listing(share.url);
    expect(top.nodes.map(({ name, type, length }) => [name, type, length])).toEqual([
      ['sub', 'ContainerNode', 6],
      ['top.csv', 'DataNode', 6],
    ]);
    const sub = await listing(top.nodes[0]?.url ?? '');
    expect(sub.nodes.map(({ name, url }) => [name, url])).toEqual([
      ['a b.csv', `${share.url}/sub/a%20b.csv`],
      ['link', undefined],
    ]);
    expect(await bytesOf(sub.nodes[0]?.url ?? '')).toBe('inside');
    expect(await bytesOf(`${share.url}/top.csv`)).toBe('on top');
  });
  test('lists it in pages', async () => {
    const { url } = await shared(user, base);
    const first = await listing(`${url}?limit=1`);
    const second = await listing(`${url}?limit=1&start=${first.next ?? ''}`);
    expect([first, second].map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([['sub'], ['top.csv']]);
    expect(second.next).toBeUndefined();
    expectFault(await open(`${url}?page=2`), 'InvalidArgument', 'page');
  });
  test('opens nothing outside of it', async () => {
    const { url } = await shared(user, base);
    expectFault(await open(`${url}/sub/link`), 'LinkFound');
    ended(await open(`${url}/none`));
    for (const path of ['/..', '/../outside', '/%2e%2e', '/sub/..%2f..']) {
      // As it is written: a whole URL would be resolved before it is sent.
      expectFault(await anonymous.get(url.slice(service.base.length) + path), 'InvalidURI');
    }
  });
  test('goes with the container when that gets another name', async () => {
    const place = await admin.made(`/${user.name}-top`);
    await admin.stored(`${place}/file`, 'x');
    const { url } = await shared(admin, place);
    expect((await listing(url)).nodes.map(({ name }) => name)).toEqual(['file']);
    expectStatus(await admin.remove(place), 204);
    ended(await open(url));
  });
});

ours('the right to share', async () => {
  const [owner, member, stranger] = [
    await newUser('share-owner'),
    await newUser('member', { idle: true }),
    await newUser('share-stranger'),
  ];
  const group = await newGroup(owner, [member]);
  const opened = { [core('groupread')]: group };
  expectStatus(await owner.set(owner.home, { type: 'ContainerNode', properties: opened }), 200);
  const base = await owner.made(owner.fresh('base'), { properties: opened });
  const file = await owner.stored(`${base}/file`, 'the bytes');
  expectStatus(await owner.set(file, { properties: opened }), 200);
  const hidden = await owner.stored(`${base}/hidden`, 'hidden');

  test.each<[string, User, number]>([
    ['the owner', owner, 201],
    ['an administrator', admin, 201],
    ['a member of the reading group', member, 201],
    ['a stranger', stranger, 403],
    ['the anonymous', anonymous, 401],
  ])('is that to read: %s', async (_, who, status) => {
    for (const path of [file, base]) expectStatus(await ask(who, { uri: uriOf(path) }), status);
  });
  test('is not that of who made the container, below which each node decides', async () => {
    expectFault(await ask(member, { uri: uriOf(hidden) }), 'PermissionDenied');
    const { url } = await shared(member, base);
    expect((await listing(url)).nodes.map(({ name }) => name)).toEqual(['file']);
    ended(await open(`${url}/hidden`));
    const page = await open(`${url}?limit=1`);
    expect(page.text).toContain('"next"');
    expect(page.text).not.toContain('hidden');
    expectFault(await open(`${url}?limit=1&start=hidden`), 'InvalidArgument', 'start');
    expect(await bytesOf(`${(await shared(owner, base)).url}/hidden`)).toBe('hidden');
  });
  test('is asked for again whenever the share is used', async () => {
    const [joining, place] = [await newUser('joining', { idle: true }), await owner.made(`${base}/place`, { properties: opened })];
    const name = group.split('?')[1] ?? '';
    expectStatus(await owner.send('PUT', `/groups/${name}/members/${joining.name}`), 204);
    const { url } = await shared(joining, place);
    expectStatus(await open(url), 200);
    expectStatus(await owner.send('DELETE', `/groups/${name}/members/${joining.name}`), 204);
    ended(await open(url));
    expectStatus(await owner.send('PUT', `/groups/${name}/members/${joining.name}`), 204);
    expectStatus(await open(url), 200);
    expectStatus(await owner.set(place, { type: 'ContainerNode', properties: { [core('groupread')]: '' } }), 200);
    ended(await open(url));
  });
  test('ends with its user', async () => {
    const leaving = await newUser('leaving');
    const { url } = await shared(leaving, await leaving.stored(leaving.fresh(), 'x'));
    expectStatus(await open(url), 303);
    expectStatus(await admin.send('DELETE', `/admin/users/${leaving.name}`), 200, 204);
    ended(await open(url));
  });
});

ours("one's own shares", async () => {
  const [user, other] = [await newUser('shares'), await newUser('shares-other')];
  const file = await user.stored(user.fresh(), 'x');
  const list = async (who: User, query = ''): Promise<{ shares: readonly Share[]; next?: string }> =>
    JSON.parse((await who.get(`/shares${query}`)).text) as { shares: readonly Share[]; next?: string };

  test('are listed in pages, without what opens them, and to nobody else', async () => {
    const made = [];
    for (let i = 0; i < 3; i++) made.push(await shared(user, file));
    const { shares } = await list(user);
    expect(shares).toEqual(
      made.map(({ id, uri, created, expires }) => ({ id, uri, created, expires })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const first = await list(user, '?limit=2');
    const second = await list(user, `?limit=2&after=${first.next ?? ''}`);
    expect([...first.shares, ...second.shares]).toEqual(shares);
    expect(second.next).toBeUndefined();
    expect(await list(other)).toEqual({ shares: [] });
    expectFault(await anonymous.get('/shares'), 'NotAuthenticated');
  });
  test('are revoked at once, by their maker or an administrator', async () => {
    for (const by of [user, admin]) {
      const { id, url } = await shared(user, file);
      expectStatus(await other.send('DELETE', `/shares/${id}`), 404);
      expectStatus(await anonymous.send('DELETE', `/shares/${id}`), 401);
      expectStatus(await open(url), 303);
      expectStatus(await by.send('DELETE', `/shares/${id}`), 204);
      ended(await open(url));
      expectStatus(await by.send('DELETE', `/shares/${id}`), 404);
    }
  });
  test('are in the audit trail', async () => {
    const { id } = await shared(user, file);
    await user.send('DELETE', `/shares/${id}`);
    const trail = (await admin.get('/admin/audit?space=directory')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const entries = trail.filter(({ path }) => path === `/shares/${id}`);
    expect(entries.map(({ principal, action, detail }) => [principal, action, detail])).toEqual([
      [user.name, 'create', uriOf(file)],
      [user.name, 'delete', uriOf(file)],
    ]);
  });
});

describe('a share', () => {
  test('that was never made is refused, after some guesses from one address without a look', async () => {
    const guess = (i: number): Promise<Answer> =>
      open(`${service.base}/shared/${String(i).padStart(43, 'A')}`, { 'cf-connecting-ip': '192.0.2.77' });
    for (const path of ['/shared/short', '/shared/', `/shared/${'A'.repeat(43)}/x`, `/shared/${'A'.repeat(5000)}`])
      expectStatus(await open(service.base + path), 404);
    const answers: number[] = [];
    for (let i = 0; i < 12; i++) answers.push((await guess(i)).status);
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429]);
  });
  ours('is asked for', async () => {
    const user = await newUser('share-input');
    const uri = uriOf(await user.stored(user.fresh(), 'x'));
    test.each<[string, object, 'InvalidArgument' | 'InvalidURI' | 'ViewNotSupported' | 'NodeNotFound', string]>([
      ['without a URI', {}, 'InvalidArgument', 'uri'],
      ['with an unknown field', { uri, expire: 'x' }, 'InvalidArgument', 'expire'],
      ['with a path', { uri: user.home }, 'InvalidURI', ''],
      ['with another service', { uri: 'vos://other.example~vospace/a' }, 'InvalidURI', 'uri'],
      ['with the root', { uri: uriOf('') }, 'InvalidArgument', 'root'],
      ['with what is not there', { uri: `${uri}-none` }, 'NodeNotFound', ''],
      ['with an end that is no time', { uri, expires: 'soon' }, 'InvalidArgument', 'expires'],
      ['with a number as its end', { uri, expires: 5 }, 'InvalidArgument', 'expires'],
      ['with another view', { uri, view: core('other') }, 'ViewNotSupported', 'view'],
      ['with uploads', { uri, uploads: true }, 'InvalidArgument', 'uploads'],
    ])('in vain %s', async (_, document, fault, detail) => {
      expectFault(await ask(user, document), fault, detail);
    });
    test('in vain of a link', async () => {
      const link = await user.made(user.fresh(), { type: 'LinkNode', target: uri });
      expectFault(await ask(user, { uri: uriOf(link) }), 'InvalidArgument', 'link');
    });
    test('with what says nothing else than is so anyway', async () => {
      expectStatus(await ask(user, { uri, view: core('defaultview'), uploads: false }), 201);
    });
  });
});

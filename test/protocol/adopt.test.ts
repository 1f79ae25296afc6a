// Swift containers that were there before become containers of nodes: on a real Swift, with a service of its own whose keys are rotated.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, type Answer, type Credentials } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { SwiftAccount } from './swift-account.ts';
import { core, nodeDocument, transferDocument } from './documents.ts';
import { parseXml, readNode } from './tree.ts';
import { expectFault, expectStatus, ours, unique } from './world.ts';

const onSwift = process.env['TEST_STORE'] === 'swift';
const ADOPTED = { 'a.txt': 'alpha', 'raw/night 1/b.fits': 'beta!', 'raw/ä.txt': 'umlaut', 'keep/me': 'kept' };

let service: Service;
let admin: Client;

beforeAll(async () => {
  service = await startService();
  admin = new Client(service.base, service.admin);
});
afterAll(() => service.stop());

interface Told {
  readonly phase: string;
  readonly results: readonly { readonly id: string; readonly href: string }[];
  readonly notes?: readonly string[];
  readonly errorSummary?: { readonly fault: string; readonly message: string };
}

const uriOf = (path: string): string => `vos://localhost~vospace${path}`;

function submit(request: object, by = admin): Promise<Answer> {
  return by.post('/async-adopt?PHASE=RUN', JSON.stringify(request), 'application/json');
}

async function adopt(container: string, path: string, more: object = {}) {
  const made = await submit({ container, target: uriOf(path), ...more });
  expectStatus(made, 303);
  const job = (made.header('location') ?? '').slice(service.base.length);
  const read = async () => JSON.parse((await admin.get(job, { accept: 'application/json' })).text) as Told;
  await expect.poll(async () => (await read()).phase, { timeout: 30_000 }).toMatch(/COMPLETED|ERROR/);
  const told = await read();
  return { ...told, counts: Object.fromEntries(told.results.map(({ id, href }) => [id, href.replace('final:', '')])) };
}

async function text(path: string, by = admin): Promise<string> {
  const answer = await by.get(`/files${path}`);
  if (answer.status !== 303) return `${answer.status} ${answer.text}`;
  return (await fetch(answer.header('location') ?? '')).text();
}

async function names(path: string): Promise<readonly string[]> {
  const { nodes = [] } = readNode(parseXml((await admin.get(`/nodes${path}`)).text));
  return nodes.map(({ uri }) => decodeURIComponent(uri.split('/').at(-1) ?? ''));
}

async function relocate(from: string, to: string, keepBytes: boolean): Promise<void> {
  const document = transferDocument({ target: uriOf(from), direction: uriOf(to), keepBytes, protocols: [] });
  const made = await admin.post('/transfers?PHASE=RUN', document);
  expectStatus(made, 303);
  const job = (made.header('location') ?? '').slice(service.base.length);
  await expect.poll(async () => (await admin.get(`${job}/phase`)).text, { timeout: 30_000 }).toBe('COMPLETED');
}

ours('adopting', () => {
  test('is for administrators, and tells what is wrong with its request', async () => {
    const answer = await admin.post('/admin/users', JSON.stringify({ user: unique('user') }), 'application/json');
    const user = new Client(service.base, JSON.parse(answer.text) as Credentials);
    expectFault(await submit({ container: 'c', target: uriOf('/c') }, user), 'PermissionDenied');
    if (!onSwift) return;
    for (const request of [
      { container: 'vos-abc' },
      { container: 'a/b' },
      {},
      { container: 'c', keys: 'all' },
      { container: 'c', owned: 1 },
    ])
      expectFault(await submit({ target: uriOf('/c'), ...request }), 'InvalidArgument');
  });

  test.skipIf(onSwift)('is refused on the embedded store in words that say why', async () => {
    const answer = await submit({ container: 'c', target: uriOf('/c') });
    expect([answer.status, answer.text]).toEqual([405, expect.stringMatching(/^OperationNotSupported .*only those of a Swift/)]);
  });
});

describe.skipIf(!onSwift)('an adopted container', () => {
  let swift: SwiftAccount;
  beforeAll(async () => {
    swift = await SwiftAccount.open();
  });

  async function adopted(more: object = {}, objects: Readonly<Record<string, string>> = ADOPTED) {
    const container = await swift.container(unique('archive'), objects);
    const path = `/${unique('adopted')}`;
    const told = await adopt(container, path, more);
    expect(told.phase, JSON.stringify(told)).toBe('COMPLETED');
    return { container, path, told };
  }

  test('has a node for each object, with its size, checksum, type and Swift endpoint', async () => {
    const { container, path, told } = await adopted();
    expect(told.counts).toEqual({ nodecount: '4', bytecount: '20' });
    expect(await names(path)).toEqual(['a.txt', 'keep', 'raw']);
    expect(await names(`${path}/raw`)).toEqual(['night 1', 'ä.txt']);
    const document = (await admin.get(`/nodes${path}/a.txt`)).text;
    const { properties } = readNode(parseXml(document));
    const value = (name: string) => Array.from(properties).find(([uri]) => uri.endsWith(`#${name}`))?.[1].value;
    expect([value('length'), value('MD5'), value('type')]).toEqual(['5', '2c1743a391305fbf367df8e4f069f9f9', 'text/plain']);
    expect(document).toContain('ivo://vopipe/capabilities#swift-1.0');
    expect(document).toContain(`${swift.url}/${container}/a.txt`);
  });

  test('is read by signed URLs and through the service, and stays as it is', async () => {
    const { container, path } = await adopted();
    expect(await text(`${path}/raw/night%201/b.fits`)).toBe('beta!');
    const ranged = await admin.get(`/files${path}/raw/night%201/b.fits?via=service`, { range: 'bytes=1-2' });
    expect([ranged.status, ranged.text]).toEqual([206, 'et']);
    const archive = await admin.get(`/files${path}?view=zip`);
    expect(archive.text).toContain('umlaut');
    expect(await swift.contents(container)).toEqual(ADOPTED);
  });

  test('keeps its objects when nodes are overwritten, moved, copied and deleted, and when the whole container goes', async () => {
    const { container, path } = await adopted();
    expectStatus(await admin.send('PUT', `/files${path}/a.txt`, { body: 'mine' }), 201);
    expect(await admin.get(`/files${path}/a.txt?via=service`)).toMatchObject({ text: 'mine' });
    expectStatus(await admin.send('DELETE', `/nodes${path}/keep/me`), 204, 200);
    const other = `/${unique('other')}`;
    await relocate(`${path}/raw`, other, true);
    expect(await text(`${other}/night%201/b.fits`)).toBe('beta!');
    await relocate(`${path}/raw`, `${other}/moved`, false);
    expect(await text(`${other}/moved/%C3%A4.txt`)).toBe('umlaut');
    const again = await adopt(container, path);
    expect(again.counts).toEqual({ nodecount: '3', bytecount: '15', errorcount: '1' });
    expect(again.notes).toEqual(['DuplicateNode a.txt']);
    expect(await text(`${path}/keep/me`)).toBe('kept');
    expectStatus(await admin.send('DELETE', `/nodes${path}`), 204, 200);
    expect(await text(`${other}/moved/%C3%A4.txt`)).toBe('umlaut');
    expectStatus(await admin.send('DELETE', `/nodes${other}`), 204, 200);
    const swept = await admin.post('/admin/sweep', '', 'text/plain');
    expect(swept.text).not.toContain(container);
    expect(await swift.contents(container)).toEqual(ADOPTED);
  });

  test('shows what has changed in the store at once, and in its listing when it is adopted again', async () => {
    const { container, path } = await adopted();
    await swift.put(container, 'a.txt', 'alphabet');
    expect((await admin.send('HEAD', `/files${path}/a.txt`)).header('content-length')).toBe('8');
    expect((await admin.get(`/files${path}/a.txt?via=service`)).text).toBe('alphabet');
    await swift.put(container, 'new', 'n');
    expect((await adopt(container, path)).counts).toEqual({ nodecount: '5', bytecount: '24' });
    expect((await admin.get(`/nodes${path}/a.txt`)).text).toContain('>8<');
  });

  test('names what has vanished, and removes it only when asked', async () => {
    const { container, path } = await adopted();
    await swift.send('DELETE', `${container}/a.txt`);
    const kept = await adopt(container, path);
    expect([kept.counts, kept.notes]).toEqual([
      { nodecount: '3', bytecount: '15', vanishedcount: '1', removedcount: '0' },
      [`NotFound ${path.slice(1)}/a.txt`],
    ]);
    expect(await text(`${path}/a.txt`)).toMatch(/^502 TransferFailed/);
    expect((await adopt(container, path, { vanished: 'remove' })).counts).toMatchObject({ vanishedcount: '1', removedcount: '1' });
    expectFault(await admin.get(`/nodes${path}/a.txt`), 'NodeNotFound');
  });

  test('leaves out what cannot be a node, and says what', async () => {
    const odd = {
      'a//b': 'x',
      '../up': 'x',
      'ends/': 'bytes',
      tab: 'data',
      'tab/below': 'x',
      'bell\u0007': 'x',
      '.auto': 'x',
      é: 'one',
      'e\u0301': 'two',
    };
    const { path, told } = await adopted({}, odd);
    expect(told.counts).toMatchObject({ nodecount: '2', errorcount: '7' });
    expect(told.notes).toHaveLength(7);
    expect(told.notes?.join('\n')).toContain('DuplicateNode tab/below');
    expect(await names(path)).toEqual(['tab', 'é']);
  });

  test('of many empty objects is adopted in several pages', async () => {
    const empty = Object.fromEntries(Array.from({ length: 210 }, (_, i) => [`e${String(i).padStart(3, '0')}`, '']));
    const { told, path } = await adopted({}, empty);
    expect(told.counts).toEqual({ nodecount: '210', bytecount: '0' });
    expect((await names(path)).length).toBe(210);
  });

  test('takes markers of pseudo-directories for containers', async () => {
    const container = await swift.container(unique('folders'));
    await swift.put(container, 'dir', '', { 'Content-Type': 'application/directory' });
    await swift.put(container, 'slash/', '');
    await swift.put(container, 'dir/x', 'x');
    const path = `/${unique('adopted')}`;
    expect((await adopt(container, path)).counts).toEqual({ nodecount: '1', bytecount: '1' });
    expect(await names(path)).toEqual(['dir', 'slash']);
    expect(await names(`${path}/dir`)).toEqual(['x']);
  });

  test('gives large objects whose segments lie elsewhere through the service, without signing in where that was negotiated', async () => {
    const segments = await swift.container(unique('seg'), { s1: 'hello ', s2: 'world' });
    const container = await swift.container(unique('large'));
    const manifest = JSON.stringify([{ path: `/${segments}/s1` }, { path: `/${segments}/s2` }]);
    await swift.send('PUT', `${container}/slo?multipart-manifest=put`, {}, manifest);
    await swift.container(`${container}_segments`, { 'd/1': 'dyn', 'd/2': 'amic' });
    await swift.put(container, 'dlo', '', { 'X-Object-Manifest': `${container}_segments/d/` });
    await swift.put(container, 'stranger', '', { 'X-Object-Manifest': `${segments}/s` });
    await swift.put(container, 'link', '', { 'X-Symlink-Target': `${segments}/s1` });
    const path = `/${unique('adopted')}`;
    const told = await adopt(container, path);
    expect([told.counts, told.notes?.length]).toEqual([{ nodecount: '2', bytecount: '18', errorcount: '2' }, 2]);
    expect(await text(`${path}/slo`)).toBe('200 hello world');
    expect((await admin.get(`/files${path}/dlo`, { range: 'bytes=3-' })).text).toBe('amic');
    const wanted = JSON.stringify({ items: [{ uri: uriOf(`${path}/slo`) }] });
    const negotiated = JSON.parse((await admin.post('/downloads', wanted, 'application/json')).text) as { items: { url: string }[] };
    expect(await (await fetch(negotiated.items[0]?.url ?? '')).text()).toBe('hello world');
    // What leads elsewhere by now is not followed with the rights of the service.
    await swift.put(container, 'slo', '', { 'X-Object-Manifest': `${segments}/s` });
    expect(await text(`${path}/slo`)).toMatch(/^502 TransferFailed/);
  });

  test('gets its key in the place that is free, and none where both are taken', async () => {
    const mine = 'X-Container-Meta-Temp-URL-Key';
    const one = await swift.container(unique('one-key'), { x: 'x' }, { [mine]: 'theirs' });
    const path = `/${unique('adopted')}`;
    expect((await adopt(one, path)).phase).toBe('COMPLETED');
    expect(await text(`${path}/x`)).toBe('x');
    expect((await swift.send('HEAD', one)).headers.get(mine)).toBe('theirs');
    const both = await swift.container(unique('two-keys'), { x: 'x' }, { [mine]: 'theirs', [`${mine}-2`]: 'too' });
    const elsewhere = `/${unique('adopted')}`;
    expect(await adopt(both, elsewhere)).toMatchObject({ phase: 'ERROR', errorSummary: { fault: 'Conflict' } });
    expect((await swift.send('HEAD', both)).headers.get(`${mine}-2`)).toBe('too');
    expect((await adopt(both, elsewhere, { keys: 'replace' })).phase).toBe('COMPLETED');
    expect((await swift.send('HEAD', both)).headers.get(mine)).toBe('theirs');
    expect(await text(`${elsewhere}/x`)).toBe('x');
  });

  test('follows the rotation of keys, and URLs signed before stay good', async () => {
    const { path, container } = await adopted();
    const before = (await admin.get(`/files${path}/a.txt`)).header('location') ?? '';
    const rotated = await admin.post('/admin/rotate-keys', '', 'text/plain');
    expect(rotated.text).toContain(`{"kind":"adopted","container":"${container}"`);
    expect(await (await fetch(before)).text()).toBe('alpha');
    expect(await text(`${path}/a.txt`)).toBe('alpha');
    expect((await admin.get('/admin/adoptions')).text).toContain(`"container":"${container}"`);
  });

  test('comes back with a backup, in a service of another secret, and its objects are as they were', async () => {
    const { path, container } = await adopted();
    const [copied, moved] = [`/${unique('copied')}`, `/${unique('moved')}`];
    await relocate(path, copied, true);
    const gone = await adopted();
    await relocate(`${gone.path}/raw`, moved, false);
    expectStatus(await admin.send('DELETE', `/nodes${gone.path}`), 204, 200);
    const lines = (await admin.get('/admin/backup')).text;
    expect(lines).toContain(`{"kind":"adoption","container":"${container}"`);
    const fresh = await startService();
    try {
      const operator = new Client(fresh.base, fresh.admin);
      const restored = await operator.post('/admin/restore', lines, 'application/x-ndjson');
      expectStatus(restored, 201);
      const { withoutBytes, withoutKeys } = JSON.parse(restored.text) as Readonly<Record<string, readonly string[]>>;
      expect(withoutBytes).not.toContain(path.slice(1));
      expect(withoutKeys).not.toContain(container);
      for (const at of [path, copied]) expect(await text(`${at}/a.txt`, operator)).toBe('alpha');
      expect(await text(`${moved}/%C3%A4.txt`, operator)).toBe('umlaut');
      expect(await text(`${path}/a.txt`)).toBe('alpha');
      expect(await swift.contents(container)).toEqual(ADOPTED);
    } finally {
      await fresh.stop();
    }
  });

  test('is forgotten when no node refers to it any more, and has the place of its key back', async () => {
    const mine = 'X-Container-Meta-Temp-URL-Key';
    const container = await swift.container(unique('a b'), { x: 'x' }, { [`${mine}-2`]: 'theirs' });
    const path = `/${unique('adopted')}`;
    expect((await adopt(container, path)).phase).toBe('COMPLETED');
    const copied = `/${unique('copied')}`;
    await relocate(path, copied, true);
    const forget = () => admin.send('DELETE', `/admin/adoptions/${encodeURIComponent(container)}`);
    const refused = await forget();
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('such as x')]);
    expectStatus(await admin.send('DELETE', `/nodes${path}`), 204, 200);
    expectStatus(await forget(), 409);
    expectStatus(await admin.send('DELETE', `/nodes${copied}`), 204, 200);
    await expect.poll(async () => (await forget()).status, { timeout: 20_000 }).toBe(204);
    const { headers } = await swift.send('HEAD', container);
    expect([headers.get(mine), headers.get(`${mine}-2`)]).toEqual([null, 'theirs']);
    expect(await swift.contents(container)).toEqual({ x: 'x' });
    expect((await admin.get('/admin/adoptions')).text).not.toContain(container);
    expectFault(await forget(), 'NotFound');
    expect((await adopt(container, path)).counts).toEqual({ nodecount: '1', bytecount: '1' });
    expect(await text(`${path}/x`)).toBe('x');
  });

  test('that is not there ends the job with NotFound, and one over its quota with QuotaExceeded', async () => {
    const path = `/${unique('small')}`;
    const document = nodeDocument(uriOf(path), { type: 'ContainerNode', properties: { [core('quota')]: '15' } });
    expectStatus(await admin.send('PUT', `/nodes${path}`, { body: document, headers: { 'content-type': 'text/xml' } }), 201);
    const container = await swift.container(unique('archive'), ADOPTED);
    expect(await adopt(container, `${path}/below`)).toMatchObject({ phase: 'ERROR', errorSummary: { fault: 'QuotaExceeded' } });
    expect(await names(`${path}/below`)).toEqual([]);
    expect(await adopt(unique('none'), `/${unique('adopted')}`)).toMatchObject({ phase: 'ERROR', errorSummary: { fault: 'NotFound' } });
  });
});

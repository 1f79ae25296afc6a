// The client library with the running service, in both forms of documents.
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect, connectTo } from '../../src/client/connect.ts';
import type { ConnectOptions } from '../../src/client/open-session.ts';
import { VospaceError } from '../../src/client/error.ts';
import { json } from '../../src/client/json.ts';
import type { Vospace } from '../../src/client/vospace.ts';
import { xml } from '../../src/client/xml.ts';
import { newUser, service, unique, uriOf, type User } from './world.ts';

const TITLE = 'ivo://ivoa.net/vospace/core#title';
const md5Of = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex');

async function faultOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'none',
    (error: unknown) => (error instanceof VospaceError ? error.fault : String(error)),
  );
}

async function read(space: Vospace, path: string, options: Parameters<Vospace['download']>[1] = {}): Promise<string> {
  return new Response((await space.download(path, options)).body).text();
}

describe.each([
  ['JSON', json, false],
  ['XML', xml, false],
  // As fetch has it there: redirects are followed unseen, and bodies are no streams.
  ['JSON in a browser', json, true],
])('the client that speaks %s', (_, codec, browser) => {
  let user: User;
  let space: Vospace;
  const open = (options: ConnectOptions = {}): Vospace =>
    connect(service.base, { codec, credentials: user.credentials ?? { token: 'none' }, runtime: { browser }, ...options });

  beforeAll(async () => {
    user = await newUser('client');
    space = open();
  });

  const fresh = (label = 'node'): string => `${decodeURIComponent(user.home)}/${unique(label)}`;

  test('makes, reads, changes and deletes nodes', async () => {
    const path = fresh('50% of #1 ü');
    const made = await space.nodes.create(path, { type: 'ContainerNode', properties: { [TITLE]: 'A <b>', 'urn:x': '1' } });
    expect([made.type, made.uri]).toEqual(['ContainerNode', uriOf(encodeURI(path).replaceAll('#', '%23'))]);
    const changed = await space.nodes.set(made.uri, { properties: { [TITLE]: 'B', 'urn:x': null } });
    expect(changed.properties.find(({ uri }) => uri === TITLE)?.value).toBe('B');
    const { node } = await space.nodes.get(path, { detail: 'properties' });
    expect(node.properties.filter(({ uri }) => uri === 'urn:x')).toEqual([]);
    await space.nodes.delete(path);
    expect(await faultOf(space.nodes.get(path))).toBe('NodeNotFound');
    expect(await faultOf(space.nodes.delete(path))).toBe('NodeNotFound');
  });

  test('searches page by page', async () => {
    const path = fresh('searched');
    await space.nodes.create(path, { type: 'ContainerNode' });
    for (const name of ['a.csv', 'b.CSV', 'c.txt'])
      await space.nodes.create(`${path}/${name}`, { type: 'DataNode', properties: { 'urn:x=y': name, [TITLE]: `The ${name}` } });
    const find = async (query: Parameters<Vospace['search']>[1]): Promise<string[]> => {
      const found: string[] = [];
      for await (const node of space.search(path, { page: 1, ...query })) found.push(node.uri.slice(node.uri.lastIndexOf('/') + 1));
      return found;
    };
    expect(await find({})).toEqual(['a.csv', 'b.CSV', 'c.txt']);
    expect(await find({ name: '*.csv', ignoreCase: true })).toEqual(['a.csv', 'b.CSV']);
    expect(await find({ properties: { 'urn:x=y': 'c.txt', [TITLE]: { contains: 'txt' } } })).toEqual(['c.txt']);
    expect(await find({ types: ['DataNode'], size: { to: 0 }, date: { from: new Date(0) }, owner: user.name })).toHaveLength(3);
    expect(await find({ date: { to: 1000 } })).toEqual([]);
  });

  test('shares a node until it revokes that', async () => {
    const path = fresh('shared');
    await space.upload(path, 'the bytes');
    const share = await space.shares.create(path, { expires: Date.now() + 60_000 });
    expect(await (await fetch(share.url)).text()).toBe('the bytes');
    const ids: string[] = [];
    for await (const { id, uri } of space.shares.list()) if (uri === share.uri) ids.push(id);
    expect(ids).toEqual([share.id]);
    await space.shares.revoke(share.id);
    expect((await fetch(share.url)).status).toBe(404);
    expect(await faultOf(space.shares.revoke(share.id))).toBe('NotFound');
  });

  test('makes links, and sets their properties without losing their targets', async () => {
    const path = fresh('link');
    await space.nodes.create(path, { type: 'LinkNode', target: 'https://example.org/x' });
    expect((await space.nodes.set(path, { properties: { [TITLE]: 'L' } })).target).toBe('https://example.org/x');
  });

  test('lists all children page by page, each once, in any order the service has', async () => {
    const path = fresh('list');
    await space.nodes.create(path, { type: 'ContainerNode' });
    const names = Array.from({ length: 7 }, (_, i) => `${path}/n ${i}`);
    for (const name of names) await space.nodes.create(name, { type: 'DataNode' });
    for (const page of [1, 2, 3, 6, 7, 8, 1000]) {
      const found: string[] = [];
      for await (const child of space.nodes.children(path, { page, detail: 'min' })) found.push(child.uri);
      expect(found, `pages of ${page}`).toEqual(names.map((name) => uriOf(encodeURI(name))));
    }
    const backwards: string[] = [];
    for await (const { uri } of space.nodes.children(path, { page: 2, descending: true })) backwards.push(uri.slice(-1));
    expect(backwards.join('')).toBe('6543210');
  });

  test.each([
    ['a text', () => 'hello', 5],
    ['nothing', () => '', 0],
    ['bytes', () => randomBytes(300_000), 300_000],
    ['a Blob', () => new Blob([randomBytes(70_000)]), 70_000],
    ['a stream of unknown length', () => new Blob([randomBytes(70_000)]).stream(), 70_000],
    ['a function that opens a stream', () => () => new Blob(['abc']).stream(), 3],
  ])('sends %s and reads it back, compared by MD5', async (_, source, size) => {
    const path = fresh('bytes');
    const told: number[] = [];
    const sent = await space.upload(path, source() as Uint8Array<ArrayBuffer>, {
      type: 'text/x-test',
      progress: ({ bytes }) => told.push(bytes),
    });
    expect([sent.uri, sent.size, sent.verified]).toEqual([uriOf(path), size, 'md5']);
    expect(told.at(-1) ?? 0).toBe(size);
    const download = await space.download(path);
    const bytes = new Uint8Array(await new Response(download.body).arrayBuffer());
    expect([download.size, download.md5, download.type, bytes.length, md5Of(bytes)]).toEqual([
      size,
      sent.md5,
      'text/x-test',
      size,
      sent.md5,
    ]);
    expect(download.verifies).toBe('md5');
  });

  test('states the length before the bytes, and overwrites', async () => {
    const path = fresh('stated');
    const stream = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();
    await space.upload(path, stream('first'), { length: 5, md5: md5Of('first') });
    expect(await read(space, path)).toBe('first');
    await space.upload(path, stream('other'), { length: 5 });
    expect(await read(space, path)).toBe('other');
    expect(await faultOf(space.upload(path, stream('longer'), { length: 5 }))).toBe('PreconditionFailed');
    expect(await read(space, path)).toBe('other');
  });

  test('lets the service choose the name', async () => {
    const { uri } = await space.upload(`${decodeURIComponent(user.home)}/.auto`, 'named by the service');
    expect(uri).not.toContain('.auto');
    expect(await read(space, uri)).toBe('named by the service');
    expect((await space.upload(`${user.home}/.null`, 'gone')).verified).toBe('no');
  });

  test('reads ranges', async () => {
    const path = fresh('range');
    await space.upload(path, '0123456789');
    expect(await read(space, path, { range: { start: 2, end: 4 } })).toBe('234');
    expect(await read(space, path, { range: { start: 7 } })).toBe('789');
    expect(await read(space, path, { range: { start: 7, end: 100 } })).toBe('789');
    expect(await faultOf(space.download(path, { range: { start: 10 } }))).toBe('RangeNotSatisfiable');
  });

  test('reads through links', async () => {
    const [path, link] = [fresh('target'), fresh('link')];
    await space.upload(path, 'through the link');
    await space.nodes.create(link, { type: 'LinkNode', target: uriOf(path) });
    expect(await read(space, link)).toBe('through the link');
  });

  test('tells refusals by their names, with what to do', async () => {
    const error = await space.nodes.get(`${user.home}/none`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'VospaceError', fault: 'NodeNotFound', status: 404 });
    expect((error as VospaceError).advice).toContain('path');
    expect(await faultOf(space.download(`${user.home}/none`))).toBe('NodeNotFound');
    expect(await faultOf(space.nodes.create(`${user.home}/a/b`, { type: 'DataNode' }))).toBe('ContainerNotFound');
    expect(await faultOf(space.nodes.get('vos://elsewhere~vospace/x'))).toBe('InvalidURI');
    expect(await faultOf(space.nodes.get(`${user.home}/../admin`))).toBe('InvalidURI');
    expect(await faultOf(open({ credentials: { user: 'nobody', password: 'wrong' } }).nodes.get('/'))).toBe('NotAuthenticated');
    expect(await faultOf(open({ credentials: undefined }).upload(fresh(), 'x'))).toMatch(/NotAuthenticated|PermissionDenied/);
  });

  test('tells what becomes of jobs, lists and deletes them', async () => {
    const path = fresh('job');
    const { job, endpoints } = await space.transfers.request('pushToVoSpace', path, { length: 3 });
    expect(job).toMatch(/\/transfers\/[^/]+$/);
    expect((await space.jobs.get(job ?? '')).phase).toBe('EXECUTING');
    const put = await fetch(endpoints[0]?.url ?? '', { method: 'PUT', body: 'abc' });
    expect(put.ok).toBe(true);
    expect((await space.jobs.wait(job ?? '')).phase).toBe('COMPLETED');
    const listed = await space.jobs.list({ phases: ['COMPLETED'], last: 5 });
    expect(listed.map(({ href }) => href)).toContain(job);
    await space.jobs.delete(job ?? '');
    expect(await faultOf(space.jobs.get(job ?? ''))).toBe('NotFound');
  });

  test('moves and copies nodes, and tells where they are', async () => {
    const [from, to, copy] = [fresh('from'), fresh('to'), fresh('copy')];
    await space.upload(from, 'moved');
    const phases: string[] = [];
    const moved = await space.move(from, to, { progress: ({ phase }) => phases.push(phase) });
    expect([moved.uri, phases.at(-1)]).toEqual([uriOf(to), 'COMPLETED']);
    expect((await space.copy(to, copy)).uri).toBe(uriOf(copy));
    expect([await read(space, to), await read(space, copy), await faultOf(space.nodes.get(from))]).toEqual([
      'moved',
      'moved',
      'NodeNotFound',
    ]);
    expect(await faultOf(space.move(from, fresh()))).toBe('NodeNotFound');
    expect(await faultOf(space.copy(to, copy))).toBe('DuplicateNode');
    const container = fresh('container');
    await space.nodes.create(container, { type: 'ContainerNode' });
    const inside = await space.move(copy, container);
    expect(inside.uri).toBe(uriOf(`${container}/${copy.slice(copy.lastIndexOf('/') + 1)}`));
  });

  test('sets, counts and deletes whole trees', async () => {
    const top = fresh('tree');
    await space.nodes.create(top, { type: 'ContainerNode' });
    await space.nodes.create(`${top}/c`, { type: 'ContainerNode' });
    await space.upload(`${top}/c/d`, 'twelve bytes');
    expect(await space.trees.set(top, { properties: { [TITLE]: 'T', 'urn:x': null } })).toMatchObject({ nodes: 3, errors: 0, notes: [] });
    const { node } = await space.nodes.get(`${top}/c/d`);
    expect(node.properties.find(({ uri }) => uri === TITLE)?.value).toBe('T');
    expect(await space.trees.size(top)).toMatchObject({ nodes: 3, bytes: 12 });
    const { job, nodes } = await space.trees.delete(top);
    expect(nodes).toBe(3);
    expect((await space.jobs.get(job)).phase).toBe('COMPLETED');
    expect(await faultOf(space.nodes.get(top))).toBe('NodeNotFound');
    expect(await faultOf(space.trees.delete(top))).toBe('NodeNotFound');
  });

  test('submits a push as a job, sends to its endpoint, and waits until it is complete', async () => {
    const path = fresh('submitted');
    const { details } = await space.transfers.request('pushToVoSpace', path);
    const protocols = details.protocols.map(({ uri, securityMethods }) => ({ uri, securityMethods }));
    const job = await space.transfers.submit({ ...details, protocols });
    const { endpoints } = await space.transfers.details(job);
    expect((await fetch(endpoints[0]?.url ?? '', { method: 'PUT', body: 'by a job' })).ok).toBe(true);
    expect((await space.jobs.completed(job)).results.map(({ id }) => id)).toContain('dataNode');
    expect(await read(space, path)).toBe('by a job');
  });

  test('aborts a job that waits', async () => {
    const { job = '' } = await space.transfers.request('pushToVoSpace', fresh('aborted'));
    await space.jobs.abort(job);
    expect((await space.jobs.wait(job)).phase).toBe('ABORTED');
    expect(await faultOf(space.jobs.completed(job))).toBe('TransferFailed');
  });

  test('finds the service by its capabilities and by the registry', async () => {
    const offered = await connect(`${service.base}/capabilities`, { codec }).capabilities();
    expect(offered.find(({ standardID }) => standardID.endsWith('#sync-2.1'))?.interfaces[0]?.url).toBe(`${service.base}/synctrans`);
    const bang = service.authority.replaceAll('~', '!');
    const found = connectTo(`vos://${service.authority}${user.home}`, { [bang]: service.base }, { codec, credentials: user.credentials });
    expect((await found.nodes.get(`vos://${bang}${user.home}`, { limit: 0 })).node.uri).toBe(uriOf(user.home));
    expect(await faultOf(Promise.resolve().then(() => connectTo('vos://unknown/x', {})))).toBe('NotFound');
  });
});

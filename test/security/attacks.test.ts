// What a client can send that no client should: the service answers each in words, and nothing of it stays behind.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService, type Service } from '../support/service.ts';

const AUTHORITY = 'vos://localhost~vospace';
const CORE = 'ivo://ivoa.net/vospace/core#';
let service: Service;
const passes: Record<string, string> = {};

beforeAll(async () => {
  service = await startService();
  passes['admin'] = service.admin.authorization;
  for (const user of ['ann', 'ben']) {
    const answer = await send('admin', 'POST', '/admin/users', JSON.stringify({ user }));
    const { password } = (await answer.json()) as { password: string };
    passes[user] = `Basic ${btoa(`${user}:${password}`)}`;
    expect((await send(user, 'GET', `/nodes/${user}`)).status).toBe(200);
  }
});
afterAll(() => service.stop());

async function send(user: string, method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization: Record<string, string> = passes[user] === undefined ? {} : { authorization: passes[user] };
  const init = { method, headers: { ...authorization, ...headers }, redirect: 'manual' as const };
  return fetch(service.base + path, body === undefined ? init : { ...init, body });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const node = (path: string, type = 'ContainerNode', properties: Record<string, string> = {}): string =>
  JSON.stringify({ uri: AUTHORITY + path, type, properties });
const make = (user: string, path: string, type?: string, properties?: Record<string, string>) =>
  send(user, 'PUT', `/nodes${path}`, node(path, type, properties), JSON_TYPE);
const change = (user: string, path: string, properties: Record<string, string>) =>
  send(user, 'POST', `/nodes${path}`, node(path, 'Node', properties), JSON_TYPE);

interface Conversation {
  readonly write: (text: string) => void;
  /** Everything answered, when the service has closed the connection. */
  readonly answer: Promise<string>;
  /** Ends the connection with a reset, as the end of a client's process or a proxy does. */
  readonly reset: () => void;
  /** Ends it as a client does that has no patience. */
  readonly hangUp: () => void;
}

/** A connection on which every byte is the test's own. */
function talk(text: string): Conversation {
  const socket = connect(service.ports.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
  const answer = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(received));
    socket.once('error', () => resolve(received));
  });
  socket.write(text);
  return {
    write: (more) => void socket.write(more),
    answer,
    reset: () => void socket.resetAndDestroy(),
    hangUp: () => void socket.destroy(),
  };
}

const head = (method: string, path: string, user: string, ...headers: string[]): string =>
  [`${method} /vos${path} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: ${passes[user]}`, 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );

async function until(isTrue: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (await isTrue()) return true;
    await sleep(50);
  }
  return false;
}

describe('what stands before the path', () => {
  test.each(['[', 'a b', '%', '127.0.0.1:99999', 'a@b', '<script>', 'x/y', 'x?y', 'x#y', '127.0.0.1/vos/nodes/ben'])(
    'a Host %j is refused in words',
    async (host) => {
      const answer = await talk(`GET /vos/nodes HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`).answer;
      expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*InvalidArgument Host/);
    },
  );

  test.each(['/%6eodes/ann', '/node%73/ann', '/%66iles/ann/x'])('%s is no other spelling of a resource', async (path) => {
    const answer = await talk(head('GET', path, 'ann')).answer;
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('NotFound /vos');
    expect(answer).not.toContain('NodeNotFound');
  });
});

describe('an upload whose client goes away', () => {
  test.each([
    ['stated', 'Content-Length: 1000000', 0],
    ['stated', 'Content-Length: 1000000', 100_000],
    ['unknown', 'Transfer-Encoding: chunked', 0],
    ['unknown', 'Transfer-Encoding: chunked', 100_000],
  ])('with a reset leaves no node behind (length %s: %s, after %i bytes)', async (_, header, sent) => {
    const path = `/ann/gone-${header.length}-${sent}`;
    const body = sent === 0 ? '' : header.startsWith('T') ? `${sent.toString(16)}\r\n${'x'.repeat(sent)}\r\n` : 'x'.repeat(sent);
    const upload = talk(head('PUT', `/files${path}`, 'ann', header) + body);
    const status = async () => (await send('ann', 'GET', `/nodes${path}`)).status;
    expect(await until(async () => (await status()) === 200)).toBe(true);
    upload.reset();
    expect(await until(async () => (await status()) === 404)).toBe(true);
  });

  test('leaves what was there, not busy', async () => {
    expect((await send('ann', 'PUT', '/files/ann/kept', 'kept')).status).toBe(201);
    const upload = talk(head('PUT', '/files/ann/kept', 'ann', 'Content-Length: 1000') + 'x');
    const text = async () => (await send('ann', 'GET', '/nodes/ann/kept')).text();
    expect(await until(async () => (await text()).includes('busy="true"'))).toBe(true);
    upload.reset();
    expect(await until(async () => !(await text()).includes('busy="true"'))).toBe(true);
    expect(await (await send('ann', 'GET', '/files/ann/kept?via=service')).text()).toBe('kept');
  });
});

describe('an upload under way', () => {
  async function during(path: string, user: string, act: () => Promise<Response>): Promise<string> {
    const upload = talk(head('PUT', `/files${path}`, user, 'Content-Length: 10') + 'half ');
    expect(await until(async () => (await send(user, 'GET', `/nodes${path}`)).status === 200)).toBe(true);
    expect((await act()).ok).toBe(true);
    upload.write('whole');
    return upload.answer;
  }

  test('is not acknowledged when its container has been deleted', async () => {
    await make('ann', '/ann/doomed');
    expect(await during('/ann/doomed/f', 'ann', () => send('ann', 'DELETE', '/nodes/ann/doomed'))).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('is not acknowledged when its top-level container has been deleted', async () => {
    await make('admin', '/doomed');
    expect(await during('/doomed/f', 'admin', () => send('admin', 'DELETE', '/nodes/doomed'))).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('does not change what has been made immutable', async () => {
    await make('ann', '/ann/fixed');
    const answer = await during('/ann/fixed/f', 'ann', () => change('ann', '/ann/fixed', { [`${CORE}immutable`]: 'true' }));
    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*immutable/);
    expect((await send('ann', 'GET', '/nodes/ann/fixed/f')).status).toBe(404);
  });
});

describe('one user cannot spoil it for others', () => {
  test('properties of a node have a size together, and a container of the largest is still listed whole', async () => {
    await make('ann', '/ann/large');
    const fifteen = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`ivo://example.org/large#p${i}`, 'v'.repeat(65_000)]));
    for (let i = 0; i < 40; i++) expect((await make('ann', `/ann/large/n${i}`, 'DataNode', fifteen)).status).toBe(201);
    const more = await change('ann', '/ann/large/n0', {
      'ivo://example.org/large#q': 'v'.repeat(65_000),
      'ivo://example.org/large#r': 'v'.repeat(65_000),
    });
    expect(more.status).toBe(400);
    expect(await more.text()).toMatch(/^InvalidArgument the properties of a node have at most 1048576 bytes together/);
    const listing = await send('ann', 'GET', '/nodes/ann/large', undefined, { accept: 'application/json' });
    const { nodes } = (await listing.json()) as { nodes: { uri: string; properties: Record<string, string> }[] };
    expect(nodes).toHaveLength(40);
    expect(nodes.every(({ properties }) => properties['ivo://example.org/large#p14']?.length === 65_000)).toBe(true);
  });

  test('property names that one user makes up do not make /properties unreadable', async () => {
    for (let i = 0; i < 3; i++) {
      const made = Object.fromEntries(Array.from({ length: 1000 }, (_, k) => [`ivo://example.org/${i}.${k}#${'u'.repeat(900)}`, '']));
      expect((await make('ben', `/ben/names${i}`, 'DataNode', made)).status).toBe(201);
    }
    const size = async () => (await (await send('', 'GET', '/properties')).text()).length;
    expect(await until(async () => (await size()) > 1_000_000)).toBe(true);
    expect(await size()).toBeLessThan(2_200_000);
  });

  test('a transfer has a size, because jobs are kept for days', async () => {
    const protocol = `<protocol uri="${CORE}httpput"/>`;
    const document = (count: number) =>
      `<transfer xmlns="http://www.ivoa.net/xml/VOSpace/v2.0"><target>${AUTHORITY}/ann/t</target><direction>pushToVoSpace</direction>${protocol.repeat(count)}</transfer>`;
    expect((await send('ann', 'POST', '/synctrans', document(2))).status).toBe(303);
    expect((await send('ann', 'POST', '/synctrans', document(5000))).status).toBe(400);
  });

  test('sixteen bodies of unknown length at a time, then 429, then room again', async () => {
    const chunked = (i: number) => head('PUT', `/files/ann/open${i}`, 'ann', 'Transfer-Encoding: chunked');
    const held = Array.from({ length: 16 }, (_, i) => talk(chunked(i)));
    expect(await until(async () => (await send('ann', 'GET', '/nodes/ann/open15')).status === 200)).toBe(true);
    expect(await talk(`${chunked(16)}1\r\nx\r\n0\r\n\r\n`).answer).toMatch(/^HTTP\/1\.1 429 [^]*TooManyRequests/);
    expect((await send('ann', 'PUT', '/files/ann/sized', 'sized')).status).toBe(201);
    for (const one of held) one.write('1\r\nx\r\n0\r\n\r\n');
    for (const one of held) expect(await one.answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(await talk(`${chunked(17)}1\r\nx\r\n0\r\n\r\n`).answer).toMatch(/^HTTP\/1\.1 201 /);
  });
});

test('a ticket is not written to the log, however it is spelt', async () => {
  for (const name of ['preauth', '%70reauth', 'pre%61uth', 'PREAUTH']) await send('', 'PUT', `/files/${name}:canary.secret/ann/x`, 'x');
  await send('', 'GET', '/nodes/after-the-canary');
  expect(await until(async () => service.output().includes('/nodes/after-the-canary'))).toBe(true);
  expect(service.output()).not.toContain('canary.secret');
});

test('a client that hangs up before its document has ended is no error of the service', async () => {
  const length = (path: string): readonly string[] => [head('POST', path, 'ann', 'Content-Type: application/json', 'Content-Length: 4000')];
  const unknown = (path: string): readonly string[] => [head('POST', path, 'ann', 'Transfer-Encoding: chunked'), '3\r\n'];
  const paths = ['/pipes', '/groups', '/transfers'];
  for (const path of paths)
    for (const begun of [length(path), unknown(path)]) {
      const one = talk(`${begun.join('')}{"a`);
      await sleep(100);
      one.hangUp();
      await one.answer;
    }
  const told = (path: string): number => service.output().split(`"path":"/vos${path}"`).length - 1;
  expect(await until(async () => paths.every((path) => told(path) >= 2))).toBe(true);
  expect(service.output()).not.toMatch(/internal-fault|"status":500/);
});

// Names lost, bytes kept: a backup brings back every node, property, permission and byte, and the sweep waits until somebody confirms.
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findNode, ROOT } from '../../scripts/build.mjs';
import { Client, type Answer, type Credentials } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';

const CORE = 'ivo://ivoa.net/vospace/core#';
const CADC = 'ivo://cadc.nrc.ca/vospace/core#';
const MANY = 1_300;

type Json = Readonly<Record<string, unknown>>;
interface NodeJson {
  readonly uri: string;
  readonly type: string;
  readonly nodes?: readonly NodeJson[];
}

const directories: string[] = [];
const services: Service[] = [];
const users = new Map<string, Credentials>();
let backup = '';
/** Of a file, made before the backup. */
let share = '';
let before: Awaited<ReturnType<typeof readTree>>;
let old: Service;

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'vopipe-backup-'));
  directories.push(made);
  return join(made, 'state');
}
async function start(stateDir: string): Promise<Service> {
  const service = await startService({ stateDir, vars: { AUTHORITY: 'example.org~backup' } });
  services.push(service);
  return service;
}
const as = (service: Service, user: string): Client => new Client(service.base, user === 'admin' ? service.admin : users.get(user));
function ok(answer: Answer, ...statuses: number[]): Answer {
  expect(statuses.length === 0 ? [200, 201, 204] : statuses, `${answer.status} ${answer.text.slice(0, 300)}`).toContain(answer.status);
  return answer;
}
async function create(client: Client, path: string, type: string, properties: Record<string, string> = {}, more: Json = {}): Promise<void> {
  const document = {
    uri: `vos://example.org~backup${path}`,
    type,
    properties,
    ...more,
  };
  ok(
    await client.send('PUT', `/nodes${encodeURI(path)}`, {
      body: JSON.stringify(document),
      headers: { 'content-type': 'application/json' },
    }),
  );
}
async function put(client: Client, path: string, body: string | Uint8Array): Promise<void> {
  ok(await client.send('PUT', `/files${encodeURI(path)}`, { body }));
}
async function read(client: Client, path: string): Promise<NodeJson> {
  return JSON.parse(ok(await client.get(`/nodes${path}`, { accept: 'application/json' })).text) as NodeJson;
}

/** Paths are percent-encoded. Every node below these containers with its whole document, and every file with its bytes, all as the administrator sees them. */
async function readTree(
  service: Service,
  ...tops: readonly string[]
): Promise<{ nodes: Map<string, NodeJson>; bytes: Map<string, string> }> {
  const admin = as(service, 'admin');
  const nodes = new Map<string, NodeJson>();
  const bytes = new Map<string, string>();
  for (const waiting = [...tops]; waiting.length > 0;) {
    const path = waiting.pop() ?? '';
    const node = await read(admin, path);
    nodes.set(path, node);
    for (const child of node.nodes ?? []) {
      const below = `${path}/${child.uri.slice(child.uri.lastIndexOf('/') + 1)}`;
      if (child.type === 'ContainerNode') waiting.push(below);
      if (child.type === 'DataNode') bytes.set(below, (await admin.get(`/files${below}?via=service`)).text);
    }
  }
  return { nodes, bytes };
}

const restore = (service: Service, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> =>
  as(service, 'admin').send('POST', '/admin/restore', { body, headers });
const lines = async (answer: Promise<Answer>): Promise<Json[]> =>
  ok(await answer)
    .text.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

/** A service whose names are gone, while the store is the same. */
async function loseNames(): Promise<Service> {
  const stateDir = directory();
  if (!process.env['TEST_STORE'] || process.env['TEST_STORE'] === 'embedded')
    cpSync(join(old.stateDir, 'data', 'r2'), join(stateDir, 'data', 'r2'), { recursive: true });
  return start(stateDir);
}

beforeAll(async () => {
  old = await start(directory());
  const admin = as(old, 'admin');
  for (const user of ['ada', 'bob']) {
    users.set(
      user,
      JSON.parse(ok(await admin.post('/admin/users', JSON.stringify({ user, groups: ['stars'] }), 'application/json')).text) as Credentials,
    );
    ok(await as(old, user).get('/me'));
  }
  const ada = as(old, 'ada');
  const group = 'ivo://example.org~backup/gms?stars';
  ok(
    await ada.send('POST', '/nodes/ada', {
      body: JSON.stringify({
        uri: 'vos://example.org~backup/ada',
        type: 'ContainerNode',
        properties: { [`${CORE}groupread`]: group },
      }),
      headers: { 'content-type': 'application/json' },
    }),
  );
  ok(
    await admin.send('POST', '/nodes/ada', {
      body: JSON.stringify({
        uri: 'vos://example.org~backup/ada',
        type: 'ContainerNode',
        properties: { [`${CORE}quota`]: '4000000' },
      }),
      headers: { 'content-type': 'application/json' },
    }),
  );
  await create(ada, '/ada/shared', 'ContainerNode', {
    [`${CORE}groupread`]: group,
    [`${CADC}inheritPermissions`]: 'true',
    [`${CORE}title`]: 'Grüße <&> "quoted"',
    note: 'a bare key',
  });
  await create(ada, '/ada/shared/ärger & Söhne', 'ContainerNode');
  await put(ada, '/ada/shared/ärger & Söhne/file.fits', 'some bytes');
  await put(ada, '/ada/shared/empty', '');
  await put(ada, '/ada/large', new Uint8Array(2_500_000).fill(65));
  await put(ada, '/ada/replaced', 'first');
  await put(ada, '/ada/replaced', 'second');
  await create(ada, '/ada/link', 'LinkNode', {}, { target: 'vos://example.org~backup/ada/large' });
  await create(ada, '/ada/untouched', 'DataNode', { [`${CORE}description`]: 'no bytes yet' });
  await create(ada, '/ada/fixed', 'ContainerNode', { [`${CORE}immutable`]: 'true' });
  await put(ada, '/ada/removed', 'gone before the backup');
  ok(await ada.send('DELETE', '/nodes/ada/removed'));
  await create(admin, '/survey', 'ContainerNode', { [`${CORE}publicread`]: 'true' });
  await create(admin, '/empty', 'ContainerNode');
  for (let i = 0; i < MANY; i += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        create(admin, `/survey/plate-${i + n}`, 'ContainerNode', { [`${CORE}title`]: `Plate ${i + n}` }),
      ),
    );
  }
  const made = await ada.post('/shares', JSON.stringify({ uri: 'vos://example.org~backup/ada/shared' }), 'application/json');
  share = (JSON.parse(ok(made).text) as { url: string }).url.slice(old.base.length);
  before = await readTree(old, '/ada', '/bob', '/survey', '/empty');
  backup = ok(await admin.get('/admin/backup')).text;
  await put(ada, '/ada/after', 'written after the backup');
  await old.stop();
}, 120_000);
afterAll(async () => {
  for (const service of services) await service.stop();
  for (const made of directories) rmSync(made, { recursive: true, force: true });
});

test('a backup holds each Space whole, and no secret that opens anything', () => {
  const records = backup
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  expect(records.at(-1)).toMatchObject({ kind: 'end', lines: records.length, spaces: 5 });
  expect(records.filter(({ kind }) => kind === 'node').length).toBeGreaterThan(MANY);
  expect(records.filter(({ kind, changes }) => kind === 'space-end' && changes !== 0)).toEqual([]);
  expect(records.find(({ path }) => path === '/shared/ärger & Söhne/file.fits')).toMatchObject({ type: 'DataNode', object: { size: 10 } });
  for (const { password } of users.values()) expect(backup).not.toContain(password.split('.')[1]);
  expect(backup).not.toContain(old.admin.password);
  expect(records.find(({ kind }) => kind === 'share')).toMatchObject({ user: 'ada', uri: 'vos://example.org~backup/ada/shared' });
  expect(backup).not.toContain(share.split('/').at(-1));
  expect(backup).not.toContain('gone before the backup');
});

test('every node, property, permission and byte comes back', async () => {
  const service = await loseNames();
  expect((await as(service, 'admin').get('/nodes/ada')).status).toBe(404);
  const report = JSON.parse(ok(await restore(service, backup), 201).text) as Json;
  expect(report).toMatchObject({ spaces: 4, dropped: 0, withoutBytes: [] });
  const after = await readTree(service, '/ada', '/bob', '/survey', '/empty');
  expect([...after.bytes]).toEqual([...before.bytes]);
  expect(after.bytes.get('/ada/large')).toHaveLength(2_500_000);
  expect(after.nodes.get('/survey')?.nodes).toHaveLength(MANY);
  expect([...after.nodes]).toEqual([...before.nodes]);

  const [ada, bob, nobody] = [as(service, 'ada'), as(service, 'bob'), new Client(service.base)];
  expect((await bob.get('/files/ada/shared/%C3%A4rger%20%26%20S%C3%B6hne/file.fits?via=service')).text).toBe('some bytes');
  expect((await nobody.get(`${share}/empty`)).status).toBe(200);
  // The log does not tell what opens it.
  await vi.waitFor(() => expect(service.output()).toContain('/vos/shared/…/empty'), { timeout: 5000 });
  expect(service.output()).not.toContain(share.split('/').at(-1));
  ok(await bob.get('/nodes/ada/large'), 403);
  ok(await nobody.get('/nodes/survey?limit=1'), 200);
  ok(await nobody.get('/nodes/ada'), 401);
  ok(await ada.send('PUT', '/files/ada/fixed/file', { body: 'x' }), 403);
  // By the store's own URL too: its keys are made of another secret.
  const url = (await ada.get('/files/ada/large?via=store')).header('location') ?? '';
  expect((await nobody.send('GET', url)).bytes).toHaveLength(2_500_000);
  await put(ada, '/ada/replaced', 'third');
  expect((await ada.get('/files/ada/replaced?via=service')).text).toBe('third');
  ok(await ada.send('PUT', '/files/ada/too-large', { body: new Uint8Array(1_600_000) }), 413);

  ok(await restore(service, backup), 409);

  // What was written after the backup lies in the store, and nobody knows it.
  const admin = as(service, 'admin');
  const dry = await lines(admin.send('POST', '/admin/sweep?dry=true&older=0'));
  expect(dry.filter(({ kind }) => kind === 'object').map(({ size }) => size)).toContain('written after the backup'.length);
  expect((await lines(admin.send('POST', '/admin/sweep'))).at(-1)).toMatchObject({ discarded: 0, paused: true });
  const spaces = async (): Promise<Json[]> => lines(admin.get('/admin/spaces'));
  expect((await spaces()).map(({ paused }) => paused)).not.toContain(undefined);
  expect(JSON.parse(ok(await admin.send('POST', '/admin/sweep/confirm')).text)).toEqual({ confirmed: 4 });
  expect((await spaces()).map(({ paused }) => paused)).toEqual([undefined, undefined, undefined, undefined]);
  expect((await lines(admin.send('POST', '/admin/sweep'))).at(-1)).toMatchObject({ paused: false });
}, 120_000);

test('a restore that is refused names the line, and the whole backup goes in afterwards', async () => {
  const service = await loseNames();
  const all = backup.split('\n');
  const broken = (line: number, change: (text: string) => string): string =>
    all.map((text, i) => (i === line - 1 ? change(text) : text)).join('\n');
  const node = all.findIndex((text) => text.includes('"path":"/plate-700"')) + 1;
  const refused = async (body: string, ...words: readonly string[]): Promise<void> => {
    const { text } = ok(await restore(service, body), 400);
    for (const word of words) expect(text).toContain(word);
  };
  await refused('', 'line 0', 'not whole');
  await refused(all.slice(1).join('\n'), 'line 1', 'first line');
  await refused(
    broken(1, (text) => text.replace('example.org~backup', 'example.org~other')),
    'line 1',
    'example.org~other',
  );
  await refused(
    broken(1, (text) => text.replace(/"store":"\w+"/, '"store":"tape"')),
    'line 1',
    'tape',
  );
  await refused(
    broken(node, (text) => text.slice(0, -5)),
    `line ${node}:`,
    'not JSON',
  );
  await refused(
    broken(node, (text) => text.replace('"created":', '"created":-')),
    `line ${node}:`,
    '$.created',
  );
  await refused(
    broken(node, (text) => text.replace('"name":', '"nome":')),
    `line ${node}:`,
    '$.nome',
  );
  await refused(
    broken(node, (text) => text.replace('plate-700","type"', 'a/b","type"')),
    `line ${node}:`,
  );
  await refused(all.slice(0, node).join('\n'), 'not whole');
  await refused(
    broken(node, () => ''),
    'when the backup was made',
  );
  expect(JSON.parse(ok(await restore(service, gzipSync(backup), { 'content-encoding': 'gzip' }), 201).text)).toMatchObject({
    nodes: (backup.match(/"kind":"node"/g) ?? []).length,
  });
  expect([...((await readTree(service, '/ada', '/survey')).nodes.get('/survey')?.nodes ?? [])]).toEqual(before.nodes.get('/survey')?.nodes);
}, 120_000);

test('a restore that a kill -9 interrupts is finished by a repeat', async () => {
  const service = await loseNames();
  const cut = backup.indexOf('"path":"/plate-1100"');
  const half = restore(service, backup.slice(0, cut), { 'content-length': String(Buffer.byteLength(backup)) }).catch(() => undefined);
  await expect.poll(async () => (await as(service, 'admin').get('/nodes/ada')).status, { timeout: 20_000 }).toBe(200);
  process.kill(service.pids().workerd, 'SIGKILL');
  await service.kill('SIGKILL');
  await half;
  const again = await startService({ stateDir: service.stateDir, ports: service.ports, vars: { AUTHORITY: 'example.org~backup' } });
  services.push(again);
  expect((await as(again, 'admin').get('/nodes/survey')).status).toBe(404);
  ok(await restore(again, backup), 201);
  expect([...(await readTree(again, '/ada', '/bob', '/survey', '/empty')).nodes]).toEqual([...before.nodes]);
}, 120_000);

test('a service that holds anything takes no backup', async () => {
  const service = await start(directory());
  ok(await as(service, 'admin').post('/admin/users', '{"user":"eve"}', 'application/json'));
  expect(ok(await restore(service, backup), 409).text).toContain('users or groups');
  ok(await as(service, 'admin').send('DELETE', '/admin/users/eve'));
  expect((await as(service, 'admin').get('/nodes/ada')).status).toBe(404);
  const other = await start(directory());
  await create(as(other, 'admin'), '/mine', 'ContainerNode');
  expect(ok(await restore(other, backup), 409).text).toContain('top-level containers');
  expect((await read(as(other, 'admin'), '/mine')).type).toBe('ContainerNode');
  expect(await lines(as(other, 'admin').get('/admin/spaces'))).not.toContainEqual(expect.objectContaining({ paused: expect.anything() }));
});

test('the commands write a file that only its owner can read, and read it back', async () => {
  const service = await loseNames();
  const file = join(directories[0] ?? '', 'backup.ndjson.gz');
  const run = (script: string, args: readonly string[], of: Service) =>
    spawnSync(findNode(), ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', script), ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], PORT: String(of.ports.port), STATE_DIR: of.stateDir },
    });
  ok(await restore(service, backup), 201);
  expect(run('backup.ts', [file], service)).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const written = gunzipSync(readFileSync(file)).toString();
  const nodes = (text: string): string[] => text.split('\n').filter((line) => line.includes('"kind":"node"') && line.includes('/plate-'));
  expect(nodes(written)).toEqual(nodes(backup));
  const empty = await loseNames();
  const restored = run('restore.ts', [file], empty);
  expect(restored).toMatchObject({ status: 0, stderr: '' });
  expect(restored.stdout).toMatch(/^restored \d+ nodes in 4 Spaces and 3 users/);
  expect(run('restore.ts', [file], empty)).toMatchObject({ status: 1, stderr: expect.stringContaining('409: Conflict') });
  expect(run('sweep.ts', [], empty).stdout).toContain('because the service was restored');
  expect(run('sweep.ts', ['--confirm'], empty).stdout).toContain('4 restored Spaces');
  expect(run('rotate.ts', [], empty).stdout).toMatch(/^epoch 2$/m);
}, 120_000);

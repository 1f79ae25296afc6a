// What operators do over HTTP, on a service of its own: keys are rotated here, which would end the URLs of other tests.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, type Answer, type Credentials } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { nodeDocument } from './documents.ts';
import { parseXml, readTransfer } from './tree.ts';
import { expectStatus, ours } from './world.ts';

type Line = Readonly<Record<string, unknown>>;

let service: Service;
let admin: Client;
let ada: Client;
let users = 0;

beforeAll(async () => {
  service = await startService({ vars: { USER_QUOTA: '10000000' } });
  admin = new Client(service.base, service.admin);
  ada = await makeUser('ada');
});
afterAll(() => service.stop());

async function makeUser(name = `user-${(users += 1)}`): Promise<Client> {
  const answer = await admin.post('/admin/users', JSON.stringify({ user: name }), 'application/json');
  expectStatus(answer, 201);
  const user = new Client(service.base, JSON.parse(answer.text) as Credentials);
  expectStatus(await user.get('/me'), 200);
  return user;
}

function linesOf(answer: Answer): readonly Line[] {
  expectStatus(answer, 200);
  expect(answer.header('content-type')).toBe('application/x-ndjson');
  return answer.text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}
async function put(user: Client, path: string, body: string | Uint8Array): Promise<void> {
  expectStatus(await user.send('PUT', `/files${path}`, { body }), 201);
}
/** A signed URL for the bytes. */
async function signed(user: Client, path: string): Promise<string> {
  const answer = await user.get(`/files${path}?via=store`);
  expectStatus(answer, 303);
  return answer.header('location') ?? '';
}
/** The store's own endpoint for an upload. */
async function negotiate(user: Client, path: string): Promise<string> {
  const query = new URLSearchParams({
    TARGET: `vos://localhost~vospace${path}`,
    DIRECTION: 'pushToVoSpace',
    PROTOCOL: 'ivo://ivoa.net/vospace/core#httpput',
  });
  const answer = await user.get(`/synctrans?${query}`);
  expectStatus(answer, 200);
  const { protocols } = readTransfer(parseXml(answer.text));
  return protocols.find(({ endpoint }) => endpoint?.includes('temp_url_sig'))?.endpoint ?? '';
}
const rotate = async (): Promise<readonly Line[]> => linesOf(await admin.send('POST', '/admin/rotate-keys'));
const audit = async (query: string): Promise<readonly Line[]> => linesOf(await admin.get(`/admin/audit?${query}`));

ours('the endpoints of operators', () => {
  test.each([
    ['GET', '/admin/spaces'],
    ['GET', '/admin/audit'],
    ['POST', '/admin/rotate-keys'],
    ['POST', '/admin/sweep'],
    ['POST', '/admin/sweep/confirm'],
    ['GET', '/admin/backup'],
    ['POST', '/admin/restore'],
    ['GET', '/metrics'],
  ])('%s %s are for administrators only', async (method, path) => {
    const anonymous = await new Client(service.base).send(method, path);
    expectStatus(anonymous, 401);
    expect(anonymous.header('www-authenticate')).toBeDefined();
    expectStatus(await ada.send(method, path), 403);
  });
});

ours('the list of Spaces', () => {
  test('has the container, the epoch of its keys and the use of the quota', async () => {
    const user = await makeUser('listed');
    const find = async (): Promise<Line | undefined> => linesOf(await admin.get('/admin/spaces')).find(({ name }) => name === 'listed');
    expect(await find()).toMatchObject({ epoch: 0, uploads: 0, leftovers: 0, quota: { bytes: 10_000_000, used: 0, reserved: 0 } });
    await put(user, '/listed/file', 'x'.repeat(1000));
    const line = await find();
    expect(line).toMatchObject({ quota: { bytes: 10_000_000, used: 1000, reserved: 0 } });
    expect(line?.['container']).toBe(`vos-${String(line?.['space'])}`);
    expect(line?.['epoch']).toBeGreaterThan(0);
    expect(line).not.toHaveProperty('paused');
  });
});

ours('the audit trail', () => {
  test('of a Space tells who did what to which node', async () => {
    await put(ada, '/ada/audited', 'bytes');
    expectStatus(await ada.send('DELETE', '/nodes/ada/audited'), 204);
    const lines = await audit('space=/ada/audited');
    expect(lines.map(({ principal, action, path }) => [principal, action, path])).toEqual(
      expect.arrayContaining([
        ['ada', 'write', '/ada/audited'],
        ['ada', 'delete', '/ada/audited'],
      ]),
    );
    expect(Date.parse(String(lines[0]?.['time']))).toBeGreaterThan(Date.now() - 600_000);
  });

  test('of one node has nothing of its neighbours', async () => {
    await put(ada, '/ada/one%20of%20two', 'bytes');
    await put(ada, '/ada/one%20of%20two%20and%20more', 'bytes');
    const lines = await audit('node=/ada/one%20of%20two');
    expect(new Set(lines.map(({ path }) => path))).toEqual(new Set(['/ada/one of two']));
    expect(await audit('node=/ada/never')).toEqual([]);
    expect(await audit(`node=/ada/one%20of%20two&after=${String(lines.at(-1)?.['id'])}`)).toEqual([]);
  });

  test('of the root has the top-level containers', async () => {
    const document = nodeDocument('vos://localhost~vospace/survey', { type: 'ContainerNode' });
    expectStatus(await admin.send('PUT', '/nodes/survey', { body: document, headers: { 'content-type': 'text/xml' } }), 201);
    expectStatus(await admin.send('DELETE', '/nodes/survey'), 204);
    const lines = await audit('space=/');
    expect(lines.filter(({ path }) => path === '/survey').map(({ action }) => action)).toEqual(['create', 'delete']);
    expect(await audit('')).toEqual(lines);
  });

  test('of the directory has users, passwords, groups and their members, each with who changed them', async () => {
    const user = await makeUser('traced');
    const made = await user.post('/me/passwords', '{"label":"laptop"}', 'application/json');
    const { pwid, password } = JSON.parse(made.text) as { pwid: string; password: string };
    expectStatus(await user.send('DELETE', `/me/passwords/${pwid}`), 204);
    expectStatus(await admin.post('/admin/users/traced/passwords', '{"label":"lost"}', 'application/json'), 201);
    expectStatus(await user.post('/groups', '{"name":"traces"}', 'application/json'), 201);
    expectStatus(await user.send('PUT', '/groups/traces/members/ada'), 204);
    expectStatus(await user.send('PUT', '/groups/traces/members/ada'), 204);
    expectStatus(await user.send('DELETE', '/groups/traces/members/ada'), 204);
    expectStatus(await user.send('DELETE', '/groups/traces'), 204);
    expectStatus(await admin.send('DELETE', '/admin/users/traced'), 204);
    const lines = await audit('space=directory');
    const entries = lines
      .filter(({ path }) => /traced|traces/.test(String(path)))
      .map(({ principal, action, path }) => `${String(principal)} ${String(action)} ${String(path)}`);
    expect(entries).toEqual([
      'admin create /users/traced',
      `traced create /users/traced/passwords/${pwid}`,
      `traced delete /users/traced/passwords/${pwid}`,
      expect.stringMatching(/^admin create \/users\/traced\/passwords\//),
      'traced create /groups/traces',
      'traced create /groups/traces/members/ada',
      'traced delete /groups/traces/members/ada',
      'traced delete /groups/traces',
      'admin delete /users/traced',
    ]);
    expect(JSON.stringify(lines)).not.toContain(password.split('.')[1]);
  });

  test('is read in pages', async () => {
    const all = await audit('space=directory');
    expect(all.length).toBeGreaterThan(3);
    expect(await audit('space=directory&limit=2')).toEqual(all.slice(0, 2));
    expect(await audit(`space=directory&after=${String(all[1]?.['id'])}&limit=1`)).toEqual(all.slice(2, 3));
    expect(await audit('space=directory&limit=0')).toEqual([]);
  });

  test.each([
    ['space=/nobody', 404],
    ['space=/../x', 400],
    ['node=directory', 404],
    ['node=/ada&space=/ada', 400],
    ['limit=-1', 400],
    ['after=yesterday', 400],
  ])('answers %s with %i', async (query, status) => {
    expectStatus(await admin.get(`/admin/audit?${query}`), status);
  });
});

ours('the rotation of keys', () => {
  test('lets URLs that were signed before live until it is repeated', async () => {
    await put(ada, '/ada/rotated', 'bytes');
    const before = await signed(ada, '/ada/rotated');
    expect((await rotate()).at(-1)).toMatchObject({ kind: 'end', failed: 0 });
    expect((await new Client(service.base).send('GET', before)).text).toBe('bytes');
    const after = await signed(ada, '/ada/rotated');
    expect(after).not.toBe(before);
    await rotate();
    expectStatus(await new Client(service.base).send('GET', before), 401);
    expect((await new Client(service.base).send('GET', after)).text).toBe('bytes');
    expect((await new Client(service.base).send('GET', await signed(ada, '/ada/rotated'))).text).toBe('bytes');
  });

  test('goes through every container and tells of each', async () => {
    await put(await makeUser('rotated'), '/rotated/file', 'bytes');
    const lines = await rotate();
    expect(lines.filter(({ kind }) => kind === 'space').map(({ name }) => name)).toEqual(expect.arrayContaining(['ada', 'rotated']));
    const { epoch } = lines[0] ?? {};
    const spaces = linesOf(await admin.get('/admin/spaces')).filter((line) => line['epoch'] !== 0);
    expect(new Set(spaces.map((line) => line['epoch']))).toEqual(new Set([epoch]));
  });

  test('lets an upload that was negotiated before arrive', async () => {
    const endpoint = await negotiate(ada, '/ada/late');
    await rotate();
    expectStatus(await new Client(service.base).send('PUT', endpoint, { body: 'late bytes' }), 201);
    expect((await ada.get('/files/ada/late?via=service')).text).toBe('late bytes');
  });
});

ours('the sweep', () => {
  const sweep = async (query: string): Promise<readonly Line[]> => linesOf(await admin.send('POST', `/admin/sweep${query}`));

  test('knows everything that nodes, uploads under way and deletions account for', async () => {
    await put(ada, '/ada/small', 'x');
    await put(ada, '/ada/large', new Uint8Array(3_000_000));
    await put(ada, '/ada/replaced', 'one');
    await put(ada, '/ada/replaced', 'two');
    await put(ada, '/ada/deleted', 'gone');
    expectStatus(await ada.send('DELETE', '/nodes/ada/deleted'), 204);
    const endpoint = await negotiate(ada, '/ada/pending');
    expectStatus(await new Client(service.base).send('PUT', endpoint, { body: new Uint8Array(2_000_000) }), 201);
    const before = await sweep('?dry=true&older=0');
    expect(before.filter(({ kind }) => kind === 'object')).toEqual([]);
    // Committed and sealed, the object may be of two keys.
    expectStatus(await ada.get('/nodes/ada/pending'), 200);
    const lines = await sweep('?dry=true&older=0');
    expect(lines.at(-1)).toMatchObject({ kind: 'end', unknown: 0, dry: true, paused: false });
    expect(lines.find(({ name }) => name === 'ada')?.['objects']).toBeGreaterThanOrEqual(6);
  });

  test('leaves what is recent alone', async () => {
    await put(ada, '/ada/recent', 'x');
    const line = (await sweep('')).find(({ name }) => name === 'ada');
    expect(line).toMatchObject({ unknown: 0, discarded: 0, recent: line?.['objects'] });
  });

  test.each(['?dry=maybe', '?older=soon', '?older=-1'])('refuses %s', async (query) => {
    expectStatus(await admin.send('POST', `/admin/sweep${query}`), 400);
  });
});

ours('the metrics', () => {
  test('count requests by route, and never name a path', async () => {
    await put(ada, '/ada/secret-name', 'x'.repeat(500));
    expectStatus(await ada.get('/files/ada/secret-name?via=service'), 200);
    const answer = await admin.get('/metrics');
    expect(answer.header('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toMatch(/^vospace_requests_total\{method="PUT",route="\/vos\/files\/\*",status="2xx"\} [1-9]\d*$/m);
    expect(answer.text).toMatch(/^vospace_uploads_total\{result="committed"\} [1-9]\d*$/m);
    expect(answer.text).toMatch(/^vospace_store_calls_total\{call="put",result="ok"\} [1-9]\d*$/m);
    expect(answer.text).toMatch(/^vospace_request_seconds_bucket\{method="GET",route="\/vos\/me",le="\+Inf"\} [1-9]\d*$/m);
    expect(Number(/^vospace_bytes_total\{direction="in"\} (\d+)$/m.exec(answer.text)?.[1])).toBeGreaterThanOrEqual(500);
    expect(Number(/^vospace_bytes_total\{direction="out"\} (\d+)$/m.exec(answer.text)?.[1])).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toMatch(/secret-name|ada/);
  });

  test('are in the form that Prometheus reads', async () => {
    const { text } = await admin.get('/metrics');
    const sample = /^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?\d+(\.\d+)?(e-?\d+)?$/;
    const wrong = text.split('\n').filter((line) => line !== '' && !/^# (HELP|TYPE) [a-z_]+ \S/.test(line) && !sample.test(line));
    expect(wrong).toEqual([]);
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(new Set(samples.map((line) => line.replace(/ \S+$/, ''))).size).toBe(samples.length);
  });
});

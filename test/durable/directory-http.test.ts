// /me, /groups and /admin/users over a directory in workerd: shapes of requests and answers, and who is refused.
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuthenticator } from '../../src/auth/authenticate.ts';
import type { DirectoryPort } from '../../src/auth/directory-port.ts';
import { readConfig } from '../../src/config.ts';
import { asFault, FAULTS } from '../../src/faults.ts';
import { adminUsers } from '../../src/http/admin-users.ts';
import type { AppEnv } from '../../src/http/context.ts';
import type { Services } from '../../src/service/services.ts';
import { groups } from '../../src/http/groups.ts';
import { me } from '../../src/http/me.ts';
import { parseUserId, type Principal } from '../../src/model/principal.ts';

const ADMIN_PASSWORD = 'correct horse battery staple';
const config = readConfig({ ADMIN_PASSWORD });
let made = 0;
let now = 0;
let call: (method: string, path: string, as?: string, body?: unknown) => Promise<Response>;
/** When set, who asks; else whoever the Authorization header names. */
let principal: Principal | undefined;
let directory: DirectoryPort;

beforeEach(() => {
  const { DIRECTORY } = env as unknown as { DIRECTORY: DurableObjectNamespace };
  directory = DIRECTORY.get(DIRECTORY.idFromName(`directory over http ${made++}`)) as unknown as DirectoryPort;
  principal = undefined;
  const authenticate = makeAuthenticator({ config, directory, clock: () => now, fetch });
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('services', { config, directory } as unknown as Services);
    c.set('principal', principal ?? (await authenticate(c.req.raw)));
    await next();
  });
  app.route('/vos', adminUsers).route('/vos', me).route('/vos', groups);
  app.onError((error) => {
    const fault = asFault(error);
    if (!fault) throw error;
    return new Response(`${fault.fault} ${fault.detail}`, { status: FAULTS[fault.fault], headers: fault.headers });
  });
  call = async (method, path, as, body) => {
    const text = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    return app.request(`https://vospace.example/vos${path}`, {
      method,
      headers: as ? { Authorization: `Basic ${btoa(as)}` } : {},
      ...text,
    });
  };
});

const ADMIN = `admin:${ADMIN_PASSWORD}`;
async function addUser(user: string, more: object = {}): Promise<string> {
  const response = await call('POST', '/admin/users', ADMIN, { user, ...more });
  expect(response.status).toBe(201);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const answer = await response.json<{ user: string; password: string }>();
  expect(Object.keys(answer)).toEqual(['user', 'password']);
  return `${user}:${answer.password}`;
}

describe('/admin/users', () => {
  it('makes users who are known at once, lists and deletes them', async () => {
    const ada = await addUser('ada', { groups: ['stars'] });
    expect(await (await call('GET', '/me', ada)).json()).toEqual({
      user: 'ada',
      groups: ['ivo://localhost~vospace/gms?stars'],
      admin: false,
    });
    const { users } = await (await call('GET', '/admin/users', ADMIN)).json<{ users: { user: string }[] }>();
    expect(users.map(({ user }) => user)).toEqual(['ada', 'admin']);
    expect((await call('DELETE', '/admin/users/ada', ADMIN)).status).toBe(204);
    expect((await call('DELETE', '/admin/users/ada', ADMIN)).status).toBe(404);
    now += 30_000;
    expect((await call('GET', '/me', ada)).status).toBe(401);
  });

  it('gives a further password to a user who has lost the first', async () => {
    const first = await addUser('ada');
    const response = await call('POST', '/admin/users/ada/passwords', ADMIN);
    expect(response.status).toBe(201);
    const { password } = await response.json<{ password: string }>();
    expect((await call('GET', '/me', `ada:${password}`)).status).toBe(200);
    expect((await call('GET', '/me', first)).status).toBe(200);
    expect((await call('POST', '/admin/users/eve/passwords', ADMIN)).status).toBe(404);
  });

  it('does not delete the administrator of the configuration', async () => {
    expect((await call('DELETE', '/admin/users/admin', ADMIN)).status).toBe(409);
  });

  it('pages its list', async () => {
    for (const user of ['a', 'b', 'c']) await addUser(user);
    const page = await (await call('GET', '/admin/users?limit=2&after=a', ADMIN)).json<{ users: { user: string }[]; next: string }>();
    expect([page.users.map(({ user }) => user), page.next]).toEqual([['admin', 'b'], 'b']);
    expect(await (await call('GET', '/admin/users?limit=x', ADMIN)).text()).toMatch(/^InvalidArgument limit/);
  });

  it.each([
    ['POST', '/admin/users'],
    ['GET', '/admin/users'],
    ['DELETE', '/admin/users/ada'],
    ['POST', '/admin/users/ada/passwords'],
  ])('is for administrators only: %s %s', async (method, path) => {
    const ada = await addUser('ada');
    expect((await call(method, path, ada)).status).toBe(403);
    const anonymous = await call(method, path);
    expect([anonymous.status, anonymous.headers.get('WWW-Authenticate')]).toEqual([
      401,
      'Basic realm="localhost~vospace", charset="UTF-8"',
    ]);
  });

  it.each([
    ['{', 'body'],
    ['[]', 'body'],
    ['null', 'body'],
    ['"ada"', 'body'],
    [`{"user": "${'a'.repeat(70_000)}"}`, 'body'],
    [{}, 'user'],
    [{ user: 1 }, 'user'],
    [{ user: '' }, 'user'],
    [{ user: '../ada' }, 'user'],
    [{ user: 'ada', groups: 'stars' }, 'groups'],
    [{ user: 'ada', groups: [1] }, 'groups[0]'],
    [{ user: 'ada', groups: Array.from({ length: 1001 }, () => 'a') }, 'groups'],
    [{ user: 'ada', groups: ['not a name'] }, 'name'],
    [{ user: 'ada', admin: true }, 'admin'],
    [{ user: 'ada', issuer: {} }, 'issuer'],
  ])('names what is wrong with %.60j', async (body, field) => {
    const response = await call('POST', '/admin/users', ADMIN, body);
    expect(response.status).toBe(400);
    expect((await response.text()).startsWith(`InvalidArgument ${field}:`)).toBe(true);
  });
});

describe('/me', () => {
  it('lists, makes and revokes own passwords, without their secrets', async () => {
    const ada = await addUser('ada');
    const made = await call('POST', '/me/passwords', ada, { label: 'laptop' });
    expect(made.status).toBe(201);
    const { pwid, password } = await made.json<{ pwid: string; password: string }>();
    const list = await (await call('GET', '/me/passwords', `ada:${password}`)).text();
    expect(JSON.parse(list)).toMatchObject({ passwords: [{ label: 'first password' }, { pwid, label: 'laptop' }] });
    expect(list).not.toContain(password.split('.')[1]);
    expect((await call('DELETE', `/me/passwords/${pwid}`, ada)).status).toBe(204);
    expect((await call('DELETE', `/me/passwords/${pwid}`, ada)).status).toBe(404);
    now += 30_000;
    expect((await call('GET', '/me', `ada:${password}`)).status).toBe(401);
  });

  it('gives the configured administrator a password of his own', async () => {
    const { password } = await (await call('POST', '/me/passwords', ADMIN)).json<{ password: string }>();
    expect(await (await call('GET', '/me', `admin:${password}`)).json()).toMatchObject({ user: 'admin', admin: true });
  });

  it('shows the paths of a restricted token, which is not let near passwords and groups', async () => {
    const id = parseUserId('ada');
    if (id === undefined) throw new Error('not a name');
    await directory.createUser({ user: id, admin: true }, id);
    principal = {
      kind: 'user',
      id,
      groups: [],
      admin: false,
      scopes: [
        { action: 'read', path: [] },
        { action: 'modify', path: ['a b'] },
      ],
    };
    expect(await (await call('GET', '/me')).json()).toMatchObject({ scopes: ['storage.read:/', 'storage.modify:/a%20b'] });
    for (const [method, path] of [
      ['POST', '/me/passwords'],
      ['GET', '/me/passwords'],
      ['DELETE', '/me/passwords/x'],
      ['POST', '/groups'],
      ['GET', '/groups'],
    ] as const) {
      expect((await call(method, path, undefined, method === 'POST' ? {} : undefined)).status).toBe(403);
    }
    principal = { ...principal, admin: true };
    expect((await call('GET', '/admin/users')).status).toBe(403);
  });

  it('is for users only', async () => {
    for (const path of ['/me', '/me/passwords', '/groups', '/groups/stars']) expect((await call('GET', path)).status).toBe(401);
  });
});

describe('/groups', () => {
  it('makes a group and keeps its members', async () => {
    const [ada, bob, eve] = [await addUser('ada'), await addUser('bob'), await addUser('eve')];
    const created = await call('POST', '/groups', ada, { name: 'stars', members: ['bob'] });
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({ uri: 'ivo://localhost~vospace/gms?stars', name: 'stars', owner: 'ada', members: ['bob'] });
    expect((await call('POST', '/groups', bob, { name: 'stars' })).status).toBe(409);
    expect((await call('PUT', '/groups/stars/members/eve', bob)).status).toBe(403);
    expect((await call('PUT', '/groups/stars/members/eve', ada)).status).toBe(204);
    expect(await (await call('GET', '/groups/stars', eve)).json()).toMatchObject({ members: ['bob', 'eve'] });
    expect((await call('DELETE', '/groups/stars/members/eve', eve)).status).toBe(204);
    expect(await (await call('GET', '/groups/stars', eve)).json()).not.toHaveProperty('members');
    expect(await (await call('GET', '/groups', eve)).json()).toEqual({ groups: [] });
    expect(await (await call('GET', '/groups', bob)).json()).toMatchObject({ groups: [{ name: 'stars' }] });
    expect((await call('DELETE', '/groups/stars', bob)).status).toBe(403);
    expect((await call('DELETE', '/groups/stars', ada)).status).toBe(204);
    expect((await call('GET', '/groups/stars', ada)).status).toBe(404);
  });

  it.each([
    [{}, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'a b' }, 'name'],
    [{ name: 'stars', members: ['ada', '../bob'] }, 'members[1]'],
    [{ name: 'stars', owner: 'bob' }, 'owner'],
  ])('names what is wrong with %j', async (body, field) => {
    expect(await (await call('POST', '/groups', ADMIN, body)).text()).toMatch(
      new RegExp(`^InvalidArgument ${field.replace(/[[\]]/g, '\\$&')}:`),
    );
  });
});

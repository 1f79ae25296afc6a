// Sign-in with tokens of OpenID Connect issuers, end to end: real issuers, real signatures, the running service.
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Client } from '../support/client.ts';
import { freePorts, startService, type Service } from '../support/service.ts';
import { AUDIENCE, Issuer, seconds, type Claims, type Header } from './issuer.ts';
import { AUTHORITY, CORE, expectStatus, Visitor } from './visitor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const FLOOD_LIMIT = 90_000;

let main: Issuer;
let rolling: Issuer;
let liar: Issuer;
let silent: string;
let service: Service;
let admin: Client;
let rotation: Promise<Rotation>;

interface Rotation {
  /** Who the issuer's first token was. */
  readonly user: unknown;
  /** Statuses of the token whose key was published after the first look, until one was 200. */
  readonly waited: readonly number[];
  readonly milliseconds: number;
  readonly strangers: number;
  readonly requests: readonly string[];
  /** What the token with the withdrawn key got at the end. */
  readonly withdrawn: number;
}

beforeAll(async () => {
  main = await Issuer.start('RS256', 'ES256');
  rolling = await Issuer.start('RS256');
  liar = await Issuer.start('RS256');
  liar.discovery = { ...liar.discovery, issuer: main.url };
  silent = `http://127.0.0.1:${(await freePorts()).port}`;
  const issuers = [
    { issuer: main.url, audience: AUDIENCE },
    { issuer: rolling.url, audience: AUDIENCE, prefix: 'rolling.' },
    { issuer: liar.url, audience: AUDIENCE },
    { issuer: silent, audience: AUDIENCE },
  ];
  service = await startService({ vars: { OIDC_ISSUERS: JSON.stringify(issuers) } });
  admin = new Client(service.base, service.admin);
  // A new key is looked for once a minute at most: this minute passes while the other tests run.
  rotation = rotate();
  rotation.catch(() => undefined);
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await Promise.all([main, rolling, liar].map((issuer) => issuer?.stop()));
});

async function signedIn(claims: Claims = {}, header: Header = {}): Promise<Visitor> {
  return new Visitor(service.base, await main.token(claims, header));
}

async function whoAmI(visitor: Visitor): Promise<unknown> {
  const answer = await visitor.get('/me');
  expectStatus(answer, 200, '/me');
  return JSON.parse(answer.text);
}

async function rotate(): Promise<Rotation> {
  const statusOf = async (token: string): Promise<number> => (await new Visitor(service.base, token).get('/me')).status;
  const user = await whoAmI(new Visitor(service.base, await rolling.token()));
  const began = Date.now();
  await rolling.addKey('next', 'ES256');
  const withdrawn = await rolling.token({ sub: 'eve' }, { kid: 'RS256' });
  rolling.withdrawKey('RS256');
  const stranger = (await generateKeyPair('RS256')).privateKey;
  const waited: number[] = [];
  let strangers = 0;
  while (waited.at(-1) !== 200 && Date.now() - began < FLOOD_LIMIT) {
    const kids = Array.from({ length: 10 }, () => `stranger-${(strangers += 1)}`);
    const flood = await Promise.all(kids.map(async (kid) => statusOf(await rolling.token({}, { kid }, stranger))));
    expect(flood).toEqual(kids.map(() => 401));
    waited.push(await statusOf(await rolling.token({ sub: 'bob' })));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return {
    user,
    waited,
    milliseconds: Date.now() - began,
    strangers,
    requests: [...rolling.requests],
    withdrawn: await statusOf(withdrawn),
  };
}

describe('a good token', () => {
  test.each(['RS256', 'ES256'])('signed with %s names its user, who is made with a container at first use', async (alg) => {
    const sub = `first-${alg.toLowerCase()}`;
    expectStatus(await admin.get(`/nodes/${sub}`), 404);
    const visitor = await signedIn({ sub }, { kid: alg });
    expect(await whoAmI(visitor)).toEqual({ user: sub, groups: [], admin: false });
    expectStatus(await visitor.get(`/nodes/${sub}`), 200);
    const home = await admin.get(`/nodes/${sub}`, { Accept: 'application/json' });
    expect((JSON.parse(home.text) as { properties: Record<string, string> }).properties[`${CORE}creator`]).toBe(sub);
    const { users } = JSON.parse((await admin.get('/admin/users')).text) as { users: readonly { user: string; issuer?: string }[] };
    expect(users.find(({ user }) => user === sub)).toMatchObject({ issuer: main.url });
    // The user is the same with the next token.
    expectStatus(await visitor.put(`/${sub}/file`, 'bytes'), 201);
    expect((await (await signedIn({ sub })).get(`/files/${sub}/file?via=service`)).text).toBe('bytes');
  });

  test('may be a minute out of time and among several audiences', async () => {
    const claims = { sub: 'late', aud: ['https://other.example', AUDIENCE], exp: seconds() - 30, nbf: seconds() + 30 };
    expect(await whoAmI(await signedIn(claims))).toMatchObject({ user: 'late' });
  });

  test('cannot be a user who has a password here, nor the administrator', async () => {
    expectStatus(await admin.post('/admin/users', '{"user":"carol"}', 'application/json'), 201);
    expectStatus(await (await signedIn({ sub: 'carol' })).get('/me'), 403);
    expectStatus(await (await signedIn({ sub: service.admin.user })).get('/me'), 401);
    expectStatus(await (await signedIn({ sub: 'mallory', groups: ['admin'], admin: true })).get('/admin/users'), 403);
  });

  test('does not bring back a user who was deleted', async () => {
    expectStatus(await (await signedIn({ sub: 'leaver' })).get('/me'), 200);
    expectStatus(await admin.send('DELETE', '/admin/users/leaver'), 204);
    const refused = await (await signedIn({ sub: 'leaver' })).get('/me');
    expectStatus(refused, 401);
    expect(refused.text).toContain('has been deleted');
  });

  test('takes the scheme in any case, and is not taken from the query string', async () => {
    const token = await main.token({ sub: 'cases' });
    expectStatus(await new Client(service.base).get('/me', { Authorization: `bEARER ${token}` }), 200);
    expectStatus(await new Client(service.base).get(`/me?access_token=${token}`), 401);
  });
});

describe('the groups of a token', () => {
  const group = (name: string): string => `ivo://${AUTHORITY}/gms?${name}`;

  test.each([
    ['wlcg.groups', ['/cms', '/cms/prod']],
    ['groups', ['cms/prod']],
    ['entitlements', [group('cms/prod')]],
  ])('in %s open what groupread names, for reading only', async (claim, names) => {
    const label = claim.replace('.', '-');
    const owner = await signedIn({ sub: `owner-${label}` });
    const home = `/owner-${label}`;
    expectStatus(await owner.put(`${home}/paper`, 'text'), 201);
    expectStatus(await owner.set(home, 'ContainerNode', { [`${CORE}groupread`]: group('cms/prod') }), 200);
    expectStatus(await owner.set(`${home}/paper`, 'DataNode', { [`${CORE}groupread`]: group('cms/prod') }), 200);

    const member = await signedIn({ sub: 'member', [claim]: names });
    expect(await whoAmI(member)).toMatchObject({ groups: expect.arrayContaining([group('cms/prod')]) });
    expectStatus(await member.get(`/nodes${home}/paper`), 200);
    expect((await member.get(`/files${home}/paper?via=service`)).text).toBe('text');
    expectStatus(await member.negotiate('pullFromVoSpace', `${home}/paper`), 200);
    expectStatus(await member.put(`${home}/paper`, 'mine'), 403);
    expectStatus(await member.create(`${home}/sub`), 403);
    // Rights are those of the token, not of the user who once had them.
    for (const other of [{}, { [claim]: ['cms'] }, { [claim]: ['cms/production'] }, { [claim]: ['/CMS/prod'] }, { [claim]: 'cms prod' }]) {
      expectStatus(await (await signedIn({ sub: 'member', ...other })).get(`/nodes${home}/paper`), 403, JSON.stringify(other));
    }
  });

  test('write where groupwrite names them', async () => {
    const owner = await signedIn({ sub: 'writer-owner' });
    expectStatus(await owner.get('/me'), 200);
    expectStatus(await owner.set('/writer-owner', 'ContainerNode', { [`${CORE}groupwrite`]: group('atlas') }), 200);
    expectStatus(await (await signedIn({ sub: 'writer', groups: 'atlas' })).create('/writer-owner/sub'), 201);
    expectStatus(await (await signedIn({ sub: 'writer' })).create('/writer-owner/sub2'), 403);
  });

  test('do not make a token a member of a group that users keep here', async () => {
    const keeper = await signedIn({ sub: 'keeper' });
    expectStatus(await keeper.post('/groups', '{"name":"inner","members":[]}', 'application/json'), 201);
    expectStatus(await keeper.set('/keeper', 'ContainerNode', { [`${CORE}groupread`]: group('inner') }), 200);
    for (const name of ['inner', '/inner', group('inner'), group('inner').toUpperCase().replace('IVO:', 'ivo:')]) {
      expectStatus(await (await signedIn({ sub: 'intruder', groups: [name] })).get('/nodes/keeper'), 403, name);
    }
  });
});

describe('a token is refused, with the ways to sign in,', () => {
  const challenge = () =>
    `Basic realm="${AUTHORITY}", charset="UTF-8", Bearer realm="${AUTHORITY}", error="invalid_token", ` +
    [main.url, rolling.url, liar.url, silent]
      .map((url) => `ivoa_bearer standard_id="ivo://ivoa.net/sso#OpenID", access_url="${url}"`)
      .join(', ');
  const cases: readonly [string, () => Promise<string>][] = [
    ['for another audience', () => main.token({ aud: 'https://other.example' })],
    ['for no audience', () => main.token({ aud: undefined })],
    ['of an unknown issuer', () => main.token({ iss: 'http://127.0.0.1:1' })],
    ['of an issuer with a slash more', () => main.token({ iss: `${main.url}/` })],
    ["of one issuer in another's name", () => main.token({ iss: rolling.url }, { kid: 'RS256' })],
    ['that has expired', () => main.token({ exp: seconds() - 120 })],
    ['that never expires', () => main.token({ exp: undefined })],
    ['that is not valid yet', () => main.token({ nbf: seconds() + 120 })],
    ['without subject', () => main.token({ sub: undefined })],
    ['whose subject is a path', () => main.token({ sub: '../ada' })],
    ['whose scope is a bad path', () => main.token({ scope: 'storage.read:/ada/../bob' })],
    [
      'with alg none',
      async () => {
        const [, payload = ''] = (await main.token()).split('.');
        return `${Buffer.from('{"alg":"none","kid":"RS256"}').toString('base64url')}.${payload}.`;
      },
    ],
    [
      'signed with HS256 by the public key',
      () =>
        main.token({}, { alg: 'HS256', kid: 'RS256' }, Buffer.from(String(main.jwks.find((key) => key.kid === 'RS256')?.n), 'base64url')),
    ],
    ['signed by a stranger under a known kid', async () => main.token({}, { kid: 'RS256' }, (await generateKeyPair('RS256')).privateKey)],
    [
      'whose key is of another algorithm',
      async () => main.token({}, { alg: 'ES256', kid: 'RS256' }, (await generateKeyPair('ES256')).privateKey),
    ],
    [
      'whose payload was changed',
      async () => {
        const [header = '', , signature = ''] = (await main.token()).split('.');
        const payload = { iss: main.url, aud: AUDIENCE, sub: 'admin', exp: seconds() + 600 };
        return `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
      },
    ],
    ['that is no token', () => Promise.resolve('nonsense')],
  ];
  test.each(cases)('%s', async (_, make) => {
    const token = await make();
    const visitor = new Visitor(service.base, token);
    for (const answer of [
      await visitor.get('/me'),
      // Not even where everybody may read: a wrong token is not the anonymous user.
      await visitor.get('/nodes?limit=0'),
      await visitor.put('/ada/x', 'x'),
    ]) {
      expect({ status: answer.status, challenge: answer.header('WWW-Authenticate') }).toEqual({ status: 401, challenge: challenge() });
      expect(answer.text).toMatch(/^NotAuthenticated the token is refused|^NotAuthenticated scope /);
      expect(answer.text).not.toContain(token.slice(-20));
    }
  });

  test('and who brings none is told the same ways, without an error', async () => {
    const answer = await new Client(service.base).get('/me');
    expectStatus(answer, 401);
    expect(answer.header('WWW-Authenticate')).toBe(challenge().replace(', error="invalid_token"', ''));
  });

  test('and the log says nothing of tokens', async () => {
    const token = await main.token({ aud: 'https://other.example' });
    expectStatus(await new Visitor(service.base, token).get('/me'), 401);
    expect(service.output()).toContain('"path":"/vos/me"');
    for (const part of token.split('.')) expect(service.output()).not.toContain(part);
  });
});

describe('the issuer', () => {
  test('makes the capabilities list tokens as a way to sign in', async () => {
    const { text } = await new Client(service.base).get('/capabilities');
    for (const method of ['BasicAA', 'token', 'OAuth'])
      expect(text).toContain(`<securityMethod standardID="ivo://ivoa.net/sso#${method}"/>`);
    expect(text).not.toContain('tls-with-certificate');
  });

  test('that is not there, or says that it is another, is not waited for or believed: 503, to be repeated', async () => {
    for (const iss of [silent, liar.url]) {
      const forged = await (iss === silent ? main : liar).token({ iss });
      const began = Date.now();
      const answer = await new Visitor(service.base, forged).get('/me');
      expectStatus(answer, 503, iss);
      expect(answer.header('Retry-After')).toBe('10');
      expect(answer.text).toMatch(/^ServiceBusy /);
      expect(Date.now() - began).toBeLessThan(10_000);
    }
    expect(liar.requests).toEqual(['/.well-known/openid-configuration']);
  });

  test('that has gone does not shut out its users while its keys are known', async () => {
    const before = main.requests.length;
    await main.stop();
    expect(await whoAmI(await signedIn({ sub: 'still-there' }))).toMatchObject({ user: 'still-there' });
    // One look at the issuer served all tests of this file, and unknown keys led to none while that was less than a minute ago.
    expect(main.requests.length).toBe(before);
    expect(main.requests.filter((path) => path === '/keys').length).toBeLessThanOrEqual(2);
  });

  test(
    'that has rolled its keys is asked again after a minute, and once, however many unknown keys are named meanwhile',
    async () => {
      const { user, waited, milliseconds, strangers, requests, withdrawn } = await rotation;
      // Its prefix makes its users others than those of the same name elsewhere.
      expect(user).toEqual({ user: 'rolling.ada', groups: [], admin: false });
      expect(waited.slice(0, -1).every((status) => status === 401)).toBe(true);
      expect(waited.at(-1)).toBe(200);
      expect(milliseconds).toBeGreaterThan(55_000);
      expect(strangers).toBeGreaterThan(100);
      expect(requests).toEqual(['/.well-known/openid-configuration', '/keys', '/.well-known/openid-configuration', '/keys']);
      expect(withdrawn).toBe(401);
    },
    FLOOD_LIMIT + 10_000,
  );
});

// The storage scopes of a token (WLCG Common JWT Profiles 1.1) restrict its user on every way to nodes and bytes.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { AUDIENCE, Issuer } from './issuer.ts';
import { AUTHORITY, CORE, endpoints, expectStatus, Visitor } from './visitor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let issuer: Issuer;
let service: Service;
/** Ada with all her rights. */
let ada: Visitor;

beforeAll(async () => {
  issuer = await Issuer.start('ES256');
  service = await startService({ vars: { OIDC_ISSUERS: JSON.stringify([{ issuer: issuer.url, audience: AUDIENCE }]) } });
  ada = await withScopes(undefined);
  expectStatus(await ada.get('/me'), 200);
  for (const name of ['in', 'in-two', 'out']) {
    expectStatus(await ada.create(`/ada/${name}`), 201);
    expectStatus(await ada.put(`/ada/${name}/file`, `bytes of ${name}`), 201);
  }
  expectStatus(await ada.create('/ada/in/link', 'LinkNode', { target: `vos://${AUTHORITY}/ada/out/file` }), 201);
  expectStatus(await ada.put('/ada/in/a%20b', 'a space'), 201);
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await issuer?.stop();
});

async function withScopes(scope: string | undefined): Promise<Visitor> {
  return new Visitor(service.base, await issuer.token({ scope }));
}

type Try = (visitor: Visitor, path: string) => Promise<Answer>;

let fresh = 0;
const name = (): string => `n${(fresh += 1)}`;

/** What reads, what makes something, what changes something; each on a container and a file in it. */
const READS: Readonly<Record<string, Try>> = {
  'getNode of a container': (visitor, path) => visitor.get(`/nodes${path}`),
  'getNode of a file': (visitor, path) => visitor.get(`/nodes${path}/file`),
  'GET of bytes': (visitor, path) => visitor.get(`/files${path}/file?via=service`),
  'HEAD of bytes': (visitor, path) => visitor.send('HEAD', `/files${path}/file`),
  'a signed URL': async (visitor, path) => followed(visitor, await visitor.get(`/files${path}/file`)),
  'a search': (visitor, path) => visitor.get(`/search?below=${path}`),
  'a share': (visitor, path) => visitor.send('POST', '/shares', { body: JSON.stringify({ uri: `vos://${AUTHORITY}${path}/file` }) }),
  'view=data': (visitor, path) => visitor.get(`/nodes${path}/file?view=data`).then((answer) => followed(visitor, answer)),
  'pullFromVoSpace by parameters': (visitor, path) => visitor.negotiate('pullFromVoSpace', `${path}/file`),
  'pullFromVoSpace by document': async (visitor, path) => outcome(visitor, await visitor.submit('pullFromVoSpace', `${path}/file`)),
};
const CREATES: Readonly<Record<string, Try>> = {
  'createNode of a container': (visitor, path) => visitor.create(`${path}/${name()}`),
  'createNode of a file': (visitor, path) => visitor.create(`${path}/${name()}`, 'DataNode'),
  'createNode of a link': (visitor, path) => visitor.create(`${path}/${name()}`, 'LinkNode', { target: 'https://example.org/' }),
  'PUT of new bytes': (visitor, path) => visitor.put(`${path}/${name()}`, 'new'),
  'pushToVoSpace of new bytes': (visitor, path) => visitor.negotiate('pushToVoSpace', `${path}/${name()}`),
  'pushToVoSpace of new bytes by document': async (visitor, path) =>
    outcome(visitor, await visitor.submit('pushToVoSpace', `${path}/${name()}`)),
};
const CHANGES: Readonly<Record<string, Try>> = {
  'setNode of a container': (visitor, path) => visitor.set(path, 'ContainerNode', { [`${CORE}title`]: name() }),
  'setNode of a file': (visitor, path) => visitor.set(`${path}/file`, 'DataNode', { [`${CORE}title`]: name() }),
  'PUT over bytes': (visitor, path) => visitor.put(`${path}/file`, `bytes of ${path.split('/').at(-1)}`),
  'pushToVoSpace over bytes': (visitor, path) => visitor.negotiate('pushToVoSpace', `${path}/file`),
  deleteNode: async (visitor, path) => {
    const child = `${path}/${name()}`;
    expectStatus(await ada.create(child), 201);
    return visitor.send('DELETE', `/nodes${child}`);
  },
};

/** The answer at the end of a redirect that the service gave, if it gave one. */
async function followed(visitor: Visitor, answer: Answer): Promise<Answer> {
  return answer.status === 303 ? visitor.get(answer.header('Location') ?? '').then((next) => followed(visitor, next)) : answer;
}

/** A job's outcome as if it were an answer: 200 with endpoints, or the fault that ended it. */
async function outcome(visitor: Visitor, job: string): Promise<Answer> {
  const details = await visitor.get(`${job}/results/transferDetails`, { Accept: 'application/json' });
  expectStatus(details, 200);
  if (endpoints(details).length > 0) return details;
  const error = await visitor.get(`${job}/error`);
  return { ...error, status: error.text === 'PermissionDenied' ? 403 : 0 };
}

const allowed = (answer: Answer, what: string): void =>
  expect([200, 201, 204], `${what} answered ${answer.status} ${answer.text}`).toContain(answer.status);
const refused = (answer: Answer, what: string): void => expectStatus(answer, 403, what);

async function expectOn(visitor: Visitor, path: string, tries: Readonly<Record<string, Try>>, check: typeof allowed): Promise<void> {
  for (const [what, attempt] of Object.entries(tries)) check(await attempt(visitor, path), `${what} at ${path}`);
}

describe('a token', () => {
  test('without storage scopes has all the rights of its user', async () => {
    const visitor = await withScopes('openid profile compute.read');
    for (const path of ['/ada/in', '/ada/out'])
      for (const tries of [READS, CREATES, CHANGES]) await expectOn(visitor, path, tries, allowed);
  });

  test.each([
    ['storage.read:/ada/in', [READS]],
    ['storage.create:/ada/in', [CREATES]],
    ['storage.modify:/ada/in', [CREATES, CHANGES]],
    ['openid storage.read:/ada/in/ storage.modify:/ada/in', [READS, CREATES, CHANGES]],
    ['storage.stage:/ada/in', []],
    ['storage.poll:/ada/in storage.READ:/ada/in', []],
  ])('with %s may just that, below that path only', async (scope, granted) => {
    const visitor = await withScopes(scope);
    for (const tries of [READS, CREATES, CHANGES]) {
      await expectOn(visitor, '/ada/in', tries, granted.includes(tries) ? allowed : refused);
      // A path that begins with the same letters is another, and so is what is above.
      for (const path of ['/ada/in-two', '/ada/out']) await expectOn(visitor, path, tries, refused);
    }
    for (const path of ['/nodes', '/nodes/ada', '/nodes/ada/nowhere', '/files/ada/nowhere']) refused(await visitor.get(path), path);
  });

  test('with storage.read:/ reads all of its user, and nothing of others', async () => {
    const visitor = await withScopes('storage.read:/');
    await expectOn(visitor, '/ada/in', READS, allowed);
    await expectOn(visitor, '/ada/in', CREATES, refused);
    const other = new Visitor(service.base, await issuer.token({ sub: 'bob' }));
    expectStatus(await other.put('/bob/file', 'bytes of bob'), 201);
    await expectOn(visitor, '/bob', READS, refused);
    allowed(await visitor.get('/nodes?limit=0'), 'the root');
  });

  test('names a path with escapes, and one file', async () => {
    const visitor = await withScopes('storage.read:/ada/in/a%20b');
    expect((await visitor.get('/files/ada/in/a%20b?via=service')).text).toBe('a space');
    for (const path of ['/nodes/ada/in', '/nodes/ada/in/file', '/nodes/ada/in/a']) refused(await visitor.get(path), path);
  });

  test('restricts its user also where everybody may read', async () => {
    expectStatus(await ada.create('/ada/open', 'ContainerNode', { properties: { [`${CORE}publicread`]: 'true' } }), 201);
    refused(await (await withScopes('storage.read:/ada/in')).get('/nodes/ada/open'), 'a public container');
  });

  test('makes its user and the container at first use, whatever its scopes', async () => {
    const visitor = new Visitor(service.base, await issuer.token({ sub: 'grid-job', scope: 'storage.create:/grid-job/out' }));
    refused(await visitor.get('/nodes/grid-job'), 'its container');
    const owner = new Visitor(service.base, await issuer.token({ sub: 'grid-job' }));
    expectStatus(await owner.create('/grid-job/out'), 201);
    expectStatus(await visitor.put('/grid-job/out/result', 'r'), 201);
    refused(await visitor.put('/grid-job/out/result', 's'), 'replacing');
    expect((await owner.get('/files/grid-job/out/result?via=service')).text).toBe('r');
  });

  test('says its scopes at /me', async () => {
    const answer = await (await withScopes('storage.read:/ada/in/ storage.modify:/ada/a%20b storage.stage:/')).get('/me');
    expect(JSON.parse(answer.text)).toMatchObject({ user: 'ada', scopes: ['storage.read:/ada/in', 'storage.modify:/ada/a%20b'] });
  });
});

describe('a restricted token gets no further', () => {
  test('over a link that leads out of its path', async () => {
    const visitor = await withScopes('storage.read:/ada/in storage.modify:/ada/in');
    for (const attempt of [
      visitor.get('/files/ada/in/link?via=service'),
      visitor.get('/files/ada/in/link'),
      visitor.negotiate('pullFromVoSpace', '/ada/in/link'),
      visitor.negotiate('pushToVoSpace', '/ada/in/link'),
      visitor.put('/ada/in/link', 'x'),
    ])
      refused(await attempt, 'over the link');
    expect((await ada.get('/files/ada/in/link?via=service')).text).toBe('bytes of out');
    allowed(await visitor.get('/nodes/ada/in/link'), 'the link itself');
  });

  test('by a password, a group or the rights of an administrator', async () => {
    const visitor = await withScopes('storage.modify:/ storage.read:/');
    refused(await visitor.post('/me/passwords', '{}', 'application/json'), 'a password');
    refused(await visitor.get('/me/passwords'), 'passwords');
    refused(await visitor.post('/groups', '{"name":"escape"}', 'application/json'), 'a group');
    refused(await visitor.get('/groups'), 'groups');
    refused(await visitor.get('/admin/users'), 'users');
  });

  test('by a path written in another way', async () => {
    const visitor = await withScopes('storage.read:/ada/in');
    for (const path of [
      '/ada/in/../out/file',
      '/ada/in/%2e%2e/out/file',
      '/ada/in%2F..%2Fout/file',
      '/ada//out/file',
      '/ada/in/./../out/file',
      '/ADA/out/file',
    ]) {
      for (const resource of ['nodes', 'files']) {
        const answer = await visitor.get(`/${resource}${path}`);
        expect([400, 403], `${path} answered ${answer.status}`).toContain(answer.status);
      }
    }
  });

  test('by the endpoint of an upload that it may not make: tickets are for what was negotiated', async () => {
    const visitor = await withScopes('storage.create:/ada/in');
    const negotiated = await visitor.negotiate('pushToVoSpace', `/ada/in/${name()}`);
    const own = endpoints(negotiated).find((url) => url.includes('/files/preauth:')) ?? '';
    expect(own).toContain('/ada/in/');
    // The path in it is only for the eye: whatever it says, the bytes go where the ticket leads.
    const moved = own.replace('/ada/in/', '/ada/out/');
    expectStatus(await visitor.send('PUT', moved, { body: 'ticket' }), 201);
    expectStatus(await ada.get(`/nodes${new URL(moved).pathname.replace(/^.*preauth:[^/]*/, '')}`), 404);
    expectStatus(await ada.get(`/nodes${new URL(own).pathname.replace(/^.*preauth:[^/]*/, '')}`), 200);
    const forged = own.replace(/(preauth:[^.]*\.)(.)/, (_, head: string, digit: string) => head + (digit === '0' ? '1' : '0'));
    refused(await visitor.send('PUT', forged, { body: 'ticket' }), 'a forged ticket');
  });

  test('by the stream of events: it hears of what it may read', async () => {
    const stop = new AbortController();
    const token = await issuer.token({ scope: 'storage.read:/ada/in' });
    const answer = await fetch(`${service.base}/events`, { headers: { Authorization: `Bearer ${token}` }, signal: stop.signal });
    let heard = '';
    void answer.body
      ?.pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: (text) => void (heard += text) }))
      .catch(() => undefined);
    const outside = name();
    // Who listens is known to the Space after a while: it is asked until it tells.
    const hear = async (): Promise<string> => {
      expectStatus(await ada.create(`/ada/out/${outside}${name()}`), 201);
      expectStatus(await ada.create(`/ada/in/${name()}`), 201);
      return heard;
    };
    await expect.poll(hear, { timeout: 25_000, interval: 400 }).toMatch(/"path":"\/ada\/in\/[^]*"more":[1-9]/);
    stop.abort();
    expect(heard).not.toContain(outside);
  });

  test('by the jobs of its user: their signed URLs are for what its scopes cover', async () => {
    const visitor = await withScopes('storage.read:/ada/in');
    const outside = [await ada.submit('pushToVoSpace', `/ada/out/${name()}`), await ada.submit('pullFromVoSpace', '/ada/out/file')];
    const push = await ada.submit('pushToVoSpace', `/ada/in/${name()}`);
    for (const job of [...outside, push]) {
      refused(await visitor.get(`${job}/results/transferDetails`), 'transferDetails');
      refused(await visitor.get(job), 'the job');
      refused(await visitor.send('DELETE', job), 'deletion of the job');
      allowed(await ada.get(`${job}/results/transferDetails`), 'transferDetails');
    }
    allowed(await visitor.get(`${await ada.submit('pullFromVoSpace', '/ada/in/file')}/results/transferDetails`), 'a covered job');
  });

  test('by the jobs of its user: it steers those that it could have made', async () => {
    const visitor = await withScopes('storage.modify:/ada/in');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const pending = async (path: string): Promise<string> => {
      const made = await ada.send('POST', '/async-delete', { headers: form, body: `TARGET=vos://${AUTHORITY}${path}` });
      expectStatus(made, 303);
      return new URL(made.header('Location') ?? '').pathname.replace(/^\/vos/, '');
    };
    expectStatus(await ada.create('/ada/out/kept'), 201);
    const outside = await pending('/ada/out/kept');
    for (const phase of ['RUN', 'ABORT'])
      refused(await visitor.send('POST', `${outside}/phase`, { headers: form, body: `PHASE=${phase}` }), phase);
    refused(await visitor.send('POST', `${outside}/executionduration`, { headers: form, body: 'EXECUTIONDURATION=1' }), 'a change');
    refused(await visitor.send('DELETE', outside), 'deletion');
    expect((await ada.get(`${outside}/phase`)).text).toBe('PENDING');
    const inside = await pending(`/ada/in/${name()}`);
    expectStatus(await visitor.send('POST', `${inside}/phase`, { headers: form, body: 'PHASE=ABORT' }), 303);
    expectStatus(await ada.get('/nodes/ada/out/kept'), 200);
  });
});

// A token that is restricted to paths: what it may do with pipes follows from what it may do with the nodes at their ends.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Answer } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { AUDIENCE, Issuer } from './issuer.ts';
import { AUTHORITY, expectStatus, Visitor } from './visitor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let issuer: Issuer;
let service: Service;
let ada: Visitor;
let pipe = '';

const uri = (path: string): string => `vos://${AUTHORITY}${path}`;
const send = (visitor: Visitor, method: string, path: string, document?: object): Promise<Answer> =>
  visitor.send(method, path, {
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    ...(document && { body: JSON.stringify(document) }),
  });
async function withScopes(scope: string | undefined): Promise<Visitor> {
  return new Visitor(service.base, await issuer.token({ scope }));
}

beforeAll(async () => {
  issuer = await Issuer.start('ES256');
  service = await startService({ vars: { OIDC_ISSUERS: JSON.stringify([{ issuer: issuer.url, audience: AUDIENCE }]) } });
  ada = await withScopes(undefined);
  expectStatus(await ada.get('/me'), 200);
  for (const name of ['src', 'dest', 'else']) expectStatus(await ada.create(`/ada/${name}`), 201);
  expectStatus(await ada.put('/ada/src/file', 'bytes'), 201);
  const made = await send(ada, 'POST', '/pipes', { src: uri('/ada/src'), dest: uri('/ada/dest') });
  expectStatus(made, 201);
  pipe = `/pipes/${(JSON.parse(made.text) as { pipe: string }).pipe}`;
  expectStatus(await send(ada, 'POST', `${pipe}/chunks`, { name: 'first', data: 'aGk=' }), 201);
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await issuer?.stop();
});

let counter = 0;
const TRIES: Readonly<Record<'read' | 'write' | 'manage', (visitor: Visitor) => Promise<Answer>>> = {
  read: (visitor) => send(visitor, 'GET', `${pipe}/chunks?timeout=0`),
  write: (visitor) => send(visitor, 'POST', `${pipe}/chunks`, { name: `c${(counter += 1)}`, data: '' }),
  manage: (visitor) => send(visitor, 'POST', pipe, { options: { maxChunks: 100 } }),
};

test.each([
  ['storage.read:/ada/dest', ['read']],
  ['storage.read:/ada', ['read']],
  ['storage.read:/ada/src', []],
  ['storage.read:/ada/else', []],
  ['storage.read:/ada/src storage.create:/ada/dest', ['write']],
  ['storage.read:/ada storage.create:/ada/dest', ['read', 'write']],
  ['storage.create:/ada/dest', []],
  ['storage.modify:/ada/dest', undefined],
  ['storage.modify:/ada', undefined],
] as const)('%s allows %j', async (scope, allowed) => {
  const visitor = await withScopes(scope);
  const may: string[] = [];
  for (const [action, attempt] of Object.entries(TRIES)) {
    const answer = await attempt(visitor);
    if (answer.status < 300) may.push(action);
    else expect([answer.status, JSON.parse(answer.text)]).toEqual([403, { fault: 'PermissionDenied', detail: expect.any(String) }]);
  }
  // Modifying both ends is managing; whether it is reading and writing, too, is the profile's to say.
  if (allowed) expect(may).toEqual(allowed);
  else expect(may.includes('manage')).toBe(scope === 'storage.modify:/ada');
});

test('a pipe is made only between containers that the token covers', async () => {
  const visitor = await withScopes('storage.read:/ada/src storage.create:/ada/dest');
  expectStatus(await send(visitor, 'POST', '/pipes', { src: uri('/ada/src'), dest: uri('/ada/else') }), 403);
  expectStatus(await send(visitor, 'POST', '/pipes', { src: uri('/ada/else'), dest: uri('/ada/dest') }), 403);
});

test('a name is written only by a token that may read it', async () => {
  const visitor = await withScopes('storage.read:/ada/src/file storage.create:/ada/dest');
  const answer = await send(visitor, 'POST', `${pipe}/chunks`, { name: 'file' });
  expectStatus(answer, 403);
  const covered = await withScopes('storage.read:/ada/src storage.create:/ada/dest');
  expectStatus(await send(covered, 'POST', `${pipe}/chunks`, { name: 'file' }), 201);
});

test('a pipe that a restricted token has made never does more than that token could', async () => {
  const visitor = await withScopes('storage.read:/ada/src storage.create:/ada/dest');
  const made = await send(visitor, 'POST', '/pipes', { src: uri('/ada/src'), dest: uri('/ada/dest') });
  expectStatus(made, 201);
  const id = (JSON.parse(made.text) as { pipe: string }).pipe;
  expectStatus(await send(ada, 'GET', `/pipes/${id}`), 200);
  expectStatus(await send(await withScopes('storage.read:/ada/else'), 'GET', `/pipes/${id}/chunks?timeout=0`), 403);
});

test('a pipe is neither described nor listed to a token that may do nothing with it', async () => {
  const [one, other] = [await withScopes('storage.read:/ada/else'), await withScopes('storage.read:/ada/dest')];
  expectStatus(await send(one, 'GET', pipe), 403);
  expectStatus(await send(other, 'GET', pipe), 200);
  const list = async (visitor: Visitor) => (JSON.parse((await send(visitor, 'GET', '/pipes')).text) as { pipes: unknown[] }).pipes.length;
  expect(await list(one)).toBe(0);
  expect(await list(other)).toBeGreaterThan(0);
});

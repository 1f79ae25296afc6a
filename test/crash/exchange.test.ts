// Two services exchange bytes by themselves, found through each other's registry: pulled and pushed from either side.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, bytesOf, ended, pull, push, submit, uri, CORE } from '../support/jobs.ts';
import { credentials, startPair, type Site } from '../support/pair.ts';

const BODY = randomBytes(300_000);
const LARGE = Buffer.concat(Array.from({ length: 70 }, () => randomBytes(1024 * 1024)));

let sites: readonly [Site, Site];
let number = 0;
const container = (authority: string) => ({ uri: `vos://${authority}/shared`, type: 'ContainerNode' });

beforeAll(async () => {
  sites = await startPair();
  for (const { authority, service } of sites) {
    const made = await ask(service, 'PUT', '/nodes/shared', JSON.stringify(container(authority)), { 'content-type': 'application/json' });
    expect(made.status).toBe(201);
  }
});
afterAll(async () => {
  for (const { service } of sites) await service.stop();
});

describe.each([
  [0, 1],
  [1, 0],
] as const)('site %i', (here, there) => {
  const near = (): Site => sites[here];
  const far = (): Site => sites[there];
  const stored = async ({ service, authority }: Site, body: Buffer): Promise<string> => {
    const path = `/shared/n${(number += 1)}`;
    expect((await ask(service, 'PUT', `/files${path}`, body)).status).toBe(201);
    return uri(path, authority);
  };
  const pathOf = (node: string): string => node.replace(/^vos:\/\/[^/]+/, '');

  test('pulls from the other, in one piece and in segments, with the checksum that the other knows', async () => {
    for (const body of [BODY, LARGE]) {
      const target = uri(`/shared/p${(number += 1)}`, near().authority);
      const path = await pull(near().service, target, [await stored(far(), body)], credentials(far()));
      const job = await ended(near().service, path);
      expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
      expect((await bytesOf(near().service, pathOf(target))).equals(body)).toBe(true);
    }
  });

  test('pushes to the other', async () => {
    const target = uri(`/shared/q${(number += 1)}`, far().authority);
    const path = await push(near().service, await stored(near(), BODY), [target], credentials(far()));
    const job = await ended(near().service, path);
    expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
    expect((await bytesOf(far().service, pathOf(target))).equals(BODY)).toBe(true);
  });

  test('is told what it lacks when it knocks without credentials, and with wrong ones', async () => {
    const source = await stored(far(), BODY);
    const target = uri(`/shared/r${(number += 1)}`, near().authority);
    const wrong = { credentials: [{ authority: far().authority, token: 'canary-token-5521' }] };
    for (const more of [{}, wrong]) {
      const path = await pull(near().service, target, [source], more);
      const job = await ended(near().service, path);
      expect(job.errorSummary).toEqual({
        message: 'Transfer Failed',
        fault: 'TransferFailed',
        detail: `${far().authority}: NotAuthenticated`,
      });
      expect(JSON.stringify(job)).not.toContain('canary');
      for (const child of ['', '/parameters', '/results', '/error']) {
        expect(await (await ask(near().service, 'GET', `${path}${child}`)).text()).not.toContain('canary');
        expect(await (await ask(near().service, 'GET', `${path}${child}`, undefined, { accept: 'text/xml' })).text()).not.toContain(
          'canary',
        );
      }
    }
    expect(near().service.output() + far().service.output()).not.toContain('canary');
  });

  test('refuses authorities that nobody has told it of, and its own', async () => {
    const target = uri(`/shared/s${(number += 1)}`, near().authority);
    const strange = ['vos://strange.example~vospace/a', await stored(near(), BODY)];
    const job = await ended(near().service, await pull(near().service, target, strange));
    expect(job.errorSummary?.detail).toBe(
      `strange.example~vospace is not in this service's registry; ${near().authority} is this service itself: nodes are copied here`,
    );
  });
});

test('credentials are taken in JSON for asynchronous transfers alone, and must be complete', async () => {
  const [{ service, authority }] = sites;
  const protocols = [{ uri: `${CORE}httpget`, endpoint: 'vos://right.example~vospace/a' }];
  const transfer = { target: uri('/shared/x', authority), direction: 'pullToVoSpace', protocols };
  const post = (path: string, more: object) =>
    ask(service, 'POST', path, JSON.stringify({ ...transfer, ...more }), { 'content-type': 'application/json' });
  const good = { credentials: [{ authority: 'right.example~vospace', token: 'x' }] };
  expect((await post('/synctrans', good)).status).toBe(400);
  for (const bad of [{ authority: 'a~b' }, { authority: 'a~b', user: 'x' }, { authority: 'a~b', token: 'x\r\ny' }, { token: 'x' }, 'x'])
    expect((await post('/transfers', { credentials: [bad] })).status, JSON.stringify(bad)).toBe(400);
  const job = await submit(service, { ...transfer, ...good });
  expect(JSON.stringify(await (await ask(service, 'GET', job)).json())).not.toContain('credentials');
});

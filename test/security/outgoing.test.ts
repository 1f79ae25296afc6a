// Nobody gets the service to speak to a host that its operator has not listed, whichever way he tries.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FarServer } from '../support/far-server.ts';
import { ask, ended, pull, push } from '../support/jobs.ts';
import { startService, type Service } from '../support/service.ts';
import { createContainer, writeBytes } from '../crash/written.ts';

let inner: FarServer;
let listed: FarServer;
let open: Service;
let closed: Service;

beforeAll(async () => {
  [inner, listed] = await Promise.all([FarServer.start(), FarServer.start()]);
  [open, closed] = await Promise.all([startService({ vars: { TRANSFER_HOSTS: `${listed.host} *.example.org` } }), startService()]);
  for (const service of [open, closed]) {
    expect(await createContainer(service, 'out')).toBe(201);
    expect(await writeBytes(service, 'out/source', 'bytes')).toBe(201);
  }
});
afterAll(async () => {
  await Promise.all([open.stop(), closed.stop(), inner.stop(), listed.stop()]);
});

const port = (): string => inner.host.replace(/^.*:/, '');
const spellings = (): string[] =>
  [
    '127.0.0.1',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0x7f.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost.',
    '①②⑦.0.0.1',
    'user:pass@127.0.0.1',
    'a.example.org@127.0.0.1',
  ].map((host) => `http://${host}:${port()}/x`);

describe('a local server is never asked', () => {
  test('in any spelling of its address, for reading or for writing', async () => {
    inner.on('/x', { body: Buffer.from('inner') });
    for (const [service, detail] of [
      [open, /TRANSFER_HOSTS|spelt|user name|dot/],
      [closed, /TRANSFER_HOSTS|spelt|user name|dot/],
    ] as const) {
      for (const direction of [pull, push]) {
        const job = await ended(service, await direction(service, direction === pull ? '/out/new' : '/out/source', spellings()));
        expect(job.errorSummary).toMatchObject({ fault: 'TransferFailed', detail: expect.stringMatching(detail) as string });
      }
    }
    expect(inner.asked).toEqual([]);
  });

  test('by a redirect from a host that is listed', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const url = listed.on(`/to-${status}`, { status, headers: { location: `http://${inner.host}/x` } });
      for (const direction of [pull, push]) {
        const job = await ended(open, await direction(open, direction === pull ? '/out/new' : '/out/source', [url]));
        expect(job.errorSummary).toMatchObject({ fault: 'TransferFailed', detail: expect.stringContaining(inner.host) as string });
      }
    }
    expect(inner.asked).toEqual([]);
  });
});

test('redirects are followed three times, and no more', async () => {
  const chain = (length: number): string => {
    for (let i = 1; i <= length; i++)
      listed.on(`/hop-${length}-${i}`, { status: 302, headers: { location: i === 1 ? '/end' : `/hop-${length}-${i - 1}` } });
    return listed.url(`/hop-${length}-${length}`);
  };
  listed.on('/end', { body: Buffer.from('end') });
  expect((await ended(open, await pull(open, '/out/three', [chain(3)]))).phase).toBe('COMPLETED');
  expect((await ended(open, await pull(open, '/out/four', [chain(4)]))).errorSummary?.detail).toBe(
    `${listed.host} redirects more than 3 times`,
  );
});

test('the service does not speak to itself or to its store', async () => {
  const own = [`${open.url}/vos/nodes`, open.storeUrl ?? open.url];
  const job = await ended(open, await pull(open, '/out/self', own));
  expect(job.errorSummary?.detail).toMatch(/is this service itself; .*is this service itself/);
});

test('what a host answers is repeated nowhere', async () => {
  const canary = 'canary-8f3a';
  const url = listed.on(`/secret?sig=${canary}`, {
    status: 403,
    body: Buffer.from(canary),
    headers: { 'x-secret': canary, 'retry-after': '0' },
  });
  const path = await pull(open, '/out/canary', [url]);
  const job = await ended(open, path);
  expect(job.errorSummary?.detail).toBe(`${listed.host} answers 403`);
  expect(open.output()).not.toContain(canary);
  expect(await (await ask(open, 'GET', `${path}/error`)).text()).toBe('TransferFailed');
});

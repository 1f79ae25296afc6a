// Which pages may use the service and the store from a browser: every origin with every method, and never with cookies.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Client, type Answer } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { endpoints, expectStatus, Visitor } from './visitor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const ALLOWED = ['https://portal.example', 'http://localhost:3000'];
const REFUSED = [
  'https://evil.example',
  // Not the same host, port, scheme or case as one that is allowed.
  'https://portal.example.evil.example',
  'https://evil-portal.example',
  'https://portal.example:8443',
  'http://portal.example',
  'http://localhost:30000',
  'HTTPS://PORTAL.EXAMPLE',
  'https://portal.example/',
  'https://portal.example, https://evil.example',
  'null',
  '*',
];
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

let service: Service;
let admin: Visitor;

beforeAll(async () => {
  service = await startService({ vars: { CORS_ORIGINS: ALLOWED.join(', ') } });
  admin = new Visitor(service.base, undefined, service.admin);
  expectStatus(await admin.create('/cors'), 201);
  expectStatus(await admin.put('/cors/file', 'bytes'), 201);
}, 60_000);

afterAll(() => service?.stop());

function preflight(where: string, origin: string, method: string, headers = 'authorization, content-type'): Promise<Answer> {
  return new Client(service.base).send('OPTIONS', where, {
    headers: { Origin: origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': headers },
  });
}

function corsOf(answer: Answer): Record<string, string | undefined> {
  // Whatever else is said: with credentials, a page could act as whoever sits before the browser.
  expect(answer.header('Access-Control-Allow-Credentials')).toBeUndefined();
  return { origin: answer.header('Access-Control-Allow-Origin'), methods: answer.header('Access-Control-Allow-Methods') };
}

/** What a browser sends for each method, as a user and as nobody; most of these are refused, which a page must be able to read. */
async function everyAnswer(origin: string): Promise<readonly (readonly [string, Answer])[]> {
  const send = (visitor: Client, method: string, path: string) => visitor.send(method, path, { headers: { Origin: origin } });
  const paths = [
    '/nodes/cors',
    '/nodes/nowhere',
    '/files/cors/used',
    '/files/cors/used?via=service',
    '/synctrans',
    '/transfers',
    '/me',
    '/pipes',
    '/pipes/none/chunks',
    '/nothing',
  ];
  const tries = paths.flatMap((path) => METHODS.filter((method) => method !== 'DELETE').map((method) => ({ method, path })));
  const answers: [string, Answer][] = [];
  for (const { method, path } of [...tries, { method: 'DELETE', path: '/nodes/cors/nowhere' }]) {
    for (const visitor of [admin, new Client(service.base)]) answers.push([`${method} ${path}`, await send(visitor, method, path)]);
  }
  return answers;
}

describe('the service', () => {
  test.each(ALLOWED)('answers the preflight of %s for every method, before it asks who it is', async (origin) => {
    for (const method of METHODS) {
      for (const path of [
        '/nodes/cors',
        '/files/cors/file',
        '/synctrans',
        '/transfers',
        '/me',
        '/pipes/none/chunks',
        '/admin/users',
        '/nodes/nowhere',
      ]) {
        const answer = await preflight(path, origin, method);
        expectStatus(answer, 204, `${method} ${path}`);
        expect(corsOf(answer)).toEqual({ origin, methods: METHODS.join(', ') });
        expect(answer.header('Access-Control-Allow-Headers')).toBe('authorization, content-type');
        expect(answer.header('Vary')).toContain('Origin');
      }
    }
  });

  test.each(ALLOWED)('lets pages of %s read every answer, refusals too', async (origin) => {
    for (const [what, answer] of await everyAnswer(origin)) {
      expect(corsOf(answer).origin, what).toBe(origin);
      expect(answer.header('Access-Control-Expose-Headers')).toContain('Location');
      expect(answer.header('Vary')).toContain('Origin');
      expect(answer.status, what).toBeLessThan(500);
    }
  });

  test.each(REFUSED)('tells pages of %s nothing', async (origin) => {
    for (const method of METHODS) expect(corsOf(await preflight('/nodes/cors', origin, method))).toEqual({});
    for (const [what, answer] of await everyAnswer(origin)) {
      expect(corsOf(answer), what).toEqual({});
      expect(answer.header('Vary'), 'a cache must not give them what others got').toContain('Origin');
    }
  });

  test('sets no cookie, and takes none', async () => {
    const answer = await admin.get('/me');
    expect(answer.header('Set-Cookie')).toBeUndefined();
    const cookie = `authorization=${encodeURIComponent(service.admin.authorization)}; token=${service.admin.password}`;
    expectStatus(await new Client(service.base).get('/me', { Cookie: cookie }), 401);
  });

  test('without configured origins allows none', async () => {
    const closed = await startService();
    try {
      for (const origin of [...ALLOWED, ...REFUSED, closed.url]) {
        const headers = { Origin: origin, 'Access-Control-Request-Method': 'PUT' };
        const client = new Client(closed.base);
        expect(corsOf(await client.send('OPTIONS', '/nodes', { headers }))).toEqual({});
        expect(corsOf(await client.get('/nodes?limit=0', { Origin: origin }))).toEqual({});
      }
    } finally {
      await closed.stop();
    }
  });
});

describe('the store', () => {
  const download = async (): Promise<string> => endpoints(await admin.negotiate('pullFromVoSpace', '/cors/file'))[0] ?? '';
  const upload = async (): Promise<string> => endpoints(await admin.negotiate('pushToVoSpace', '/cors/new'))[0] ?? '';

  test.each([...ALLOWED, 'https://evil.example', 'null'])('lets whoever has a signed URL use it from %s', async (origin) => {
    const [get, put] = [await download(), await upload()];
    for (const [url, method] of [
      [get, 'GET'],
      [get, 'HEAD'],
      [put, 'PUT'],
    ] as const) {
      const asked = await preflight(url, origin, method, 'content-type');
      expectStatus(asked, 200, `${method} preflight`);
      expect(corsOf(asked).origin).toBe('*');
      expect(corsOf(asked).methods).toContain(method);
      const answer = await new Client(service.base).send(method, url, {
        headers: { Origin: origin },
        ...(method === 'PUT' ? { body: 'bytes' } : {}),
      });
      expect([200, 201], `${method} answered ${answer.status}`).toContain(answer.status);
      expect(corsOf(answer).origin).toBe('*');
      if (method === 'GET') expect(answer.text).toBe('bytes');
    }
  });

  test.each(['POST', 'DELETE', 'COPY', 'PATCH', 'TRACE'])(
    'refuses the preflight of %s, and the method with a signed URL',
    async (method) => {
      const get = await download();
      if (method !== 'TRACE') expectStatus(await preflight(get, 'https://evil.example', method), 401, 'preflight');
      const answer = await new Client(service.base).send(method, get, { headers: { Origin: 'https://evil.example' } });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      corsOf(answer);
      expect((await new Client(service.base).get(await download())).text).toBe('bytes');
    },
  );

  test('gives pages no bytes without a signed URL', async () => {
    const url = new URL(await download());
    const [unsigned, container] = [url.origin + url.pathname, url.origin + url.pathname.replace(/\/o\/.*/, '')];
    for (const where of [unsigned, container, url.href.replace(/temp_url_expires=\d/, '$&9')]) {
      const answer = await new Client(service.base).get(where, { Origin: ALLOWED[0] ?? '' });
      expect([401, 403, 404], where).toContain(answer.status);
      expect(answer.text).not.toContain('bytes');
      corsOf(answer);
    }
  });

  test('is reached from a page by the redirect of /files, whose answer and target both allow it', async () => {
    const [origin = ''] = ALLOWED;
    const redirect = await admin.get('/files/cors/file', { Origin: origin });
    expectStatus(redirect, 303);
    expect(corsOf(redirect).origin).toBe(origin);
    // After a redirect to another origin a browser says that it comes from nowhere.
    const answer = await new Client(service.base).get(redirect.header('Location') ?? '', { Origin: 'null' });
    expect([answer.text, corsOf(answer).origin]).toEqual(['bytes', '*']);
  });

  test('is another origin than the service, whose pages its files cannot be', async () => {
    const url = await download();
    expect(new URL(url).origin).not.toBe(service.url);
    const answer = await new Client(service.base).get(url);
    expect(answer.header('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.header('Content-Security-Policy')).toContain('sandbox');
  });
});

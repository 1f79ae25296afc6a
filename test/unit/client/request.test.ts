// What goes over the wire: credentials only to whom they belong, redirects, patience, refusals, and what is said of them.
import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import type { ConnectOptions } from '../../../src/client/open-session.ts';
import { VospaceError } from '../../../src/client/error.ts';
import type { Vospace } from '../../../src/client/vospace.ts';
import { xml } from '../../../src/client/xml.ts';
import { Fault } from '../../../src/faults.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly redirect: string | undefined;
}

const BASE = 'https://space.test/vos';
const NODE = '{"uri": "vos://space.test~vospace/a"}';

/** A client whose fetch gives these answers, one after the other and then the last again; what it asked, and how long it slept. */
function scripted(answers: readonly (Response | Error | (() => Response))[], options: ConnectOptions = {}) {
  const [asked, slept]: [Request[], number[]] = [[], []];
  const space = connect(BASE, {
    credentials: { user: 'ada', password: 'pässword' },
    authority: 'space.test~vospace',
    fetch: ((url: string, init: RequestInit = {}) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      const authorization = new Headers(init.headers).get('Authorization');
      asked.push({ method: init.method ?? '', url, authorization, redirect: init.redirect });
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(answer instanceof Response ? answer : (answer?.() ?? new Response()));
    }) as typeof fetch,
    ...options,
    runtime: {
      now: () => Date.UTC(2026, 10, 22),
      random: () => 0.5,
      sleep: (ms) => Promise.resolve(void slept.push(ms)),
      ...options.runtime,
    },
  });
  return { space, asked, slept };
}

async function errorOf(action: Promise<unknown>): Promise<VospaceError> {
  const error = await action.catch((thrown: unknown) => thrown);
  if (!(error instanceof VospaceError)) throw new Error(`no VospaceError: ${String(error)}`);
  return error;
}

const redirect = (to: string, status = 303): Response => new Response(null, { status, headers: { Location: to } });
const read = (space: Vospace): Promise<unknown> => space.nodes.get('/a');

describe('credentials', () => {
  test('go to the VOSpace in UTF-8, and redirects are followed by hand', async () => {
    const { space, asked } = scripted([new Response(NODE)]);
    await read(space);
    const authorization = `Basic ${Buffer.from('ada:pässword').toString('base64')}`;
    expect(asked).toEqual([{ method: 'GET', url: `${BASE}/nodes/a`, authorization, redirect: 'manual' }]);
  });

  test.each([
    ['https://elsewhere.test/x', false],
    ['http://space.test/vos/nodes/a', false],
    ['https://space.test:444/vos', false],
    ['//space.test/vos/other', true],
    ['../b', true],
  ])('along a redirect to %s are sent: %s', async (to, sent) => {
    const { space, asked } = scripted([redirect(to), new Response(NODE)]);
    await read(space);
    expect([asked.length, asked[1]?.authorization !== null]).toEqual([2, sent]);
  });

  test('of a token are asked for before every request', async () => {
    let count = 0;
    const { space, asked } = scripted([() => new Response(NODE)], { credentials: { token: () => `t${(count += 1)}` } });
    await read(space);
    await read(space);
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  test('of a token that no header can carry are not shown', async () => {
    const { space, asked } = scripted([() => new Response(NODE)], { credentials: { token: 'secret\r\nX: y' } });
    await expect(read(space)).rejects.toMatchObject({
      fault: 'NotAuthenticated',
      message: expect.not.stringContaining('secret') as string,
    });
    expect(asked).toEqual([]);
  });

  test('are not for endpoints elsewhere, and not for those that want them there', async () => {
    const protocol = (endpoint: string, securityMethods: readonly string[] = []) => ({ uri: 'urn:p', endpoint, securityMethods });
    const details = {
      target: 'vos://space.test~vospace/a',
      direction: 'pullFromVoSpace',
      protocols: [
        protocol('https://a.test/1', ['ivo://ivoa.net/sso#BasicAA']),
        protocol('https://b.test/2'),
        protocol('https://space.test/3', ['ivo://ivoa.net/sso#BasicAA']),
        protocol('https://b.test/2'),
        protocol('ftp://c.test/4'),
      ],
    };
    const { space } = scripted([redirect(`${BASE}/transfers/1/results/transferDetails`), Response.json(details)]);
    const { endpoints, job } = await space.transfers.request('pullFromVoSpace', '/a');
    expect(endpoints.map(({ url }) => url)).toEqual(['https://b.test/2', 'https://space.test/3']);
    expect(job).toBe(`${BASE}/transfers/1`);
  });

  test('go over plain http to this host, and elsewhere only when that is asked for', () => {
    const credentials = { user: 'ada', password: 'p' };
    for (const url of ['http://127.0.0.1:8787/vos', 'http://localhost/vos', 'http://[::1]:1/vos']) connect(url, { credentials });
    expect(() => connect('http://space.test/vos', { credentials })).toThrow(/not https/);
    connect('http://space.test/vos', { credentials, insecure: true });
    connect('http://space.test/vos');
    expect(() => connect('ftp://space.test/vos')).toThrow(VospaceError);
  });
});

describe('redirects', () => {
  test('in a circle end', async () => {
    const { space, asked } = scripted([() => redirect('/vos/nodes/a')]);
    expect((await errorOf(read(space))).fault).toBe('BadAnswer');
    expect(asked).toHaveLength(6);
  });

  test('of a PUT are not followed: the body would go elsewhere', async () => {
    const { space, asked } = scripted([() => redirect('https://elsewhere.test/', 307)]);
    expect((await errorOf(space.nodes.create('/a', { type: 'DataNode' }))).fault).toBe('BadAnswer');
    expect(asked).toHaveLength(1);
  });

  test("are a browser's to follow, without cookies and without its cache", async () => {
    let init: RequestInit = {};
    const fetch = ((_: string, given: RequestInit) => {
      init = given;
      return Promise.resolve(new Response(NODE));
    }) as typeof globalThis.fetch;
    await read(connect(BASE, { fetch, runtime: { browser: true } }));
    expect([init.redirect, init.credentials, init.cache]).toEqual(['follow', 'omit', 'no-store']);
  });
});

describe('patience', () => {
  const busy = (header?: string) => () =>
    new Response('ServiceBusy', { status: 503, ...(header !== undefined && { headers: { 'Retry-After': header } }) });

  test.each([
    ['7', 7000],
    ['Sun, 22 Nov 2026 00:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2020 00:00:30 GMT', 0],
    ['soon', 0],
  ])('of Retry-After: %s is %s ms, and some jitter', async (header, milliseconds) => {
    const { space, slept } = scripted([busy(header), new Response(NODE)]);
    await read(space);
    expect(slept).toEqual([milliseconds + 125]);
  });

  test('grows from try to try, and has its bounds', async () => {
    const { space, slept } = scripted([busy()], { retry: { tries: 9, base: 100, most: 1000 } });
    expect(await errorOf(read(space))).toMatchObject({ fault: 'ServiceBusy', status: 503, transient: true });
    expect(slept).toEqual([50, 100, 200, 400, 500, 500, 500, 500]);
  });

  test('is not had for longer than the caller has it', async () => {
    const { space, asked, slept } = scripted([busy('3600')]);
    expect(await errorOf(read(space))).toMatchObject({ fault: 'ServiceBusy', retryAfter: 3_600_000 });
    expect([asked.length, slept]).toEqual([1, []]);
  });

  test('lets a POST wait for a service that says when to come again, and not for one that does not', async () => {
    const set = (space: Vospace): Promise<unknown> => space.nodes.set('/a', { properties: {} });
    const polite = scripted([busy('1'), new Response(NODE)]);
    await set(polite.space);
    expect(polite.asked.map(({ method }) => method)).toEqual(['POST', 'POST']);
    const curt = scripted([busy()]);
    expect((await errorOf(set(curt.space))).fault).toBe('ServiceBusy');
    expect(curt.asked).toHaveLength(1);
  });

  test('ends with the signal, whose reason is thrown', async () => {
    const controller = new AbortController();
    const sleep = (): Promise<void> => {
      controller.abort(new Error('enough'));
      return Promise.reject(controller.signal.reason as Error);
    };
    const { space } = scripted([busy('1')], { runtime: { sleep } });
    await expect(space.nodes.get('/a', { signal: controller.signal })).rejects.toThrow('enough');
    await expect(space.nodes.get('/a', { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow();
  });

  test('with an answer that does not come is a ConnectionFailed', async () => {
    const never = ((_: string, { signal }: RequestInit) =>
      new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))) as typeof fetch;
    const error = await errorOf(read(connect(BASE, { fetch: never, timeout: 20, retry: { tries: 1 } })));
    expect([error.fault, error.detail]).toEqual(['ConnectionFailed', `GET ${BASE}/nodes/a: no answer in time`]);
  });
});

describe('refusals', () => {
  test.each([
    [404, 'NodeNotFound vos://a/b', 'NodeNotFound', 'vos://a/b'],
    [404, 'NodeNotFound: vos://a/b', 'NodeNotFound', 'vos://a/b'],
    [409, 'DuplicateNode.', 'DuplicateNode', ''],
    [409, 'DuplicateFault x', 'DuplicateNode', 'x'],
    [400, '{"fault": "LinkFound", "detail": "vos://a/l"}', 'LinkFound', 'vos://a/l'],
    [403, '<html>Forbidden</html>', 'PermissionDenied', ''],
    [418, 'short and stout', 'InvalidArgument', 'short and stout'],
    [500, 'constructor toString', 'InternalFault', 'constructor toString'],
  ])('of %s %s are %s', async (status, body, fault, detail) => {
    const { space } = scripted([() => new Response(body, { status })], { retry: { tries: 1 } });
    const error = await errorOf(read(space));
    expect([error.fault, error.status]).toEqual([fault, status]);
    expect(error.detail).toBe(`${detail}${detail === '' ? '' : ' '}(GET ${BASE}/nodes/a answered ${status})`);
    expect(error.advice.length).toBeGreaterThan(10);
  });

  test('of a guarded fetch keep their name, and are final', async () => {
    const { space, asked } = scripted([new Fault('PermissionDenied', '10.0.0.1 is not to be reached')]);
    expect(await errorOf(read(space))).toMatchObject({ fault: 'PermissionDenied', detail: '10.0.0.1 is not to be reached' });
    expect(asked).toHaveLength(1);
  });

  test('hold neither signatures, tickets, nor what other hosts write', async () => {
    const details = {
      target: 'vos://space.test~vospace/a',
      direction: 'pushToVoSpace',
      protocols: [{ uri: 'urn:p', endpoint: 'https://store.test/x/preauth:SECRET/a?sig=SECRET' }],
    };
    const { space } = scripted([Response.json(details), () => new Response('SECRET', { status: 403 })], { retry: { tries: 1 } });
    const error = await errorOf(space.upload('/a', 'x'));
    expect(error.fault).toBe('TransferFailed');
    expect(error.detail).toContain('PUT https://store.test/x/preauth:…/a answered 403');
    expect(JSON.stringify([error.message, error.stack])).not.toContain('SECRET');
  });

  test('of what is no VOSpace are BadAnswer', async () => {
    expect((await errorOf(read(scripted([new Response('<html/>')]).space))).fault).toBe('BadAnswer');
    expect((await errorOf(read(scripted([new Response('<html/>')], { codec: xml }).space))).fault).toBe('BadAnswer');
  });

  test.each(['/a/../b', '/a//b', 'vos://space.test~vospace/a/%2e%2e/b', 'https://space.test/x', 'vos://space.test~vospace/a?x'])(
    'of the name %s come before anything is sent',
    async (name) => {
      const { space, asked } = scripted([new Response(NODE)]);
      expect((await errorOf(space.nodes.get(name))).fault).toBe('InvalidURI');
      expect(asked).toEqual([]);
    },
  );
});

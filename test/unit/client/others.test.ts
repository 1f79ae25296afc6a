// Other VOSpaces: their capabilities, their pages, their jobs, and where they leave the standard.
import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import { VospaceError } from '../../../src/client/error.ts';
import type { Vospace } from '../../../src/client/vospace.ts';
import { xml } from '../../../src/client/xml.ts';

const BASE = 'https://cadc.test/cavern';
const ROOT = 'vos://cadc.test!cavern';
const V = 'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const CAPABILITIES = `<?xml version="1.0"?><vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <capability standardID="ivo://ivoa.net/std/VOSpace/v2.0#nodes"><interface xsi:type="vs:ParamHTTP" xmlns:vs="urn:x"><accessURL use="base">${BASE}/nodes</accessURL></interface></capability>
  <capability standardID="ivo://ivoa.net/std/VOSpace#sync-2.1"><interface><accessURL>https://elsewhere.test/synctrans</accessURL></interface>
    <interface><accessURL>${BASE}/synctrans</accessURL></interface></capability>
  <capability standardID="ivo://ivoa.net/std/VOSpace/v2.0#transfers"><interface><accessURL>${BASE}/transfers/</accessURL></interface></capability></vosi:capabilities>`;

type Service = (method: string, url: URL, body: string) => Response;

/** A client of a service that answers so; its capabilities are those above. `log` has what was asked. */
function client(service: Service, options: { capabilities?: () => Response } = {}) {
  const log: string[] = [];
  let clock = 0;
  const space = connect(BASE, {
    codec: xml,
    credentials: { token: 'abc' },
    fetch: (async (url: string, init: RequestInit = {}) => {
      const body = init.body === undefined ? '' : await new Response(init.body).text();
      log.push(`${init.method} ${url}${url.includes('/phase') ? ` ${body}` : ''}`);
      if (url.endsWith('/capabilities')) return options.capabilities?.() ?? new Response(CAPABILITIES);
      return service(init.method ?? 'GET', new URL(url), body);
    }) as typeof fetch,
    runtime: { now: () => clock, random: () => 0, sleep: (ms) => Promise.resolve(void (clock += ms)) },
  });
  return { space, log };
}

function node(path: string, children: readonly string[] = [], type = 'ContainerNode'): string {
  const nodes = children.map((name) => `<vos:node xsi:type="vos:DataNode" uri="${ROOT}${path}/${name}"/>`).join('');
  return `<vos:node ${V} xsi:type="vos:${type}" uri="${ROOT}${path}"><vos:properties/><vos:nodes>${nodes}</vos:nodes></vos:node>`;
}

function job(phase: string, more = ''): Response {
  const namespaces = 'xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return new Response(`<uws:job ${namespaces} version="1.1"><uws:jobId>7</uws:jobId><uws:phase>${phase}</uws:phase>${more}</uws:job>`);
}

async function listed(space: Vospace, page: number): Promise<string> {
  let names = '';
  for await (const { uri } of space.nodes.children('/c', { page })) names += uri.at(-1);
  return names;
}

describe('resources', () => {
  test('are where the capabilities say, at the own origin where there is a choice', async () => {
    const { space, log } = client(() => new Response(node('')));
    expect(await space.session.endpoints.url('synctrans')).toBe(`${BASE}/synctrans`);
    expect(await space.session.endpoints.url('transfers')).toBe(`${BASE}/transfers`);
    expect(await space.authority()).toBe('cadc.test!cavern');
    expect(log.filter((line) => line.endsWith('/capabilities'))).toHaveLength(1);
    await expect(space.session.endpoints.url('views')).rejects.toMatchObject({ fault: 'OperationNotSupported' });
  });

  test('are in their usual places where there are no capabilities', async () => {
    const { space } = client(() => new Response(node('')), { capabilities: () => new Response('', { status: 404 }) });
    expect(await space.session.endpoints.url('synctrans')).toBe(`${BASE}/synctrans`);
  });
});

describe('children', () => {
  const names = Array.from('abcdefg');
  const from = (url: URL): number => names.indexOf(url.searchParams.get('uri')?.at(-1) ?? 'a');
  const limit = (url: URL): number => Number(url.searchParams.get('limit') ?? Infinity);

  test.each([
    ['as many as asked for', (url: URL) => names.slice(from(url), from(url) + limit(url))],
    ['three at most', (url: URL) => names.slice(from(url), from(url) + Math.min(3, limit(url)))],
    ['all, whatever is asked for', () => names],
    [
      'those after the one that was named',
      (url: URL) => names.slice(from(url) + (url.searchParams.has('uri') ? 1 : 0)).slice(0, limit(url)),
    ],
  ])('of a service that answers %s are listed once each', async (_, children) => {
    for (const page of [2, 3, 6, 7, 100]) {
      const { space } = client((__, url) => new Response(node('/c', children(url))));
      expect(await listed(space, page), `pages of ${page}`).toBe('abcdefg');
    }
  });

  test('of a service that always begins at the beginning are no endless list', async () => {
    const { space, log } = client((_, url) => new Response(node('/c', names.slice(0, limit(url)))));
    expect(await listed(space, 2)).toBe('ab');
    expect(log.length).toBeLessThan(5);
  });
});

describe('setting properties', () => {
  test('names the type that the node has', async () => {
    let sent = '';
    const { space } = client((method, _, body) => {
      if (method === 'POST') sent = body;
      return new Response(node('/d', [], 'StructuredDataNode'));
    });
    await space.nodes.set('/d', { properties: { 'urn:x': null } });
    expect(sent).toContain('xsi:type="vos:StructuredDataNode"');
    expect(sent).toContain('<vos:property uri="urn:x" xsi:nil="true"/>');
  });
});

describe('a negotiation', () => {
  const details = (endpoints: string): Response =>
    new Response(
      `<vos:transfer ${V} version="2.1"><vos:target>${ROOT}/a</vos:target><vos:direction>pullFromVoSpace</vos:direction>${endpoints}</vos:transfer>`,
    );
  const protocol = '<vos:protocol uri="urn:p"><vos:endpoint>https://store.test/a</vos:endpoint></vos:protocol>';

  test('asks with and without credentials, and follows to /xfer as to transferDetails', async () => {
    for (const path of ['/xfer/7', '/transfers/7/results/transferDetails']) {
      let asked = '';
      const { space } = client((method, url, body) => {
        if (method === 'POST') asked = body;
        if (method === 'POST') return new Response(null, { status: 303, headers: { Location: BASE + path } });
        return url.pathname.endsWith('/nodes') ? new Response(node('')) : details(protocol);
      });
      const { job: found, endpoints } = await space.transfers.request('pullFromVoSpace', '/a');
      expect([found, endpoints[0]?.url]).toEqual([`${BASE}/transfers/7`, 'https://store.test/a']);
      expect(asked.match(/<vos:protocol uri="[^"]*(?:httpsget|httpget)"/g)).toHaveLength(4);
      expect(asked).toContain('<vos:securityMethod uri="ivo://ivoa.net/sso#token"/>');
    }
  });

  test('that is answered at once needs no job', async () => {
    const { space } = client((_, url) => (url.pathname.endsWith('/nodes') ? new Response(node('')) : details(protocol)));
    expect((await space.transfers.request('pullFromVoSpace', '/a')).job).toBeUndefined();
  });

  test.each([
    ['<uws:errorSummary><uws:message>Node Not Found</uws:message></uws:errorSummary>', 'NodeNotFound vos://x', 'NodeNotFound', 'vos://x'],
    ['<uws:errorSummary><uws:message>odd</uws:message></uws:errorSummary>', 'PermissionDenied', 'PermissionDenied', 'odd'],
    ['<uws:errorSummary><uws:message>odd</uws:message></uws:errorSummary>', 'why ever', 'InternalFault', 'odd'],
    ['', 'QuotaExceeded full', 'QuotaExceeded', 'full'],
  ])('that fails has the fault of its job: %s with %s', async (summary, error, fault, detail) => {
    const { space } = client((method, url) => {
      if (method === 'POST')
        return new Response(null, { status: 303, headers: { Location: `${BASE}/transfers/7/results/transferDetails` } });
      if (url.pathname.endsWith('/nodes')) return new Response(node(''));
      if (url.pathname.endsWith('/error')) return new Response(error);
      return url.pathname.endsWith('/transfers/7') ? job('ERROR', summary) : details('');
    });
    await expect(space.transfers.request('pullFromVoSpace', '/a')).rejects.toMatchObject({ fault, detail });
  });
});

describe('a job', () => {
  test('is waited for by WAIT, told of, and started once', async () => {
    const phases = ['PENDING', 'QUEUED', 'EXECUTING', 'EXECUTING', 'COMPLETED'];
    const { space, log } = client((method) =>
      method === 'POST' ? new Response(null, { status: 303, headers: { Location: `${BASE}/transfers/7` } }) : job(phases.shift() ?? ''),
    );
    const told: string[] = [];
    const transfer = { targets: [`${ROOT}/a`], direction: 'pushToVoSpace', protocols: [], params: [] };
    const url = await space.transfers.submit(transfer);
    await space.jobs.completed(url, { progress: ({ phase }) => told.push(phase) });
    expect(told).toEqual(['PENDING', 'QUEUED', 'EXECUTING', 'EXECUTING', 'COMPLETED']);
    expect(log).toEqual([
      `GET ${BASE}/capabilities`,
      `POST ${BASE}/transfers`,
      `POST ${BASE}/transfers/7/phase PHASE=RUN`,
      `GET ${BASE}/transfers/7`,
      `GET ${BASE}/transfers/7?WAIT=30&PHASE=PENDING`,
      `GET ${BASE}/transfers/7?WAIT=30&PHASE=QUEUED`,
      `GET ${BASE}/transfers/7?WAIT=30&PHASE=EXECUTING`,
      `GET ${BASE}/transfers/7?WAIT=30&PHASE=EXECUTING`,
    ]);
  });

  test('that was aborted is a TransferFailed that says so', async () => {
    const { space } = client(() => job('ABORTED'));
    const error = await space.jobs.completed('7').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VospaceError);
    expect(error).toMatchObject({ fault: 'TransferFailed', detail: 'job 7 is ABORTED' });
  });

  test('is aborted and deleted, twice if the first answer was lost', async () => {
    let lost = true;
    const { space, log } = client((method) => {
      if (method === 'DELETE' && !lost) return new Response('', { status: 404 });
      lost = !lost;
      if (!lost) throw new TypeError('fetch failed');
      return new Response(null, { status: 303, headers: { Location: `${BASE}/transfers` } });
    });
    await space.jobs.abort('7');
    await space.jobs.delete(`${BASE}/transfers/7`);
    expect(log.slice(1)).toEqual([
      `POST ${BASE}/transfers/7/phase PHASE=ABORT`,
      `POST ${BASE}/transfers/7/phase PHASE=ABORT`,
      `DELETE ${BASE}/transfers/7`,
      `DELETE ${BASE}/transfers/7`,
    ]);
  });
});

// protocols, views and properties (VOSpace 2.1 section 6.1), capabilities and availability (VOSI 1.1).
import { describe, expect, test } from 'vitest';
import { core, PUBLIC_SHARE } from './documents.ts';
import { child, parseXml, uris, VOS, XSI, type Tree } from './tree.ts';
import { anonymous, expectStatus, newUser, service, unique } from './world.ts';

const me = await newUser('vosi');
const STANDARD = [
  'availableSpace',
  'btime',
  'contributor',
  'coverage',
  'creator',
  'ctime',
  'date',
  'description',
  'format',
  'groupread',
  'groupwrite',
  'identifier',
  'language',
  'length',
  'mtime',
  'publicread',
  'publisher',
  'quota',
  'relation',
  'rights',
  'source',
  'subject',
  'title',
  'type',
].map(core);

async function read(where: string): Promise<Tree> {
  const answer = await anonymous.get(where);
  expectStatus(answer, 200);
  expect(answer.header('content-type')).toMatch(/^(text|application)\/xml/);
  return parseXml(answer.text);
}

describe.each(['protocols', 'views', 'properties'])('GET /%s', (name) => {
  test('is a document of the VOSpace namespace with version 2.1, for everyone', async () => {
    const tree = await read(`/${name}`);
    expect([tree.name, tree.namespace, tree.attributes.get('version')]).toEqual([name, VOS, '2.1']);
  });
  test('lists what is accepted and what is provided, each by a URI and once', async () => {
    const tree = await read(`/${name}`);
    for (const list of ['accepts', 'provides']) {
      const found = uris(tree, list);
      expect(found, list).toBeDefined();
      expect(new Set(found).size).toBe(found?.length);
      for (const uri of found ?? []) expect(uri).toMatch(/^[a-z][a-z0-9+.-]*:\S+$/);
    }
  });
  test('can also be read by users who say who they are', async () => {
    expectStatus(await me.get(`/${name}`), 200);
  });
  test.each(['PUT', 'POST', 'DELETE'])('cannot be changed by %s', async (method) => {
    expectStatus(await me.send(method, `/${name}`, { body: '<x/>' }), 405);
  });
});

describe('the protocols', () => {
  test('provided are those of the standard for a server, and public share', async () => {
    const provided = uris(await read('/protocols'), 'provides');
    expect(provided).toEqual(expect.arrayContaining(['httpget', 'httpput', 'httpsget', 'httpsput'].map(core)));
    expect(provided).toContain(PUBLIC_SHARE);
  });
});

describe('the views', () => {
  test('are named by the URIs of the standard: any for imports, default for exports, binary for both', async () => {
    const tree = await read('/views');
    expect(uris(tree, 'accepts')).toEqual(expect.arrayContaining([core('anyview'), core('binaryview')]));
    expect(uris(tree, 'provides')).toEqual(expect.arrayContaining([core('defaultview'), core('binaryview')]));
    expect(uris(tree, 'accepts')).not.toContain(core('defaultview'));
    expect(uris(tree, 'provides')).not.toContain(core('anyview'));
  });
});

describe('the properties', () => {
  test('accepted and provided are together all those of the standard', async () => {
    const tree = await read('/properties');
    const known = new Set([...(uris(tree, 'accepts') ?? []), ...(uris(tree, 'provides') ?? [])]);
    expect(STANDARD.filter((uri) => !known.has(uri))).toEqual([]);
  });
  test('accepted are not those that only the service sets', async () => {
    const tree = await read('/properties');
    for (const name of ['length', 'MD5', 'date', 'creator', 'availableSpace']) {
      expect(uris(tree, 'accepts')).not.toContain(core(name));
      expect(uris(tree, 'provides')).toContain(core(name));
    }
  });
  test('contained are those that nodes have', async () => {
    const uri = `urn:${unique('property')}`;
    await me.made(me.fresh(), { type: 'DataNode', properties: { [uri]: 'x' } });
    await expect.poll(async () => uris(await read('/properties'), 'contains'), { timeout: 15_000 }).toContain(uri);
    expect(uris(await read('/properties'), 'contains')).toContain(core('length'));
  });
});

describe('the capabilities', () => {
  const NAMESPACE = 'http://www.ivoa.net/xml/VOSICapabilities/v1.0';
  const BINDINGS: Record<string, string> = {
    'ivo://ivoa.net/std/VOSI#capabilities': '/capabilities',
    'ivo://ivoa.net/std/VOSI#availability': '/availability',
    'ivo://ivoa.net/std/VOSpace/v2.0#nodes': '/nodes',
    'ivo://ivoa.net/std/VOSpace/v2.0#protocols': '/protocols',
    'ivo://ivoa.net/std/VOSpace/v2.0#views': '/views',
    'ivo://ivoa.net/std/VOSpace/v2.0#properties': '/properties',
    'ivo://ivoa.net/std/VOSpace/v2.0#transfers': '/transfers',
    'ivo://ivoa.net/std/VOSpace/v2.0#sync': '/sync',
    'ivo://ivoa.net/std/VOSpace#sync-2.1': '/synctrans',
    'ivo://ivoa.net/std/VOSpace#files-proto': '/files',
  };

  test('are a VOSI document with unqualified children, and declare xsi under that prefix', async () => {
    const answer = await anonymous.get('/capabilities');
    const tree = parseXml(answer.text);
    expect([tree.name, tree.namespace]).toEqual(['capabilities', NAMESPACE]);
    expect(tree.children.map(({ name, namespace }) => `{${namespace}}${name}`)).toEqual(tree.children.map(() => '{}capability'));
    expect(/<[^!?][^>]*>/.exec(answer.text)?.[0]).toContain(`xmlns:xsi="${XSI}"`);
  });

  test.each(Object.entries(BINDINGS))('have %s at %s', async (standardID, path) => {
    const capability = (await read('/capabilities')).children.find((each) => each.attributes.get('standardID') === standardID);
    const access =
      capability?.children.filter(({ name }) => name === 'interface').map((each) => child(each, 'accessURL')?.text.trim()) ?? [];
    expect(access.length, standardID).toBeGreaterThan(0);
    for (const url of access) expect(url).toBe(service.base + path);
  });

  test('give every interface a ParamHTTP type, the standard role, and a base URL', async () => {
    for (const capability of (await read('/capabilities')).children) {
      for (const each of capability.children.filter(({ name }) => name === 'interface')) {
        expect(each.type).toEqual({ namespace: 'http://www.ivoa.net/xml/VODataService/v1.1', local: 'ParamHTTP' });
        expect(each.attributes.get('role')).toBe('std');
        expect(child(each, 'accessURL')?.attributes.get('use')).toMatch(/^(base|full)$/);
      }
    }
  });

  test('tell that nodes can be read by the anonymous, and by users with passwords', async () => {
    const capability = (await read('/capabilities')).children.find(
      (each) => each.attributes.get('standardID') === 'ivo://ivoa.net/std/VOSpace/v2.0#nodes',
    );
    const methods = capability?.children.flatMap((each) =>
      each.children.filter(({ name }) => name === 'securityMethod').map((method) => method.attributes.get('standardID')),
    );
    expect(methods).toEqual(expect.arrayContaining([undefined, 'ivo://ivoa.net/sso#BasicAA']));
  });

  test('have standardIDs of scheme, authority and path, each once', async () => {
    const ids = (await read('/capabilities')).children.map((each) => each.attributes.get('standardID') ?? '');
    for (const id of ids) expect(id).toMatch(/^ivo:\/\/[^/]+\/.+/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lead to resources that answer', async () => {
    for (const [standardID, path] of Object.entries(BINDINGS)) {
      const answer = await me.get(path === '/files' || path === '/nodes' ? `${path}${me.home}?limit=0` : path);
      expect(answer.status, `${standardID} ${answer.text.slice(0, 100)}`).toBeLessThan(500);
      expect(answer.status === 404, `${standardID} ${path}`).toBe(false);
    }
  });
});

test('the availability is a VOSI document that says the service is available', async () => {
  const tree = await read('/availability');
  expect([tree.name, tree.namespace]).toEqual(['availability', 'http://www.ivoa.net/xml/VOSIAvailability/v1.0']);
  expect(child(tree, 'available')?.text).toBe('true');
  expect(child(tree, 'available')?.namespace).toBe('http://www.ivoa.net/xml/VOSIAvailability/v1.0');
});

test('a resource that does not exist is a 404 as plain text', async () => {
  for (const where of ['/no-such-resource', '/searches', '/nodesx', '/capabilities/x']) {
    const answer = await me.get(where);
    expect([answer.status, answer.header('content-type')?.startsWith('text/plain')], where).toEqual([404, true]);
  }
});

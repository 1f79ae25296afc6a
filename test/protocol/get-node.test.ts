// getNode: VOSpace 2.1 section 6.3.1. Listings have a file of their own.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { child, parseXml, readNode, uris } from './tree.ts';
import { admin, anonymous, expectFault, expectStatus, newUser, nodeIn, ours, service, unique, uriOf } from './world.ts';

const me = await newUser('get');
const container = await me.made(me.fresh('container'), { properties: { [core('title')]: 'C' } });
const data = await me.stored(`${container}/data`, 'some bytes', { 'content-type': 'text/plain' });
await me.set(data, { properties: { [core('title')]: 'D', 'urn:mine': '1' } });
const link = await me.made(`${container}/link`, { type: 'LinkNode', target: uriOf(data), properties: { [core('title')]: 'L' } });

test('a node is answered with 200, text/xml and version 2.1', async () => {
  const answer = await me.get(`/nodes${data}`);
  expect(nodeIn(answer).version).toBe('2.1');
  expect(answer.header('content-type')).toMatch(/^(text|application)\/xml/);
});

test('a node has its uri, its properties and its capabilities', async () => {
  const tree = parseXml((await me.get(`/nodes${data}`)).text);
  expect(tree.attributes.get('uri')).toBe(uriOf(data));
  expect(child(tree, 'properties')?.children.length).toBeGreaterThan(3);
  expect(child(tree, 'capabilities')).toBeDefined();
});

test('every capability of a node has a uri and an endpoint', async () => {
  const tree = parseXml((await me.get(`/nodes${container}`)).text);
  for (const capability of child(tree, 'capabilities')?.children ?? []) {
    expect(capability.attributes.get('uri')).toMatch(/^[a-z]+:/);
    expect(child(capability, 'endpoint')?.text).toMatch(/^https?:/);
  }
});

test('a data node tells which views it accepts and provides', async () => {
  const node = await me.read(data);
  expect(node.accepts?.length).toBeGreaterThan(0);
  expect(node.provides?.length).toBeGreaterThan(0);
});

test('the views of a node are among the views of the service, or among those that these cover', async () => {
  const views = parseXml((await me.get('/views')).text);
  const node = await me.read(data);
  const accepts = uris(views, 'accepts') ?? [];
  const provides = uris(views, 'provides') ?? [];
  for (const view of node.accepts ?? []) expect(accepts).toContain(view);
  for (const view of node.provides ?? []) expect(provides).toContain(view);
});

test('a data node at rest is not busy', async () => {
  expect((await me.read(data)).busy ?? 'false').toBe('false');
});

test('a link is answered itself, with its target', async () => {
  const node = await me.read(link);
  expect([node.type, node.target, node.properties.get(core('title'))?.value]).toEqual(['LinkNode', uriOf(data), 'L']);
});

test('a property with markup, line ends and other scripts comes back as it was sent', async () => {
  const value = ' <b>&amp; "quoted" \'single\' ]]>\n\tline\r\nзвезда 星 🔭 ';
  const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [core('description')]: value } });
  expect((await me.read(path)).properties.get(core('description'))?.value).toBe(value);
});

describe('detail', () => {
  test('min leaves uri and type, and nothing that is optional', async () => {
    const node = await me.read(data, '?detail=min');
    expect(node.uri).toBe(uriOf(data));
    expect(node.type).toMatch(/DataNode$/);
    expect(node.properties.size).toBe(0);
    expect([node.accepts ?? [], node.provides ?? []]).toEqual([[], []]);
  });

  test('min of a container lists the children, equally short', async () => {
    const node = await me.read(container, '?detail=min');
    expect(node.properties.size).toBe(0);
    expect(node.nodes?.map((each) => [each.uri, each.properties.size])).toEqual([
      [uriOf(data), 0],
      [uriOf(link), 0],
    ]);
  });

  test('properties gives the properties without the parts of the type', async () => {
    const node = await me.read(data, '?detail=properties');
    expect(node.properties.get('urn:mine')?.value).toBe('1');
    expect([node.accepts ?? [], node.provides ?? []]).toEqual([[], []]);
  });

  test('max gives everything', async () => {
    const node = await me.read(data, '?detail=max');
    expect(node.properties.get('urn:mine')?.value).toBe('1');
    expect(node.order).toEqual(['properties', 'accepts', 'provides', 'capabilities']);
  });

  test('absent is the full record', async () => {
    const [full, max] = [await me.read(data), await me.read(data, '?detail=max')];
    expect(full.order).toEqual(max.order);
    for (const [uri, property] of full.properties) expect(max.properties.get(uri)).toEqual(property);
  });

  test('min of a link still has its type', async () => {
    expect((await me.read(link, '?detail=min')).type).toBe('LinkNode');
  });

  test.each(['full', 'MIN', ''])('with the unknown value %j is InvalidArgument', async (value) => {
    expectFault(await me.get(`/nodes${data}?detail=${value}`), 'InvalidArgument', 'detail');
  });
});

test('query parameters that nobody knows are ignored', async () => {
  expectStatus(await me.get(`/nodes${data}?no-such-parameter=1&_=2`), 200);
});

describe('a node that does not exist', () => {
  test('is NodeNotFound with its URI', async () => {
    const path = me.fresh();
    expectFault(await me.get(`/nodes${path}`), 'NodeNotFound', uriOf(path));
  });
  test('is NodeNotFound also below a missing container', async () => {
    expectFault(await me.get(`/nodes${me.fresh()}/b/c`), 'NodeNotFound');
  });
  test('is NodeNotFound below a data node', async () => {
    expectFault(await me.get(`/nodes${data}/x`), 'NodeNotFound');
  });
  test('is told as plain text, the name and one space before the details', async () => {
    const answer = await me.get(`/nodes${me.fresh()}`);
    expect(answer.header('content-type')).toMatch(/^text\/plain/);
    expect(answer.text).toMatch(/^NodeNotFound \S/);
  });
  test('is told in the same way whatever the detail', async () => {
    const path = me.fresh();
    const texts = await Promise.all(['', '?detail=min', '?limit=0'].map(async (query) => (await me.get(`/nodes${path}${query}`)).text));
    expect(new Set(texts).size).toBe(1);
  });
});

test('a link in the path is LinkFound with the link in its details', async () => {
  const toContainer = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(container) });
  expectFault(await me.get(`/nodes${toContainer}/data`), 'LinkFound', uriOf(toContainer));
});

describe('the root', () => {
  test.each(['/nodes?limit=0', '/nodes/?limit=0'])('is a ContainerNode at GET %s', async (where) => {
    const node = nodeIn(await me.get(where));
    expect([node.type, node.uri.replace(/\/$/, '')]).toEqual(['ContainerNode', uriOf('')]);
  });
  ours('of this service', () => {
    test('lists the top-level containers, for everyone', async () => {
      for (const client of [me, anonymous, admin]) {
        const node = nodeIn(await client.get('/nodes?detail=min'));
        expect(node.nodes?.map((each) => each.uri)).toContain(uriOf(me.home));
      }
    });
    test('answers NodeNotFound for a top-level name that does not exist', async () => {
      expectFault(await anonymous.get(`/nodes/${unique('absent')}`), 'NodeNotFound');
    });
  });
});

test('an empty protocols document sent to a node is answered with the protocols of the node', async () => {
  const body = '<vos:protocols xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" version="2.1"/>';
  const answer = await me.post(`/nodes${data}`, body);
  expectStatus(answer, 200);
  const tree = parseXml(answer.text);
  expect(tree.name).toBe('protocols');
  expect(uris(tree, 'provides')).toContain(core('httpget'));
});

test.each(['PATCH', 'PROPFIND'])('the method %s on a node is refused with 405', async (method) => {
  expectStatus(await me.send(method, `/nodes${data}`), 405);
});

test('a node can be read by any client that speaks 2.0: the namespace is that of version 2.0', async () => {
  expect(() => readNode(parseXml('<node xmlns="http://www.ivoa.net/xml/VOSpace/v2.1"/>'))).toThrow('not a vos:node');
  expect((await me.read(data)).uri).toContain(service.authority);
});

// The same nodes, transfers and faults as JSON, for clients that ask for application/json.
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, query, transferDocument } from './documents.ts';
import { expectStatus, newUser, service, uriOf } from './world.ts';

const me = await newUser('json');
const JSON_TYPE = 'application/json';
const ACCEPT = { accept: JSON_TYPE };

interface JsonNode {
  readonly uri: string;
  readonly type: string;
  readonly properties: Record<string, string>;
  readonly readOnly: readonly string[];
  readonly busy?: boolean;
  readonly target?: string;
  readonly accepts: readonly { readonly uri: string }[];
  readonly provides: readonly { readonly uri: string }[];
  readonly capabilities: readonly unknown[];
  readonly nodes?: readonly JsonNode[];
}
interface JsonTransfer {
  readonly target: string;
  readonly direction: string;
  readonly protocols: readonly { readonly uri: string; readonly endpoint: string; readonly securityMethods?: readonly string[] }[];
}

function parse<T>(answer: Answer, status = 200): T {
  expectStatus(answer, status);
  expect(answer.header('content-type')).toMatch(/^application\/json/);
  return JSON.parse(answer.text) as T;
}
function create(path: string, document: object): Promise<Answer> {
  return me.send('PUT', `/nodes${path}`, {
    body: JSON.stringify({ uri: uriOf(path), ...document }),
    headers: { 'content-type': JSON_TYPE, ...ACCEPT },
  });
}
function set(path: string, document: object): Promise<Answer> {
  return me.send('POST', `/nodes${path}`, {
    body: JSON.stringify({ uri: uriOf(path), ...document }),
    headers: { 'content-type': JSON_TYPE, ...ACCEPT },
  });
}
async function get(path: string, more = ''): Promise<JsonNode> {
  return parse(await me.get(`/nodes${path}${more}`, ACCEPT));
}

describe('a node in JSON', () => {
  test('is created with 201 and answered in JSON', async () => {
    const path = me.fresh();
    const node = parse<JsonNode>(await create(path, { type: 'DataNode', properties: { [core('title')]: 'T', 'urn:x': 'y' } }), 201);
    expect(node).toMatchObject({ uri: uriOf(path), type: 'DataNode', properties: { [core('title')]: 'T', 'urn:x': 'y' } });
  });

  test('has the content that it has in XML', async () => {
    const path = await me.stored(me.fresh(), 'bytes', { 'content-type': 'text/plain' });
    await me.set(path, { properties: { 'urn:x': ' <&> \n"é" ' } });
    const [json, xml] = [await get(path), await me.read(path)];
    expect(json.uri).toBe(xml.uri);
    expect(json.type).toBe(xml.type);
    expect(new Map(Object.entries(json.properties))).toEqual(new Map([...xml.properties].map(([uri, { value }]) => [uri, value])));
    expect(new Set(json.readOnly)).toEqual(new Set([...xml.properties].filter(([, { readOnly }]) => readOnly).map(([uri]) => uri)));
    expect(json.accepts.map(({ uri }) => uri)).toEqual(xml.accepts);
    expect(json.provides.map(({ uri }) => uri)).toEqual(xml.provides);
  });

  test('of a link has its target', async () => {
    const path = me.fresh('link');
    expect(parse<JsonNode>(await create(path, { type: 'LinkNode', target: 'urn:target' }), 201).target).toBe('urn:target');
    expect((await get(path)).target).toBe('urn:target');
    expect((await me.read(path)).target).toBe('urn:target');
  });

  test('of a container has its children', async () => {
    const path = await me.made(me.fresh());
    await me.made(`${path}/a`);
    await me.made(`${path}/b`, { type: 'DataNode' });
    expect((await get(path)).nodes?.map(({ uri, type }) => [uri, type])).toEqual([
      [uriOf(`${path}/a`), 'ContainerNode'],
      [uriOf(`${path}/b`), expect.stringMatching(/DataNode$/)],
    ]);
    expect((await get(path, '?limit=0')).nodes ?? []).toEqual([]);
    expect((await get(path, '?limit=1')).nodes).toHaveLength(1);
  });

  test('with detail=min has no properties', async () => {
    expect((await get(await me.stored(me.fresh(), 'x'), '?detail=min')).properties ?? {}).toEqual({});
  });

  test('sets, blanks and deletes properties', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode', properties: { 'urn:a': '1', 'urn:b': '2', 'urn:c': '3' } });
    const node = parse<JsonNode>(await set(path, { type: 'DataNode', properties: { 'urn:a': 'one', 'urn:b': '', 'urn:c': null } }));
    expect([node.properties['urn:a'], node.properties['urn:b'], 'urn:c' in node.properties]).toEqual(['one', '', false]);
    expect((await me.read(path)).properties.get('urn:b')?.value).toBe('');
  });

  test('can be sent back as it came', async () => {
    const path = await me.stored(me.fresh(), 'bytes');
    const node = await get(path);
    parse<JsonNode>(
      await me.send('POST', `/nodes${path}`, {
        body: JSON.stringify(node),
        headers: { 'content-type': `${JSON_TYPE}; charset=utf-8`, ...ACCEPT },
      }),
    );
    const container = await me.made(me.fresh());
    await me.made(`${container}/child`);
    parse<JsonNode>(
      await me.send('POST', `/nodes${container}`, {
        body: JSON.stringify(await get(container)),
        headers: { 'content-type': JSON_TYPE, ...ACCEPT },
      }),
    );
  });

  test('and in XML may be mixed: the document in one, the answer in the other', async () => {
    const path = me.fresh();
    const answer = await me.send('PUT', `/nodes${path}`, {
      body: JSON.stringify({ uri: uriOf(path), type: 'ContainerNode', properties: {} }),
      headers: { 'content-type': JSON_TYPE },
    });
    expectStatus(answer, 201);
    expect(answer.header('content-type')).toMatch(/xml/);
  });

  test('keeps keys that mean something elsewhere', async () => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
      const path = me.fresh();
      parse<JsonNode>(await create(path, { type: 'DataNode', properties: { [key]: 'own' } }), 201);
      expect(Object.entries((await get(path)).properties)).toContainEqual([key, 'own']);
    }
  });

  test('with the key __proto__ is kept or refused, and harms nothing', async () => {
    const path = me.fresh();
    const body = `{"uri": ${JSON.stringify(uriOf(path))}, "type": "DataNode", "properties": {"__proto__": "x"}, "__proto__": {"type": "ContainerNode"}}`;
    expectStatus(await me.send('PUT', `/nodes${path}`, { body, headers: { 'content-type': JSON_TYPE } }), 201, 400);
    expectStatus(await me.get(`/nodes${me.home}?limit=0`), 200);
  });
});

describe('which form an answer has', () => {
  test.each([
    [undefined, 'xml'],
    ['*/*', 'xml'],
    ['text/xml', 'xml'],
    ['application/xml', 'xml'],
    ['application/json', 'json'],
    ['text/xml, application/json;q=0.5', 'xml'],
    ['application/json, text/xml;q=0.5', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml'],
  ])('follows Accept: %s', async (accept, form) => {
    const answer = await me.get(`/nodes${me.home}?limit=0`, accept === undefined ? {} : { accept });
    expectStatus(answer, 200);
    expect(answer.header('content-type')).toContain(form);
  });
  test('is told to caches', async () => {
    expect((await me.get(`/nodes${me.home}?limit=0`, ACCEPT)).header('vary') ?? '').toMatch(/accept/i);
  });
});

describe('a fault in JSON', () => {
  test('has the status and the name that it has as text', async () => {
    const path = me.fresh();
    expect(parse(await me.get(`/nodes${path}`, ACCEPT), 404)).toEqual({
      fault: 'NodeNotFound',
      detail: expect.stringContaining(uriOf(path)),
    });
    const existing = await me.made(me.fresh());
    expect(parse(await create(existing, { type: 'ContainerNode', properties: {} }), 409)).toMatchObject({ fault: 'DuplicateNode' });
    expect(parse(await me.get(`/nodes${existing}?limit=-1`, ACCEPT), 400)).toMatchObject({ fault: 'InvalidArgument' });
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a word', '"node"'],
    ['two values', '{}{}'],
    ['no uri', '{"type": "ContainerNode", "properties": {}}'],
    ['a uri that is a number', '{"uri": 1, "type": "ContainerNode", "properties": {}}'],
    ['properties that are a list', '{"uri": "URI", "type": "ContainerNode", "properties": []}'],
    ['a property that is a number', '{"uri": "URI", "type": "ContainerNode", "properties": {"urn:x": 1}}'],
    ['a property that is an object', '{"uri": "URI", "type": "ContainerNode", "properties": {"urn:x": {}}}'],
    ['a target that is a number', '{"uri": "URI", "type": "LinkNode", "properties": {}, "target": 1}'],
    ['deep nesting', `{"uri": "URI", "type": "ContainerNode", "properties": {}, "nodes": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ])('for %s is a fault of the client', async (_, body) => {
    const path = me.fresh();
    const answer = await me.send('PUT', `/nodes${path}`, {
      body: body.replace('URI', uriOf(path)),
      headers: { 'content-type': JSON_TYPE, ...ACCEPT },
    });
    expect(parse<{ fault: string }>(answer, 400).fault).toMatch(/^Invalid(Argument|URI)$/);
    expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('for an unknown type is TypeNotSupported', async () => {
    expect(parse(await create(me.fresh(), { type: 'FooNode', properties: {} }), 400)).toMatchObject({ fault: 'TypeNotSupported' });
  });

  test('for another uri than that of the URL is InvalidURI', async () => {
    expect(parse(await create(me.fresh(), { uri: uriOf(me.fresh()), type: 'ContainerNode', properties: {} }), 400)).toMatchObject({
      fault: 'InvalidURI',
    });
  });
});

describe('a transfer in JSON', () => {
  function post(document: object): Promise<Answer> {
    return me.send('POST', '/synctrans', { body: JSON.stringify(document), headers: { 'content-type': JSON_TYPE, ...ACCEPT } });
  }

  test('is negotiated, and its details are JSON for those who ask', async () => {
    const path = await me.stored(me.fresh(), 'json bytes');
    const started = await post({ target: uriOf(path), direction: 'pullFromVoSpace', protocols: [{ uri: core('httpget') }] });
    expectStatus(started, 303);
    const details = parse<JsonTransfer>(await me.get(started.header('location') ?? '', ACCEPT));
    expect([details.target, details.direction, details.protocols[0]?.uri]).toEqual([uriOf(path), 'pullFromVoSpace', core('httpget')]);
    expect((await me.get(details.protocols[0]?.endpoint ?? '')).text).toBe('json bytes');
  });

  test('uploads with a stated length', async () => {
    const path = me.fresh();
    const started = await post({
      target: uriOf(path),
      direction: 'pushToVoSpace',
      protocols: [{ uri: core('httpput') }],
      params: [{ uri: core('length'), value: '6' }],
    });
    expectStatus(started, 303);
    const details = parse<JsonTransfer>(await me.get(started.header('location') ?? '', ACCEPT));
    expectStatus(await me.send('PUT', details.protocols[0]?.endpoint ?? '', { body: 'pushed' }), 200, 201);
    await expect.poll(async () => (await get(path)).properties[core('length')], { timeout: 15_000 }).toBe('6');
  });

  test('shows a busy node until its bytes have come', async () => {
    const path = me.fresh();
    expectStatus(await post({ target: uriOf(path), direction: 'pushToVoSpace', protocols: [{ uri: core('httpput') }] }), 303);
    expect((await get(path)).busy).toBe(true);
  });

  test('echoes security methods if and only if they were sent', async () => {
    const method = 'ivo://ivoa.net/sso#BasicAA';
    const target = uriOf(await me.stored(me.fresh(), 'x'));
    const details = async (protocol: object): Promise<JsonTransfer> =>
      parse(await me.get((await post({ target, direction: 'pullFromVoSpace', protocols: [protocol] })).header('location') ?? '', ACCEPT));
    expect((await details({ uri: core('httpget'), securityMethods: [method] })).protocols[0]?.securityMethods).toEqual([method]);
    expect((await details({ uri: core('httpget') })).protocols[0]?.securityMethods ?? []).toEqual([]);
  });

  test('by parameters is answered in JSON', async () => {
    const target = uriOf(await me.stored(me.fresh(), 'x'));
    const answer = await me.get(`/synctrans?${query({ TARGET: target, DIRECTION: 'pullFromVoSpace', PROTOCOL: core('httpget') })}`, ACCEPT);
    expect(parse<JsonTransfer>(answer).protocols[0]?.endpoint).toMatch(/^https?:/);
  });

  test('that was negotiated in XML can be read in JSON', async () => {
    const started = await me.post('/synctrans', transferDocument({ target: uriOf(await me.stored(me.fresh(), 'x')) }));
    expect(parse<JsonTransfer>(await me.get(started.header('location') ?? '', ACCEPT)).protocols).not.toEqual([]);
    const job = (started.header('location') ?? '').replace('/results/transferDetails', '');
    expect(job.startsWith(service.base)).toBe(true);
    expect(parse<{ jobId: string }>(await me.get(job, ACCEPT)).jobId).toBe(job.slice(job.lastIndexOf('/') + 1));
  });

  test.each([
    ['no target', { direction: 'pullFromVoSpace', protocols: [] }],
    ['no direction', { target: 'vos://x~y/z', protocols: [] }],
    ['protocols that are words', { target: 'vos://x~y/z', direction: 'pullFromVoSpace', protocols: ['urn:x'] }],
    ['a target that is a list', { target: ['vos://x~y/z'], direction: 'pullFromVoSpace', protocols: [] }],
  ])('with %s is a fault of the client', async (_, document) => {
    expect(parse<{ fault: string }>(await post(document), 400).fault).toMatch(/^Invalid(Argument|URI)$/);
  });
});

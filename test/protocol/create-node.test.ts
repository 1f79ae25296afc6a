// createNode: VOSpace 2.1 section 6.2.1, and the identifiers of section 2.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { VOS, XSI } from './tree.ts';
import { admin, anonymous, expectFault, expectOneFault, expectStatus, newUser, nodeIn, ours, service, unique, uriOf } from './world.ts';

const me = await newUser('create');

/** "a service MAY substitute a valid subtype" (section 6.2.1). */
const SUBTYPES: Record<string, readonly string[]> = {
  Node: ['Node', 'DataNode', 'UnstructuredDataNode', 'StructuredDataNode', 'ContainerNode'],
  DataNode: ['DataNode', 'UnstructuredDataNode', 'StructuredDataNode'],
  UnstructuredDataNode: ['UnstructuredDataNode'],
  StructuredDataNode: ['StructuredDataNode'],
  ContainerNode: ['ContainerNode'],
  LinkNode: ['LinkNode'],
};

describe('a created node', () => {
  test.each(Object.keys(SUBTYPES))('of type %s is answered with 201 and its document, and can be read', async (type) => {
    const path = me.fresh(type);
    const answer = await me.create(path, { type, ...(type === 'LinkNode' ? { target: uriOf(me.home) } : {}) });
    const node = nodeIn(answer, 201);
    expect(SUBTYPES[type]).toContain(node.type);
    expect(node.uri).toBe(uriOf(path));
    expect((await me.read(path)).type).toBe(node.type);
  });

  test('without xsi:type is a Node or a subtype of it', async () => {
    const path = me.fresh();
    expect(SUBTYPES['Node']).toContain(nodeIn(await me.create(path, { type: null }), 201).type);
  });

  test('is answered as text/xml with version 2.1', async () => {
    const answer = await me.create(me.fresh());
    expect(nodeIn(answer, 201).version).toBe('2.1');
    expect(answer.header('content-type')).toMatch(/^(text|application)\/xml/);
  });

  test('has the properties of the document', async () => {
    const properties = { [core('title')]: 'A title', [core('description')]: 'x < y & z', 'urn:own': 'mine' };
    const node = nodeIn(await me.create(me.fresh(), { type: 'DataNode', properties }), 201);
    for (const [uri, value] of Object.entries(properties)) expect(node.properties.get(uri)?.value).toBe(value);
  });

  test('ignores a property whose value is nil', async () => {
    const node = nodeIn(await me.create(me.fresh(), { properties: { [core('title')]: null } }), 201);
    expect(node.properties.has(core('title'))).toBe(false);
  });

  test('ignores the values of properties that only the service sets', async () => {
    const properties = { [core('length')]: '999', [core('MD5')]: 'f'.repeat(32), [core('date')]: '2001-01-01T00:00:00.000' };
    const path = await me.made(me.fresh(), { type: 'DataNode', properties });
    const node = await me.read(path);
    expect(node.properties.get(core('length'))?.value ?? '0').toBe('0');
    expect(node.properties.get(core('MD5'))?.value).not.toBe('f'.repeat(32));
    expect(node.properties.get(core('date'))?.value).not.toMatch(/^2001/);
  });

  test('takes its accepts from the service and not from the document', async () => {
    const more =
      '<vos:accepts><vos:view uri="urn:invented"/></vos:accepts><vos:provides><vos:view uri="urn:invented"/></vos:provides><vos:capabilities/>';
    const node = nodeIn(await me.create(me.fresh(), { type: 'DataNode', more }), 201);
    expect(node.accepts?.length).toBeGreaterThan(0);
    expect([...(node.accepts ?? []), ...(node.provides ?? [])]).not.toContain('urn:invented');
  });

  test('as a data node has length 0 and no bytes', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode' });
    expect((await me.read(path)).properties.get(core('length'))?.value).toBe('0');
    expect(await me.bytes(path)).toBe('');
  });

  test('as a container is empty, also when the document lists children', async () => {
    const path = me.fresh();
    const more = `<vos:nodes><vos:node xsi:type="vos:DataNode" uri="${uriOf(`${path}/child`)}"><vos:properties/></vos:node></vos:nodes>`;
    expectStatus(await me.create(path, { more }), 201, 400);
    expectStatus(await me.get(`/nodes${path}/child`), 404);
  });

  test.each([
    ['another node', () => uriOf(`${me.home}/other`)],
    ['a node that does not exist', () => uriOf('/no/such/node')],
    ['a node of another VOSpace', () => 'vos://example.org~elsewhere/a/b'],
    ['a web page', () => 'https://example.org/page?q=1#part'],
    ['a URN', () => 'urn:isbn:0451450523'],
  ])('as a link may point to %s', async (_, target) => {
    const node = nodeIn(await me.create(me.fresh('link'), { type: 'LinkNode', target: target() }), 201);
    expect(node.target).toBe(target());
  });

  test('may come from a document in the form of the OpenCADC client', async () => {
    const path = me.fresh();
    const document =
      `<node xmlns:ns1="${VOS}" xmlns:xsi="${XSI}" xmlns="${VOS}" xmlns:vos="${VOS}" xsi:type="vos:ContainerNode" uri="${uriOf(path)}">` +
      `<ns1:properties /><ns1:accepts><view uri="${core('defaultview')}" /></ns1:accepts><ns1:provides><view uri="${core('defaultview')}" />` +
      '<view uri="ivo://cadc.nrc.ca/vospace/view#rss" /></ns1:provides><ns1:nodes /></node>';
    expect(nodeIn(await me.send('PUT', `/nodes${path}`, { body: document }), 201).type).toBe('ContainerNode');
  });

  test.each([undefined, 'application/xml', 'text/xml; charset=utf-8'])('may be sent with Content-Type %s', async (type) => {
    const path = me.fresh();
    const body = `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:ContainerNode" uri="${uriOf(path)}"><v:properties/><v:nodes/></v:node>`;
    expectStatus(await me.send('PUT', `/nodes${path}`, { body, headers: type === undefined ? {} : { 'content-type': type } }), 201);
  });

  ours('at the top level', () => {
    test('is for administrators', async () => {
      const path = `/${unique('top')}`;
      expectFault(await me.create(path), 'PermissionDenied');
      expectStatus(await admin.create(path), 201);
      expectStatus(await admin.remove(path), 204);
    });
    test('cannot be the root again', async () => {
      expectFault(
        await admin.send('PUT', '/nodes', {
          body: `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:ContainerNode" uri="${uriOf('')}"><v:properties/><v:nodes/></v:node>`,
        }),
        'DuplicateNode',
      );
    });
  });
});

describe('the element order of the schema', () => {
  test.each([
    ['ContainerNode', ['properties', 'accepts', 'provides', 'capabilities', 'nodes']],
    ['DataNode', ['properties', 'accepts', 'provides', 'capabilities']],
    ['LinkNode', ['properties', 'target']],
  ])('holds in a %s', async (type, order) => {
    const node = nodeIn(await me.create(me.fresh(), { type, ...(type === 'LinkNode' ? { target: 'urn:x' } : {}) }), 201);
    expect(node.order).toEqual(order);
  });
});

describe('the uri of the document', () => {
  test('may spell the authority with ! or ~, and is always answered in the spelling of the service', async () => {
    for (const separator of ['!', '~']) {
      const path = me.fresh();
      const node = nodeIn(await me.create(path, {}, uriOf(path, service.authority.replace(/[!~]/g, separator))), 201);
      expect(node.uri).toBe(uriOf(path));
    }
  });

  test('is a vos:// URI with the authority of the service', () => {
    expect(service.authority).toMatch(/^[^!~/]+[!~]/);
    expect(service.authority).not.toMatch(/!.*~|~.*!/);
  });

  test('that differs from the URL is InvalidURI, and nothing is created', async () => {
    const [path, other] = [me.fresh(), me.fresh()];
    expectFault(await me.create(path, {}, uriOf(other)), 'InvalidURI');
    expectStatus(await me.get(`/nodes${path}`), 404);
    expectStatus(await me.get(`/nodes${other}`), 404);
  });

  test.each([
    ['another authority', (path: string) => `vos://example.org~elsewhere${path}`],
    ['another scheme', (path: string) => `ivo://${service.authority}${path}`],
    ['an http URL', (path: string) => `${service.base}/nodes${path}`],
    ['no scheme', (path: string) => path],
    ['an empty segment', (path: string) => uriOf(path.replace(/\/([^/]*)$/, '//$1'))],
    ['a dot segment', (path: string) => uriOf(path.replace(/\/([^/]*)$/, '/x/../$1'))],
    ['a literal space', (path: string) => uriOf(`${path} x`)],
    ['a broken escape', (path: string) => uriOf(`${path}%zz`)],
    ['a query', (path: string) => `${uriOf(path)}?a=b`],
    ['no text at all', () => ''],
  ])('with %s is InvalidURI', async (_, uri) => {
    const path = me.fresh();
    expectFault(await me.create(path, {}, uri(path)), 'InvalidURI');
    expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('is required', async () => {
    const answer = await me.send('PUT', `/nodes${me.fresh()}`, {
      body: `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:ContainerNode"><v:properties/><v:nodes/></v:node>`,
    });
    expectOneFault(answer, 'InvalidURI', 'InvalidArgument');
  });
});

describe('a refusal', () => {
  test('of an existing name is DuplicateNode with its URI, and leaves the node alone', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [core('title')]: 'first' } });
    expectFault(await me.create(path, { type: 'DataNode', properties: { [core('title')]: 'second' } }), 'DuplicateNode', uriOf(path));
    expectFault(await me.create(path, { type: 'ContainerNode' }), 'DuplicateNode');
    const node = await me.read(path);
    expect([node.type.endsWith('DataNode'), node.properties.get(core('title'))?.value]).toEqual([true, 'first']);
  });

  test.each(['FooNode', 'dataNode', 'Property', 'container'])('of the type %s is TypeNotSupported with its name', async (type) => {
    const path = me.fresh();
    expectFault(await me.create(path, { type }), 'TypeNotSupported', type);
    expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test.each([
    ['of another namespace', 'xmlns:o="urn:other"', 'o:DataNode'],
    ['with an unbound prefix', '', 'o:DataNode'],
    ['without prefix and default namespace', '', 'DataNode'],
  ])('of a type %s is TypeNotSupported', async (_, declaration, type) => {
    const path = me.fresh();
    const body = `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" ${declaration} i:type="${type}" uri="${uriOf(path)}"><v:properties/></v:node>`;
    expectOneFault(await me.send('PUT', `/nodes${path}`, { body }), 'TypeNotSupported', 'InvalidArgument');
  });

  test('because a parent is missing is ContainerNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.create(`${path}/b`), 'ContainerNotFound');
    expectFault(await me.create(`${path}/b/c`), 'ContainerNotFound');
  });

  test('because a parent is a data node is ContainerNotFound', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode' });
    expectFault(await me.create(`${path}/b`), 'ContainerNotFound');
  });

  test('because a parent is a link is LinkFound with the link in its details', async () => {
    const container = await me.made(me.fresh());
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(container) });
    for (const path of [`${link}/b`, `${link}/b/c`]) expectFault(await me.create(path), 'LinkFound', uriOf(link));
    expect((await me.read(container)).nodes).toEqual([]);
  });

  test('of a link without target is a fault of the client', async () => {
    expectOneFault(await me.create(me.fresh(), { type: 'LinkNode' }), 'InvalidArgument', 'InvalidURI');
  });

  test.each(['', 'not a uri', '/relative/path', 'vos://a b/c'])('of a link with target %j is a fault of the client', async (target) => {
    expectOneFault(await me.create(me.fresh(), { type: 'LinkNode', target }), 'InvalidArgument', 'InvalidURI');
  });

  test('of an anonymous client asks for authentication', async () => {
    expectFault(await anonymous.create(me.fresh()), 'NotAuthenticated');
  });
});

test('of many creations of one path at once exactly one succeeds', async () => {
  const path = me.fresh();
  const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await me.create(path)).status));
  expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
});

describe('the reserved name .auto', () => {
  test('lets the service choose the name, and the document tells it', async () => {
    const parent = await me.made(me.fresh());
    const names = await Promise.all(
      ['DataNode', 'ContainerNode', 'DataNode'].map(async (type) => nodeIn(await me.create(`${parent}/.auto`, { type }), 201).uri),
    );
    expect(new Set(names).size).toBe(3);
    for (const uri of names) {
      expect(uri.startsWith(`${uriOf(parent)}/`)).toBe(true);
      expect(uri.endsWith('/.auto')).toBe(false);
    }
    expect((await me.read(parent)).nodes?.map((node) => node.uri).toSorted()).toEqual(names.toSorted());
  });

  test('needs an existing parent', async () => {
    expectFault(await me.create(`${me.fresh()}/.auto`), 'ContainerNotFound');
  });
});

test('the reserved name .null takes a node and keeps nothing', async () => {
  const parent = await me.made(me.fresh());
  expectStatus(await me.create(`${parent}/.null`, { type: 'DataNode' }), 201);
  expectStatus(await me.create(`${parent}/.null`, { type: 'DataNode' }), 201);
  expectFault(await me.get(`/nodes${parent}/.null`), 'NodeNotFound');
  expect((await me.read(parent)).nodes).toEqual([]);
});

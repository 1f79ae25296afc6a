// setNode: VOSpace 2.1 section 6.3.2.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { VOS, XSI } from './tree.ts';
import { anonymous, expectFault, expectOneFault, expectStatus, newUser, nodeIn, ours, service, uriOf, type User } from './world.ts';

const me = await newUser('set');
const TITLE = core('title');

async function title(user: User, path: string): Promise<string | undefined> {
  return (await user.read(path)).properties.get(TITLE)?.value;
}
function data(properties: Record<string, string> = {}): Promise<string> {
  return me.made(me.fresh(), { type: 'DataNode', properties });
}

describe('setNode', () => {
  test('answers 200 and the full node', async () => {
    const path = await data({ 'urn:old': 'kept' });
    const node = nodeIn(await me.set(path, { properties: { [TITLE]: 'set' } }));
    expect(node.uri).toBe(uriOf(path));
    expect([node.properties.get(TITLE)?.value, node.properties.get('urn:old')?.value]).toEqual(['set', 'kept']);
    expect(node.order).toEqual(['properties', 'accepts', 'provides', 'capabilities']);
    expect(node).toEqual(await me.read(path));
  });

  test('is the union of old and new properties', async () => {
    const path = await data({ 'urn:a': '1', 'urn:b': '2' });
    await me.set(path, { properties: { 'urn:b': 'two', 'urn:c': 'three' } });
    const { properties } = await me.read(path);
    expect(['urn:a', 'urn:b', 'urn:c'].map((uri) => properties.get(uri)?.value)).toEqual(['1', 'two', 'three']);
  });

  test('with an empty value sets the property to blank', async () => {
    const path = await data({ [TITLE]: 'x' });
    expectStatus(await me.set(path, { properties: { [TITLE]: '' } }), 200);
    expect((await me.read(path)).properties.get(TITLE)).toEqual({ value: '', readOnly: false });
  });

  test('with xsi:nil deletes the property', async () => {
    const path = await data({ [TITLE]: 'x', 'urn:other': 'y' });
    expectStatus(await me.set(path, { properties: { [TITLE]: null } }), 200);
    const { properties } = await me.read(path);
    expect([properties.has(TITLE), properties.get('urn:other')?.value]).toEqual([false, 'y']);
  });

  test('deletes with nil="1" and with any prefix for the schema instance namespace', async () => {
    const path = await data({ [TITLE]: 'x' });
    const body = `<node xmlns="${VOS}" xmlns:q="${XSI}" xmlns:vos="${VOS}" q:type="vos:DataNode" uri="${uriOf(path)}"><properties><property uri="${TITLE}" q:nil="1"/></properties></node>`;
    expectStatus(await me.post(`/nodes${path}`, body), 200);
    expect(await title(me, path)).toBeUndefined();
  });

  test('does not delete with nil="false"', async () => {
    const path = await data({ [TITLE]: 'x' });
    const body = `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:DataNode" uri="${uriOf(path)}"><v:properties><v:property uri="${TITLE}" i:nil="false">y</v:property></v:properties></v:node>`;
    expectStatus(await me.post(`/nodes${path}`, body), 200);
    expect(await title(me, path)).toBe('y');
  });

  test('deletes a property that is not there without complaint', async () => {
    expectStatus(await me.set(await data(), { properties: { 'urn:never': null } }), 200);
  });

  test('can set, blank and delete in one document', async () => {
    const path = await data({ 'urn:a': '1', 'urn:b': '2' });
    await me.set(path, { properties: { 'urn:a': null, 'urn:b': '', 'urn:c': '3' } });
    const { properties } = await me.read(path);
    expect([properties.has('urn:a'), properties.get('urn:b')?.value, properties.get('urn:c')?.value]).toEqual([false, '', '3']);
  });

  test('works without Content-Type, and on a document without properties', async () => {
    const path = await data({ [TITLE]: 'x' });
    const body = `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:DataNode" uri="${uriOf(path)}"/>`;
    expectStatus(await me.send('POST', `/nodes${path}`, { body }), 200);
    expect(await title(me, path)).toBe('x');
  });

  test('accepts a property marked readOnly="false", and one marked readOnly="true" stays the client\'s own', async () => {
    const path = await data();
    const body = (value: string): string =>
      `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:DataNode" uri="${uriOf(path)}"><v:properties><v:property uri="${TITLE}" readOnly="false">${value}</v:property>` +
      `<v:property uri="urn:mine" readOnly="true">${value}</v:property></v:properties></v:node>`;
    expectStatus(await me.post(`/nodes${path}`, body('1')), 200);
    expectStatus(await me.post(`/nodes${path}`, body('2')), 200);
    expect((await me.read(path)).properties.get('urn:mine')).toEqual({ value: '2', readOnly: false });
  });

  test('on a container leaves its children alone', async () => {
    const path = await me.made(me.fresh());
    await me.made(`${path}/child`);
    const node = nodeIn(await me.set(path, { type: 'ContainerNode', properties: { [TITLE]: 't' } }));
    expect(node.nodes?.map((each) => each.uri)).toEqual([uriOf(`${path}/child`)]);
  });

  test('cannot create children', async () => {
    const path = await me.made(me.fresh());
    const more = `<vos:nodes><vos:node xsi:type="vos:DataNode" uri="${uriOf(`${path}/child`)}"><vos:properties/></vos:node></vos:nodes>`;
    expectStatus(await me.set(path, { type: 'ContainerNode', more }), 200, 400);
    expect((await me.read(path)).nodes).toEqual([]);
  });

  test('cannot change the type', async () => {
    const path = await data();
    const before = (await me.read(path)).type;
    expectStatus(await me.set(path, { type: 'ContainerNode' }), 200, 400);
    expect((await me.read(path)).type).toBe(before);
  });

  test('cannot change accepts and provides', async () => {
    const path = await data();
    const before = await me.read(path);
    const more =
      '<vos:accepts><vos:view uri="urn:x"/></vos:accepts><vos:provides><vos:view uri="urn:x"/></vos:provides><vos:capabilities/>';
    expectStatus(await me.set(path, { more }), 200);
    const after = await me.read(path);
    expect([after.accepts, after.provides]).toEqual([before.accepts, before.provides]);
  });

  test('on a link sets the properties of the link and not those of the target', async () => {
    const target = await data();
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(target) });
    expectStatus(await me.set(link, { type: 'LinkNode', target: uriOf(target), properties: { [TITLE]: 'of the link' } }), 200);
    expect([await title(me, link), await title(me, target)]).toEqual(['of the link', undefined]);
  });

  test('on a link can change the target', async () => {
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: 'urn:before' });
    expect(nodeIn(await me.set(link, { type: 'LinkNode', target: 'urn:after' })).target).toBe('urn:after');
    expect((await me.read(link)).target).toBe('urn:after');
  });

  test('of different properties by many clients at once loses none', async () => {
    const path = await data();
    const keys = Array.from({ length: 10 }, (_, i) => `urn:key:${i}`);
    await Promise.all(keys.map((key) => me.set(path, { properties: { [key]: key } })));
    const { properties } = await me.read(path);
    expect(keys.filter((key) => properties.get(key)?.value !== key)).toEqual([]);
  });
});

describe('read-only properties', () => {
  test('sent back unchanged are accepted', async () => {
    const path = await me.stored(me.fresh(), 'bytes');
    const received = await me.read(path);
    const properties = Object.fromEntries([...received.properties].map(([uri, { value }]) => [uri, value]));
    expect(properties).toHaveProperty([core('length')], '5');
    expectStatus(await me.set(path, { properties: { ...properties, [TITLE]: 'new' } }), 200);
    expect(await title(me, path)).toBe('new');
  });

  test('of a container sent back unchanged are accepted', async () => {
    const path = await me.made(me.fresh());
    const received = await me.read(path);
    const properties = Object.fromEntries([...received.properties].map(([uri, { value }]) => [uri, value]));
    expectStatus(await me.set(path, { type: 'ContainerNode', properties }), 200);
  });

  test.each([
    ['length', '6'],
    ['MD5', 'f'.repeat(32)],
    ['date', '2001-01-01T00:00:00.000'],
    ['mtime', '2001-01-01T00:00:00.000'],
    ['ctime', '2001-01-01T00:00:00.000'],
    ['btime', '2001-01-01T00:00:00.000'],
    ['creator', 'somebody-else'],
    ['quota', '1'],
    ['availableSpace', '1'],
  ])('%s cannot be changed: PermissionDenied, and the rest of the document has no effect', async (name, value) => {
    const path = await me.stored(me.fresh(), 'bytes');
    const before = await me.read(path);
    expectFault(await me.set(path, { properties: { [TITLE]: 'smuggled', [core(name)]: value } }), 'PermissionDenied', name);
    expect(await me.read(path)).toEqual(before);
  });

  test.each(['length', 'MD5', 'date', 'creator'])('%s cannot be deleted', async (name) => {
    const path = await me.stored(me.fresh(), 'bytes');
    expectFault(await me.set(path, { properties: { [core(name)]: null } }), 'PermissionDenied');
  });
});

describe('setNode refuses', () => {
  test('a node that does not exist as NodeNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.set(path, {}), 'NodeNotFound', uriOf(path));
  });
  test('a missing parent as ContainerNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.set(`${path}/b`, {}), 'ContainerNotFound');
    expectFault(await me.set(`${path}/b/c`, {}), 'ContainerNotFound');
  });
  test('a link in the path as LinkFound', async () => {
    const container = await me.made(me.fresh());
    await me.made(`${container}/x`, { type: 'DataNode' });
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(container) });
    expectFault(await me.set(`${link}/x`, {}), 'LinkFound', uriOf(link));
  });
  test('a document about another node as a fault of the client', async () => {
    const [path, other] = [await data(), await data()];
    expectFault(await me.set(path, { properties: { [TITLE]: 'x' } }, uriOf(other)), 'InvalidURI');
    expect([await title(me, path), await title(me, other)]).toEqual([undefined, undefined]);
  });
  test('a document of another authority, but not the other spelling of its own', async () => {
    const path = await data();
    expectFault(await me.set(path, {}, `vos://example.org~elsewhere${path}`), 'InvalidURI');
    for (const separator of ['!', '~'])
      expectStatus(await me.set(path, {}, uriOf(path, service.authority.replace(/[!~]/g, separator))), 200);
  });
  test('an unknown type as TypeNotSupported', async () => {
    expectFault(await me.set(await data(), { type: 'FooNode' }), 'TypeNotSupported', 'FooNode');
  });
  test('a property without uri or with an empty one', async () => {
    const path = await data();
    for (const attribute of ['', 'uri=""']) {
      const body = `<v:node xmlns:v="${VOS}" xmlns:i="${XSI}" i:type="v:DataNode" uri="${uriOf(path)}"><v:properties><v:property ${attribute}>x</v:property></v:properties></v:node>`;
      expectOneFault(await me.post(`/nodes${path}`, body), 'InvalidArgument', 'InvalidURI');
    }
  });
  test('an anonymous client', async () => {
    expectFault(await anonymous.set(await data(), {}), 'NotAuthenticated');
  });
  ours('on this service', () => {
    test('the root to users, and to nobody at all', async () => {
      expectFault(await me.set('', { type: 'ContainerNode', properties: { [TITLE]: 'x' } }), 'PermissionDenied');
      expectFault(await anonymous.set('', { type: 'ContainerNode', properties: { [TITLE]: 'x' } }), 'NotAuthenticated');
    });
  });
});

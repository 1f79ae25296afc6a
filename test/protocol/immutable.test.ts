// Immutable nodes (the draft of VOSpace 2.2, section 3.1.1) and OpenCADC's locked nodes.
import { describe, expect, test } from 'vitest';
import { core, IS_LOCKED, query } from './documents.ts';
import { expectFault, expectStatus, newUser, uriOf } from './world.ts';

const me = await newUser('immutable');

describe.each([
  ['immutable', core('immutable'), 'PermissionDenied'],
  ['locked', IS_LOCKED, 'NodeLocked'],
] as const)('a node that is %s', (_, flag, fault) => {
  const on = { properties: { [flag]: 'true' } };
  const off = { properties: { [flag]: 'false' } };

  test('shows it', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode', ...on });
    expect((await me.read(path)).properties.get(flag)?.value).toBe('true');
  });

  test('keeps its bytes: no upload is taken', async () => {
    const path = await me.stored(me.fresh(), 'as it was');
    expectStatus(await me.set(path, on), 200);
    expectFault(await me.put(path, 'other'), fault);
    expect(await me.bytes(path)).toBe('as it was');
  });

  test('keeps its bytes: no upload is negotiated', async () => {
    const path = await me.stored(me.fresh(), 'as it was');
    expectStatus(await me.set(path, on), 200);
    expectFault(await me.get(`/synctrans?${query({ TARGET: uriOf(path), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput') })}`), fault);
  });

  test('can still be read', async () => {
    const path = await me.stored(me.fresh(), 'as it was');
    expectStatus(await me.set(path, on), 200);
    expectStatus(await me.get(`/nodes${path}`), 200);
    expectStatus(await me.get(`/files${path}`), 303);
  });

  test.each(['DataNode', 'ContainerNode', 'LinkNode'])('cannot be deleted, being a %s', async (type) => {
    const target = type === 'LinkNode' ? { target: 'urn:x' } : {};
    const path = await me.made(me.fresh(), { type, ...target });
    expectStatus(await me.set(path, { type, ...target, ...on }), 200);
    expectFault(await me.remove(path), fault);
    expectStatus(await me.get(`/nodes${path}`), 200);
  });

  test('takes no new children', async () => {
    const path = await me.made(me.fresh(), on);
    expectFault(await me.create(`${path}/child`), fault);
    expectFault(await me.put(`${path}/file`, 'x'), fault);
    expect((await me.read(path)).nodes).toEqual([]);
  });

  test('loses no children', async () => {
    const path = await me.made(me.fresh());
    await me.stored(`${path}/child`, 'x');
    expectStatus(await me.set(path, { type: 'ContainerNode', ...on }), 200);
    expectFault(await me.remove(`${path}/child`), fault);
    expect((await me.read(path)).nodes).toHaveLength(1);
  });

  test('keeps the target of a link', async () => {
    const path = await me.made(me.fresh('link'), { type: 'LinkNode', target: 'urn:before' });
    expectStatus(await me.set(path, { type: 'LinkNode', target: 'urn:before', ...on }), 200);
    expectFault(await me.set(path, { type: 'LinkNode', target: 'urn:after' }), fault);
    expect((await me.read(path)).target).toBe('urn:before');
  });

  test('is free again when its owner says so', async () => {
    const path = await me.stored(me.fresh(), 'as it was');
    expectStatus(await me.set(path, on), 200);
    expectStatus(await me.set(path, off), 200);
    expectStatus(await me.put(path, 'other'), 200, 201);
    expectStatus(await me.set(path, on), 200);
    expectStatus(await me.set(path, { properties: { [flag]: null } }), 200);
    expectStatus(await me.remove(path), 204);
  });

  test('takes true and false and nothing else', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode' });
    expectFault(await me.set(path, { properties: { [flag]: 'perhaps' } }), 'InvalidArgument');
  });
});

test('an immutable container protects what lies below it: "children of an immutable node inherit this property"', async () => {
  const path = await me.made(me.fresh());
  await me.made(`${path}/sub`);
  await me.stored(`${path}/sub/file`, 'as it was');
  expectStatus(await me.set(path, { type: 'ContainerNode', properties: { [core('immutable')]: 'true' } }), 200);
  expectFault(await me.put(`${path}/sub/file`, 'other'), 'PermissionDenied');
  expectFault(await me.put(`${path}/sub/new`, 'other'), 'PermissionDenied');
  expectFault(await me.remove(`${path}/sub/file`), 'PermissionDenied');
  expect(await me.bytes(`${path}/sub/file`)).toBe('as it was');
});

test('an immutable node lets "properties that are not readOnly … still be edited"', async () => {
  const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [core('immutable')]: 'true' } });
  expectStatus(await me.set(path, { properties: { [core('title')]: 'x' } }), 200);
  expect((await me.read(path)).properties.get(core('title'))?.value).toBe('x');
});

test('a locked node lets no property be edited', async () => {
  const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [IS_LOCKED]: 'true' } });
  expectFault(await me.set(path, { properties: { [core('title')]: 'x' } }), 'NodeLocked');
  expect((await me.read(path)).properties.has(core('title'))).toBe(false);
});

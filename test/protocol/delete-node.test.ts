// deleteNode: VOSpace 2.1 section 6.2.4.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { admin, anonymous, expectFault, expectStatus, newUser, ours, unique, uriOf } from './world.ts';

const me = await newUser('delete');

describe('deleteNode', () => {
  test.each(['DataNode', 'ContainerNode', 'LinkNode'])('of a %s answers 204 without a body, and the node is gone', async (type) => {
    const path = await me.made(me.fresh(), { type, ...(type === 'LinkNode' ? { target: 'urn:x' } : {}) });
    const answer = await me.remove(path);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expectFault(await me.get(`/nodes${path}`), 'NodeNotFound');
    expect((await me.read(me.home)).nodes?.map((node) => node.uri)).not.toContain(uriOf(path));
  });

  test('of a container deletes everything below it', async () => {
    const path = await me.made(me.fresh());
    await me.made(`${path}/a`);
    await me.made(`${path}/a/b`);
    await me.stored(`${path}/a/b/c`, 'deep');
    await me.made(`${path}/link`, { type: 'LinkNode', target: uriOf(`${path}/a`) });
    expectStatus(await me.remove(path), 204);
    for (const below of ['', '/a', '/a/b', '/a/b/c', '/link']) expectStatus(await me.get(`/nodes${path}${below}`), 404);
    expectStatus(await me.get(`/files${path}/a/b/c`), 404);
  });

  test('of a container with hundreds of children answers at once', async () => {
    const path = await me.made(me.fresh());
    await Promise.all(Array.from({ length: 300 }, (_, i) => me.made(`${path}/n${i}`, { type: 'DataNode' })));
    expectStatus(await me.remove(path), 204);
    expectStatus(await me.get(`/nodes${path}`), 404);
    expectStatus(await me.get(`/nodes${path}/n299`), 404);
  });

  test('takes the bytes away', async () => {
    const path = await me.stored(me.fresh(), 'bytes');
    expectStatus(await me.remove(path), 204);
    for (const method of ['GET', 'HEAD']) expectStatus(await me.send(method, `/files${path}`), 404);
  });

  test('of a link leaves the target', async () => {
    const target = await me.stored(me.fresh(), 'stays');
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(target) });
    expectStatus(await me.remove(link), 204);
    expect(await me.bytes(target)).toBe('stays');
  });

  test('of a link to a container leaves the container and its children', async () => {
    const container = await me.made(me.fresh());
    await me.made(`${container}/child`);
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(container) });
    expectStatus(await me.remove(link), 204);
    expect((await me.read(container)).nodes).toHaveLength(1);
  });

  test('of the target leaves the link', async () => {
    const target = await me.made(me.fresh(), { type: 'DataNode' });
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(target) });
    expectStatus(await me.remove(target), 204);
    expect((await me.read(link)).target).toBe(uriOf(target));
  });

  test('lets the name be used again, with nothing of the old node', async () => {
    const path = await me.stored(me.fresh(), 'old bytes');
    await me.set(path, { properties: { [core('title')]: 'old' } });
    expectStatus(await me.remove(path), 204);
    await me.made(path, { type: 'DataNode' });
    const node = await me.read(path);
    expect([node.properties.has(core('title')), node.properties.get(core('length'))?.value]).toEqual([false, '0']);
  });

  test('lets a container be made again, without the old children', async () => {
    const path = await me.made(me.fresh());
    await me.made(`${path}/child`);
    expectStatus(await me.remove(path), 204);
    await me.made(path);
    expect((await me.read(path)).nodes).toEqual([]);
    await me.made(`${path}/child`);
  });

  test('by many clients at once succeeds for exactly one', async () => {
    const path = await me.made(me.fresh());
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await me.remove(path)).status));
    expect(statuses.toSorted()).toEqual([204, ...Array.from({ length: 7 }, () => 404)]);
  });
});

describe('deleteNode refuses', () => {
  test('a node that does not exist as NodeNotFound with its URI', async () => {
    const path = me.fresh();
    expectFault(await me.remove(path), 'NodeNotFound', uriOf(path));
  });
  test('the second deletion of a node as NodeNotFound', async () => {
    const path = await me.made(me.fresh());
    expectStatus(await me.remove(path), 204);
    expectFault(await me.remove(path), 'NodeNotFound');
  });
  test('a missing parent as ContainerNotFound', async () => {
    const path = me.fresh();
    expectFault(await me.remove(`${path}/b`), 'ContainerNotFound');
    expectFault(await me.remove(`${path}/b/c`), 'ContainerNotFound');
  });
  test('a data node as parent as ContainerNotFound', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode' });
    expectFault(await me.remove(`${path}/b`), 'ContainerNotFound');
  });
  test('a link in the path as LinkFound, and deletes nothing', async () => {
    const container = await me.made(me.fresh());
    await me.made(`${container}/child`);
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(container) });
    expectFault(await me.remove(`${link}/child`), 'LinkFound', uriOf(link));
    expectFault(await me.remove(`${link}/child/deeper`), 'LinkFound', uriOf(link));
    expect((await me.read(container)).nodes).toHaveLength(1);
  });
  test('an anonymous client', async () => {
    const path = await me.made(me.fresh());
    expectFault(await anonymous.remove(path), 'NotAuthenticated');
    expectStatus(await me.get(`/nodes${path}`), 200);
  });
  ours('on this service', () => {
    test('the root, to everyone', async () => {
      expectFault(await me.remove(''), 'PermissionDenied');
      expectFault(await admin.remove(''), 'PermissionDenied');
      expectFault(await anonymous.remove(''), 'NotAuthenticated');
      expectStatus(await me.get(`/nodes${me.home}`), 200);
    });
    test('the top-level container of another user', async () => {
      const other = await newUser('delete-other');
      expectFault(await me.remove(other.home), 'PermissionDenied');
      expectStatus(await other.get(`/nodes${other.home}`), 200);
    });
    test('nothing to an administrator: a top-level container with all it holds', async () => {
      const path = `/${unique('top')}`;
      await admin.made(path);
      await admin.stored(`${path}/file`, 'x');
      expectStatus(await admin.remove(path), 204);
      expectStatus(await admin.get(`/nodes${path}`), 404);
      expectStatus(await admin.get(`/nodes${path}/file`), 404);
    });
  });
});

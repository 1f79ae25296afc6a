// Jobs over whole trees: recursive delete, properties and size, as OpenCADC's clients ask for them.
import { describe, expect, test } from 'vitest';
import { MAX_PROPERTIES } from '../../src/model/property.ts';
import { core, nodeDocument } from './documents.ts';
import { expectFault, expectStatus, newOpenUser, newUser, ours, service, uriOf, type User } from './world.ts';

const me = await newUser('tree-jobs');
const FORM = 'application/x-www-form-urlencoded';

/** Makes the job, runs it to its end, and answers it. */
async function done(user: User, list: string, body: string, type: string) {
  const made = await user.post(`/${list}`, body, type);
  expectStatus(made, 303);
  const path = (made.header('location') ?? '').slice(service.base.length);
  expect((await user.get(`${path}/phase`)).text).toBe('PENDING');
  expectStatus(await user.post(`${path}/phase`, 'phase=RUN', FORM), 303);
  expect((await user.get(`${path}/phase`)).text).not.toBe('PENDING');
  const read = async () => JSON.parse((await user.get(path, { accept: 'application/json' })).text) as Told;
  await expect.poll(async () => (await read()).phase, { timeout: 30_000 }).toMatch(/COMPLETED|ERROR/);
  const job = await read();
  return { job, counts: Object.fromEntries(job.results.map(({ id, href }) => [id, href])) };
}
interface Told {
  readonly phase: string;
  readonly results: readonly { readonly id: string; readonly href: string }[];
  readonly notes?: readonly string[];
  readonly errorSummary?: { readonly fault: string };
}
const remove = (path: string, user = me) => done(user, 'async-delete', `target=${encodeURIComponent(uriOf(path))}`, FORM);

/** Three levels, five nodes: the head, two containers and two files of 3 bytes. */
async function tree(head: string): Promise<string> {
  await me.made(head, { type: 'ContainerNode' });
  await me.made(`${head}/a`, { type: 'ContainerNode' });
  await me.made(`${head}/a/b`, { type: 'ContainerNode' });
  await me.stored(`${head}/a/b/x`, 'one');
  await me.stored(`${head}/z`, 'two');
  return head;
}

describe('a recursive deletion', () => {
  test('takes the tree away and counts its nodes', async () => {
    const head = await tree(me.fresh());
    const { job, counts } = await remove(head);
    expect([job.phase, counts]).toEqual(['COMPLETED', { successcount: 'final:5' }]);
    expectFault(await me.get(`/nodes${head}`), 'NodeNotFound');
  });

  test('of more nodes than one pass takes goes on until nothing is left', async () => {
    const head = await me.made(me.fresh(), { type: 'ContainerNode' });
    const names = Array.from({ length: 620 }, (_, i) => `${head}/n${i}`);
    for (let i = 0; i < names.length; i += 62) await Promise.all(names.slice(i, i + 62).map((name) => me.made(name)));
    const { counts } = await remove(head);
    expect(counts).toEqual({ successcount: 'final:621' });
    expectFault(await me.get(`/nodes${head}`), 'NodeNotFound');
  });

  test('leaves what is locked and what holds it, says which, and takes the rest', async () => {
    const head = await tree(me.fresh());
    expectStatus(await me.set(`${head}/a/b/x`, { properties: { 'ivo://cadc.nrc.ca/vospace/core#islocked': 'true' } }), 200);
    const { job, counts } = await remove(head);
    expect(counts).toEqual({ successcount: 'final:1', errorcount: 'final:4' });
    expect(job.notes?.[0]).toMatch(/^NodeLocked .*a\/b\/x$/);
    expectStatus(await me.get(`/nodes${head}/a/b/x`), 200);
    expectFault(await me.get(`/nodes${head}/z`), 'NodeNotFound');
  });

  test('of what is not there ends in ERROR with NodeNotFound', async () => {
    expect((await remove(me.fresh())).job).toMatchObject({ phase: 'ERROR', errorSummary: { fault: 'NodeNotFound' } });
  });

  test('of the root of the service is refused', async () => {
    expect((await remove('')).job).toMatchObject({ phase: 'ERROR', errorSummary: { fault: 'PermissionDenied' } });
  });

  test('needs a target, of characters that a document can carry', async () => {
    expectFault(await me.post('/async-delete', '', FORM), 'InvalidArgument');
    expectFault(await me.post('/async-delete', `TARGET=${encodeURIComponent(uriOf(me.fresh()))}%01`, FORM), 'InvalidArgument');
  });

  ours('by somebody else', () => {
    test('takes nothing of what only its owner may write', async () => {
      const owner = await newOpenUser('tree-jobs-owner');
      const head = await owner.made(owner.fresh(), { type: 'ContainerNode', properties: { [core('publicread')]: 'true' } });
      await owner.stored(`${head}/x`, 'x', {});
      const { counts } = await remove(head);
      expect(counts).toEqual({ successcount: 'final:0', errorcount: 'final:2' });
      expectStatus(await owner.get(`/nodes${head}/x`), 200);
    });

    test('counts a top-level container as refused, and names what was refused by its whole path', async () => {
      const owner = await newOpenUser('tree-jobs-top');
      const x = await owner.stored(owner.fresh(), 'x', {});
      const { job, counts } = await remove(owner.home);
      expect(counts).toEqual({ successcount: 'final:0', errorcount: 'final:2' });
      expect(job.notes).toEqual([`PermissionDenied ${x.slice(1)}`, `PermissionDenied ${owner.home.slice(1)}`]);
    });
  });
});

describe('recursive properties', () => {
  test('are set on every node of the tree, permissions too', async () => {
    const head = await tree(me.fresh());
    const document = nodeDocument(uriOf(head), {
      type: 'ContainerNode',
      properties: { [core('title')]: 'night', [core('publicread')]: 'true', [core('length')]: '12345' },
    });
    const { job, counts } = await done(me, 'async-setprops', document, 'text/xml');
    expect([job.phase, counts]).toEqual(['COMPLETED', { successcount: 'final:5' }]);
    for (const path of [head, `${head}/a`, `${head}/a/b/x`, `${head}/z`]) {
      const { properties } = await me.read(path);
      expect([properties.get(core('title'))?.value, properties.get(core('publicread'))?.value]).toEqual(['night', 'true']);
    }
  });
});

describe('properties that no node would take', () => {
  test.each([
    [core('publicread'), 'perhaps'],
    [core('no-such-property'), 'x'],
  ])('end the job in InvalidArgument and change nothing: %s of %s', async (uri, value) => {
    const head = await tree(me.fresh());
    const properties = { [core('title')]: 'night', [uri]: value };
    const { job } = await done(me, 'async-setprops', nodeDocument(uriOf(head), { type: 'ContainerNode', properties }), 'text/xml');
    expect(job.phase).toBe('ERROR');
    expect((await me.read(`${head}/z`)).properties.has(core('title'))).toBe(false);
  });
});

describe('a node of the tree that refuses the properties', () => {
  test('stays as it was, permissions and all, and the others get them', async () => {
    const head = await tree(me.fresh());
    const key = (i: number) => `ivo://example.org/keys#k${i}`;
    const many = (from: number, count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [key(from + i), 'v']));
    expectStatus(await me.set(`${head}/z`, { properties: many(0, MAX_PROPERTIES - 1) }), 200);
    const properties = { ...many(MAX_PROPERTIES, 2), [core('publicread')]: 'true' };
    const { counts } = await done(me, 'async-setprops', nodeDocument(uriOf(head), { type: 'ContainerNode', properties }), 'text/xml');
    expect(counts).toEqual({ successcount: 'final:4', errorcount: 'final:1' });
    const kept = (await me.read(`${head}/z`)).properties;
    expect([kept.get(core('publicread'))?.value === 'true', kept.has(key(MAX_PROPERTIES))]).toEqual([false, false]);
    expect((await me.read(`${head}/a/b/x`)).properties.get(core('publicread'))?.value).toBe('true');
  });
});

describe('the recursive size', () => {
  test('counts nodes and bytes', async () => {
    const head = await tree(me.fresh());
    const { counts } = await done(me, 'async-size', `TARGET=${encodeURIComponent(uriOf(head))}`, FORM);
    expect(counts).toEqual({ nodecount: 'final:5', bytecount: 'final:6' });
  });
});

// Chunks that a pipe places in a Space: nodes of bytes that are in the store already, each once, each refused alone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Placed } from '../../src/durable/space/pipes/port.ts';
import { CORE, IMMUTABLE, INHERIT, LOCKED } from '../../src/model/property.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { FakePipe, item, type Held } from './support/piping.ts';
import { asked, peers, testClock } from './support/ports.ts';
import { Troubles } from './support/troubles.ts';
import { mount, type Mounted } from './support/relocating.ts';
import { ADMIN, DAY, HOUR, MINUTE, OWNER, portOf, READER, refused, SHARED } from './support/space.ts';

let store: FakeStore;
let from: Mounted;
let to: Mounted;
let pipe: FakePipe;

beforeEach(async () => {
  store = new FakeStore();
  from = await mount(store);
  to = await mount(store);
  pipe = new FakePipe();
  await from.make('src');
  await to.make('dest');
});
afterEach(() => {
  asked.pipe = undefined;
  peers.wire = (port) => port;
});

const sound = async () => {
  for (const space of [from, to]) await space.inside((state) => checkRows(state.storage.sql, store, space.container));
};
const weeks = async () => {
  for (let round = 0; round < 2; round++) for (const space of [from, to]) await space.pass(7 * DAY, DAY / 2);
};
const words = (placed: readonly Placed[]) => placed.map((one) => (one.kind === 'placed' ? one.kind : one.fault));

async function write(name: string, size = 10, space = from): Promise<Held> {
  await space.upload(`src/${name}`, size);
  return pipe.write(space, 'src', name);
}

describe('chunks of one Space', () => {
  beforeEach(async () => {
    to = from;
    await to.make('dest');
  });

  it('become nodes of the same bytes, with the containers between, once', async () => {
    await from.set('dest', [...SHARED, { uri: INHERIT, value: 'true' }]);
    const [a, b] = [await write('a'), await write('b', 20)];
    const items = [{ ...item('a', a), type: 'text/csv' }, item('x/y/b', b)];
    for (let i = 0; i < 3; i++) expect(words(await pipe.place(to, 'dest', items))).toEqual(['placed', 'placed']);
    expect(await to.get('dest/a')).toMatchObject({ size: 10, md5: a.md5, properties: [{ uri: `${CORE}type`, value: 'text/csv' }] });
    expect(await to.get('dest/x/y/b')).toMatchObject({ size: 20, access: { groupRead: [expect.stringContaining('readers')] } });
    expect((await to.get('')).size).toBe(60);
    expect(await to.rows("SELECT count(*) AS n FROM audit WHERE detail LIKE '%by a pipe'")).toEqual([{ n: 2 }]);
    await sound();
    await from.remove('src');
    await pipe.drop(a);
    await pipe.drop(b);
    await weeks();
    expect(store.readable(from.container, a.key)).toBeDefined();
    await pipe.leave(to);
    await to.remove('dest');
    await weeks();
    expect(store.keys(from.container).filter((key) => key.startsWith('o/'))).toEqual([]);
  });

  it('are refused where the name has other bytes, or replace them; same bytes are success', async () => {
    const [a, b, c] = [await write('a'), await write('b', 20), await write('c', 30)];
    await to.upload('dest/a', 11);
    await to.make('dest/b');
    const items = [item('a', a), item('b', b), item('c', c), item('a/d', c)];
    const placed = await pipe.place(to, 'dest', items);
    expect(words(placed)).toEqual(['DuplicateNode', 'DuplicateNode', 'placed', 'DuplicateNode']);
    expect(placed[0]).toMatchObject({ detail: expect.stringContaining('NameConflict') as string });
    expect((await to.get('dest/a')).size).toBe(11);
    expect(words(await pipe.place(to, 'dest', items, { onConflict: 'overwrite' }))).toEqual([
      'placed',
      'DuplicateNode',
      'placed',
      'DuplicateNode',
    ]);
    expect((await to.get('dest/a')).size).toBe(10);
    await sound();
    // Another object with the same size and MD5.
    await to.rows(`UPDATE node SET md5 = 'same' WHERE name IN ('a', 'c')`);
    expect(words(await pipe.place(to, 'dest', [{ ...item('a', c), md5: 'same', size: 10 }]))).toEqual(['placed']);
  });

  it('swing a node as the latest upload does', async () => {
    const a = await write('a');
    const id = await to.reserve('dest/a');
    expect(words(await pipe.place(to, 'dest', [item('a', a)]))).toEqual(['DuplicateNode']);
    expect(words(await pipe.place(to, 'dest', [item('a', a)], { onConflict: 'overwrite' }))).toEqual(['placed']);
    to.send(id, 99);
    expect(await to.settle(id)).toMatchObject({ result: 'NodeBusy' });
    expect(await to.get('dest/a')).toMatchObject({ size: 10, pending: false, busy: false });
    await to.upload('dest/a', 7);
    expect((await to.get('dest/a')).size).toBe(7);
    await sound();
  });

  it('keep to quotas, locks, links and rights, each for itself', async () => {
    const [a, b] = [await write('a', 40), await write('b', 70)];
    await to.set('dest', [{ uri: `${CORE}quota`, value: '100' }], ADMIN);
    expect(words(await pipe.place(to, 'dest', [item('q/a', a), item('q/b', b), item('c', a)]))).toEqual([
      'placed',
      'QuotaExceeded',
      'placed',
    ]);
    expect(await to.names('dest')).toEqual(['c', 'q']);
    for (const name of ['locked', 'fixed', 'denied']) await to.make(`dest/${name}`, 'ContainerNode', [], name === 'denied' ? ADMIN : OWNER);
    await to.set('dest/locked', [{ uri: LOCKED, value: 'true' }]);
    await to.set('dest/fixed', [{ uri: IMMUTABLE, value: 'true' }]);
    await to.make('dest/link', 'LinkNode', [], OWNER, 'vos://example.org~vospace/x');
    await to.set('dest', [{ uri: `${CORE}quota`, value: '' }], ADMIN);
    const long = Array.from({ length: 4 }, () => 'x'.repeat(255)).join('/');
    const names = ['locked/a', 'fixed/a', 'denied/a', 'denied/x/a', 'link/a', `${long}/${long}/${long}/${long}/${long}`];
    expect(
      words(
        await pipe.place(
          to,
          'dest',
          names.map((name) => item(name, a)),
        ),
      ),
    ).toEqual(['NodeLocked', 'PermissionDenied', 'PermissionDenied', 'PermissionDenied', 'LinkFound', 'InvalidArgument']);
    await sound();
    expect(await refused(pipe.place(to, 'dest', [item('z', a)], { by: READER }))).toBe('PermissionDenied');
    expect(await refused(pipe.place(to, 'nowhere', [item('z', a)]))).toBe('NodeNotFound');
    expect(await refused(pipe.place(to, 'dest', [item('z', a)], { until: testClock.now - 1 }))).toBe('Conflict');
  });

  it('that are sent for the purpose are the nodes’ from then on, and are swept where they come to nothing', async () => {
    const keys = ['o/fresh1', 'o/fresh2'] as ObjectKey[];
    expect((await to.port.expectBytes(keys)).name).toBe(to.container);
    for (const key of keys) store.upload(to.container, key, 5);
    const fresh = { path: ['a'], home: to.id, key: 'o/fresh1' as ObjectKey, size: 5, fresh: true } as const;
    for (let i = 0; i < 2; i++) expect(words(await pipe.place(to, 'dest', [fresh]))).toEqual(['placed']);
    await weeks();
    expect(store.keys(to.container)).toEqual(['o/fresh1']);
    await sound();
  });

  it('do not come late: what has ceased to be the pipe’s destination gets nothing', async () => {
    const a = await write('a');
    await pipe.place(to, 'dest', [item('a', a)]);
    await pipe.leave(to);
    expect(await refused(pipe.place(to, 'dest', [item('b', a)]))).toBe('Conflict');
    expect(await to.names('dest')).toEqual(['a']);
  });

  it('are refused where their bytes are gone', async () => {
    const a = await write('a');
    expect(words(await pipe.place(to, 'dest', [{ ...item('a', a), key: 'o/none' as ObjectKey }]))).toEqual(['TransferFailed']);
  });
});

describe('chunks of another Space', () => {
  it('are held at their home before there is a node, and as long as there is one', async () => {
    const [a, b] = [await write('a'), await write('b', 20)];
    await to.upload('dest/b', 3);
    for (let i = 0; i < 2; i++)
      expect(words(await pipe.place(to, 'dest', [item('a', a), item('b', b)]))).toEqual(['placed', 'DuplicateNode']);
    await sound();
    for (const held of [a, b]) await pipe.drop(held);
    await from.remove('src');
    await weeks();
    await sound();
    expect(store.readable(from.container, a.key)).toBeDefined();
    expect(store.readable(from.container, b.key)).toBeUndefined();
    expect(await to.rows('SELECT * FROM arrival')).toEqual([]);
    expect(await to.port.locate(to.call('dest/a'))).toMatchObject({ kind: 'bytes', home: from.id, key: a.key });
    await pipe.leave(to);
    await to.remove('dest');
    await weeks();
    expect(store.keys(from.container).filter((key) => key.startsWith('o/'))).toEqual([]);
    expect(await from.rows('SELECT * FROM holder')).toEqual([]);
  });

  it('may be the bytes that another of them takes the place of', async () => {
    const [a, b] = [await write('a'), await write('b', 20)];
    await pipe.place(to, 'dest', [item('x', a)]);
    expect(words(await pipe.place(to, 'dest', [item('x', b), item('y', a)], { onConflict: 'overwrite' }))).toEqual(['placed', 'placed']);
    await sound();
  });

  it('keep the uploaded key that their bytes lie under', async () => {
    store.sealing = 'manifest';
    const a = await write('a');
    await pipe.place(to, 'dest', [item('a', a)]);
    const sources = async (space: Mounted) =>
      (await space.rows<{ source: string }>('SELECT source FROM object')).map(({ source }) => source);
    expect(await sources(to)).toEqual(await sources(from));
  });

  it('leave nothing when the home does not answer, or the Space is killed before it has written', async () => {
    const a = await write('a');
    peers.wire = new Troubles(1, 'after').peers;
    expect(await refused(pipe.place(to, 'dest', [item('a', a)]))).toContain('the connection was lost');
    peers.wire = (port) => port;
    await pipe.drop(a);
    await from.remove('src');
    await weeks();
    expect([await to.rows('SELECT * FROM arrival'), await from.rows('SELECT * FROM holder')]).toEqual([[], []]);
    expect(store.keys(from.container).filter((key) => key.startsWith('o/'))).toEqual([]);
    await sound();
  });

  it('leave nothing when only the hold has been made', async () => {
    const a = await write('a');
    expect(await from.port.lend(`space:${to.id}:77`, [a.key, 'o/none'])).toEqual([{ key: a.key, source: null, size: 10, home: from.id }]);
    await pipe.drop(a);
    await from.remove('src');
    await from.pass(DAY, 5 * MINUTE);
    expect(store.keys(from.container).filter((key) => key.startsWith('o/'))).toEqual([]);
  });

  it('may have their home removed', async () => {
    const a = await write('a');
    await pipe.place(to, 'dest', [item('a', a)]);
    await pipe.drop(a);
    await portOf(from.id).destroy();
    for (const space of [from, to, from]) await space.pass(2 * DAY, HOUR);
    expect(store.readable(from.container, a.key)).toBeDefined();
    await to.remove('dest/a');
    for (const space of [to, from, to, from]) await space.pass(2 * DAY, HOUR);
    expect(store.keys(from.container)).toEqual([]);
  });
});

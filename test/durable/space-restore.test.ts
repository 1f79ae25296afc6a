// A Space's way into a backup and back: what comes out goes in again, and nothing leaves the store before somebody confirms.
import { describe, expect, it } from 'vitest';
import type { NodeRecord } from '../../src/durable/space/operator/port.ts';
import { CORE, IMMUTABLE } from '../../src/model/property.ts';
import { ROOT, type SpaceId } from '../../src/model/space-id.ts';
import { checkRows, contents } from './support/invariants.ts';
import { dropped } from './support/ports.ts';
import { ADMIN, DAY, HOUR, MINUTE, newSpace, portOf, refused, SHARED, TestSpace, words } from './support/space.ts';

const unique = () => `r${crypto.randomUUID()}`;

async function exported(space: TestSpace): Promise<NodeRecord[]> {
  const records: NodeRecord[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: Awaited<ReturnType<typeof space.port.exportNodes>> = await space.port.exportNodes(after);
    records.push(...page.nodes.map(({ path: _path, ...record }) => record));
    after = page.next;
  }
  return records;
}

/** Another Space with these nodes; its store holds what that of `from` holds. */
async function imported(records: readonly NodeRecord[], from?: TestSpace, name = 'home'): Promise<TestSpace> {
  const space = new TestSpace(unique() as SpaceId, name);
  await space.port.importBegin(space.id, name, 'backup');
  await space.port.importNodes(records);
  await space.port.importEnd();
  await space.port.prepared(1);
  for (const key of from?.store.keys(from.container) ?? []) space.store.upload(space.container, key, 1);
  await space.quiet();
  return space;
}

const treeOf = (space: TestSpace) => space.inside((state) => contents(state.storage.sql));
const sound = (space: TestSpace) => space.inside((state) => checkRows(state.storage.sql, space.store, space.container));
const keys = (space: TestSpace) => space.store.keys(space.container).toSorted();

/** A Space with something of everything. */
async function lived(): Promise<TestSpace> {
  const space = await newSpace(10_000_000);
  await space.make('a', 'ContainerNode', [...SHARED, { uri: `${CORE}title`, value: 'Grüße' }]);
  await space.make('a/b');
  await space.upload('a/b/file', 100);
  await space.upload('a/twice', 10);
  await space.upload('a/twice', 20);
  await space.make('a/link', 'LinkNode', [], undefined, 'vos://example.org~vospace/home/a');
  await space.make('fixed', 'ContainerNode', [{ uri: IMMUTABLE, value: 'true' }]);
  await space.set('a', [{ uri: `${CORE}quota`, value: '5000000' }], ADMIN);
  await space.upload('gone', 30);
  await space.remove('gone');
  return space;
}

const record = (id: number, parent: number | null, name: string, more: Partial<NodeRecord> = {}): NodeRecord => ({
  id,
  parent,
  name,
  type: 'ContainerNode',
  owner: 'ada',
  created: 1,
  dataChanged: 1,
  changed: 1,
  ...more,
});

describe('a backup of a Space', () => {
  it('goes into another Space as it was: nodes, rights, properties, quotas and bytes', async () => {
    for (const sealing of ['copy', 'manifest', 'version'] as const) {
      const space = await newSpace();
      space.store.sealing = sealing;
      await space.upload('file', 100);
      const copy = await imported(await exported(space), space);
      expect(await treeOf(copy)).toEqual(await treeOf(space));
      await sound(copy);
    }
    const space = await lived();
    const copy = await imported(await exported(space), space);
    expect(await treeOf(copy)).toEqual(await treeOf(space));
    expect(await exported(copy)).toEqual(await exported(space));
    await sound(copy);
  });

  it('leaves out uploads under way, and what is being purged', async () => {
    const space = await newSpace();
    await space.reserve('pending');
    await space.make('tree');
    await space.make('tree/below');
    await space.within((port) => port.remove(space.call('tree')));
    expect((await exported(space)).map(({ name }) => name)).toEqual(['home']);
  });

  it('has every node of a large Space, in pages', async () => {
    const space = await imported([record(1, null, 'home'), ...Array.from({ length: 2500 }, (_, i) => record(i + 2, 1, `n${i}`))]);
    const first = await space.port.exportNodes(0);
    expect([first.nodes.length, first.next]).toEqual([1000, 1000]);
    expect((await exported(space)).length).toBe(2501);
  });

  it('ends a page early where properties are long', async () => {
    const text = 'x'.repeat(60_000);
    const properties = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`urn:p${i}`, text]));
    const other = new TestSpace(unique() as SpaceId, 'home');
    await other.port.importBegin(other.id, 'home', 'backup');
    await other.port.importNodes([record(1, null, 'home')]);
    for (let id = 2; id < 12; id++) await other.port.importNodes([record(id, 1, `n${id}`, { properties })]);
    await other.port.importEnd();
    expect((await other.port.exportNodes(0)).nodes.length).toBeLessThan(11);
    expect((await exported(other)).length).toBe(11);
  });

  it('has a revision that only stays when nothing changes', async () => {
    const space = await newSpace();
    const revision = async () => (await space.port.status())?.revision;
    const before = await revision();
    await space.get('');
    expect(await revision()).toBe(before);
    await space.make('a');
    expect(await revision()).not.toBe(before);
  });
});

describe('an import', () => {
  it('takes the later of two nodes in one place, and drops what hangs nowhere', async () => {
    const space = new TestSpace(unique() as SpaceId, 'home');
    await space.port.importBegin(space.id, 'home', 'backup');
    const object = (key: string) => ({ object: { key, size: 5, generation: 1 } });
    await space.port.importNodes([
      record(1, null, 'home'),
      record(2, 1, 'made anew'),
      record(3, 2, 'below the former'),
      record(4, 1, 'moved'),
      record(5, 99, 'without container', { type: 'DataNode', ...object('o/lost') }),
      record(6, 1, 'made anew', { type: 'DataNode', ...object('o/kept') }),
      record(4, 1, 'renamed'),
    ]);
    space.store.upload(space.container, 'o/kept', 5);
    expect(await space.port.importEnd()).toMatchObject({ nodes: 3, dropped: 2, state: { name: 'home' } });
    expect((await treeOf(space)).map(({ name, type }) => `${name} ${type}`).toSorted()).toEqual([
      'home ContainerNode',
      'made anew DataNode',
      'renamed ContainerNode',
    ]);
    expect(await space.port.unknown(['o/lost', 'o/kept'])).toEqual(['o/lost']);
    await sound(space);
  });

  it('is the same when it is repeated from its beginning, and is not wanted when it is done', async () => {
    const records = await exported(await lived());
    const space = new TestSpace(unique() as SpaceId, 'home');
    await space.port.importBegin(space.id, 'home', 'backup');
    await space.port.importNodes(records.slice(0, 4));
    expect(await space.port.importBegin(space.id, 'home', 'backup')).toEqual({ wanted: true });
    await space.port.importNodes(records);
    const end = await space.port.importEnd();
    expect(await space.port.importBegin(space.id, 'home', 'backup')).toEqual({ wanted: false });
    expect(await space.port.importEnd()).toEqual(end);
    expect(await exported(space)).toEqual(records);
  });

  it('takes over from one of another backup that was not finished', async () => {
    const space = new TestSpace(unique() as SpaceId, 'home');
    await space.port.importBegin(space.id, 'home', 'first');
    await space.port.importNodes([record(1, null, 'home'), record(2, 1, 'first')]);
    await space.port.importBegin(space.id, 'home', 'second');
    await space.port.importNodes([record(1, null, 'home'), record(3, 1, 'second')]);
    await space.port.importEnd();
    expect((await treeOf(space)).map(({ name }) => name)).toEqual(['home', 'second']);
  });

  it('is refused by a Space in use, and by one that none was begun for', async () => {
    const space = await newSpace();
    expect(await refused(space.port.importBegin(space.id, 'home', 'backup'))).toBe('Conflict');
    expect(await refused(space.port.importNodes([record(1, null, 'home')]))).toBe('Conflict');
    const empty = new TestSpace(unique() as SpaceId, 'home');
    await empty.port.importBegin(empty.id, 'home', 'backup');
    expect(await words(empty.port.importEnd())).toContain('has no root node');
  });

  it('lets uploads go on where the backup ended', async () => {
    const space = await lived();
    const copy = await imported(await exported(space), space);
    expect(await copy.upload('a/twice', 25, { id: 'fresh' })).toEqual({ result: 'committed', detail: '' });
    expect((await copy.get('a/twice')).size).toBe(25);
    expect(await copy.upload('a/more', 5_000_000, { id: 'more' }).then((outcome) => outcome?.result)).toBe('QuotaExceeded');
    await sound(copy);
  });
});

describe('a restored Space', () => {
  it('removes nothing from the store until it is confirmed', async () => {
    const space = await lived();
    const copy = await imported(await exported(space), space);
    const before = keys(copy);
    await copy.remove('a/b/file');
    await copy.upload('a/twice', 25, { id: 'fresh' });
    await copy.pass(3 * DAY, 6 * HOUR);
    expect(before.filter((key) => !keys(copy).includes(key))).toEqual([]);
    expect((await copy.port.status())?.leftovers).toBeGreaterThan(0);
    expect(await refused(copy.port.discard(['o/unknown']))).toBe('Conflict');
    await copy.port.confirm();
    await copy.pass(2 * HOUR);
    expect((await copy.port.status())?.leftovers).toBe(0);
    expect(keys(copy).length).toBeLessThan(before.length + 1);
    await sound(copy);
  });

  it('alone brings top-level containers into a service while it is being restored', async () => {
    const root = new TestSpace(ROOT, '');
    const importing = (value: string | undefined) =>
      root.inside(({ storage }) => {
        storage.sql.exec("DELETE FROM meta WHERE key = 'importing'");
        if (value !== undefined) storage.sql.exec("INSERT INTO meta VALUES ('importing', ?)", value);
      });
    const [restored, other] = [await newSpace(), await newSpace()];
    const attach = async (space: TestSpace, backup?: string) => {
      await root.evict();
      return refused(root.port.attach(root.call(space.id, ADMIN), space.id, await space.get(''), backup));
    };
    await importing('the backup');
    expect(await attach(other)).toBe('ServiceBusy');
    expect(await attach(restored, 'the backup')).toBe('none');
    await importing(undefined);
    expect(await attach(other)).toBe('none');
  });

  it('that is deleted keeps its bytes until the service is confirmed, and goes then', async () => {
    const space = await lived();
    const copy = await imported(await exported(space), space);
    const root = new TestSpace(ROOT, '');
    await root.inside((state) => void state.storage.sql.exec("INSERT OR REPLACE INTO meta VALUES ('paused', '1')"));
    await root.evict();
    const before = keys(copy);
    await copy.port.destroy();
    await copy.pass(DAY, 6 * HOUR);
    expect(keys(copy)).toEqual(before);
    await portOf(ROOT).confirm();
    await copy.pass(4 * HOUR, 10 * MINUTE);
    // What no row knew is left for the operators' sweep.
    expect(keys(copy).length).toBeLessThan(before.length);
    expect(dropped).toContain(copy.container);
    expect(await copy.port.status()).toBeUndefined();
  });
});

describe('discarding', () => {
  it('dooms what no row knows, and nothing else', async () => {
    const space = await newSpace();
    await space.upload('file', 5);
    const id = await space.reserve('pending');
    const [known = ''] = await space.rows<{ key: string }>('SELECT key FROM object').then((rows) => rows.map(({ key }) => key));
    space.store.upload(space.container, 'o/unknown', 5);
    expect(await space.port.discard([known, `in/${id}`, 'o/unknown'])).toEqual(['o/unknown']);
    await space.quiet();
    expect(keys(space)).not.toContain('o/unknown');
    expect(keys(space)).toContain(known);
  });
});

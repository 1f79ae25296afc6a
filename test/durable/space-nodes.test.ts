// Nodes in a Space: making them, their properties, immutability and locks, listings, and deleting trees.
import { beforeAll, describe, expect, it } from 'vitest';
import type { SortKey } from '../../src/model/node.ts';
import { CORE, IMMUTABLE, LENGTH, LOCKED, MAX_PROPERTIES, QUOTA } from '../../src/model/property.ts';
import { ADMIN, BY_NAME, DAY, HOUR, newSpace, OWNER, refused, SHARED, WRITER, type TestSpace } from './support/space.ts';
import { testClock } from './support/ports.ts';

const TITLE = `${CORE}title`;
const text = (uri: string, value: string | null) => ({ uri, value });

describe('making a node', () => {
  it('answers the node as it is, and touches its container', async () => {
    const space = await newSpace();
    await space.make('dir');
    const before = (await space.get('dir')).changed;
    testClock.now += 1000;
    const { node, name } = await space.make('dir/file', 'DataNode', [text(TITLE, 'M 31')]);
    expect(name).toBe('file');
    expect(node).toMatchObject({
      name: 'file',
      type: 'DataNode',
      size: 0,
      busy: false,
      pending: false,
      properties: [{ uri: TITLE, value: 'M 31' }],
    });
    expect((await space.get('dir')).changed).toBe(before + 1000);
  });

  it('is refused where there is one, below what is not a container, and without a container', async () => {
    const space = await newSpace();
    await space.make('file', 'DataNode');
    expect(await refused(space.make('file', 'DataNode'))).toBe('DuplicateNode');
    expect(await refused(space.make('file'))).toBe('DuplicateNode');
    expect(await refused(space.make('file/x', 'DataNode'))).toBe('ContainerNotFound');
    expect(await refused(space.make('nope/x', 'DataNode'))).toBe('ContainerNotFound');
    expect(await refused(space.remove(''))).toBe('PermissionDenied');
  });

  it('happens once, however many ask for it at the same moment', async () => {
    const space = await newSpace();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refused(space.make('one'))));
    expect(answers.sort()).toEqual([...Array.from({ length: 9 }, () => 'DuplicateNode'), 'none']);
  });
});

describe('properties', () => {
  const uses = async (space: TestSpace, uri: string) =>
    (await space.rows<{ uses: number }>('SELECT uses FROM property_name WHERE uri = ?', uri))[0]?.uses ?? 0;

  it('are set, blanked, deleted by nil, and counted while any node has them', async () => {
    const space = await newSpace();
    await space.make('a', 'DataNode', [text(TITLE, 'A'), text('urn:x', '1')]);
    await space.make('b', 'DataNode', [text(TITLE, 'B')]);
    expect(await uses(space, TITLE)).toBe(2);
    await space.set('a', [text(TITLE, ''), text('urn:x', '2'), text('urn:x', '3')]);
    expect((await space.get('a')).properties).toEqual(expect.arrayContaining([text(TITLE, ''), text('urn:x', '3')]));
    await space.set('a', [text(TITLE, null), text('urn:none', null)]);
    expect((await space.get('a')).properties).toEqual([text('urn:x', '3')]);
    expect([await uses(space, TITLE), await uses(space, 'urn:x'), await uses(space, 'urn:none')]).toEqual([1, 1, 0]);
    await space.remove('b');
    expect(await space.port.usedProperties()).toEqual(['urn:x']);
  });

  it('that the service sets are accepted unchanged and refused changed', async () => {
    const space = await newSpace();
    await space.upload('file', 5);
    const { changed } = await space.get('file');
    const stamp = new Date(changed).toISOString().slice(0, -1);
    expect(await refused(space.set('file', [text(LENGTH, '5'), text(`${CORE}date`, stamp), text(`${CORE}creator`, 'ada')]))).toBe('none');
    for (const [uri, value] of [
      [LENGTH, '6'],
      [LENGTH, null],
      [`${CORE}MD5`, 'x'],
      [`${CORE}creator`, 'eve'],
      [`${CORE}availableSpace`, '1'],
    ] as const) {
      expect([uri, await refused(space.set('file', [text(uri, value)]))]).toEqual([uri, 'PermissionDenied']);
    }
    expect(await refused(space.set('file', [text(QUOTA, '5')]))).toBe('PermissionDenied');
    expect(await refused(space.set('file', [text(QUOTA, '5')], ADMIN))).toBe('InvalidArgument');
  });

  it('change all together or not at all', async () => {
    const space = await newSpace();
    await space.make('file', 'DataNode', [text(TITLE, 'old')]);
    expect(await refused(space.set('file', [text(TITLE, 'new'), text(`${CORE}publicread`, 'maybe')]))).toBe('InvalidArgument');
    expect(await refused(space.set('file', [text(TITLE, 'new'), text(`${CORE}nosuch`, 'x')]))).toBe('InvalidArgument');
    expect((await space.get('file')).properties).toEqual([text(TITLE, 'old')]);
    expect(await refused(space.port.update(space.call('file'), { type: 'ContainerNode', properties: [] }))).toBe('InvalidArgument');
  });

  it('have a limit per node, which does not keep bytes from being committed', async () => {
    const space = await newSpace();
    const many = Array.from({ length: MAX_PROPERTIES }, (_, i) => text(`urn:p${i}`, 'v'));
    await space.make('file', 'DataNode', many);
    expect(await refused(space.set('file', [text('urn:more', 'v')]))).toBe('InvalidArgument');
    const id = await space.reserve('file');
    space.send(id, 3, { type: 'image/fits' });
    expect(await space.settle(id)).toEqual({ result: 'committed', detail: '' });
  });
});

describe('immutable nodes', () => {
  it('and everything below them keep their content and names, and can still be annotated', async () => {
    const space = await newSpace();
    await space.make('frozen');
    await space.make('frozen/sub');
    await space.upload('frozen/sub/file', 4);
    await space.set('frozen', [text(IMMUTABLE, 'true')]);
    for (const act of [
      space.make('frozen/x', 'DataNode'),
      space.make('frozen/sub/x', 'DataNode'),
      space.reserve('frozen/sub/file'),
      space.reserve('frozen/sub/x'),
      space.remove('frozen/sub/file'),
      space.remove('frozen/sub'),
      space.remove('frozen'),
    ]) {
      expect(await refused(act)).toBe('PermissionDenied');
    }
    expect(await refused(space.set('frozen/sub/file', [text(TITLE, 'x')]))).toBe('none');
    await space.set('frozen', [text(IMMUTABLE, 'false')]);
    expect(await refused(space.remove('frozen'))).toBe('none');
  });

  it('are made so and freed again by the owner only', async () => {
    const space = await newSpace();
    await space.set('', SHARED);
    await space.make('file', 'DataNode', SHARED);
    expect(await refused(space.set('file', [text(IMMUTABLE, 'true')], WRITER))).toBe('PermissionDenied');
    await space.set('file', [text(IMMUTABLE, 'true')], OWNER);
    expect(await refused(space.set('file', [text(IMMUTABLE, 'false')], WRITER))).toBe('PermissionDenied');
  });
});

describe('locked nodes', () => {
  it('are neither replaced nor removed, and what is in them is', async () => {
    const space = await newSpace();
    await space.make('dir');
    await space.make('dir/sub');
    await space.make('dir/sub/file', 'DataNode');
    await space.set('dir/sub', [text(LOCKED, 'true')]);
    expect(await refused(space.make('dir/sub/x', 'DataNode'))).toBe('NodeLocked');
    expect(await refused(space.remove('dir/sub'))).toBe('NodeLocked');
    expect(await refused(space.remove('dir'))).toBe('NodeLocked');
    expect(await refused(space.upload('dir/sub/file', 3))).toBe('none');
    await space.set('dir/sub/file', [text(LOCKED, 'true')]);
    expect(await refused(space.reserve('dir/sub/file'))).toBe('NodeLocked');
    await space.set('dir/sub/file', [text(LOCKED, 'false')]);
    await space.set('dir/sub', [text(LOCKED, 'false')]);
    expect(await refused(space.remove('dir'))).toBe('none');
  });
});

describe('listings', () => {
  const COUNT = 5000;
  let space: TestSpace;
  let rows: { name: string; size: number; changed: number }[] = [];

  // Ties in size and date, names with capitals, accents and characters beyond the first plane.
  beforeAll(async () => {
    space = await newSpace();
    await space.make('big');
    rows = Array.from({ length: COUNT }, (_, i) => ({
      name: `${['n', 'N', 'é', '𝛼', '\uFFFD'][i % 5]}${(i * 7919) % COUNT}`,
      size: i % 13,
      changed: 1000 + (i % 17),
    }));
    await space.inside(({ storage }) => {
      const [{ id, access }] = storage.sql
        .exec<{ id: number; access: number }>("SELECT id, access FROM node WHERE name = 'big'")
        .toArray() as [{ id: number; access: number }];
      storage.transactionSync(() => {
        for (const { name, size, changed } of rows) {
          storage.sql.exec(
            "INSERT INTO node (parent, name, type, access, size, created, data_changed, changed) VALUES (?, ?, 'DataNode', ?, ?, 0, 0, ?)",
            id,
            name,
            access,
            size,
            changed,
          );
        }
      });
    });
  });

  const compareNames = (a: string, b: string) => {
    const [x, y] = [Array.from(a), Array.from(b)];
    for (let i = 0; i < Math.min(x.length, y.length); i++)
      if (x[i] !== y[i]) return (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    return x.length - y.length;
  };
  const sorted = (sort: SortKey, descending: boolean) => {
    const key = (row: (typeof rows)[number]) => (sort === 'length' ? row.size : sort === 'date' ? row.changed : 0);
    const list = rows.toSorted((a, b) => key(a) - key(b) || compareNames(a.name, b.name)).map((row) => row.name);
    return descending ? list.toReversed() : list;
  };

  it.each((['name', 'length', 'date'] as const).flatMap((sort) => [false, true].map((descending) => ({ sort, descending }))))(
    'by $sort, descending $descending, give every child exactly once, page by page, in order',
    async ({ sort, descending }) => {
      const expected = sorted(sort, descending);
      for (const limit of [997, undefined]) {
        const found: string[] = [];
        for (let start: string | undefined, more = true; more;) {
          const page = await space.port.read(space.call('big'), {
            detail: 'min',
            sort,
            descending,
            ...(limit === undefined ? {} : { limit }),
            ...(start === undefined ? {} : { start }),
          });
          found.push(...(page.children ?? []).map((child) => child.name));
          start = page.next;
          more = start !== undefined;
          if (more) expect(page.children).toHaveLength(limit ?? 1000);
        }
        expect(found).toEqual(expected);
      }
      // A page begins at its start, inclusively.
      const at = expected[2500] ?? '';
      const page = await space.port.read(space.call('big'), { detail: 'min', sort, descending, limit: 3, start: at });
      expect(page.children?.map((child) => child.name)).toEqual(expected.slice(2500, 2503));
      expect(page.next).toBe(expected[2503]);
    },
  );

  it('that begin at a name that is gone go on behind it by name, and say so otherwise', async () => {
    const page = await space.port.read(space.call('big'), { ...BY_NAME, limit: 1, start: 'n10.5' });
    expect(page.children?.map((child) => child.name)).toEqual([sorted('name', false).find((name) => compareNames(name, 'n10.5') >= 0)]);
    expect(await refused(space.port.read(space.call('big'), { ...BY_NAME, sort: 'date', start: 'n10.5' }))).toBe('InvalidArgument');
  });

  it('with limit 0 have no children, and those of other nodes neither', async () => {
    expect((await space.port.read(space.call('big'), { ...BY_NAME, limit: 0 })).children).toBeUndefined();
    expect((await space.port.read(space.call(`big/${rows[0]?.name}`), BY_NAME)).children).toBeUndefined();
    await space.make('empty');
    expect(await space.port.read(space.call('empty'), BY_NAME)).toMatchObject({ children: [] });
  });

  it('answer properties as the detail asks', async () => {
    await space.make('some');
    await space.make('some/a', 'DataNode', [text(TITLE, 'A')]);
    await space.make('some/b', 'DataNode', [text(TITLE, 'B'), text('urn:x', '1')]);
    const read = async (detail: 'min' | 'properties') =>
      (await space.port.read(space.call('some'), { ...BY_NAME, detail })).children?.map((child) => child.properties.length);
    expect(await read('properties')).toEqual([1, 2]);
    expect(await read('min')).toEqual([0, 0]);
  });
});

describe('deleting a tree', () => {
  async function tree(): Promise<TestSpace> {
    const space = await newSpace(100_000);
    await space.make('tree');
    for (const at of ['tree', 'tree/a', 'tree/a/b']) {
      if (at !== 'tree') await space.make(at);
      await space.upload(`${at}/file`, 100, { length: 100 });
    }
    await space.make('tree/a/note', 'DataNode', [text(TITLE, 'x')]);
    return space;
  }
  const quota = async (space: TestSpace) => (await space.get('', ADMIN)).quota;

  it('detaches it at once, purges it by alarm, and gives the quota back', async () => {
    const space = await tree();
    expect(await quota(space)).toEqual({ bytes: 100_000, used: 300, reserved: 0 });
    const pending = await space.reserve('tree/a/coming', { length: 50 });
    const keys = await space.rows<{ key: string }>('SELECT key FROM object');
    await space.remove('tree');
    expect(await refused(space.get('tree'))).toBe('NodeNotFound');
    expect(await refused(space.get('tree/a/file'))).toBe('NodeNotFound');
    // The name is free at once, while the old tree is still there.
    await space.make('tree');
    await space.quiet();
    expect(await space.names('tree')).toEqual([]);
    expect(await quota(space)).toEqual({ bytes: 100_000, used: 0, reserved: 0 });
    expect(await space.rows('SELECT id FROM node')).toHaveLength(2);
    for (const table of ['object', 'property', 'purge']) expect([table, await space.rows(`SELECT * FROM ${table}`)]).toEqual([table, []]);
    expect(await space.settle(pending)).toMatchObject({ result: 'NodeNotFound' });
    // Downloads under way end well: the bytes live on for an hour.
    expect(space.store.keys(space.container)).toEqual(expect.arrayContaining(keys.map((row) => row.key)));
    await space.pass(2 * HOUR, 10 * 60_000);
    for (const { key } of keys) expect(space.store.readable(space.container, key)).toBeUndefined();
    await space.pass(3 * DAY, 6 * HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
  });

  it('takes it in batches, one alarm after another', async () => {
    const space = await newSpace();
    await space.make('big');
    await space.inside(({ storage }) => {
      const { id, access } = storage.sql.exec<{ id: number; access: number }>("SELECT id, access FROM node WHERE name = 'big'").one();
      storage.transactionSync(() => {
        for (let i = 0; i < 2500; i++)
          storage.sql.exec(
            "INSERT INTO node (parent, name, type, access, created, data_changed, changed) VALUES (?, ?, 'DataNode', ?, 0, 0, 0)",
            id,
            `f${i}`,
            access,
          );
      });
    });
    await space.remove('big');
    const left = async () => (await space.rows<{ n: number }>('SELECT count(*) AS n FROM node'))[0]?.n;
    expect(await left()).toBe(2502);
    await space.evict();
    await space.quiet();
    expect(await left()).toBe(1);
  });

  it("is all or nothing where something below is not the caller's to write, or is locked or immutable", async () => {
    const space = await newSpace();
    await space.set('', SHARED);
    await space.make('tree', 'ContainerNode', SHARED);
    await space.make('tree/open', 'ContainerNode', SHARED);
    await space.make('tree/open/closed');
    await space.make('tree/open/closed/file', 'DataNode');
    const before = await space.rows('SELECT * FROM node');
    expect(await refused(space.remove('tree', WRITER))).toBe('PermissionDenied');
    expect(await space.rows('SELECT * FROM node')).toEqual(before);
    // A container that is not the caller's goes when it is empty, as any child of a writable container does.
    await space.remove('tree/open/closed/file');
    expect(await refused(space.remove('tree/open/closed', WRITER))).toBe('none');
    await space.make('tree/open/fixed', 'DataNode', [text(LOCKED, 'true')]);
    expect(await refused(space.remove('tree', WRITER))).toBe('NodeLocked');
    await space.set('tree/open/fixed', [text(LOCKED, 'false'), text(IMMUTABLE, 'true')]);
    expect(await refused(space.remove('tree', WRITER))).toBe('PermissionDenied');
    await space.set('tree/open/fixed', [text(IMMUTABLE, 'false')]);
    expect(await refused(space.remove('tree', WRITER))).toBe('none');
  });
});

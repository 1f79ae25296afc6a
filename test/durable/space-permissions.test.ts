// Who may do what in a Space: every kind of caller at every kind of container, and what refusals give away.
import { beforeAll, describe, expect, it } from 'vitest';
import { PRUNE_ACCESS } from '../../src/durable/space/queries.ts';
import type { PropertyInput } from '../../src/model/node.ts';
import type { Principal } from '../../src/model/principal.ts';
import { CORE } from '../../src/model/property.ts';
import {
  ADMIN,
  BY_NAME,
  group,
  MINUTE,
  newSpace,
  NOBODY,
  OWNER,
  PUBLIC,
  READER,
  refused,
  SHARED,
  STRANGER,
  user,
  words,
  WRITER,
  type TestSpace,
} from './support/space.ts';

const CALLERS = { anonymous: NOBODY, stranger: STRANGER, reader: READER, writer: WRITER, owner: OWNER, admin: ADMIN } as const;
type Caller = keyof typeof CALLERS;

/** Containers with a file and an empty container in each. In `hidden` the parent is private and the container itself is public. */
const PLACES = { public: 'public', shared: 'shared', private: 'private', hidden: 'private/public' } as const;
type Place = keyof typeof PLACES;

type Act = (space: TestSpace, at: string, by: Principal) => Promise<unknown>;
let serial = 0;
const ACTS = {
  read: (space, at, by) => space.get(`${at}/file`, by),
  list: (space, at, by) => space.port.read(space.call(at, by), BY_NAME),
  locate: (space, at, by) => space.port.locate(space.call(`${at}/file`, by)),
  create: (space, at, by) => space.make(`${at}/made${serial++}`, 'DataNode', [], by),
  reserve: (space, at, by) => space.reserve(`${at}/sent${serial++}`, { by, id: `r${serial}` }),
  replace: (space, at, by) => space.reserve(`${at}/file`, { by, id: `r${serial++}` }),
  set: (space, at, by) => space.set(`${at}/file`, [{ uri: `${CORE}title`, value: 'Stars' }], by),
  delete: async (space, at, by) => {
    const path = `${at}/gone${serial++}`;
    await space.make(path, 'DataNode', [], OWNER);
    return space.remove(path, by);
  },
  share: (space, at, by) =>
    space.set(`${at}/file`, [{ uri: `${CORE}groupread`, value: `${group('readers')} ${group(`g${serial++}`)}` }], by),
} satisfies Record<string, Act>;

// yes: allowed. no: refused, with 401 for the anonymous and 403 for others.
type Verdict = 'yes' | 'no';
const row = (anonymous: Verdict, stranger: Verdict, reader: Verdict, writer: Verdict): Record<Caller, Verdict> => ({
  anonymous,
  stranger,
  reader,
  writer,
  owner: 'yes',
  admin: 'yes',
});
const NONE = row('no', 'no', 'no', 'no');
const ALL = row('yes', 'yes', 'yes', 'yes');
const SHARED_READ = row('no', 'no', 'yes', 'yes');
const WRITERS = row('no', 'no', 'no', 'yes');

const TABLE: Record<Place, Partial<Record<keyof typeof ACTS, Record<Caller, Verdict>>>> = {
  public: { read: ALL, list: ALL, locate: ALL, create: NONE, reserve: NONE, replace: NONE, set: NONE, delete: NONE, share: NONE },
  shared: {
    read: SHARED_READ,
    list: SHARED_READ,
    locate: SHARED_READ,
    create: WRITERS,
    reserve: WRITERS,
    replace: WRITERS,
    set: WRITERS,
    delete: WRITERS,
    share: NONE,
  },
  private: { read: NONE, list: NONE, locate: NONE, create: NONE, reserve: NONE, replace: NONE, set: NONE, delete: NONE, share: NONE },
  hidden: { read: NONE, list: NONE, locate: NONE, create: NONE, reserve: NONE, replace: NONE, set: NONE, delete: NONE, share: NONE },
};

const cells = (Object.keys(TABLE) as Place[]).flatMap((place) =>
  Object.entries(TABLE[place]).flatMap(([act, row]) =>
    Object.entries(row).map(([caller, verdict]) => ({ place, act: act as keyof typeof ACTS, caller: caller as Caller, verdict })),
  ),
);

/** The top is open to all, so that what is below decides. */
async function openSpace(): Promise<TestSpace> {
  const space = await newSpace();
  await space.set('', [PUBLIC]);
  return space;
}

describe('the permission table', () => {
  let space: TestSpace;

  beforeAll(async () => {
    space = await openSpace();
    await space.make('public', 'ContainerNode', [PUBLIC]);
    await space.make('shared', 'ContainerNode', SHARED);
    await space.make('private');
    await space.make('private/public', 'ContainerNode', [PUBLIC]);
    for (const at of Object.values(PLACES)) {
      const properties = at === 'shared' ? SHARED : at === 'private' ? [] : [PUBLIC];
      await space.make(`${at}/file`, 'DataNode', properties);
    }
  });

  it('has every act, place and caller', () => {
    expect(cells).toHaveLength(4 * 9 * 6);
  });

  it.each(cells)('$caller × $act × $place: $verdict', async ({ place, act, caller, verdict }) => {
    const refusal = caller === 'anonymous' ? 'NotAuthenticated' : 'PermissionDenied';
    expect(await refused(ACTS[act](space, PLACES[place], CALLERS[caller]))).toBe(verdict === 'yes' ? 'none' : refusal);
  });
});

describe('a refusal', () => {
  it.each([NOBODY, STRANGER])('of $kind is the same for what is in an unreadable container and for what is not', async (by) => {
    const space = await openSpace();
    await space.make('private');
    await space.make('private/there');
    await space.make('private/there/deep', 'DataNode');
    await space.make('private/link', 'LinkNode', [], OWNER, 'https://example.org/');
    const acts: ((path: string) => Promise<unknown>)[] = [
      (path) => space.get(path, by),
      (path) => space.port.locate(space.call(path, by)),
      (path) => space.make(path, 'DataNode', [], by),
      (path) => space.set(path, [], by),
      (path) => space.remove(path, by),
      (path) => space.reserve(path, { by }),
    ];
    for (const act of acts) {
      for (const [present, absent] of [
        ['there', 'nope'],
        ['there/deep', 'nope/deep'],
        ['link', 'nope'],
        ['link/x', 'nope/x'],
      ]) {
        const [a, b] = [await words(act(`private/${present}`)), await words(act(`private/${absent}`))];
        expect(a.replaceAll(present ?? '', '*')).toBe(b.replaceAll(absent ?? '', '*'));
        expect(a).toContain(by.kind === 'anonymous' ? 'NotAuthenticated' : 'PermissionDenied');
      }
    }
  });

  it('is a true NodeNotFound for those who may read the container', async () => {
    const space = await openSpace();
    await space.make('shared', 'ContainerNode', SHARED);
    expect(await refused(space.get('shared/nope', READER))).toBe('NodeNotFound');
    expect(await refused(space.remove('shared/nope', WRITER))).toBe('NodeNotFound');
    expect(await refused(space.make('shared/nope/x', 'DataNode', [], WRITER))).toBe('ContainerNotFound');
    expect(await refused(space.reserve('shared/nope/x', { by: WRITER }))).toBe('ContainerNotFound');
  });

  it('hides properties of children that the caller may not read, and says that they are there', async () => {
    const space = await openSpace();
    await space.make('secret', 'DataNode', [{ uri: `${CORE}title`, value: 'Plan' }]);
    const { children = [] } = await space.port.read(space.call('', STRANGER), BY_NAME);
    expect(children.map(({ name, readable, properties }) => ({ name, readable, properties }))).toEqual([
      { name: 'secret', readable: false, properties: [] },
    ]);
  });

  it('meets every container above, however public what is below', async () => {
    const space = await newSpace();
    await space.make('open', 'ContainerNode', [PUBLIC]);
    expect(await refused(space.get('open', STRANGER))).toBe('PermissionDenied');
    expect(await refused(space.get('open', NOBODY))).toBe('NotAuthenticated');
  });
});

describe('permissions of a node that is made', () => {
  it("are private and the maker's, unless the document says more", async () => {
    const space = await openSpace();
    await space.make('shared', 'ContainerNode', SHARED);
    const { node } = await space.make('shared/mine', 'DataNode', [], WRITER);
    expect(node.access).toEqual({ owner: 'cleo', isPublic: false, inherit: false, groupRead: [], groupWrite: [] });
  });

  it("are the container's where it has inheritPermissions, with the maker as the owner, and so on below", async () => {
    const space = await openSpace();
    await space.make('team', 'ContainerNode', [
      ...SHARED,
      PUBLIC,
      { uri: 'ivo://cadc.nrc.ca/vospace/core#inheritPermissions', value: 'true' },
    ]);
    await space.make('team/sub', 'ContainerNode', [], WRITER);
    const { node } = await space.make('team/sub/file', 'DataNode', [], WRITER);
    expect(node.access).toEqual({
      owner: 'cleo',
      isPublic: true,
      inherit: true,
      groupRead: [group('readers')],
      groupWrite: [group('writers')],
    });
    const uploaded = await space.reserve('team/sub/sent', { by: WRITER });
    expect((await space.get('team/sub/sent', READER)).access).toEqual(node.access);
    expect(uploaded).toBeTruthy();
    const other = await space.make('team/own', 'DataNode', [{ uri: `${CORE}publicread`, value: 'false' }], WRITER);
    expect(other.node.access).toMatchObject({ isPublic: false, groupRead: [group('readers')] });
  });

  it('change with the next document, also when it says publicread under one of its two names only', async () => {
    const space = await openSpace();
    await space.make('file', 'DataNode');
    expect((await space.set('file', [{ uri: `${CORE}ispublic`, value: '1' }])).access.isPublic).toBe(true);
    // A whole document comes back with one value changed: the other name still has the old one.
    expect(
      (
        await space.set('file', [
          { uri: `${CORE}publicread`, value: 'false' },
          { uri: `${CORE}ispublic`, value: 'true' },
        ])
      ).access.isPublic,
    ).toBe(false);
    expect(
      (
        await space.set('file', [
          { uri: `${CORE}publicread`, value: 'true' },
          { uri: `${CORE}ispublic`, value: 'false' },
        ])
      ).access.isPublic,
    ).toBe(true);
  });

  it('follow the groups of the caller at the time of the call', async () => {
    const space = await openSpace();
    await space.make('shared', 'ContainerNode', SHARED);
    expect(await refused(space.get('shared', user('eve')))).toBe('PermissionDenied');
    expect(await refused(space.get('shared', user('eve', 'readers')))).toBe('none');
    await space.set('shared', [{ uri: `${CORE}groupread`, value: null }]);
    expect(await refused(space.get('shared', user('eve', 'readers')))).toBe('PermissionDenied');
  });
});

describe('links', () => {
  it('stop the walk with LinkFound that names them, and lead bytes on to their target', async () => {
    const space = await openSpace();
    await space.make('dir', 'ContainerNode', [PUBLIC]);
    await space.make('dir/link', 'LinkNode', [PUBLIC], OWNER, 'vos://example.org~vospace/home/other');
    expect(await words(space.get('dir/link/x/y'))).toContain('LinkFound');
    expect(await words(space.get('dir/link/x/y'))).toContain('/home/dir/link');
    expect(await words(space.make('dir/link/x', 'DataNode'))).toContain('LinkFound');
    expect(await words(space.remove('dir/link/x'))).toContain('LinkFound');
    expect(await words(space.set('dir/link/x', []))).toContain('LinkFound');
    expect(await space.port.locate(space.call('dir/link/x/y'))).toEqual({
      kind: 'link',
      target: 'vos://example.org~vospace/home/other',
      rest: ['x', 'y'],
    });
    expect(await space.port.locate(space.call('dir/link', NOBODY))).toMatchObject({ kind: 'link', rest: [] });
    expect(await refused(space.reserve('dir/link/x'))).toContain('the reservation ended at a link');
  });

  it('are read and removed themselves, and their target can be set', async () => {
    const space = await openSpace();
    await space.make('link', 'LinkNode', [], OWNER, 'https://example.org/a');
    expect((await space.get('link')).target).toBe('https://example.org/a');
    await space.port.update(space.call('link'), { type: 'LinkNode', properties: [], target: 'https://example.org/b' });
    expect((await space.get('link')).target).toBe('https://example.org/b');
    await space.set('link', [{ uri: `${CORE}title`, value: 'B' }]);
    expect((await space.get('link')).target).toBe('https://example.org/b');
    await space.remove('link');
    expect(await refused(space.get('link'))).toBe('NodeNotFound');
  });

  it('give nothing away to those who may not read them', async () => {
    const space = await openSpace();
    await space.make('link', 'LinkNode', [], OWNER, 'https://example.org/secret');
    for (const act of [
      space.port.locate(space.call('link/x', STRANGER)),
      space.reserve('link/x', { by: STRANGER }),
      space.get('link/x', STRANGER),
      space.make('link/x', 'DataNode', [], STRANGER),
    ]) {
      const said = await words(act);
      expect(said).toContain('PermissionDenied');
      expect(said).not.toContain('secret');
    }
  });
});

describe('permissions that no node has any more', () => {
  const count = async (space: TestSpace) => (await space.rows<{ n: number }>('SELECT count(*) AS n FROM access'))[0]?.n;
  const shared = (n: number): PropertyInput => ({ uri: `${CORE}groupread`, value: group(`g${n}`) });

  it('are removed when there are many, and never those of a node', async () => {
    const space = await newSpace();
    await space.make('kept', 'ContainerNode', [shared(0)]);
    await space.make('file', 'DataNode');
    const before = { kept: (await space.get('kept')).access, file: (await space.get('file')).access };
    await space.inside(({ storage }) => {
      for (let i = 0; i < 1000; i++)
        storage.sql.exec("INSERT INTO access (owner, public, inherit, group_read, group_write) VALUES (?, 0, 0, '', '')", `u${i}`);
    });
    expect(await space.rows("SELECT * FROM outbox WHERE kind = 'access'")).toEqual([]);
    for (let i = 1; i < 4; i++) await space.set('file', [shared(i)]);
    expect(await space.rows("SELECT * FROM outbox WHERE kind = 'access'")).toHaveLength(1);
    await space.pass(2 * MINUTE, MINUTE);
    expect(await count(space)).toBe(3);
    // The ids that were freed are used again.
    for (let i = 10; i < 20; i++) await space.make(`n${i}`, 'DataNode', [shared(i)]);
    await space.set('file', [{ uri: `${CORE}groupread`, value: null }]);
    expect({ kept: (await space.get('kept')).access, file: (await space.get('file')).access }).toEqual(before);
    expect((await space.get('n12')).access.groupRead).toEqual([group('g12')]);
    expect(await space.rows("SELECT * FROM outbox WHERE kind = 'access'")).toEqual([]);
  });

  it('are asked for in every table that refers to permissions', async () => {
    const space = await newSpace();
    const tables = await space.rows<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '% access INTEGER%'",
    );
    for (const { name } of tables) expect(PRUNE_ACCESS.text).toContain(`access FROM ${name}`);
    expect(tables).not.toEqual([]);
  });
});

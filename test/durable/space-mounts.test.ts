// Top-level containers: a row in the root Space, a Space of their own, and how the two stay in step when calls are lost.
import { describe, expect, it } from 'vitest';
import { CORE, LOCKED } from '../../src/model/property.ts';
import { ROOT, type SpaceId } from '../../src/model/space-id.ts';
import { ADMIN, BY_NAME, DAY, HOUR, MINUTE, OWNER, portOf, PUBLIC, refused, STRANGER, TestSpace } from './support/space.ts';
import { dropped, stuck, testClock } from './support/ports.ts';

/** The root is the same for all tests: each has names of its own. */
class Root extends TestSpace {
  constructor() {
    super(ROOT, '');
  }
}
const root = new Root();
const unique = () => `t${crypto.randomUUID()}`;

async function found(name: string): Promise<TestSpace> {
  const space = new TestSpace(unique() as SpaceId, name);
  await space.port.found(space.id, name, 'ada', { type: 'ContainerNode', properties: [] }, undefined, testClock.now + MINUTE);
  return space;
}

async function mounted(name = unique()): Promise<TestSpace> {
  const space = await found(name);
  await root.port.attach(root.call(name, ADMIN), space.id, await space.get(''));
  await space.port.attached();
  await space.port.prepared(1);
  return space;
}

const entry = async (name: string) =>
  (await root.port.read(root.call('', ADMIN), { ...BY_NAME, start: name, limit: 1 })).children?.find((child) => child.name === name);
const isGone = async (space: TestSpace) => (await space.port.container()) === undefined;
const renamed = (space: TestSpace, name: string) => new TestSpace(space.id, name);

describe('making a top-level container', () => {
  it('is for administrators, once a name', async () => {
    const space = await mounted();
    expect(await root.port.mountOf(space.name)).toBe(space.id);
    expect(await entry(space.name)).toMatchObject({ type: 'ContainerNode', mount: space.id, access: { owner: 'ada' } });
    const other = await found(space.name);
    expect(await refused(root.port.attach(root.call(space.name, ADMIN), other.id, await other.get('')))).toBe('DuplicateNode');
    expect(await refused(root.port.attach(root.call(unique(), OWNER), other.id, await other.get('')))).toBe('PermissionDenied');
    // The same attach again, after a lost answer.
    expect(await refused(root.port.attach(root.call(space.name, ADMIN), space.id, await space.get('')))).toBe('none');
  });

  it('leaves no Space behind that was never attached', async () => {
    const space = await found(unique());
    await space.pass(30_000, 1000);
    expect(await refused(space.get(''))).toBe('none');
    await space.pass(2 * MINUTE, 30_000);
    expect(await refused(space.get(''))).toBe('Moved');
    await space.pass(3 * HOUR);
    expect(await isGone(space)).toBe(true);
    expect(await space.alarmTime()).toBeNull();
  });

  it('lasts when the word that it was attached is lost, and when it has been renamed since', async () => {
    const space = await found(unique());
    await root.port.attach(root.call(space.name, ADMIN), space.id, await space.get(''));
    const to = unique();
    // The Space does not hear of its name before it asks whether it is attached.
    await root.inside((state) => void state.storage.sql.exec('UPDATE node SET name = ? WHERE mount = ?', to, space.id));
    await space.pass(5 * MINUTE, MINUTE);
    expect(await refused(space.get(''))).toBe('none');
    expect(await space.rows("SELECT * FROM outbox WHERE kind = 'confirm'")).toEqual([]);
  });
});

describe('a call under an outdated name', () => {
  it('is told to look again, in the root as well as in the Space', async () => {
    const space = await mounted();
    const stale = renamed(space, 'other');
    for (const act of [
      stale.get(''),
      stale.make('x'),
      stale.set('', []),
      stale.remove('x'),
      stale.reserve('x'),
      stale.port.locate(stale.call('x')),
    ])
      expect(await refused(act)).toBe('Moved');
    // The root was asked because the container was not there a moment ago.
    const name = space.name;
    for (const act of [
      root.get(name, ADMIN),
      root.make(`${name}/x`, 'DataNode', [], ADMIN),
      root.set(name, [], ADMIN),
      root.remove(name, ADMIN),
      root.remove(`${name}/x`, ADMIN),
      root.reserve(`${name}/x`, { by: ADMIN }),
    ]) {
      expect(await refused(act)).toBe('Moved');
    }
    expect(await root.rows('SELECT * FROM node WHERE parent = (SELECT id FROM node WHERE mount = ?)', space.id)).toEqual([]);
    expect(await root.port.mountOf(name)).toBe(space.id);
  });
});

describe('removing a top-level container', () => {
  it('cuts it off, destroys it, sweeps it, drops its store container and leaves nothing', async () => {
    const space = await mounted();
    await space.make('dir');
    await space.upload('dir/file', 10);
    await space.reserve('dir/coming');
    stuck.add(space.container);
    expect(await refused(root.port.detach(root.call(space.name, OWNER)))).toBe('PermissionDenied');
    await root.port.detach(root.call(space.name, ADMIN));
    expect(await root.port.mountOf(space.name)).toBeUndefined();
    await root.quiet();
    expect(await refused(space.get('dir'))).toBe('Moved');
    await space.pass(2 * DAY, HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
    // The store would not let it go yet: it is tried again.
    expect(await isGone(space)).toBe(false);
    stuck.delete(space.container);
    await space.pass(HOUR, 10 * MINUTE);
    expect(dropped).toContain(space.container);
    expect(await isGone(space)).toBe(true);
    expect(await space.alarmTime()).toBeNull();
    expect(await space.rows('SELECT * FROM node')).toEqual([]);
    expect(await root.port.mountOf(space.name)).toBeUndefined();
  });

  it("is refused while something in it is locked or not the caller's", async () => {
    const space = await mounted();
    await space.make('dir');
    await space.make('dir/file', 'DataNode', [{ uri: LOCKED, value: 'true' }]);
    expect(await refused(space.port.checkDestroyable(space.call('', ADMIN)))).toBe('NodeLocked');
    expect(await refused(space.port.checkDestroyable(space.call('', STRANGER)))).toBe('PermissionDenied');
    await space.set('dir/file', [{ uri: LOCKED, value: 'false' }]);
    expect(await refused(space.port.checkDestroyable(space.call('', ADMIN)))).toBe('none');
  });

  it('is heard of however often the call gets lost, and twice is as good as once', async () => {
    const space = await mounted();
    await root.port.detach(root.call(space.name, ADMIN));
    await root.evict();
    await root.quiet();
    await space.port.destroy();
    await space.pass(3 * HOUR, 10 * MINUTE);
    expect(await isGone(space)).toBe(true);
    await space.port.destroy();
    expect(await isGone(space)).toBe(true);
    expect(await root.rows("SELECT * FROM outbox WHERE payload LIKE '%' || ? || '%'", space.id)).toEqual([]);
  });
});

describe('renaming a top-level container', () => {
  it('is one row in the root, told to the Space at once', async () => {
    const space = await mounted();
    await space.make('dir');
    const taken = await mounted();
    const to = unique();
    expect(await refused(root.port.rename(root.call(space.name, ADMIN), taken.name))).toBe('DuplicateNode');
    expect(await refused(root.port.rename(root.call(space.name, OWNER), to))).toBe('PermissionDenied');
    await root.port.rename(root.call(space.name, ADMIN), to);
    expect(await root.port.mountOf(space.name)).toBeUndefined();
    expect(await root.port.mountOf(to)).toBe(space.id);
    expect(await refused(space.get('dir'))).toBe('Moved');
    expect(await renamed(space, to).get('')).toMatchObject({ name: to });
    expect(await renamed(space, to).names('')).toEqual(['dir']);
  });

  it('ends with the last name, in whatever order the Space hears of them', async () => {
    const space = await mounted();
    const [one, two] = [unique(), unique()];
    await root.port.rename(root.call(space.name, ADMIN), one);
    await root.port.rename(root.call(one, ADMIN), two);
    // What the outbox still owes arrives late, the first name last.
    await root.quiet();
    await space.port.renamed(one, 1);
    expect(await refused(renamed(space, two).get(''))).toBe('none');
    expect(await root.rows("SELECT * FROM outbox WHERE kind = 'rename'")).toEqual([]);
  });

  it('is not owed for ever to a Space that is gone', async () => {
    const space = await mounted();
    const to = unique();
    await root.port.rename(root.call(space.name, ADMIN), to);
    await root.port.detach(root.call(to, ADMIN));
    await space.port.destroy();
    await space.pass(3 * HOUR, 10 * MINUTE);
    expect(await isGone(space)).toBe(true);
    expect(await refused(space.port.renamed(unique(), 1e9))).toBe('none');
    expect(await isGone(space)).toBe(true);
    await root.quiet();
    expect(await root.rows("SELECT * FROM outbox WHERE payload LIKE '%' || ? || '%'", space.id)).toEqual([]);
  });
});

describe('what the root lists', () => {
  it('is brought up to date by a change of the container itself', async () => {
    const space = await mounted();
    await space.set('', [PUBLIC, { uri: `${CORE}title`, value: 'Survey' }]);
    expect(await entry(space.name)).toMatchObject({ access: { isPublic: true }, properties: [{ uri: `${CORE}title`, value: 'Survey' }] });
    expect(await space.rows("SELECT * FROM outbox WHERE kind = 'project'")).toEqual([]);
  });

  it('is never set back by an older revision, and follows the Space through a new name', async () => {
    const space = await mounted();
    const old = await space.get('');
    await space.set('', [{ uri: `${CORE}title`, value: 'New' }]);
    await root.port.project(space.id, 1, { ...old, changed: 1 });
    expect(await entry(space.name)).toMatchObject({ properties: [{ uri: `${CORE}title`, value: 'New' }] });
    const to = unique();
    // The root has another name for it, of which the Space has not heard.
    await root.inside((state) => void state.storage.sql.exec('UPDATE node SET name = ? WHERE mount = ?', to, space.id));
    await space.set('', [{ uri: `${CORE}title`, value: 'Newer' }]);
    expect(await entry(to)).toMatchObject({ properties: [{ uri: `${CORE}title`, value: 'Newer' }] });
  });

  it('includes the property URIs of all Spaces, while they are in use', async () => {
    const space = await mounted();
    const uri = `urn:${unique()}`;
    await space.make('file', 'DataNode', [{ uri, value: 'x' }]);
    await space.quiet();
    expect(await portOf(ROOT).usedProperties()).toContain(uri);
    await space.set('file', [{ uri, value: null }]);
    await space.quiet();
    expect(await portOf(ROOT).usedProperties()).not.toContain(uri);
  });

  it('never goes back to the property URIs of an older message, nor to those of a Space that is gone', async () => {
    const space = await mounted();
    const [older, newer] = [`urn:${unique()}`, `urn:${unique()}`];
    await root.port.noteProperties(space.id, 8, [newer]);
    await root.port.noteProperties(space.id, 7, [older]);
    const used = await root.port.usedProperties();
    expect([used.includes(newer), used.includes(older)]).toEqual([true, false]);
    await root.port.detach(root.call(space.name, ADMIN));
    expect(await root.port.usedProperties()).not.toContain(newer);
    await root.port.noteProperties(space.id, 9, [newer]);
    expect(await root.port.usedProperties()).not.toContain(newer);
    expect(await root.rows('SELECT * FROM space_told WHERE space = ?', space.id)).toEqual([]);
  });

  it('includes what was told before the Space had a name', async () => {
    const uri = `urn:${unique()}`;
    for (const hears of [true, false]) {
      const space = await found(unique());
      await space.set('', [{ uri: `${uri}-${String(hears)}`, value: 'x' }]);
      await space.quiet();
      await root.port.attach(root.call(space.name, ADMIN), space.id, await space.get(''));
      // Without the word it asks the root itself.
      if (hears) await space.port.attached();
      await space.pass(2 * MINUTE, MINUTE);
      expect(await root.port.usedProperties()).toContain(`${uri}-${String(hears)}`);
    }
  });
});

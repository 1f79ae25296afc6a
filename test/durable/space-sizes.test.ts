// A container's size: what has been committed below it, whatever comes, goes and moves, and how the root learns of it.
import { describe, expect, it } from 'vitest';
import { derivedProperties } from '../../src/model/derived.ts';
import { CORE, LENGTH, QUOTA } from '../../src/model/property.ts';
import { ROOT, type SpaceId } from '../../src/model/space-id.ts';
import { MIGRATIONS } from '../../src/durable/space/schema.ts';
import { checkRows } from './support/invariants.ts';
import { testClock } from './support/ports.ts';
import { ADMIN, BY_NAME, HOUR, MINUTE, newSpace, TestSpace } from './support/space.ts';

const sizes = (space: TestSpace, ...paths: string[]) => Promise.all(paths.map(async (path) => (await space.get(path)).size));
const sound = (space: TestSpace) => space.inside((state) => checkRows(state.storage.sql, space.store, space.container));

/** /a/b/file of 100 bytes, /a/other of 20, /c empty. */
async function tree(): Promise<TestSpace> {
  const space = await newSpace();
  for (const path of ['a', 'a/b', 'c']) await space.make(path);
  await space.upload('a/b/file', 100);
  await space.upload('a/other', 20);
  return space;
}

describe('the size of a container', () => {
  it('is what has been committed below it, without a quota too', async () => {
    const space = await tree();
    expect(await sizes(space, '', 'a', 'a/b', 'c')).toEqual([120, 120, 100, 0]);
    await space.upload('a/b/file', 70);
    await space.reserve('a/b/soon', { length: 1000 });
    expect(await sizes(space, '', 'a', 'a/b', 'c')).toEqual([90, 90, 70, 0]);
    expect(derivedProperties(await space.get('a'))).toContainEqual([LENGTH, '90']);
  });

  it('goes down at once with a tree that is deleted', async () => {
    const space = await tree();
    await space.within((port) => port.remove(space.call('a/b')));
    expect(await sizes(space, '', 'a')).toEqual([20, 20]);
    await space.quiet();
    expect(await sizes(space, '', 'a')).toEqual([20, 20]);
    await space.remove('a/other');
    expect(await sizes(space, '', 'a')).toEqual([0, 0]);
    await sound(space);
  });

  it('makes room below a quota at once', async () => {
    const space = await tree();
    await space.set('', [{ uri: QUOTA, value: '150' }], ADMIN);
    await space.within(async (port) => {
      await port.remove(space.call('a'));
      expect((await port.read(space.call(''), { ...BY_NAME, limit: 0 })).node.quota).toEqual({ bytes: 150, used: 0, reserved: 0 });
    });
  });

  it('goes along when a tree is moved', async () => {
    const space = await tree();
    await space.port.move(space.call('a/b'), space.call('c/b'));
    expect(await sizes(space, '', 'a', 'c', 'c/b')).toEqual([120, 20, 100, 100]);
    await space.port.move(space.call('c/b'), space.call('c/renamed'));
    expect(await sizes(space, '', 'a', 'c', 'c/renamed')).toEqual([120, 20, 100, 100]);
    await sound(space);
  });

  it('is what a listing is sorted by', async () => {
    const space = await tree();
    await space.make('empty');
    await space.upload('file', 110);
    const listing = { ...BY_NAME, sort: 'length', descending: true } as const;
    const children = (await space.port.read(space.call(''), listing)).children ?? [];
    expect(children.map(({ name, size }) => [name, size])).toEqual([
      ['a', 120],
      ['file', 110],
      ['empty', 0],
      ['c', 0],
    ]);
  });

  it('is counted for the rows of an earlier release, and told to the root', async () => {
    const space = await tree();
    await space.make('limited');
    await space.set('limited', [{ uri: QUOTA, value: '50' }], ADMIN);
    await space.upload('limited/file', 30, { length: 30 });
    await space.inside(({ storage }) => {
      const { sql } = storage;
      sql.exec("UPDATE node SET size = 0 WHERE type = 'ContainerNode'");
      sql.exec('ALTER TABLE quota ADD COLUMN used INTEGER NOT NULL DEFAULT 30');
      sql.exec('DELETE FROM outbox');
      sql.exec(MIGRATIONS[SIZES] ?? '');
    });
    expect(await sizes(space, '', 'a', 'a/b', 'c', 'limited')).toEqual([150, 120, 100, 0, 30]);
    expect((await space.get('limited', ADMIN)).quota).toEqual({ bytes: 50, used: 30, reserved: 0 });
    expect(await space.rows("SELECT 1 FROM outbox WHERE kind = 'project'")).toHaveLength(1);
    await sound(space);
  });
});

/** The migration that counts them. */
const SIZES = MIGRATIONS.findIndex((step) => step.includes('DROP COLUMN used'));

const root = new TestSpace(ROOT, '');

async function mounted(): Promise<TestSpace> {
  const name = `z${crypto.randomUUID()}`;
  const space = new TestSpace(name as SpaceId, name);
  const state = await space.port.found(space.id, name, 'ada', { type: 'ContainerNode', properties: [] }, 1000, testClock.now + MINUTE);
  await root.port.attach(root.call(name, ADMIN), space.id, state);
  await space.port.attached();
  await space.port.prepared(1);
  await space.pass(MINUTE, 1000);
  return space;
}

const entry = async ({ name }: TestSpace) =>
  (await root.port.read(root.call('', ADMIN), { ...BY_NAME, start: name, limit: 1 })).children?.find((child) => child.name === name);
const owed = (space: TestSpace) => space.rows("SELECT due FROM outbox WHERE kind = 'project'");

describe('what the root lists of a top-level container', () => {
  it('follows its content within two seconds', async () => {
    const space = await mounted();
    const total = (await root.get('', ADMIN)).size;
    await space.make('dir');
    await space.upload('dir/file', 100, { length: 100 });
    await space.reserve('dir/soon', { length: 10 });
    await space.pass(2000, 2000);
    const { changed, size, quota } = await space.get('');
    expect(size).toBe(100);
    expect(quota).toEqual({ bytes: 1000, used: 100, reserved: 10 });
    expect(await entry(space)).toMatchObject({ changed, size, quota });
    expect((await root.get('', ADMIN)).size).toBe(total + 100);
    await space.remove('dir');
    await space.pass(2000, 2000);
    expect(await entry(space)).toMatchObject({
      changed: (await space.get('')).changed,
      size: 0,
      quota: { bytes: 1000, used: 0, reserved: 0 },
    });
    expect((await root.get('', ADMIN)).size).toBe(total);
    await root.inside((state) => checkRows(state.storage.sql, root.store, root.container));
  });

  it('is owed once for many changes, and not at all by a Space where nothing happens', async () => {
    const space = await mounted();
    expect(await owed(space)).toEqual([]);
    for (let i = 0; i < 20; i++) await space.make(`n${i}`);
    expect(await owed(space)).toHaveLength(1);
    await space.make('n0/deep');
    await space.pass(2000, 2000);
    expect(await owed(space)).toEqual([]);
    // What changes below and has no bytes is no change of the top.
    await space.make('n0/deeper');
    expect(await owed(space)).toEqual([]);
    await space.pass(HOUR);
    expect(await space.rows('SELECT * FROM outbox')).toEqual([]);
  });

  it('shows what changed while it was being told', async () => {
    const space = await mounted();
    await space.make('one');
    // Its delivery has begun: it has read the Space, and is not done.
    await space.inside(({ storage }) => void storage.sql.exec("UPDATE outbox SET attempts = 1 WHERE kind = 'project'"));
    testClock.now += 10;
    await space.make('two');
    expect(await owed(space)).toEqual([{ due: expect.any(Number) }]);
    await space.pass(2000, 2000);
    expect(await entry(space)).toMatchObject({ changed: (await space.get('')).changed });
  });

  it('is gone from the sum when the container is gone', async () => {
    const space = await mounted();
    const total = (await root.get('', ADMIN)).size;
    await space.upload('file', 500, { length: 500 });
    await space.pass(2000, 2000);
    expect((await root.get('', ADMIN)).size).toBe(total + 500);
    await root.port.detach(root.call(space.name, ADMIN));
    expect((await root.get('', ADMIN)).size).toBe(total);
    await space.port.destroy();
    await space.pass(2 * MINUTE, 1000);
    expect(await owed(space)).toEqual([]);
  });

  it('has the properties and the time of the last change after a new name', async () => {
    const space = await mounted();
    await space.set('', [{ uri: `${CORE}title`, value: 'Survey' }]);
    const to = `z${crypto.randomUUID()}`;
    await root.port.rename(root.call(space.name, ADMIN), to);
    const renamed = new TestSpace(space.id, to);
    await renamed.pass(2000, 2000);
    expect(await entry(renamed)).toMatchObject({
      changed: (await renamed.get('')).changed,
      properties: [{ uri: `${CORE}title`, value: 'Survey' }],
    });
  });
});

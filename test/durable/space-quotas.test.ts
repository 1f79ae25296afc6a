// Limits of a Space: quotas are charged and given back, visible bytes never exceed one, and uploads under way are capped.
import { describe, expect, it } from 'vitest';
import { DEFAULT_RESERVE } from '../../src/model/limits.ts';
import { QUOTA } from '../../src/model/property.ts';
import { ADMIN, DAY, HOUR, newSpace, refused, SHARED, user, WRITER, type TestSpace } from './support/space.ts';

const limit = (space: TestSpace, path: string, bytes: number | null) =>
  space.set(path, [{ uri: QUOTA, value: bytes === null ? null : String(bytes) }], ADMIN);
const quota = async (space: TestSpace, path = '') => (await space.get(path, ADMIN)).quota;

describe('a quota', () => {
  it('refuses a stated length at the reservation and an unstated one at the commit, with nothing left behind', async () => {
    const space = await newSpace(2 * DEFAULT_RESERVE);
    expect(await refused(space.reserve('big', { length: 2 * DEFAULT_RESERVE + 1 }))).toBe('QuotaExceeded');
    expect(await refused(space.get('big'))).toBe('NodeNotFound');
    expect(await space.upload('big', 2 * DEFAULT_RESERVE + 1)).toMatchObject({ result: 'QuotaExceeded' });
    expect(await refused(space.get('big'))).toBe('NodeNotFound');
    expect(await quota(space)).toEqual({ bytes: 2 * DEFAULT_RESERVE, used: 0, reserved: 0 });
    await space.pass(3 * DAY, 6 * HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
  });

  it('keeps the old bytes when the new ones do not fit', async () => {
    const space = await newSpace(2 * DEFAULT_RESERVE);
    await space.upload('file', 100);
    expect(await space.upload('file', 3 * DEFAULT_RESERVE)).toMatchObject({ result: 'QuotaExceeded' });
    expect(await space.get('file')).toMatchObject({ size: 100, busy: false, pending: false });
    expect(await quota(space)).toMatchObject({ used: 100, reserved: 0 });
  });

  it('is charged on every container above that has one', async () => {
    const space = await newSpace(1000);
    await space.make('a');
    await space.make('a/b');
    await space.make('a/b/c');
    await limit(space, 'a/b', 500);
    await space.upload('a/b/c/file', 200, { length: 200 });
    const id = await space.reserve('a/b/other', { length: 250 });
    expect([await quota(space), await quota(space, 'a/b'), await quota(space, 'a')]).toEqual([
      { bytes: 1000, used: 200, reserved: 250 },
      { bytes: 500, used: 200, reserved: 250 },
      undefined,
    ]);
    expect(await refused(space.reserve('a/b/third', { length: 51 }))).toBe('QuotaExceeded');
    expect(await refused(space.reserve('a/third', { length: 551 }))).toBe('QuotaExceeded');
    await space.port.fail(id, { result: 'TransferFailed', detail: '' });
    expect([await quota(space), await quota(space, 'a/b')]).toEqual([
      { bytes: 1000, used: 200, reserved: 0 },
      { bytes: 500, used: 200, reserved: 0 },
    ]);
    await space.remove('a/b/c');
    await space.quiet();
    expect([await quota(space), await quota(space, 'a/b')]).toEqual([
      { bytes: 1000, used: 0, reserved: 0 },
      { bytes: 500, used: 0, reserved: 0 },
    ]);
  });

  it('is never exceeded by many uploads at once, whatever they stated and brought', async () => {
    const space = await newSpace(3 * DEFAULT_RESERVE);
    const ids: string[] = [];
    for (let i = 0; i < 40; i++)
      await space.reserve(`f${i}`, i % 2 === 0 ? { length: 200_000 } : {}).then(
        (id) => ids.push(id),
        () => undefined,
      );
    expect(ids.length).toBeGreaterThan(3);
    for (const [i, id] of ids.entries()) space.send(id, i % 3 === 0 ? 1_000_000 : 400_000);
    const outcomes = await Promise.all(ids.map((id) => space.settle(id)));
    expect(new Set(outcomes.map((outcome) => outcome?.result))).toEqual(new Set(['committed', 'QuotaExceeded']));
    const used = (await space.rows<{ bytes: number }>("SELECT sum(size) AS bytes FROM node WHERE type <> 'ContainerNode'"))[0]?.bytes ?? 0;
    expect(used).toBeLessThanOrEqual(3 * DEFAULT_RESERVE);
    expect(await quota(space)).toEqual({ bytes: 3 * DEFAULT_RESERVE, used, reserved: 0 });
  });

  it('set on a container that is filled counts what is there and what is coming', async () => {
    const space = await newSpace();
    await space.make('dir');
    await space.make('dir/sub');
    await space.upload('dir/sub/file', 300);
    await space.reserve('dir/soon', { length: 40 });
    await limit(space, 'dir', 1000);
    expect(await quota(space, 'dir')).toEqual({ bytes: 1000, used: 300, reserved: 40 });
    await limit(space, 'dir', 2000);
    expect(await quota(space, 'dir')).toEqual({ bytes: 2000, used: 300, reserved: 40 });
    await limit(space, 'dir', null);
    expect(await quota(space, 'dir')).toBeUndefined();
    await space.upload('dir/more', 7);
    await limit(space, 'dir', 3000);
    expect(await quota(space, 'dir')).toEqual({ bytes: 3000, used: 307, reserved: 40 });
  });

  it('that is taken away and set again while a tree is being purged counts right', async () => {
    const space = await newSpace();
    await space.make('dir');
    await limit(space, 'dir', 1000);
    await space.make('dir/tree');
    await space.upload('dir/tree/file', 300, { length: 300 });
    await space.upload('dir/stays', 10, { length: 10 });
    await space.remove('dir/tree');
    await limit(space, 'dir', null);
    await limit(space, 'dir', 1000);
    await space.quiet();
    expect(await quota(space, 'dir')).toEqual({ bytes: 1000, used: 10, reserved: 0 });
  });

  it('that is lowered below what is used lets a file shrink, and no file grow', async () => {
    const space = await newSpace(1000);
    await space.upload('file', 800, { length: 800 });
    const [small, same] = [await space.reserve('file', { length: 100 }), await space.reserve('other', { length: 60 })];
    await limit(space, '', 50);
    expect(await refused(space.reserve('more', { length: 1 }))).toBe('QuotaExceeded');
    space.send(small, 100);
    expect(await space.settle(small)).toMatchObject({ result: 'committed' });
    space.send(same, 60);
    expect(await space.settle(same)).toMatchObject({ result: 'QuotaExceeded' });
    expect(await quota(space)).toEqual({ bytes: 50, used: 100, reserved: 0 });
  });

  it('moves with what is moved', async () => {
    const space = await newSpace(10_000);
    for (const path of ['a', 'b', 'a/tree']) await space.make(path);
    await limit(space, 'a', 1000);
    await limit(space, 'b', 350);
    await space.upload('a/tree/file', 300, { length: 300 });
    await space.reserve('a/tree/soon', { length: 40 });
    await space.port.move(space.call('a/tree'), space.call('b/tree'));
    expect([await quota(space, 'a'), await quota(space, 'b')]).toEqual([
      { bytes: 1000, used: 0, reserved: 0 },
      { bytes: 350, used: 300, reserved: 40 },
    ]);
    expect(await quota(space)).toEqual({ bytes: 10_000, used: 300, reserved: 40 });
    await limit(space, 'a', 300);
    expect(await refused(space.port.move(space.call('b/tree'), space.call('a/tree')))).toBe('QuotaExceeded');
    expect(await space.names('b')).toEqual(['tree']);
  });
});

describe("a user's uploads", () => {
  it('are capped in number, each user alone', async () => {
    const space = await newSpace();
    await space.set('', SHARED);
    await space.inside(({ storage }) => {
      storage.transactionSync(() => {
        for (let i = 0; i < 5000; i++) {
          storage.sql.exec(
            "INSERT INTO upload (id, node, generation, principal, key, sealed, clears, reserved, created, expires, deadline, due) VALUES (?, 1, 1, 'cleo', ?, 0, 0, 0, 0, 0, 9e15, 9e15)",
            `x${i}`,
            `in/x${i}`,
          );
        }
      });
    });
    expect(await refused(space.reserve('a', { by: WRITER }))).toBe('TooManyRequests');
    expect(await refused(space.reserve('a', { by: user('finn', 'writers') }))).toBe('none');
  });
});

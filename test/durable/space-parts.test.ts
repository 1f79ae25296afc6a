// Uploads in parts: one range of keys in the store that rows refer to as a whole, and that goes as a whole when nothing refers to it.
import { describe, expect, it } from 'vitest';
import type { NodeRecord } from '../../src/durable/space/operator/port.ts';
import { formatKeyRange, keysIn } from '../../src/model/key-range.ts';
import { CORE, TYPE } from '../../src/model/property.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import type { ObjectInfo, ObjectKey } from '../../src/objects/port.ts';
import { testClock } from './support/ports.ts';
import { DAY, HOUR, MINUTE, newSpace, refused, TestSpace } from './support/space.ts';

const WEEK = 7 * DAY;
const COUNT = 3;

async function begin(space: TestSpace, path: string, id = `p${crypto.randomUUID()}`): Promise<string> {
  const asked = { parts: { size: 10, count: COUNT }, type: 'image/fits' };
  await space.reserve(path, { id, key: rangeOf(id), length: 25, expires: testClock.now + WEEK, asked });
  return id;
}
const rangeOf = (id: string) => formatKeyRange(`in/${id}/`, COUNT) as ObjectKey;
const partsOf = (id: string) => keysIn(rangeOf(id));

/** What completes it, but for the store. */
async function assembled(space: TestSpace, id: string, attempt?: number): Promise<string> {
  const claim = await space.port.claimParts(id);
  if (claim.kind === 'closed') return claim.outcome.result;
  if (claim.kind === 'waiting') return claim.kind;
  await space.port.beginSeal(id, claim.attempt);
  space.store.upload(space.container, claim.sealTo, 25);
  const info: ObjectInfo = { key: claim.sealTo, size: 25, md5: undefined, etag: 'e', type: claim.asked.type, modified: 0 };
  return (await space.port.commit(id, attempt ?? claim.attempt, { ...info, keeps: true })).result;
}

/** Sends every part. */
function send(space: TestSpace, id: string): void {
  for (const key of partsOf(id)) space.store.upload(space.container, key, 10);
}

async function committed(space: TestSpace, path: string): Promise<string> {
  const id = await begin(space, path);
  send(space, id);
  expect(await assembled(space, id)).toBe('committed');
  return id;
}
const stored = (space: TestSpace) =>
  space.store
    .keys(space.container)
    .filter((key) => key.startsWith('in/'))
    .toSorted();

describe('an upload in parts', () => {
  it('is committed like others, and keeps its parts', async () => {
    const space = await newSpace(100);
    const id = await committed(space, 'file');
    expect(await space.get('file')).toMatchObject({
      size: 25,
      md5: undefined,
      pending: false,
      properties: [{ uri: TYPE, value: 'image/fits' }],
    });
    expect((await space.get('')).quota).toEqual({ bytes: 100, used: 25, reserved: 0 });
    await space.pass(10 * DAY, DAY);
    expect(stored(space)).toEqual(partsOf(id));
  });

  it('has its parts known to the sweep as long as anything refers to them', async () => {
    const space = await newSpace();
    const id = await begin(space, 'file');
    const [first = '', second = ''] = partsOf(id);
    const strangers = [`in/${id}`, `in/${id}/`, `in/${id}/x`, `in/${id}0/1`, 'in/other/1'];
    const known = () => space.port.unknown([first, second, ...strangers]);
    expect(await known()).toEqual(strangers);
    send(space, id);
    await assembled(space, id);
    expect(await known()).toEqual(strangers);
    await space.remove('file');
    expect(await known()).toEqual(strangers);
    await space.pass(3 * DAY);
    expect(await known()).toEqual([first, second, ...strangers]);
  });

  it.each(['deleted', 'overwritten'] as const)('has its parts removed after a grace when its node is %s', async (how) => {
    const space = await newSpace();
    const id = await committed(space, 'file');
    if (how === 'deleted') await space.remove('file');
    else await space.upload('file', 1);
    await space.pass(50 * MINUTE, 10 * MINUTE);
    expect(stored(space)).toEqual(expect.arrayContaining([...partsOf(id)]));
    await space.pass(30 * MINUTE, 10 * MINUTE);
    expect(stored(space).filter((key) => key.includes(id))).toEqual([]);
    // A PUT that began before the end of its URL.
    send(space, id);
    await space.pass(2 * DAY);
    expect(stored(space).filter((key) => key.includes(id))).toEqual([]);
  });

  it('is not looked after before its deadline, and is given up then with everything that it brought', async () => {
    const space = await newSpace(100);
    const id = await begin(space, 'file');
    send(space, id);
    expect((await space.get('')).quota).toMatchObject({ reserved: 25 });
    expect(await space.settle(id)).toBeUndefined();
    expect(await space.rows('SELECT due FROM upload')).toEqual([{ due: testClock.now + WEEK + DAY }]);
    await space.pass(WEEK + DAY - HOUR, DAY);
    expect((await space.get('file')).busy).toBe(true);
    await space.pass(2 * HOUR);
    expect(await refused(space.get('file'))).toBe('NodeNotFound');
    expect((await space.get('')).quota).toMatchObject({ used: 0, reserved: 0 });
    expect(await assembled(space, id)).toBe('TransferFailed');
    await space.pass(2 * DAY);
    expect(stored(space)).toEqual([]);
    expect(await space.port.uploadStates([id])).toMatchObject([{ outcome: { result: 'TransferFailed' } }]);
    await space.pass(20 * DAY, DAY);
    expect(await space.port.uploadStates([id])).toEqual([undefined]);
  });

  it('that is aborted has its parts removed at once, and once more when the last URL has ended', async () => {
    const space = await newSpace(100);
    const id = await begin(space, 'file');
    send(space, id);
    await space.port.fail(id, { result: 'TransferFailed', detail: 'aborted' });
    expect((await space.get('')).quota).toMatchObject({ reserved: 0 });
    expect(await refused(space.get('file'))).toBe('NodeNotFound');
    testClock.now += 1;
    await space.quiet();
    expect(stored(space)).toEqual([]);
    send(space, id);
    await space.pass(2 * DAY);
    expect(stored(space)).toEqual([]);
    expect(await space.port.unknown(partsOf(id))).toEqual(partsOf(id));
  });

  it('whose completion died is completed by the next request, and what the first made is swept', async () => {
    const space = await newSpace();
    const id = await begin(space, 'file');
    send(space, id);
    const dead = await space.port.claimParts(id);
    if (dead.kind !== 'claimed') throw new Error(dead.kind);
    await space.port.beginSeal(id, dead.attempt);
    space.store.upload(space.container, dead.sealTo, 25);
    expect(await assembled(space, id)).toBe('committed');
    expect(
      await space.port.commit(id, dead.attempt, {
        key: dead.sealTo,
        size: 25,
        md5: undefined,
        etag: 'e',
        type: undefined,
        modified: 0,
        keeps: true,
      }),
    ).toEqual({
      result: 'committed',
      detail: '',
    });
    await space.pass(3 * DAY);
    expect(space.store.keys(space.container).filter((key) => key.startsWith('o/'))).toHaveLength(1);
    expect(stored(space)).toEqual(partsOf(id));
  });

  it('that another request completes meanwhile is refused, and stays open', async () => {
    const space = await newSpace();
    const id = await begin(space, 'file');
    send(space, id);
    expect(await space.within((port) => refused(assembledWith(port, id)))).toBe('NodeBusy');
    expect(await assembled(space, id)).toBe('committed');
    expect(await assembled(space, id)).toBe('committed');
  });

  it('survives a backup with its parts', async () => {
    const space = await newSpace();
    const id = await committed(space, 'file');
    const records: NodeRecord[] = (await space.port.exportNodes(0)).nodes.map(({ path: _path, ...record }) => record);
    const copy = new TestSpace(`c${crypto.randomUUID()}` as SpaceId, 'home');
    await copy.port.importBegin(copy.id, 'home', 'backup');
    await copy.port.importNodes(records);
    await copy.port.importEnd();
    expect(await copy.port.unknown([...partsOf(id), 'in/other/1'])).toEqual(['in/other/1']);
  });
});

async function assembledWith(port: TestSpace['port'], id: string): Promise<unknown> {
  const first = await port.claimParts(id);
  await port.claimParts(id);
  if (first.kind !== 'claimed') throw new Error(first.kind);
  return port.commit(id, first.attempt, {
    key: first.sealTo,
    size: 25,
    md5: undefined,
    etag: 'e',
    type: undefined,
    modified: 0,
    keeps: true,
  });
}

describe('a list of reservations', () => {
  it('undoes what is refused of it alone', async () => {
    const space = await newSpace(30);
    await space.make('dir', 'ContainerNode', [{ uri: `${CORE}title`, value: 'x' }]);
    const item = (path: string, length: number) => ({
      call: space.call(path),
      request: {
        id: `l${crypto.randomUUID()}`,
        key: 'in/x' as ObjectKey,
        signed: true,
        length,
        clears: false,
        replaces: true,
        expires: testClock.now + HOUR,
      },
    });
    const results = await space.port.reserveEach([item('a', 20), item('b', 20), item('dir', 1), item('none/c', 1), item('c', 10)]);
    expect(results.map((result) => (result.kind === 'refused' ? result.fault : result.kind))).toEqual([
      'reserved',
      'QuotaExceeded',
      'container',
      'ContainerNotFound',
      'reserved',
    ]);
    expect(await space.names('')).toEqual(['a', 'c', 'dir']);
    expect((await space.get('')).quota).toMatchObject({ reserved: 30 });
  });
});

// Uploads into a Space: reservations, leases, generations, deadlines, and when each key in the store is swept.
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../src/durable/space/port.ts';
import { CORE, IMMUTABLE, LOCKED, TYPE } from '../../src/model/property.ts';
import type { ObjectInfo, ObjectKey } from '../../src/objects/port.ts';
import { BY_NAME, DAY, HOUR, MINUTE, newSpace, refused, type TestSpace } from './support/space.ts';
import { testClock } from './support/ports.ts';

const sealedAs = (key: string, size: number): ObjectInfo & { keeps: boolean } => ({
  key: key as ObjectKey,
  size,
  md5: undefined,
  etag: 'e',
  type: undefined,
  modified: 0,
  keeps: false,
});

async function claimed(space: TestSpace, id: string): Promise<Extract<Claim, { kind: 'claimed' }>> {
  const claim = await space.port.claim(id);
  if (claim.kind !== 'claimed') throw new Error(`the claim is ${claim.kind}`);
  await space.port.beginSeal(id, claim.attempt);
  return claim;
}

async function keyOf(space: TestSpace, path: string): Promise<string> {
  const located = await space.port.locate(space.call(path));
  return located.kind === 'bytes' ? (located.key ?? '') : '';
}

const leftovers = async (space: TestSpace) =>
  (await space.rows<{ key: string }>('SELECT key FROM leftover ORDER BY key')).map((row) => row.key);

describe('an upload', () => {
  it('makes its node pending and busy until its bytes are committed under a key that was never signed', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    expect(await space.get('file')).toMatchObject({ type: 'DataNode', pending: true, busy: true, size: 0 });
    expect((await space.port.read(space.call('file'), BY_NAME)).uploads).toEqual([id]);
    expect(await space.port.locate(space.call('file'))).toMatchObject({ kind: 'bytes', key: undefined, uploads: [id] });
    expect(await space.settle(id)).toBeUndefined();
    space.send(id, 12, { type: 'image/fits' });
    testClock.now += 2000;
    expect(await space.settle(id)).toEqual({ result: 'committed', detail: '' });
    expect(await space.get('file')).toMatchObject({
      pending: false,
      busy: false,
      size: 12,
      dataChanged: testClock.now,
      properties: [{ uri: TYPE, value: 'image/fits' }],
    });
    expect(await keyOf(space, 'file')).toMatch(/^o\//);
    expect(await space.settle(id)).toEqual({ result: 'committed', detail: '' });
  });

  it('clears the properties of a node that it replaces when it was negotiated so', async () => {
    const space = await newSpace();
    await space.make('file', 'DataNode', [{ uri: `${CORE}title`, value: 'x' }]);
    await space.upload('file', 1);
    expect((await space.get('file')).properties).toHaveLength(1);
    await space.upload('file', 2, { clears: true });
    expect((await space.get('file')).properties).toEqual([]);
  });

  it('is looked for at most every two seconds, and by one attempt at a time', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    await space.settle(id);
    expect((await space.port.claim(id)).kind).toBe('waiting');
    testClock.now += 2000;
    const { attempt } = await claimed(space, id);
    testClock.now += 15_000;
    expect((await space.port.claim(id)).kind).toBe('waiting');
    await space.port.release(id, attempt - 1);
    expect((await space.port.claim(id)).kind).toBe('waiting');
    await space.port.release(id, attempt);
    testClock.now += 2000;
    expect((await space.port.claim(id)).kind).toBe('claimed');
  });

  it('may fail for lack of rights, of a node that has bytes, or of a scope that lets replace', async () => {
    const space = await newSpace();
    await space.make('link', 'LinkNode', [], undefined, 'https://example.org/');
    await space.make('plain', 'Node');
    await space.upload('file', 3);
    expect(await refused(space.reserve('plain'))).toBe('InvalidArgument');
    expect(await refused(space.reserve('file/x'))).toBe('ContainerNotFound');
    expect(await refused(space.reserve('file', { replaces: false }))).toBe('PermissionDenied');
    const first = await space.reserve('fresh', { replaces: false });
    expect(await refused(space.reserve('fresh', { replaces: false }))).toBe('none');
    expect(first).toBeTruthy();
  });
});

describe('generations', () => {
  it('let the later reservation win, in whatever order the bytes are committed', async () => {
    const space = await newSpace();
    const [older, newer] = [await space.reserve('file'), await space.reserve('file')];
    space.send(older, 1);
    space.send(newer, 2);
    expect(await space.settle(newer)).toMatchObject({ result: 'committed' });
    expect(await space.settle(older)).toMatchObject({ result: 'NodeBusy' });
    expect(await space.get('file')).toMatchObject({ size: 2, busy: false });
    await space.pass(3 * DAY, 6 * HOUR);
    expect(space.store.keys(space.container)).toEqual([await keyOf(space, 'file')]);
  });

  it('let each of two that come in their order replace what was there', async () => {
    const space = await newSpace();
    const [older, newer] = [await space.reserve('file'), await space.reserve('file')];
    space.send(older, 1);
    expect(await space.settle(older)).toMatchObject({ result: 'committed' });
    expect(await space.get('file')).toMatchObject({ size: 1, busy: true, pending: false });
    const key = await keyOf(space, 'file');
    space.send(newer, 2);
    expect(await space.settle(newer)).toMatchObject({ result: 'committed' });
    expect(await keyOf(space, 'file')).not.toBe(key);
    expect(await leftovers(space)).toContain(key);
  });

  it('show the uploads under way oldest first', async () => {
    const space = await newSpace();
    const ids = [];
    for (const id of ['q', 'b', 'z', 'a']) ids.push(await space.reserve('file', { id }));
    expect((await space.port.read(space.call('file'), BY_NAME)).uploads).toEqual(ids);
  });
});

describe('a lost attempt', () => {
  it('is replaced when its lease has expired, and its late commit is fenced off without an outcome', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 4);
    const lost = await claimed(space, id);
    testClock.now += 91_000;
    const next = await claimed(space, id);
    expect(next.attempt).toBe(lost.attempt + 1);
    expect(next.sealTo).not.toBe(lost.sealTo);
    expect(await refused(space.port.commit(id, lost.attempt, sealedAs(lost.sealTo, 4)))).toBe('NodeBusy');
    expect((await space.get('file')).pending).toBe(true);
    expect(await space.port.commit(id, next.attempt, sealedAs(next.sealTo, 4))).toMatchObject({ result: 'committed' });
    expect(await keyOf(space, 'file')).toBe(next.sealTo);
    // Committed is committed: the late one is told so.
    expect(await space.port.commit(id, lost.attempt, sealedAs(lost.sealTo, 4))).toMatchObject({ result: 'committed' });
    expect(await keyOf(space, 'file')).toBe(next.sealTo);
    expect(await leftovers(space)).toEqual([`in/${id}`, lost.sealTo]);
  });

  it('is waited for longer each time, up to ninety seconds', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    await claimed(space, id);
    const waited: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      const from = testClock.now;
      do testClock.now += 1000;
      while ((await space.port.claim(id)).kind === 'waiting');
      waited.push((testClock.now - from) / 1000);
    }
    expect(waited).toEqual([8, 16, 32, 64, 90, 90]);
  });

  it('is repeated by the alarm, without anybody asking', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    await claimed(space, id);
    await space.evict();
    space.send(id, 4);
    await space.pass(10 * MINUTE, MINUTE);
    expect(await space.get('file')).toMatchObject({ size: 4, busy: false });
  });

  it('that streamed puts the next look off no longer than its back-off', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    const taken = await space.port.take(id);
    if (taken.kind !== 'claimed') throw new Error(taken.kind);
    await space.port.release(id, taken.attempt);
    space.send(id, 4);
    await space.pass(5 * MINUTE, MINUTE);
    expect(await space.get('file')).toMatchObject({ size: 4, busy: false });
  });
});

describe('a request that streams to the endpoint of an upload', () => {
  it('takes over from a look at the store, whose commit is then fenced off', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    const look = await claimed(space, id);
    const stream = await space.port.take(id);
    if (stream.kind !== 'claimed') throw new Error(stream.kind);
    expect(await refused(space.port.commit(id, look.attempt, sealedAs(look.sealTo, 1)))).toBe('NodeBusy');
    expect((await space.port.claim(id)).kind).toBe('waiting');
    expect(await space.port.commit(id, stream.attempt, sealedAs(stream.sealTo, 2))).toMatchObject({ result: 'committed' });
    expect(await space.get('file')).toMatchObject({ size: 2 });
  });

  it('keeps another such out for as long as it lasts, and comes too late when the URL has ended', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    const stream = await space.port.take(id);
    if (stream.kind !== 'claimed') throw new Error(stream.kind);
    for (let minutes = 0; minutes < 30; minutes += 6) {
      testClock.now += 6 * MINUTE;
      await space.port.renew(id, stream.attempt);
    }
    expect((await space.port.take(id)).kind).toBe('waiting');
    await space.port.release(id, stream.attempt);
    expect((await space.port.take(id)).kind).toBe('claimed');
    testClock.now += 31 * MINUTE;
    expect((await space.port.take(id)).kind).toBe('closed');
  });
});
describe('fixing a node', () => {
  it('ends the uploads into it that were not committed before', async () => {
    const space = await newSpace();
    await space.make('dir');
    await space.upload('dir/file', 5);
    const [one, two] = [await space.reserve('dir/file'), await space.reserve('dir/file')];
    space.send(one, 6);
    space.send(two, 7);
    await space.set('dir/file', [{ uri: LOCKED, value: 'true' }]);
    expect(await space.settle(one)).toMatchObject({ result: 'NodeLocked' });
    await space.set('dir/file', [{ uri: LOCKED, value: 'false' }]);
    await space.set('dir', [{ uri: IMMUTABLE, value: 'true' }]);
    expect(await space.settle(two)).toMatchObject({ result: 'PermissionDenied' });
    expect(await space.get('dir/file')).toMatchObject({ size: 5, busy: false });
  });
});

describe('an upload that never comes', () => {
  it('takes its node with it when it was the first', async () => {
    const space = await newSpace(1000);
    await space.make('dir');
    await space.reserve('dir/file', { length: 100 });
    await space.pass(24 * HOUR, HOUR);
    expect(await refused(space.get('dir/file'))).toBe('none');
    await space.pass(2 * HOUR, 10 * MINUTE);
    expect(await refused(space.get('dir/file'))).toBe('NodeNotFound');
    expect((await space.get('')).quota).toEqual({ bytes: 1000, used: 0, reserved: 0 });
    expect((await space.get('dir')).changed).toBeGreaterThan((await space.get('dir')).created);
  });

  it('leaves the old bytes when there are any, and another upload its chance', async () => {
    const space = await newSpace();
    await space.upload('file', 5);
    await space.reserve('file');
    const two = [await space.reserve('new'), await space.reserve('new', { expires: testClock.now + 3 * HOUR })];
    await space.pass(25 * HOUR + 30 * MINUTE, 30 * MINUTE);
    expect(await space.get('file')).toMatchObject({ size: 5, busy: false });
    expect(await space.get('new')).toMatchObject({ pending: true, busy: true });
    expect(await space.settle(two[0] ?? '')).toMatchObject({ result: 'TransferFailed' });
    space.send(two[1] ?? '', 6);
    await space.pass(2 * HOUR, HOUR / 2);
    expect(await space.get('new')).toMatchObject({ pending: false, size: 6 });
  });

  it('ends when its bytes carry a lifetime', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 5, { expires: 1 });
    expect(await space.settle(id)).toMatchObject({ result: 'TransferFailed' });
    expect(await refused(space.get('file'))).toBe('NodeNotFound');
  });

  it('is committed at the last look when its bytes came in time', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 5);
    // Nobody looked for two days: the service was down.
    testClock.now += 2 * DAY;
    await space.quiet();
    expect(await space.get('file')).toMatchObject({ size: 5, pending: false });
  });

  it('through the service is given up when the Worker that streamed it has died', async () => {
    const space = await newSpace();
    const id = await space.reserve('file', { signed: false });
    expect((await space.port.claim(id)).kind).toBe('waiting');
    for (let minutes = 0; minutes < 30; minutes += 6) {
      await space.pass(6 * MINUTE);
      await space.port.renew(id, 0);
    }
    expect((await space.get('file')).busy).toBe(true);
    await space.pass(11 * MINUTE);
    expect(await refused(space.get('file'))).toBe('NodeNotFound');
    expect(await refused(space.port.commit(id, 0, sealedAs(`o/${id}`, 1)))).toBe('none');
    expect(await refused(space.get('file'))).toBe('NodeNotFound');
  });
});

describe('leftovers', () => {
  it('under in/ go when the URL has ended, and once more when a PUT begun before is over', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 5);
    await space.settle(id);
    await space.pass(HOUR, 10 * MINUTE);
    // The URL is still good for the clock skew.
    expect(space.store.keys(space.container)).toContain(`in/${id}`);
    await space.pass(10 * MINUTE, 5 * MINUTE);
    expect(space.store.keys(space.container)).not.toContain(`in/${id}`);
    // A PUT that began in time ends hours later.
    space.send(id, 7);
    await space.pass(23 * HOUR);
    expect(space.store.keys(space.container)).toContain(`in/${id}`);
    await space.pass(3 * HOUR);
    expect(space.store.keys(space.container)).toEqual([await keyOf(space, 'file')]);
    expect(await leftovers(space)).toEqual([]);
  });

  it('of a manifest live as long as the node, and the uploaded key gets its second look after that', async () => {
    const space = await newSpace();
    space.store.sealing = 'manifest';
    const id = await space.reserve('file');
    space.send(id, 5);
    await space.settle(id);
    await space.pass(20 * MINUTE, MINUTE);
    await space.remove('file');
    await space.pass(70 * MINUTE, 5 * MINUTE);
    expect(space.store.keys(space.container)).toEqual([]);
    // The PUT began within the hour that the URL lived.
    space.send(id, 7);
    await space.pass(2 * DAY, HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
  });

  it('never hold a key that a node refers to, even when an administrator names it', async () => {
    const space = await newSpace();
    for (const sealing of ['copy', 'manifest', 'version'] as const) {
      space.store.sealing = sealing;
      await space.upload(sealing, 5);
    }
    const keys = (await Promise.all(['copy', 'manifest', 'version'].map((path) => keyOf(space, path)))).concat('o/stray');
    expect(await space.port.unknown(keys)).toEqual(['o/stray']);
    await space.port.discard(keys);
    space.store.upload(space.container, 'o/stray', 1);
    await space.pass(10 * DAY, DAY / 2);
    for (const path of ['copy', 'manifest', 'version'])
      expect([path, space.store.readable(space.container, await keyOf(space, path))]).toEqual([path, expect.any(String)]);
    expect(space.store.keys(space.container)).not.toContain('o/stray');
  });

  it('are tried again when the store did not answer', async () => {
    const space = await newSpace();
    await space.upload('file', 5);
    await space.remove('file');
    space.store.failure = { at: space.store.calls + 1, how: 'busy' };
    testClock.now += 2 * HOUR;
    await space.quiet();
    expect(space.store.keys(space.container)).not.toEqual([]);
    await space.pass(2 * DAY, HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
  });
});

describe('outcomes', () => {
  it('stay known for the life of a job, and then their rows go', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    space.send(id, 1);
    await space.settle(id);
    await space.pass(7 * DAY, DAY);
    expect(await space.settle(id)).toMatchObject({ result: 'committed' });
    await space.pass(2 * DAY, DAY);
    expect(await space.rows('SELECT * FROM upload')).toEqual([]);
    expect(await space.settle(id)).toMatchObject({ result: 'NodeNotFound' });
  });

  it('of uploads into a deleted node are NodeNotFound, with nothing left in the store', async () => {
    const space = await newSpace();
    const id = await space.reserve('file');
    const { attempt, sealTo } = await claimed(space, id);
    await space.remove('file');
    space.send(id, 3);
    space.store.upload(space.container, sealTo, 3);
    expect(await space.port.commit(id, attempt, sealedAs(sealTo, 3))).toMatchObject({ result: 'NodeNotFound' });
    await space.pass(3 * DAY, 6 * HOUR);
    expect(space.store.keys(space.container)).toEqual([]);
  });

  it('of uploads into a tree that was deleted a moment ago are NodeNotFound too', async () => {
    const space = await newSpace(1000);
    await space.make('tree');
    await space.make('tree/sub');
    const [ended, failed] = [await space.reserve('tree/sub/a', { length: 10 }), await space.reserve('tree/sub/b', { length: 20 })];
    await space.remove('tree');
    space.send(ended, 10);
    expect(await space.settle(ended)).toMatchObject({ result: 'NodeNotFound' });
    await space.port.fail(failed, { result: 'TransferFailed', detail: 'x' });
    await space.quiet();
    expect((await space.get('')).quota).toEqual({ bytes: 1000, used: 0, reserved: 0 });
    expect(await space.rows('SELECT * FROM object')).toEqual([]);
  });
});

// Copies and moves that are refused, repeated, interrupted, taken back or forgotten: nothing is half done, and nothing is left.
import { beforeEach, describe, expect, it } from 'vitest';
import { ARRIVAL_LIFE } from '../../src/model/limits.ts';
import { CORE, IMMUTABLE, LOCKED } from '../../src/model/property.ts';
import { undoMove, type RelocateCheckpoint } from '../../src/service/relocate/relocate.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { begin, copy, mount, move, SERVICES, step, type Mounted, type Work } from './support/relocating.ts';
import { ADMIN, DAY, HOUR, MINUTE, OWNER, refused, STRANGER } from './support/space.ts';

let store: FakeStore;
let a: Mounted;
let b: Mounted;

beforeEach(async () => {
  store = new FakeStore();
  a = await mount(store);
  b = await mount(store);
  await a.make('tree');
  await a.make('tree/below');
  for (const name of ['one', 'two', 'three']) await a.upload(`tree/below/${name}`, 10);
});

type Arrival = Extract<RelocateCheckpoint, { way: 'arrival' }>;
const across = (kind: Work['kind']): Work => ({ kind, from: `${a.name}/tree`, to: `${b.name}/new` });
async function begun(work: Work): Promise<Arrival> {
  const checkpoint = await begin(work);
  if (checkpoint.way !== 'arrival') throw new Error(`the way is ${checkpoint.way}`);
  return checkpoint;
}
const pull = ({ arrival }: Arrival, most = 1) => b.port.pull(arrival, a.call('tree'), most);
const settled = async () => {
  for (const space of [a, b, a]) await space.quiet();
};
const sound = async () => {
  for (const space of [a, b]) await space.inside((state) => checkRows(state.storage.sql, store, space.container));
};
/** Nothing is there but the tree as it was. */
const untouched = async () => {
  await settled();
  await sound();
  expect(await b.names('')).toEqual([]);
  expect(await b.rows('SELECT id FROM node WHERE id <> 1')).toEqual([]);
  expect(await a.names('tree/below')).toEqual(['one', 'three', 'two']);
  expect(await a.rows('SELECT * FROM holder')).toEqual([]);
  expect(await a.rows('SELECT * FROM departure')).toEqual([]);
  expect(await refused(a.set('tree/below', [{ uri: `${CORE}title`, value: 'x' }]))).toBe('none');
};

describe('what is refused', () => {
  it('has the fault of the standard, and changes nothing', async () => {
    await b.make('file', 'DataNode');
    await b.make('link', 'LinkNode', [], OWNER, 'vos://example.org~vospace/x');
    await a.make('tree/link', 'LinkNode', [], OWNER, 'vos://example.org~vospace/x');
    const [from, to] = [a.name, b.name];
    for (const relocate of [copy, move]) {
      expect(await refused(relocate(`${from}/missing`, `${to}/new`))).toBe('NodeNotFound');
      expect(await refused(relocate(`${from}/tree`, `${to}/file`))).toBe('DuplicateNode');
      expect(await refused(relocate(`${from}/tree`, `${to}/link`))).toBe('DuplicateNode');
      expect(await refused(relocate(`${from}/tree`, `${to}/link/new`))).toBe('LinkFound');
      expect(await refused(relocate(`${from}/tree/link/x`, `${to}/new`))).toBe('LinkFound');
      expect(await refused(relocate(`${from}/tree`, `${to}/missing/new`))).toBe('ContainerNotFound');
      expect(await refused(relocate(`${from}/tree`, `${from}/tree/below`))).toBe('InvalidArgument');
      expect(await refused(relocate(`${from}/tree`, `${from}/tree/new`))).toBe('InvalidArgument');
      expect(await refused(relocate(`${from}/tree`, from))).toBe('DuplicateNode');
      expect(await refused(relocate('', `${to}/new`, ADMIN))).toBe('InvalidArgument');
      expect(await refused(relocate(`${from}/tree`, `${to}/new`, STRANGER))).toBe('PermissionDenied');
    }
    await b.remove('file');
    await b.remove('link');
    await a.remove('tree/link');
    await untouched();
  });

  it('is a move of what may not be removed, and never a copy of it', async () => {
    for (const [uri, fault] of [
      [IMMUTABLE, 'PermissionDenied'],
      [LOCKED, 'NodeLocked'],
    ] as const) {
      for (const path of ['tree', 'tree/below', 'tree/below/two']) {
        await a.set(path, [{ uri, value: 'true' }]);
        expect(await refused(move(`${a.name}/tree`, `${b.name}/new`))).toBe(fault);
        expect(await refused(copy(`${a.name}/tree`, `${b.name}/copy`))).toBe('none');
        await a.set(path, [{ uri, value: 'false' }]);
        await b.remove('copy');
      }
    }
    await untouched();
  });

  it('is what does not fit into the quota, before anything is visible', async () => {
    await b.set('', [{ uri: `${CORE}quota`, value: '29' }], ADMIN);
    for (const relocate of [copy, move]) expect(await refused(relocate(`${a.name}/tree`, `${b.name}/new`))).toBe('QuotaExceeded');
    await untouched();
    await b.set('', [{ uri: `${CORE}quota`, value: '30' }], ADMIN);
    await move(`${a.name}/tree`, b.name);
    expect((await b.get('')).quota).toMatchObject({ bytes: 30, used: 30, reserved: 0 });
  });

  it('is a move of a tree into which uploads are under way', async () => {
    const upload = await a.reserve('tree/below/coming');
    expect(await refused(move(`${a.name}/tree`, `${b.name}/new`))).toBe('NodeBusy');
    expect(await refused(copy(`${a.name}/tree/below/coming`, `${b.name}/new`))).toBe('NodeBusy');
    await copy(`${a.name}/tree`, `${b.name}/new`);
    expect(await b.names('new/below')).toEqual(['one', 'three', 'two']);
    await a.port.fail(upload, { result: 'TransferFailed', detail: '' });
    await b.remove('new');
    await untouched();
  });
});

it('the bit bucket takes moved nodes away and keeps nothing of copies; .auto chooses a name', async () => {
  expect(await copy(`${a.name}/tree`, `${b.name}/.null`)).toBe(`/${b.name}/.null`);
  await untouched();
  const name = await copy(`${a.name}/tree`, `${b.name}/.auto`);
  expect(name).toMatch(new RegExp(`^/${b.name}/auto-`));
  expect(await b.names(name.slice(b.name.length + 2))).toEqual(['below']);
  await move(`${a.name}/tree`, `${b.name}/.null`);
  expect(await a.names('')).toEqual([]);
  expect((await b.names('')).length).toBe(1);
});

describe('work in steps', () => {
  it.each(['copy', 'move'] as const)('is the same when each step of a %s is taken twice, at once, and after evictions', async (kind) => {
    const work = across(kind);
    const checkpoint = await begun(work);
    for (let i = 0; i < 4; i++) {
      await Promise.all([pull(checkpoint), pull(checkpoint)]);
      await a.evict();
      await b.evict();
    }
    const answers = await Promise.all([step(work, checkpoint), step(work, checkpoint)]);
    expect(answers[0]).toEqual(answers[1]);
    // Who moves a file may not be one who may read it, and is not told its size.
    expect(answers[0]).toMatchObject({ done: true });
    expect(answers[0].progress).toEqual(kind === 'move' ? { nodes: 5 } : { nodes: 5, bytes: 30 });
    expect(await step(work, checkpoint)).toEqual(answers[0]);
    expect(await undoMove(SERVICES, checkpoint)).toBe(false);
    expect(await b.names('new/below')).toEqual(['one', 'three', 'two']);
    expect(await a.names('')).toEqual(kind === 'move' ? [] : ['tree']);
    await settled();
    await sound();
  });

  it('inside one container and at the top is done once', async () => {
    for (const work of [
      { kind: 'move', from: `${a.name}/tree`, to: `${a.name}/other` },
      { kind: 'move', from: a.name, to: `${a.name}-2`, by: ADMIN },
    ] as const) {
      const checkpoint = await begin(work);
      const first = await step(work, checkpoint);
      expect(await step(work, checkpoint)).toEqual(first);
    }
  });

  it.each(['copy', 'move'] as const)('that is taken back leaves nothing of a %s, whatever a late attempt does', async (kind) => {
    const work = across(kind);
    for (let pages = 0; pages < 5; pages++) {
      const checkpoint = await begun(work);
      for (let i = 0; i < pages; i++) await pull(checkpoint);
      expect(await undoMove(SERVICES, checkpoint)).toBe(true);
      expect(await undoMove(SERVICES, checkpoint)).toBe(true);
      expect((await pull(checkpoint)).state).toBe('gone');
      expect(await refused(b.port.attachArrival(checkpoint.arrival, b.call('new')))).toBe('Conflict');
      await untouched();
    }
  });

  it.each(['copy', 'move'] as const)('that nobody goes on with ends by itself, and begins anew when somebody does: %s', async (kind) => {
    const work = across(kind);
    const checkpoint = await begun(work);
    await pull(checkpoint);
    // The source asks; the destination has not given up yet.
    await a.pass(ARRIVAL_LIFE + MINUTE, MINUTE);
    if (kind === 'move') expect(await refused(a.remove('tree/below/one'))).toBe('NodeBusy');
    await b.quiet();
    await untouched();
    const again = await step(work, checkpoint);
    if (again.done) throw new Error('an arrival that was given up has come to its end');
    expect(await step(work, again.checkpoint)).toMatchObject({ done: true });
    expect(await b.names('new/below')).toEqual(['one', 'three', 'two']);
    await settled();
    await a.pass(2 * HOUR, HOUR);
    await sound();
  });

  it('that was lost between two calls of its beginning ends by itself', async () => {
    const arrival = await b.port.arrive(b.call('new'), { token: crypto.randomUUID(), kind: 'move', source: a.id, whole: false });
    await a.port.depart(a.call('tree'), { kind: 'move', holder: `space:${b.id}:${arrival}` });
    expect(await refused(a.remove('tree'))).toBe('NodeBusy');
    await a.pass(ARRIVAL_LIFE + MINUTE, MINUTE);
    await b.quiet();
    await a.pass(ARRIVAL_LIFE + MINUTE, MINUTE);
    await untouched();
    await a.pass(DAY, HOUR);
    await b.pass(20 * DAY, DAY);
    expect(await b.rows('SELECT * FROM arrival')).toEqual([]);
  });
});

it('a tree that is being moved is read, and not changed, in the one place or the other', async () => {
  const work = across('move');
  const checkpoint = await begun(work);
  for (const act of [
    a.make('tree/x'),
    a.set('tree', []),
    a.set('tree/below/one', []),
    a.remove('tree'),
    a.remove('tree/below/one'),
    a.reserve('tree/below/one'),
    a.reserve('tree/new'),
    a.port.move(a.call('tree'), a.call('other')),
  ])
    expect(await refused(act)).toBe('NodeBusy');
  expect((await a.get('tree/below/one')).size).toBe(10);
  expect(await refused(begin(work))).toBe('NodeBusy');
  expect(await refused(a.make('other'))).toBe('none');
  await step(work, checkpoint);
  expect(await refused(a.get('tree'))).toBe('NodeNotFound');
  expect((await b.get('new/below/one')).size).toBe(10);
  await settled();
  await sound();
});

it('an overwritten copy leaves the original as it was, and the other way round', async () => {
  await copy(`${a.name}/tree`, `${b.name}/new`);
  await b.upload('new/below/one', 99);
  await a.upload('tree/below/two', 77);
  await settled();
  await sound();
  await a.pass(3 * DAY, HOUR);
  await b.pass(3 * DAY, HOUR);
  await sound();
  const sizes = async (space: Mounted, path: string) =>
    Promise.all(['one', 'two'].map(async (name) => (await space.get(`${path}/${name}`)).size));
  expect([await sizes(a, 'tree/below'), await sizes(b, 'new/below')]).toEqual([
    [10, 77],
    [99, 10],
  ]);
});

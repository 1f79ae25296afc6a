// A destination that has shown a tree, and whose word of it is lost: the source asks, and both agree in the end.
import { beforeEach, expect, it } from 'vitest';
import { ARRIVAL_LIFE } from '../../src/model/limits.ts';
import { attach } from '../../src/durable/space/relocation/arrivals.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { begin, mount, step, type Mounted, type Work } from './support/relocating.ts';
import { DAY, MINUTE, refused } from './support/space.ts';
import { testClock } from './support/ports.ts';

let store: FakeStore;
let a: Mounted;
let b: Mounted;

beforeEach(async () => {
  store = new FakeStore();
  a = await mount(store);
  b = await mount(store);
  await a.make('tree');
  await a.upload('tree/one', 10);
  await a.upload('tree/two', 20);
});

const sound = async () => {
  for (const space of [a, b]) await space.inside((state) => checkRows(state.storage.sql, store, space.container));
};

/** The transaction, and then the kill: nothing is told to anybody. */
async function attachAndDie(arrival: number): Promise<void> {
  await b.inside(({ storage }) => {
    const caches = { accessCache: new Map(), accessIds: new Map(), metaCache: new Map() };
    const core = { sql: storage.sql, clock: () => testClock.now, ...caches, news: [] };
    storage.transactionSync(() => attach(core, arrival, b.call('new')));
    storage.sql.exec("DELETE FROM outbox WHERE kind = 'arrived'");
  });
  await b.evict();
}

it.each(['copy', 'move'] as const)('after a %s that was attached', async (kind) => {
  const work: Work = { kind, from: `${a.name}/tree`, to: `${b.name}/new` };
  const checkpoint = await begin(work);
  if (checkpoint.way !== 'arrival') throw new Error('not an arrival');
  for (let i = 0; i < 2; i++) await b.port.pull(checkpoint.arrival, a.call('tree'));
  await attachAndDie(checkpoint.arrival);
  expect((await b.get('new/one')).size).toBe(10);
  // A key that a late attempt had held once more, after its node was removed.
  if (kind === 'copy')
    await b.inside(({ storage }) => storage.sql.exec("DELETE FROM held WHERE object = (SELECT object FROM node WHERE name = 'two')"));
  if (kind === 'move') expect(await refused(a.remove('tree'))).toBe('NodeBusy');
  await a.pass(ARRIVAL_LIFE + 2 * MINUTE, MINUTE);
  expect(await a.names('')).toEqual(kind === 'move' ? [] : ['tree']);
  expect(await a.rows('SELECT state FROM holder')).toEqual([{ state: 'closed' }]);
  expect((await a.rows('SELECT * FROM hold')).length).toBe(kind === 'move' ? 2 : 1);
  expect(await step(work, checkpoint)).toMatchObject({ done: true, progress: { nodes: 3 } });
  if (kind === 'move') await sound();
  await a.pass(3 * DAY, DAY / 2);
  const located = await b.port.locate(b.call('new/one'));
  if (located.kind !== 'bytes' || located.key === undefined) throw new Error('no bytes');
  expect(store.readable(a.container, located.key)).toBeDefined();
});

it('a late attempt to hold bytes for an arrival that has ended is refused, or comes to nothing', async () => {
  const work: Work = { kind: 'copy', from: `${a.name}/tree`, to: `${b.name}/new` };
  const checkpoint = await begin(work);
  if (checkpoint.way !== 'arrival') throw new Error('not an arrival');
  await step(work, checkpoint);
  const holder = `space:${b.id}:${checkpoint.arrival}`;
  const key = (await a.rows<{ key: string }>('SELECT key FROM object LIMIT 1'))[0]?.key ?? '';
  expect(await refused(a.port.keep(holder, [key]))).toBe('Conflict');
  await b.remove('new');
  await b.quiet();
  await a.quiet();
  expect(await a.rows('SELECT * FROM holder')).toEqual([]);
  // So late that the holder has been forgotten: it is asked, and has nothing.
  expect(await a.port.keep(holder, [key, 'o/unknown'])).toEqual(['o/unknown']);
  await a.pass(ARRIVAL_LIFE + 2 * MINUTE, MINUTE);
  expect(await a.rows('SELECT * FROM holder')).toEqual([]);
  await sound();
});

// Backup and restore of containers whose bytes lie with others: nothing that a node refers to is lost, whoever removes what afterwards.
import { beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/durable/space/schema.ts';
import { migrate } from '../../src/durable/sql.ts';
import type { NodeRecord } from '../../src/durable/space/operator/port.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { copy, mount, move, ROOT_SPACE, type Mounted } from './support/relocating.ts';
import { ADMIN, DAY, HOUR } from './support/space.ts';

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

async function exported(space: Mounted): Promise<NodeRecord[]> {
  const { nodes } = await space.port.exportNodes(0);
  return nodes.map(({ path: _path, ...record }) => record);
}

/** The service has lost its databases; the store is as it was. */
async function lose(...spaces: readonly Mounted[]): Promise<void> {
  for (const space of spaces) {
    await space.inside(async (state) => {
      await state.storage.deleteAll();
      migrate(state.storage, MIGRATIONS);
    });
    await space.evict();
  }
}

async function restore(space: Mounted, records: readonly NodeRecord[]): Promise<void> {
  await space.port.importBegin(space.id, space.name, 'backup');
  await space.port.importNodes(records);
  await space.port.importEnd();
  await space.port.prepared(1);
}

const sound = async (...spaces: readonly Mounted[]) => {
  for (const space of spaces) await space.inside((state) => checkRows(state.storage.sql, store, space.container));
};
const weeks = async (...spaces: readonly Mounted[]) => {
  for (let round = 0; round < 2; round++) for (const space of spaces) await space.pass(7 * DAY, DAY / 2);
};

it('copies keep their bytes, whichever of the two backups is the older one', async () => {
  const before = await exported(a);
  await copy(`${a.name}/tree`, `${b.name}/copy`);
  const [older, newer] = [before.filter(({ name }) => name !== 'two'), await exported(b)];
  await lose(a, b);
  await restore(b, newer);
  await restore(a, older);
  expect(await b.port.reclaim()).toEqual([a.id]);
  expect(await b.port.reclaim()).toEqual([a.id]);
  for (const space of [a, b]) await space.port.confirm();
  // The backup of the one does not know of bytes that the other needs.
  const keys = store.keys(a.container);
  expect(await a.port.unknown(keys.filter((key) => key.startsWith('o/')))).toEqual([]);
  await a.remove('tree');
  await weeks(a, b);
  await sound(a, b);
  expect(await b.port.locate(b.call('copy/two'))).toMatchObject({ home: a.id });
  await b.remove('copy');
  await weeks(b, a);
  await sound(a, b);
  expect(await a.rows('SELECT * FROM object')).toEqual([]);
  expect(store.keys(a.container).filter((key) => key.startsWith('o/'))).toEqual([]);
});

it('bytes in a container that had no name any more are kept, and go with their last node', async () => {
  await move(a.name, b.name, ADMIN);
  for (const space of [a, b, a]) await space.quiet();
  const records = await exported(b);
  await lose(a, b);
  await restore(b, records);
  expect(await b.port.reclaim()).toEqual([a.id]);
  await a.port.prepared(1);
  await ROOT_SPACE.port.noteGhost(a.id, true);
  for (const space of [a, b]) await space.port.confirm();
  await weeks(a, b);
  await sound(a, b);
  expect(await b.port.locate(b.call(`${a.name}/tree/one`))).toMatchObject({ home: a.id });
  await b.remove(a.name);
  await weeks(b, a);
  await a.pass(DAY, HOUR);
  expect(await a.port.container()).toBeUndefined();
  expect(await ROOT_SPACE.port.ghosts()).not.toContain(a.id);
});

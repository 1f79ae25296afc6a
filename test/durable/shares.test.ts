// Shares in the directory: what a token opens, and that nothing of a share is left when its time is over.
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { DirectoryPort } from '../../src/auth/directory-port.ts';
import { asFault } from '../../src/faults.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import { ADMIN, newSpace, OWNER, portOf, PUBLIC, STRANGER, userId, words, BY_NAME } from './support/space.ts';

const ADA = { user: userId('ada'), admin: false };
const SPACE = 'space' as SpaceId;
let made = 0;

async function newDirectory() {
  const { DIRECTORY } = env as unknown as { DIRECTORY: DurableObjectNamespace };
  const stub = DIRECTORY.getByName(`shares ${(made += 1)}`);
  const directory = stub as unknown as DirectoryPort;
  await directory.createUser({ user: userId('admin'), admin: true }, ADA.user);
  const inside = <T>(look: (state: DurableObjectState) => T): Promise<T> =>
    runInDurableObject(stub, (_: unknown, state: DurableObjectState) => look(state));
  return { stub, directory, inside };
}

const share = (hash: string, expires: number) => ({ hash, space: SPACE, node: 7, uri: 'vos://example.org~vospace/ada/x', expires });

it('A share is removed by the alarm when its time is over, and those that last longer are not', async () => {
  const { stub, directory, inside } = await newDirectory();
  const start = Date.now();
  await directory.addShare(ADA.user, share('short', start + 60_000));
  await directory.addShare(ADA.user, share('long', start + 120_000));
  expect(await inside(({ storage }) => storage.getAlarm())).toBe(start + 60_000);
  const past = start - 1;
  await inside(({ storage }) => storage.sql.exec("UPDATE shares SET expires = ? WHERE hash = 'short'", past).toArray());
  expect(await directory.openShare('short')).toBeUndefined();
  expect((await directory.listShares(ADA.user)).items).toHaveLength(1);
  await runDurableObjectAlarm(stub);
  expect(await inside(({ storage }) => storage.sql.exec('SELECT hash FROM shares').toArray())).toEqual([{ hash: 'long' }]);
  expect(await inside(({ storage }) => storage.getAlarm())).toBe(start + 120_000);
});

it('A user has at most 1,000 shares that have not ended', async () => {
  const { directory, inside } = await newDirectory();
  const end = Date.now() + 60_000;
  await inside(({ storage }) => {
    for (let i = 0; i < 1000; i++)
      storage.sql.exec("INSERT INTO shares VALUES (?, 'ada', ?, 's', 1, 'vos://x', 0, ?)", `id-${i}`, `hash-${i}`, end);
  });
  const refused = await directory.addShare(ADA.user, share('more', end)).then(
    () => 'none',
    (error: unknown) => asFault(error)?.fault,
  );
  expect(refused).toBe('Conflict');
  await directory.removeShare(ADA, 'id-5');
  await directory.addShare(ADA.user, share('more', end));
});

it('Shares come back from a backup with what opens them', async () => {
  const [{ directory }, { directory: other }] = [await newDirectory(), await newDirectory()];
  const { id } = await directory.addShare(ADA.user, share('kept', Date.now() + 60_000));
  const page = await directory.exportRecords('shares');
  expect(page).toMatchObject({ items: [{ kind: 'share', id, user: 'ada', hash: 'kept', node: 7 }] });
  await other.importRecords(page.items);
  await other.importRecords(page.items);
  expect(await other.openShare('kept')).toMatchObject({ space: SPACE, node: 7, maker: 'ada' });
  expect((await other.listShares(ADA.user)).items).toHaveLength(1);
});

it('A shared node is found under the name and in the container where it is by then', async () => {
  const space = await newSpace();
  await space.make('a', 'ContainerNode', [PUBLIC]);
  await space.make('b', 'ContainerNode', [PUBLIC]);
  await space.make('a/file', 'DataNode', [PUBLIC]);
  await space.upload('a/file', 5);
  const { node } = await space.port.pin(space.call('a/file'));
  const look = (principal = OWNER) => space.port.shared({ node, rest: [], principal, listing: BY_NAME });
  await space.port.move(space.call('a/file'), space.call('b/other'));
  expect(await look()).toMatchObject({ kind: 'bytes', path: ['home', 'b', 'other'] });
  await space.port.renamed('away', 1);
  expect(await look()).toMatchObject({ path: ['away', 'b', 'other'] });
  expect(await words(look(STRANGER))).toBe('PermissionDenied share');
  expect(await look(ADMIN)).toMatchObject({ kind: 'bytes' });
});

it('A shared node ends with the tree that it is in, at once, and with its Space', async () => {
  const space = await newSpace();
  await space.make('a');
  await space.make('a/b');
  await space.make('a/b/file', 'DataNode');
  const { node } = await space.port.pin(space.call('a/b/file'));
  const look = (id = node) => words(space.port.shared({ node: id, rest: [], principal: ADMIN, listing: BY_NAME }));
  expect(await look()).toBe('none');
  await space.remove('a');
  expect(await look()).toBe('NodeNotFound share');
  expect(await look(1)).toBe('none');
  await space.port.destroy();
  expect(await look(1)).toBe('NodeNotFound share');
  expect(await words(portOf('never-made').shared({ node: 1, rest: [], principal: ADMIN, listing: BY_NAME }))).toBe('NodeNotFound share');
});

// Bytes that WriteChunk pins in their Space: held whatever becomes of their nodes, and let go when the pipe does not want them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIND_CHUNKS } from '../../src/durable/space/pipes/queries.ts';
import { ARRIVAL_LIFE } from '../../src/model/limits.ts';
import { CORE } from '../../src/model/property.ts';
import { checkRows } from './support/invariants.ts';
import { FakePipe } from './support/piping.ts';
import { asked } from './support/ports.ts';
import { copy, mount } from './support/relocating.ts';
import { ADMIN, DAY, HOUR, MINUTE, newSpace, OWNER, READER, refused, SHARED, STRANGER, type TestSpace } from './support/space.ts';

let space: TestSpace;
let pipe: FakePipe;

beforeEach(async () => {
  space = await newSpace();
  pipe = new FakePipe();
  await space.set('', SHARED);
  await space.make('src', 'ContainerNode', SHARED);
});
afterEach(() => {
  asked.pipe = undefined;
});

const sound = () => space.inside((state) => checkRows(state.storage.sql, space.store, space.container));
const keys = () => space.store.keys(space.container).filter((key) => key.startsWith('o/'));
const faults = async (names: string[], options: Parameters<FakePipe['pin']>[3] = {}) =>
  (await pipe.pin(space, 'src', names, options)).map((pin) => (pin.kind === 'refused' ? pin.fault : pin.kind));

describe('a pin', () => {
  it('finds each name by the index, however many children the container has', async () => {
    const plan = await space.inside(({ storage: { sql } }) =>
      sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${FIND_CHUNKS.text}`, '[]', 0, '').toArray(),
    );
    expect(plan.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^SEARCH node .*\(parent=\? AND name=\?\)/));
  });

  it('says what is there', async () => {
    await space.upload('src/a', 10);
    await space.set('src/a', [{ uri: `${CORE}type`, value: 'text/csv' }]);
    await space.make('src/b');
    await space.upload('src/b/c', 20);
    const pins = await pipe.pin(space, 'src', ['b/c', 'a', 'b/c']);
    expect(pins).toMatchObject([
      { kind: 'pinned', home: space.id, size: 20 },
      { kind: 'pinned', home: space.id, size: 10, type: 'text/csv', md5: expect.any(String) as string },
      { kind: 'pinned', size: 20 },
    ]);
    expect(pins[0]).toEqual(pins[2]);
    await sound();
  });

  it('survives that its node is overwritten, and deleted, and goes when the pipe lets it go', async () => {
    await space.upload('src/a', 10);
    const held = await pipe.write(space, 'src', 'a');
    await space.upload('src/a', 20);
    await space.remove('src/a');
    await space.pass(3 * DAY, DAY / 4);
    expect(keys()).toEqual([held.key]);
    expect(await space.port.unknown([held.key])).toEqual([]);
    expect(pipe.asked).toEqual([held.holder]);
    await sound();
    await pipe.drop(held);
    await sound();
    await space.pass(DAY, HOUR);
    expect([keys(), await space.rows('SELECT * FROM holder')]).toEqual([[], []]);
  });

  it('that was asked for before a kill, and never came to a chunk, is let go after the question', async () => {
    await space.upload('src/a', 10);
    await space.upload('src/b', 10);
    const holder = pipe.holder();
    const [a] = await pipe.pin(space, 'src', ['a', 'b'], { holder });
    pipe.taken.set(holder, new Set([a?.kind === 'pinned' ? a.key : '']));
    await space.evict();
    for (const name of ['a', 'b']) await space.remove(`src/${name}`);
    await space.pass(ARRIVAL_LIFE - MINUTE, MINUTE);
    expect([pipe.asked, keys().length]).toEqual([[], 2]);
    await space.pass(DAY, MINUTE * 20);
    expect([pipe.asked, keys().length]).toEqual([[holder], 1]);
    await sound();
  });

  it('is asked about until the pipe answers, and goes where there is no such pipe', async () => {
    await space.upload('src/a', 10);
    pipe.silent = true;
    await pipe.pin(space, 'src', ['a']);
    await space.remove('src/a');
    await space.pass(2 * HOUR, 10 * MINUTE);
    expect(keys().length).toBe(1);
    [pipe.silent, pipe.absent] = [false, true];
    await space.pass(DAY, HOUR);
    expect([keys(), await space.rows("SELECT * FROM outbox WHERE kind = 'askPipe'")]).toEqual([[], []]);
  });

  it('of many calls is asked about together', async () => {
    await space.upload('src/a', 10);
    for (let i = 0; i < 30; i++) await pipe.pin(space, 'src', ['a']);
    await space.pass(ARRIVAL_LIFE + MINUTE, MINUTE);
    expect([pipe.calls, pipe.asked.length, await space.rows('SELECT * FROM holder')]).toEqual([1, 30, []]);
  });

  it('of calls that come at once is right for each', async () => {
    for (const name of ['a', 'b', 'c']) await space.upload(`src/${name}`, 10);
    const found = await Promise.all(['a', 'nowhere', 'b', 'c'].map((name) => pipe.pin(space, 'src', [name]).then(([pin]) => pin?.kind)));
    expect(found).toEqual(['pinned', 'refused', 'pinned', 'pinned']);
    expect(await refused(pipe.pin(space, 'elsewhere', ['a']))).toBe('NodeNotFound');
    await sound();
  });

  it('holds bytes that lie in another Space, which answers for them as long', async () => {
    const from = await mount(space.store);
    const here = await mount(space.store);
    await from.make('tree');
    await from.upload('tree/a', 10);
    await copy(`${from.name}/tree`, `${here.name}/copy`);
    const held = await pipe.write(here, 'copy', 'a');
    expect(held.home).toBe(from.id);
    await from.remove('tree');
    await here.remove('copy');
    for (const one of [here, from, here, from]) await one.pass(DAY, DAY / 4);
    expect(space.store.readable(from.container, held.key)).toBeDefined();
    for (const one of [from, here]) await one.inside((state) => checkRows(state.storage.sql, one.store, one.container));
    await pipe.drop(held);
    for (const one of [here, from, here, from]) await one.pass(DAY, DAY / 4);
    expect(space.store.readable(from.container, held.key)).toBeUndefined();
  });

  it('keeps a whole Space that was removed in the store as long as it lasts', async () => {
    const here = await mount(space.store);
    await here.make('src');
    await here.upload('src/a', 10);
    const held = await pipe.write(here, 'src', 'a');
    await here.port.destroy();
    await here.pass(3 * DAY, DAY / 4);
    expect(here.store.readable(here.container, held.key)).toBeDefined();
    expect((await here.port.container())?.name).toBe(here.container);
    await pipe.drop(held);
    await here.pass(3 * DAY, DAY / 4);
    expect([here.store.keys(here.container), await here.port.container()]).toEqual([[], undefined]);
  });
});

describe('a name is refused', () => {
  it('where nothing is, nothing has come, or something without bytes', async () => {
    await space.make('src/box');
    await space.make('src/empty', 'DataNode');
    await space.make('src/link', 'LinkNode', [], OWNER, 'vos://example.org~vospace/home/src/box');
    await space.reserve('src/pending');
    expect(await faults(['no', 'no/a', 'box', 'box/no', 'empty', 'empty/a', 'link', 'link/a', 'pending'])).toEqual([
      'ChunkNotFound',
      'ChunkNotFound',
      'OperationNotSupported',
      'ChunkNotFound',
      'ChunkNotFound',
      'ChunkNotFound',
      'OperationNotSupported',
      'OperationNotSupported',
      'NodeBusy',
    ]);
    expect(await space.rows('SELECT * FROM holder')).toEqual([]);
  });

  it('in the same words whether or not it is there, to who may not see it', async () => {
    await space.make('src/secret');
    await space.upload('src/secret/a', 10);
    await space.upload('src/own', 10);
    const words = (await pipe.pin(space, 'src', ['secret/a', 'secret/b', 'secret/c/d'], { by: READER })).map((pin) =>
      pin.kind === 'refused' ? `${pin.fault} ${pin.detail}` : pin.kind,
    );
    expect(new Set(words)).toEqual(new Set(['PermissionDenied secret']));
    expect(await faults(['own'], { by: READER })).toEqual(['PermissionDenied']);
    expect(await refused(pipe.pin(space, 'src', ['own'], { by: STRANGER }))).toBe('PermissionDenied');
  });

  it('where the owner of the pipe may not read it, or not even the container', async () => {
    await space.upload('src/a', 10);
    expect(await faults(['a'], { by: ADMIN, owner: READER })).toEqual(['PermissionDenied']);
    expect(await refused(pipe.pin(space, 'src', ['a'], { by: ADMIN, owner: STRANGER }))).toBe('AuthRequired');
  });
});

describe('uploads under way', () => {
  it('are named, so that they are looked for; then what is committed is pinned', async () => {
    await space.upload('src/a', 10);
    const id = await space.reserve('src/a');
    const first = await pipe.pin(space, 'src', ['a'], { settled: false });
    expect(first).toMatchObject([{ kind: 'pending', uploads: [id], container: { name: space.container } }]);
    expect((await pipe.pin(space, 'src', ['a']))[0]).toMatchObject({ kind: 'pinned', size: 10 });
    space.send(id, 20);
    await space.settle(id);
    expect((await pipe.pin(space, 'src', ['a'], { settled: false }))[0]).toMatchObject({ kind: 'pinned', size: 20 });
  });

  it('that are streamed, or come in parts, are not waited for', async () => {
    await space.upload('src/a', 10);
    await space.reserve('src/a', { signed: false });
    expect((await pipe.pin(space, 'src', ['a'], { settled: false }))[0]).toMatchObject({ kind: 'pinned', size: 10 });
  });
});

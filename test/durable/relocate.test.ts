// Copies and moves of trees inside one top-level container and between two: what arrives, what stays, and where the bytes are.
import { beforeEach, describe, expect, it } from 'vitest';
import { CORE, INHERIT } from '../../src/model/property.ts';
import { DOOMED_GRACE } from '../../src/model/limits.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows, contents } from './support/invariants.ts';
import { copy, idOf, mount, Mounted, move, ROOT_SPACE } from './support/relocating.ts';
import { ADMIN, DAY, HOUR, MINUTE, OWNER, READER, refused, SHARED } from './support/space.ts';
import { dropped } from './support/ports.ts';

let store: FakeStore;
let a: Mounted;
let b: Mounted;

beforeEach(async () => {
  store = new FakeStore();
  a = await mount(store);
  b = await mount(store);
});

const title = (value: string) => ({ uri: `${CORE}title`, value });

async function plant(): Promise<void> {
  await a.make('tree', 'ContainerNode', [...SHARED, title('Baum')]);
  await a.make('tree/empty');
  await a.make('tree/link', 'LinkNode', [title('Verweis')], OWNER, 'vos://example.org~vospace/elsewhere');
  await a.make('tree/below');
  await a.upload('tree/below/one', 100);
  await a.set('tree/below/one', [title('eins')]);
  await a.upload('tree/two', 20);
  await a.make('tree/structured', 'StructuredDataNode');
}

const sound = async (...spaces: readonly Mounted[]) => {
  for (const space of spaces) await space.inside((state) => checkRows(state.storage.sql, space.store, space.container));
};
const treeOf = async (space: Mounted) =>
  (await space.inside((state) => contents(state.storage.sql)))
    .map(({ name, type, size, title: words }) => `${name} ${type} ${size} ${String(words)}`)
    .toSorted();
const TREE = [
  'below ContainerNode 100 null',
  'empty ContainerNode 0 null',
  'link LinkNode 0 Verweis',
  'one DataNode 100 eins',
  'structured StructuredDataNode 0 null',
  'tree ContainerNode 120 Baum',
  'two DataNode 20 null',
];
const settled = async (...spaces: readonly Mounted[]) => {
  for (const space of spaces) await space.quiet();
};

describe('a copy', () => {
  it('has everything of the tree, inside one container and in another', async () => {
    await plant();
    expect(await copy(`${a.name}/tree`, `${b.name}/tree`)).toBe(`/${b.name}/tree`);
    expect(await treeOf(b)).toEqual(expect.arrayContaining(TREE));
    expect((await treeOf(b)).length).toBe(TREE.length + 1);
    expect(await copy(`${a.name}/tree`, `${a.name}/again`)).toBe(`/${a.name}/again`);
    expect((await a.get('again')).size).toBe(120);
    expect(await a.names('again')).toEqual(['below', 'empty', 'link', 'structured', 'two']);
    expect((await a.get('')).size).toBe(240);
    await settled(a, b);
    await sound(a, b);
  });

  it('belongs to who made it, with the permissions that its container gives and dates of its own', async () => {
    await plant();
    await a.set('', SHARED);
    const reader = READER;
    await b.set('', [
      { uri: `${CORE}groupwrite`, value: 'ivo://example.org/gms?readers' },
      { uri: INHERIT, value: 'true' },
    ]);
    for (const path of ['tree/below', 'tree/below/one', 'tree/empty', 'tree/link', 'tree/structured', 'tree/two'])
      await a.set(path, SHARED);
    await a.pass(MINUTE);
    await copy(`${a.name}/tree`, b.name, reader);
    const one = await b.get('tree/below/one', reader);
    expect(one.access).toMatchObject({ owner: 'ben', inherit: true, groupWrite: ['ivo://example.org/gms?readers'] });
    expect(one.created).toBeGreaterThan((await a.get('tree/below/one')).created);
  });

  it('keeps its bytes when the original goes, and the store keeps them exactly as long as one of the two is there', async () => {
    await plant();
    await copy(`${a.name}/tree`, `${b.name}/tree`);
    const located = await b.port.locate(b.call('tree/below/one'));
    expect(located).toMatchObject({ home: a.id });
    await a.remove('tree');
    await a.pass(DAY, HOUR);
    expect(store.keys(a.container).length).toBe(2);
    await sound(a, b);
    await b.remove('tree');
    await b.quiet();
    await a.pass(DOOMED_GRACE + 3 * DAY, HOUR);
    expect(store.keys(a.container)).toEqual([]);
    expect(await a.rows('SELECT * FROM holder')).toEqual([]);
    expect(await a.rows('SELECT * FROM object')).toEqual([]);
    await sound(a, b);
  });

  it('of a copy holds the bytes where they lie, and brings them home', async () => {
    const c = await mount(store);
    await plant();
    await copy(`${a.name}/tree`, `${b.name}/tree`);
    await copy(`${b.name}/tree`, `${c.name}/tree`);
    await copy(`${c.name}/tree`, `${a.name}/home`);
    expect(await c.port.locate(c.call('tree/two'))).toMatchObject({ home: a.id });
    expect(await a.port.locate(a.call('home/two'))).not.toHaveProperty('home');
    await a.remove('tree');
    await a.remove('home');
    await b.remove('tree');
    await settled(a, b, c);
    await a.pass(3 * DAY, HOUR);
    await sound(a, b, c);
    expect(store.keys(a.container).length).toBe(2);
  });

  it('takes nothing that its maker may not read', async () => {
    await plant();
    await a.set('', SHARED);
    await b.set('', [{ uri: `${CORE}groupwrite`, value: 'ivo://example.org/gms?readers' }]);
    expect(await refused(copy(`${a.name}/tree`, b.name, READER))).toBe('PermissionDenied');
    await settled(a, b);
    expect(await b.names('')).toEqual([]);
    expect(await b.rows('SELECT id FROM node WHERE id <> 1')).toEqual([]);
    expect(await a.rows('SELECT * FROM hold')).toEqual([]);
    await sound(a, b);
  });

  it('of a whole container is another, and so is that of a container further down', async () => {
    await plant();
    const name = `w${crypto.randomUUID().slice(0, 8)}`;
    expect(await refused(copy(`${a.name}/tree`, name))).toBe('PermissionDenied');
    expect(await refused(copy(`${a.name}/tree/two`, name, ADMIN))).toBe('InvalidArgument');
    await copy(`${a.name}/tree`, name, ADMIN);
    const made = new Mounted(await idOf(name), name, store);
    expect(await made.names('', ADMIN)).toEqual(['below', 'empty', 'link', 'structured', 'two']);
    expect((await made.get('', ADMIN)).properties).toEqual([title('Baum')]);
    await copy(a.name, `${name}-2`, ADMIN);
    const other = new Mounted(await idOf(`${name}-2`), `${name}-2`, store);
    expect((await other.get('tree', ADMIN)).size).toBe(120);
    await settled(a, made, other);
    // Nobody takes them for lost.
    await made.pass(HOUR, MINUTE);
    await sound(a, made, other);
    expect(await refused(made.get('', ADMIN))).toBe('none');
  });
});

describe('a move', () => {
  it('to another container keeps owner, rights, dates and properties, and leaves nothing behind', async () => {
    await plant();
    const before = await a.get('tree/below/one');
    const tree = await treeOf(a);
    await a.pass(MINUTE);
    expect(await move(`${a.name}/tree`, b.name)).toBe(`/${b.name}/tree`);
    expect(await a.names('')).toEqual([]);
    expect(await b.get('tree/below/one')).toEqual(before);
    expect((await b.get('tree')).access.groupRead).toEqual(['ivo://example.org/gms?readers']);
    expect((await treeOf(b)).filter((line) => !line.startsWith('t'))).toEqual(tree.filter((line) => !line.startsWith('t')));
    expect([(await a.get('')).size, (await b.get('')).size]).toEqual([0, 120]);
    await settled(a, b);
    expect(await a.rows('SELECT id FROM node WHERE id <> 1')).toEqual([]);
    await a.pass(3 * DAY, HOUR);
    await sound(a, b);
    await b.remove('tree');
    await b.quiet();
    await a.pass(3 * DAY, HOUR);
    expect(store.keys(a.container)).toEqual([]);
    await sound(a, b);
  });

  it('inside one container, and of a name at the top, is one row', async () => {
    await plant();
    await a.make('other');
    expect(await move(`${a.name}/tree`, `${a.name}/other`)).toBe(`/${a.name}/other/tree`);
    expect(await a.names('other/tree')).toEqual(['below', 'empty', 'link', 'structured', 'two']);
    const name = `n${crypto.randomUUID().slice(0, 8)}`;
    await move(a.name, name, ADMIN);
    expect(await idOf(name)).toBe(a.id);
    expect(await new Mounted(a.id, name, store).names('')).toEqual(['other']);
  });

  it('of a whole container under another empties its place at the top, and its store container when the last bytes go', async () => {
    await plant();
    expect(await refused(move(a.name, b.name))).toBe('PermissionDenied');
    await move(a.name, b.name, ADMIN);
    expect(await ROOT_SPACE.port.mountOf(a.name)).toBeUndefined();
    expect(await b.names(a.name)).toEqual(['tree']);
    expect((await b.get(`${a.name}/tree/below/one`)).size).toBe(100);
    await settled(a, b);
    await a.pass(2 * DAY, HOUR);
    expect(dropped).not.toContain(a.container);
    expect(await ROOT_SPACE.port.ghosts()).toContain(a.id);
    await sound(b);
    await b.remove(a.name);
    await b.quiet();
    await a.pass(3 * DAY, HOUR);
    expect(dropped).toContain(a.container);
    expect(await ROOT_SPACE.port.ghosts()).not.toContain(a.id);
    expect(await a.port.container()).toBeUndefined();
  });

  it('to the top makes a container of it, for administrators', async () => {
    await plant();
    const name = `w${crypto.randomUUID().slice(0, 8)}`;
    expect(await refused(move(`${a.name}/tree`, name))).toBe('PermissionDenied');
    await move(`${a.name}/tree`, name, ADMIN);
    const made = new Mounted(await idOf(name), name, store);
    expect((await made.get('')).access.owner).toBe('ada');
    expect(await made.names('')).toEqual(['below', 'empty', 'link', 'structured', 'two']);
    expect(await a.names('')).toEqual([]);
    await settled(a, made);
    await made.pass(HOUR, MINUTE);
    await sound(a, made);
  });
});

// Containers at the ends of pipes: they stay where they are, say so, and go with their pipe only where it has made them and nobody else needs them.
import { beforeEach, describe, expect, it } from 'vitest';
import type { PipeEndRecord } from '../../src/durable/space/pipes/port.ts';
import type { PipeId } from '../../src/model/pipe.ts';
import { LOCKED } from '../../src/model/property.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import { releaseEnds } from '../../src/service/operator/sweep-pipes.ts';
import type { Services } from '../../src/service/services.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { FakePipe, item } from './support/piping.ts';
import { mount, move, ROOT_SPACE, type Mounted } from './support/relocating.ts';
import { ADMIN, BY_NAME, DAY, OWNER, READER, refused, SHARED, STRANGER, TestSpace, words, WRITER } from './support/space.ts';

let space: Mounted;
let pipe: PipeId;

beforeEach(async () => {
  space = await mount(new FakeStore());
  await space.set('', SHARED);
  await space.make('box', 'ContainerNode', SHARED);
  pipe = new FakePipe().id;
});

const end = (role: PipeEndRecord['role'], id = pipe): PipeEndRecord => ({ pipe: id, role });
const enlist = (path: string, role: PipeEndRecord['role'], by = OWNER, id = pipe) => space.port.enlist(space.call(path, by), end(role, id));
const sound = () => space.inside((state) => checkRows(state.storage.sql, space.store, space.container));

describe('a container', () => {
  it('is made for its pipe where it is missing, once', async () => {
    for (let i = 0; i < 2; i++) expect(await enlist('box/dest', 'destination')).toEqual({ made: true });
    for (let i = 0; i < 2; i++) expect(await enlist('box', 'source')).toEqual({ made: false });
    expect(await space.port.pipesAt(space.call('box/dest'))).toEqual([end('destination')]);
    expect(await refused(enlist('box/other', 'destination'))).toBe('Conflict');
    expect(await refused(enlist('none/dest', 'source', OWNER, new FakePipe().id))).toBe('ContainerNotFound');
    await sound();
  });

  it('takes a pipe of who may read the source, or write to the destination', async () => {
    await space.upload('box/file', 1);
    await space.make('box/link', 'LinkNode', [], OWNER, 'vos://example.org~vospace/box');
    expect(await refused(enlist('box', 'destination', READER))).toBe('PermissionDenied');
    expect(await refused(enlist('box', 'source', STRANGER))).toBe('PermissionDenied');
    expect(await refused(enlist('box/new', 'source', READER))).toBe('PermissionDenied');
    expect(await refused(enlist('box/file', 'source'))).toBe('InvalidArgument');
    expect(await refused(enlist('box/link', 'source'))).toBe('InvalidArgument');
    expect(await refused(enlist('box/link/x', 'source'))).toBe('LinkFound');
    expect(await enlist('box', 'source', READER)).toEqual({ made: false });
    expect(await enlist('box', 'destination', WRITER)).toEqual({ made: false });
    await space.set('box', [{ uri: LOCKED, value: 'true' }]);
    expect(await refused(enlist('box', 'destination', OWNER, new FakePipe().id))).toBe('NodeLocked');
    expect(await refused(ROOT_SPACE.port.enlist(ROOT_SPACE.call(`none${pipe}`, ADMIN), end('source', new FakePipe().id)))).toBe(
      'ContainerNotFound',
    );
  });

  it('is shown with its pipes to who may read it, in its own document only', async () => {
    await enlist('box', 'source');
    expect((await space.port.read(space.call('box', READER), BY_NAME)).pipes).toEqual([end('source')]);
    expect((await space.port.read(space.call('box', READER), { ...BY_NAME, detail: 'min' })).pipes).toBeUndefined();
    expect((await space.port.read(space.call(''), BY_NAME)).pipes).toBeUndefined();
    expect(await refused(space.port.pipesAt(space.call('box', STRANGER)))).toBe('PermissionDenied');
  });

  it('is neither moved nor deleted while it has a pipe, nor is what it lies in', async () => {
    await space.make('box/inner');
    await space.upload('box/inner/file', 1);
    await enlist('box/inner', 'destination');
    const other = await mount(space.store);
    const attempts = {
      delete: () => space.remove('box/inner'),
      'delete above': () => space.remove('box'),
      'delete by a job': () => space.port.pass(space.call('box'), undefined, { kind: 'remove' }),
      'delete whole': () => space.port.checkDestroyable(space.call('', ADMIN)),
      move: () => move(`${space.name}/box/inner`, `${space.name}/there`),
      'move above': () => move(`${space.name}/box`, `${space.name}/there`),
      'move away': () => move(`${space.name}/box`, `${other.name}/there`),
      'move whole': () => move(space.name, `${other.name}/there`, ADMIN),
      rename: () => move(space.name, `${space.name}-there`, ADMIN),
    };
    for (const [what, attempt] of Object.entries(attempts))
      expect([what, await words(attempt())]).toEqual([what, expect.stringContaining(pipe)]);
    for (const attempt of Object.values(attempts)) expect(await refused(attempt())).toBe('NodeBusy');
    await space.port.delist(end('destination'), 'nothing');
    expect(await move(`${space.name}/box`, `${space.name}/there`)).toContain('there');
    await space.remove('there');
    await space.pass(DAY);
    await sound();
  });
});

describe('the end of a pipe', () => {
  it('takes the container away that the pipe has made and filled', async () => {
    const fake = new FakePipe();
    await enlist('box/dest', 'destination', OWNER, fake.id);
    await enlist('box/src', 'source', OWNER, fake.id);
    await space.upload('box/src/a', 10);
    const held = await fake.write(space, 'box/src', 'a');
    await fake.place(space, 'box/dest', [item('a', held), item('x/y', held)]);
    expect(await space.port.delist(end('source', fake.id), 'delivered')).toMatchObject({
      removed: false,
      why: expect.any(String) as string,
    });
    expect(await space.port.delist(end('destination', fake.id), 'delivered')).toEqual({ removed: true });
    expect(await space.port.delist(end('destination', fake.id), 'delivered')).toEqual({ removed: false });
    expect(await space.names('box')).toEqual(['src']);
    await space.pass(DAY);
    await sound();
    expect((await space.get('')).size).toBe(10);
  });

  it.each(['before', 'other bytes', 'another file', 'another pipe', 'an upload', 'a container', 'lock'])(
    'leaves it because of %s',
    async (what) => {
      const fake = new FakePipe();
      if (what === 'before') await space.make('box/dest');
      await enlist('box/dest', 'destination', OWNER, fake.id);
      await space.upload('box/a', 10);
      const held = await fake.write(space, 'box', 'a');
      await fake.place(space, 'box/dest', [item('a', held)]);
      if (what === 'other bytes') await space.upload('box/dest/a', 11);
      if (what === 'another file') await space.upload('box/dest/b', 11);
      if (what === 'another pipe') await enlist('box/dest', 'source');
      if (what === 'an upload') await space.reserve('box/dest/a');
      if (what === 'a container') await space.make('box/dest/c');
      if (what === 'lock') await space.set('box/dest', [{ uri: LOCKED, value: 'true' }]);
      const gone = await space.port.delist(end('destination', fake.id), 'delivered');
      expect([gone.removed, typeof gone.why]).toEqual([false, 'string']);
      expect(await space.names('box')).toContain('dest');
      await sound();
    },
  );
});

describe('the sweep', () => {
  it('lets containers go whose pipe is not there, and no others', async () => {
    const there = new FakePipe().id;
    await enlist('box', 'source', OWNER, there);
    for (const role of ['source', 'destination'] as const) await enlist(`box/${role}`, role);
    const services = { pipes: (id: PipeId) => ({ glance: async () => (id === there ? { condition: 'open' } : undefined) }) };
    const sweep = async (releases: boolean) => {
      const lines = [];
      for await (const some of releaseEnds(services as unknown as Services, space.id, space.port, releases)) lines.push(...some);
      return lines;
    };
    expect(await sweep(false)).toEqual([{ kind: 'pipe', space: space.id, pipe, released: false }]);
    expect(await sweep(true)).toEqual([{ kind: 'pipe', space: space.id, pipe, released: true }]);
    expect([await sweep(true), await space.port.pipesNoted()]).toEqual([[], [end('source', there)]]);
    await space.remove('box/destination');
  });
});

describe('a backup', () => {
  it('has the nodes of chunks, and nothing of pipes: their containers are free in what is made of it', async () => {
    const fake = new FakePipe();
    await enlist('box/dest', 'destination', OWNER, fake.id);
    await space.upload('box/a', 10);
    const held = await fake.write(space, 'box', 'a');
    await fake.place(space, 'box/dest', [item('a', held)]);
    await space.remove('box/a');
    const { nodes } = await space.port.exportNodes(0);
    const copy = new TestSpace(`r${crypto.randomUUID()}` as SpaceId, space.name, space.store);
    await copy.port.importBegin(copy.id, copy.name, 'backup');
    await copy.port.importNodes(nodes);
    await copy.port.importEnd();
    await copy.port.prepared(1);
    space.store.upload(copy.container, held.key, 10);
    await copy.inside((state) => checkRows(state.storage.sql, space.store, copy.container));
    expect(await copy.names('box/dest')).toEqual(['a']);
    for (const table of ['pipe_end', 'placed', 'holder', 'hold']) expect(await copy.rows(`SELECT * FROM ${table}`)).toEqual([]);
    await copy.remove('box');
  });
});

describe('reclaiming', () => {
  it('takes away what the pipe has brought from elsewhere, as it does what was placed', async () => {
    const fake = new FakePipe();
    await enlist('box/dest', 'destination', OWNER, fake.id);
    await space.upload('box/dest/a', 10);
    await space.upload('box/dest/b', 10);
    const located = await space.port.locate(space.call('box/dest/a'));
    const keys = located.kind === 'bytes' ? (located.key ?? '') : '';
    const pinning = { holder: fake.holder(), paths: [['a'], ['b']], brought: { pipe: fake.id, keys } };
    expect((await space.port.pinChunks(space.call('box/dest'), pinning, OWNER)).map(({ kind }) => kind)).toEqual(['pinned', 'pinned']);
    await space.port.reclaimChunks(
      fake.id,
      pinning.paths.map((path) => ({ path })),
    );
    expect(await space.names('box/dest')).toEqual(['b']);
    await sound();
  });

  it('takes away what the pipe has placed, as far as it still is that', async () => {
    const fake = new FakePipe();
    await enlist('box/dest', 'destination', OWNER, fake.id);
    for (const name of ['a', 'b', 'c', 'd']) await space.upload(`box/${name}`, 10);
    const items = await Promise.all(['a', 'b', 'c'].map(async (name) => item(name, await fake.write(space, 'box', name))));
    await fake.place(space, 'box/dest', items);
    await space.upload('box/dest/b', 20);
    await space.set('box/dest/c', [{ uri: LOCKED, value: 'true' }]);
    await space.upload('box/dest/d', 10);
    const paths = ['a', 'b', 'c', 'd', 'no', 'a/b'].map((path) => ({ path: path.split('/') }));
    await space.port.reclaimChunks(pipe, paths);
    expect(await space.names('box/dest')).toEqual(['a', 'b', 'c', 'd']);
    for (let i = 0; i < 2; i++) await space.port.reclaimChunks(fake.id, paths);
    expect(await space.names('box/dest')).toEqual(['b', 'c', 'd']);
    await sound();
    expect((await space.get('box/dest')).size).toBe(40);
  });
});

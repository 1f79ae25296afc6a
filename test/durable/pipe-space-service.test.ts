// From names to pinned bytes, and from chunks to nodes: the use cases around the Spaces, with the owner's rights of the moment.
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryPort } from '../../src/auth/directory-port.ts';
import type { NewChunk } from '../../src/durable/pipe/port.ts';
import type { PipeTask, TravelChunk } from '../../src/durable/pipe/work/port.ts';
import { formatAdoptedKey } from '../../src/model/adopted.ts';
import { parseChunkName } from '../../src/model/chunk-name.ts';
import type { ChunkRequest } from '../../src/model/json/pipe-write.ts';
import { CACHE_LIFE } from '../../src/model/limits.ts';
import { Md5 } from '../../src/model/md5.ts';
import { DEFAULT_OPTIONS, type PipeDefinition, type PipeOptions } from '../../src/model/pipe.ts';
import type { Principal } from '../../src/model/principal.ts';
import { CORE } from '../../src/model/property.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import { openChunk } from '../../src/service/pipes/bytes.ts';
import { pinNames } from '../../src/service/pipes/pin.ts';
import { placeTask } from '../../src/service/pipes/place.ts';
import { signer } from '../../src/service/pipes/sign.ts';
import type { Services } from '../../src/service/services.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { FakeForeign } from './support/fake-foreign.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { FakePipe } from './support/piping.ts';
import { asked, testClock } from './support/ports.ts';
import { mount, SERVICES, type Mounted } from './support/relocating.ts';
import { ADMIN, DAY, group, HOUR, OWNER, refused, STRANGER, user, userId, words } from './support/space.ts';

const { DIRECTORY } = env as unknown as TestEnv;
const ADMINISTRATOR = { user: userId('admin'), admin: true };
const bea = user('bea');

let store: FakeStore;
let from: Mounted;
let to: Mounted;
let services: Services;
let directory: DirectoryPort;
let definition: PipeDefinition;
let later: Promise<unknown>[];

beforeEach(async () => {
  store = new FakeStore();
  from = await mount(store);
  to = await mount(store);
  await from.make('src');
  await to.make('dest');
  directory = DIRECTORY.getByName(crypto.randomUUID()) as unknown as DirectoryPort;
  for (const name of ['ada', 'bea']) await directory.createUser(ADMINISTRATOR, userId(name));
  later = [];
  const more = { objects: store, directory, foreign: new FakeForeign(store), keys: { epoch: async () => 1 } };
  services = { ...SERVICES, ...more, later: (work: Promise<unknown>) => void later.push(work) } as unknown as Services;
  const local = (space: Mounted, path: string) => ({ kind: 'local', uri: `vos://example.org~vospace/${space.name}/${path}` }) as const;
  definition = {
    id: new FakePipe().id,
    source: local(from, 'src'),
    destination: local(to, 'dest'),
    options: DEFAULT_OPTIONS,
    access: { owner: userId('ada'), write: [], read: [], manage: [] },
    base: 'https://vos.example',
    created: 0,
  };
});
afterEach(() => {
  asked.pipe = undefined;
});

const pin = async (names: (string | ChunkRequest)[], by: Principal = OWNER) => {
  const wanted = names.map((one) => (typeof one === 'string' ? { name: parseChunkName(one) } : one));
  const pinning = await pinNames(services, { definition, condition: 'open' }, by, wanted);
  await Promise.all(later);
  return pinning;
};
const request = (name: string, more: Partial<ChunkRequest>): ChunkRequest => ({ name: parseChunkName(name), ...more });
const holders = async () => {
  await Promise.allSettled(later);
  return (await from.rows('SELECT * FROM holder')).length;
};
const place = async (chunks: readonly NewChunk[], options: Partial<PipeOptions> = {}) => {
  await to.port.enlist(to.call('dest'), { pipe: definition.id, role: 'destination' });
  const travelling = chunks.map((chunk, i): TravelChunk => ({ seq: i + 1, ...chunk }));
  const task: Extract<PipeTask, { kind: 'place' }> = {
    kind: 'place',
    definition: { ...definition, options: { ...DEFAULT_OPTIONS, ...options } },
    until: testClock.now + HOUR,
    credentials: [],
    chunks: travelling,
  };
  return placeTask(services, task, new AbortController().signal);
};

describe('pinning names', () => {
  it('answers chunks with what is known of their bytes, and lets go of all on request', async () => {
    await from.upload('src/a', 10);
    await from.upload('src/grüße', 20);
    const pinning = await pin([request('a', { size: 10, type: 'text/csv' }), 'gr%C3%BC%C3%9Fe']);
    expect(pinning.pinnedAt).toBe(testClock.now);
    expect(pinning.chunks).toMatchObject([
      { name: 'a', size: 10, type: 'text/csv', bytes: { kind: 'pinned', pinned: { space: from.id, home: from.id } } },
      { size: 20, md5: expect.any(String) as string },
    ]);
    expect(await holders()).toBe(1);
    await pinning.release();
    expect(await holders()).toBe(0);
  });

  it('commits bytes that have just arrived', async () => {
    const id = await from.reserve('src/a');
    expect(await refused(pin(['a']))).toBe('NodeBusy');
    from.send(id, 30);
    expect((await pin(['a'])).chunks[0]?.size).toBe(30);
  });

  it('pins the bytes that are there where an upload cannot be committed', async () => {
    const [older, newer] = [await from.reserve('src/a'), await from.reserve('src/a')];
    from.send(newer, 20);
    await from.settle(newer);
    from.send(older, 10);
    const pinning = await pin(['a']);
    expect(pinning.chunks[0]?.size).toBe(20);
    await pinning.release();
    expect(await holders()).toBe(0);
  });

  it.each(['busy', 'lost'] as const)('commits bytes that have arrived when the store fails at any call (%s)', async (how) => {
    for (let at = 1; at <= 4; at++) {
      const name = `a${at}`;
      from.send(await from.reserve(`src/${name}`), 30);
      store.failure = { at: store.calls + at, how };
      await pin([name]).catch(() => undefined);
      store.failure = undefined;
      testClock.now += HOUR;
      expect((await pin([name])).chunks[0]?.size).toBe(30);
    }
    expect(await from.rows('SELECT 1 FROM upload WHERE outcome IS NULL')).toEqual([]);
  });

  it('refuses a whole list for one name, and holds nothing then', async () => {
    await from.upload('src/a', 10);
    expect(await refused(pin(['a', 'no']))).toBe('ChunkNotFound');
    expect(await refused(pin(['a', request('a', { size: 11 })]))).toBe('ChunkMismatch');
    expect(await refused(pin([request('a', { md5: '0'.repeat(32) })]))).toBe('ChunkMismatch');
    expect(await holders()).toBe(0);
  });

  it('is for who may write to the pipe, and read the source; the owner must still be able to', async () => {
    await from.upload('src/a', 10);
    expect(await refused(pin(['a'], STRANGER))).toBe('PermissionDenied');
    definition = { ...definition, access: { ...definition.access, write: [group('others')] } };
    expect(await refused(pin(['a'], STRANGER))).toBe('PermissionDenied');
    definition = { ...definition, access: { ...definition.access, owner: userId('bea') } };
    expect(await refused(pin(['a'], ADMIN))).toBe('AuthRequired');
    await directory.deleteUser(userId('bea'), ADMINISTRATOR);
    testClock.now += CACHE_LIFE;
    expect(await words(pin(['a'], ADMIN))).toContain('not there any more');
  });

  it('takes what the caller says of bytes in another VOSpace', async () => {
    definition = { ...definition, source: { kind: 'foreign', uri: 'vos://far.example~vospace/x' } };
    expect((await pin([request('a', { size: 3 }), 'b'])).chunks).toMatchObject([
      { size: 3, bytes: { kind: 'foreign', sized: true } },
      { size: 0, bytes: { kind: 'foreign', sized: false } },
    ]);
  });

  it('takes adopted objects as they are at this moment', async () => {
    const container = `archive-${crypto.randomUUID()}`;
    store.upload(container, 'a', 5);
    const key = formatAdoptedKey({ space: from.id, container, name: 'a' });
    const object = { path: ['a'], key, size: 4, modified: 0, isFolder: false };
    await from.port.adopt(from.call('src', ADMIN), { container, since: 1, owned: false, objects: [object], others: [] });
    const { chunks } = await pin(['a']);
    expect(chunks[0]).toMatchObject({ size: 5, bytes: { pinned: { key } } });
    expect(await place(chunks)).toMatchObject({ deliveries: [{ kind: 'ready' }] });
    for (const space of [from, to]) await space.inside((state) => checkRows(state.storage.sql, store, space.container));
    await store.delete({ name: container, epoch: 1 }, ['a' as ObjectKey]);
    expect(await refused(pin(['a']))).toBe('ChunkNotFound');
  });
});

describe('the bytes of chunks', () => {
  it('are signed for where they lie, whichever Space that is; adopted ones come through the service, as long as they are the same', async () => {
    await from.upload('src/a', 10);
    await place((await pin(['a'])).chunks);
    const located = await to.port.locate(to.call('dest/a'));
    if (located.kind !== 'bytes' || located.home === undefined) throw new Error('not elsewhere');
    store.sign = async ({ container, key }) => `https://store.example/${container.name}/${key}`;
    const container = `archive-${crypto.randomUUID()}`;
    const adopted = formatAdoptedKey({ space: from.id, container, name: 'x' });
    const bytes = [
      { home: located.home, key: located.key ?? '', name: 'a' },
      { home: from.id, key: adopted, name: 'x' },
    ];
    const { urls } = await signer(services)(bytes);
    expect(urls).toEqual([`https://store.example/${from.container}/${located.key}`, undefined]);
    store.upload(container, 'x', 5);
    let size = 5;
    const chunk = async () => ({ name: 'x', size, ready: 0, bytes: { kind: 'stored', home: from.id, key: adopted } });
    services = { ...services, tickets: { readPipeId: async () => definition.id }, pipes: () => ({ chunk }) } as unknown as Services;
    expect(await openChunk(services, definition.id, OWNER, 1)).toMatchObject({ download: { foreign: true, node: { size: 5 } } });
    size = 6;
    expect(await refused(openChunk(services, definition.id, OWNER, 1))).toBe('ChunkMismatch');
  });
});

describe('placing chunks', () => {
  it('delivers each, and says of each what is wrong', async () => {
    for (const name of ['a', 'b', 'c']) await from.upload(`src/${name}`, 10);
    await to.upload('dest/b', 11);
    const { chunks } = await pin(['a', 'b', 'c']);
    expect(await place(chunks)).toMatchObject({
      kind: 'delivered',
      deliveries: [
        { kind: 'ready', seq: 1 },
        { kind: 'dead', seq: 2, fault: 'DuplicateNode', detail: expect.stringContaining('NameConflict') as string },
        { kind: 'ready', seq: 3 },
      ],
    });
    expect(await place(chunks, { onConflict: 'overwrite' })).toMatchObject({
      deliveries: [{ kind: 'ready' }, { kind: 'ready' }, { kind: 'ready' }],
    });
    expect((await to.get('dest/b')).size).toBe(10);
  });

  it('stops where the owner has lost a right, as soon as that is seen', async () => {
    await from.upload('src/a', 10);
    const { chunks } = await pin(['a']);
    definition = { ...definition, access: { ...definition.access, owner: bea.kind === 'user' ? bea.id : userId('x') } };
    expect(await place(chunks)).toMatchObject({ kind: 'authRequired' });
    const { uri } = await directory.createGroup({ user: userId('ada'), admin: false }, 'team', [userId('bea')]);
    for (const [space, path, right] of [
      [from, 'src', 'groupread'],
      [to, 'dest', 'groupwrite'],
    ] as const)
      for (const at of ['', path]) await space.set(at, [{ uri: `${CORE}${right}`, value: uri }]);
    testClock.now += CACHE_LIFE;
    expect(await place(chunks)).toMatchObject({ kind: 'delivered', deliveries: [{ kind: 'ready' }] });
    await directory.removeMember(ADMINISTRATOR, 'team', userId('bea'));
    testClock.now += CACHE_LIFE;
    expect(await place(chunks)).toMatchObject({ kind: 'authRequired', detail: expect.stringContaining('lost a right') as string });
    await directory.deleteUser(userId('bea'), ADMINISTRATOR);
    testClock.now += CACHE_LIFE;
    expect(await place(chunks)).toMatchObject({ kind: 'authRequired', detail: expect.stringContaining('not there') as string });
  });

  it('does no more than the token could that the pipe was created with', async () => {
    await from.upload('src/a', 10);
    const { chunks } = await pin(['a']);
    const scope = (action: 'read' | 'create' | 'modify', path: string[]) => ({ action, path });
    const base = [scope('read', [from.name]), scope('create', [to.name, 'dest'])];
    definition = { ...definition, scopes: base };
    expect(await place(chunks, { onConflict: 'overwrite' })).toMatchObject({ kind: 'authRequired' });
    expect(await place(chunks)).toMatchObject({ kind: 'delivered' });
    definition = { ...definition, scopes: base.slice(1), id: new FakePipe().id };
    expect(await place(chunks)).toMatchObject({ kind: 'authRequired' });
  });

  it('makes nodes of inline chunks, too, and leaves nothing of attempts that were lost', async () => {
    const bytes = new TextEncoder().encode('hello');
    const md5 = new Md5().update(bytes).hex();
    const inline: NewChunk = {
      name: parseChunkName('x/a'),
      size: 5,
      md5,
      type: 'text/plain',
      bytes: { kind: 'inline', data: btoa('hello') },
    };
    await from.upload('src/b', 10);
    const { chunks } = await pin(['b']);
    for (let i = 0; i < 3; i++)
      expect(await place([inline, ...chunks])).toMatchObject({ deliveries: [{ kind: 'ready' }, { kind: 'ready' }] });
    expect(await to.get('dest/x/a')).toMatchObject({ size: 5, md5 });
    store.failure = { at: store.calls + 1, how: 'lost' };
    expect(await refused(place([{ ...inline, name: parseChunkName('c') }]))).toBe('ServiceBusy');
    await to.pass(3 * DAY, DAY / 2);
    expect(store.keys(to.container).length).toBe(1);
  });

  it('waits where the destination is busy', async () => {
    await from.upload('src/a', 10);
    const { chunks } = await pin(['a']);
    await to.make('dest/x');
    await to.port.depart(to.call('dest/x'), { kind: 'move', holder: `space:${from.id}:1` });
    expect(await place(chunks.map((chunk) => ({ ...chunk, name: parseChunkName('x/a') })))).toMatchObject({
      deliveries: [{ kind: 'later', seq: 1 }],
    });
  });
});

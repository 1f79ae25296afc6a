// Adopted containers in workerd: steps that are repeated or cut off, objects that go or stay with their nodes, copies, and backups.
import { beforeEach, describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import type { NodeRecord } from '../../src/durable/space/operator/port.ts';
import type { AdoptRequest } from '../../src/model/job.ts';
import { ROOT, type SpaceId } from '../../src/model/space-id.ts';
import { stepAdopt, type AdoptCheckpoint } from '../../src/service/operator/adopt.ts';
import { forgetAdoption } from '../../src/service/operator/adoptions.ts';
import type { Services } from '../../src/service/services.ts';
import { FakeForeign } from './support/fake-foreign.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows, contents } from './support/invariants.ts';
import { testClock } from './support/ports.ts';
import { copy, mount, move, SERVICES, type Mounted } from './support/relocating.ts';
import { ADMIN, HOUR, portOf, refused, TestSpace } from './support/space.ts';

const OBJECTS = { a: 1, 'b/c': 2, 'b/d/': 0, 'b/e': 3, 'f//g': 4, h: 5, 'i/j/k': 6 };

let store: FakeStore;
let foreign: FakeForeign;
let space: Mounted;
let services: Services;
let container: string;

beforeEach(async () => {
  store = new FakeStore();
  foreign = new FakeForeign(store);
  space = await mount(store);
  // What is made in it is its owner's.
  await space.make('in');
  services = { ...SERVICES, foreign, keys: { epoch: async () => 1 } } as unknown as Services;
  container = `archive-${crypto.randomUUID()}`;
  for (const [name, size] of Object.entries(OBJECTS)) store.upload(container, name, size);
});

const request = (more: Partial<AdoptRequest> = {}, path = `${space.name}/in`): AdoptRequest => ({
  kind: 'adopt',
  target: `vos://example.org~vospace/${path}`,
  container,
  owned: false,
  replacesKeys: false,
  removesVanished: false,
  ...more,
});

const bySize = async (at: TestSpace): Promise<Record<string, number>> =>
  Object.fromEntries((await at.inside((state) => contents(state.storage.sql))).map(({ name, size }) => [name, size]));
const check = (at: TestSpace): Promise<void> => at.inside((state) => checkRows(state.storage.sql, store, at.container));
const left = (): number => store.keys(container).length;

/** Every step so many times, as after lost reports; and again when the store failed. */
async function run(asked: AdoptRequest, times = 1, between?: () => Promise<void>): Promise<AdoptCheckpoint> {
  const since = (testClock.now += 1);
  for (let checkpoint: AdoptCheckpoint | undefined; ;) {
    let last: Awaited<ReturnType<typeof stepAdopt>> | undefined;
    for (let i = 0; i < times || !last; i++) {
      try {
        last = await stepAdopt({ services, principal: ADMIN, request: asked, since }, checkpoint);
      } catch (error) {
        if (asFault(error)?.fault !== 'ServiceBusy') throw error;
      }
      await between?.();
    }
    ({ checkpoint } = last);
    if (last.done) return checkpoint;
  }
}

describe('adopting', () => {
  const WHOLE = { in: 17, a: 1, b: 5, c: 2, d: 0, e: 3, h: 5, i: 6, j: 6, k: 6 };

  it('makes the same nodes when each of its steps is taken twice, over evictions, and however often it is done', async () => {
    for (const times of [1, 2]) {
      const {
        nodes,
        bytes,
        refused: out,
        notes,
      } = await run(request(), times, async () => {
        await space.names('');
        await space.evict();
      });
      expect([nodes, bytes, out]).toEqual([5, 17, 1]);
      expect(notes[0]).toContain('"f//g"');
      expect(await bySize(space)).toEqual({ [space.name]: 17, ...WHOLE });
      await check(space);
    }
  });

  it('goes on when any of the listings fails', async () => {
    await run(request());
    const calls = foreign.lists;
    for (let n = 1; n <= calls; n++) {
      foreign.lists = 0;
      foreign.failsAt = n;
      await run(request({}, `${space.name}/in-${n}`));
      const sizes = await bySize(space);
      expect([sizes[`in-${n}`], foreign.lists]).toEqual([17, calls + 1]);
    }
    await check(space);
  });

  it('leaves what has been made when a quota stops it, and goes on from there when there is room', async () => {
    await space.set('in', [{ uri: 'ivo://ivoa.net/vospace/core#quota', value: '7' }], ADMIN);
    expect(await refused(run(request()))).toBe('QuotaExceeded');
    expect((await space.get('in')).size).toBe(3);
    await check(space);
    await space.set('in', [{ uri: 'ivo://ivoa.net/vospace/core#quota', value: '17' }], ADMIN);
    await run(request());
    expect(await bySize(space)).toMatchObject({ in: 17 });
    await check(space);
  });

  it('brings sizes of changed objects up to date in all their nodes', async () => {
    await run(request());
    await copy(`${space.name}/in/b`, `${space.name}/copy`);
    store.upload(container, 'b/c', 20);
    await run(request(), 2);
    expect(await bySize(space)).toMatchObject({ in: 35, b: 23, copy: 23, c: 20 });
    await check(space);
  });

  it('tells of vanished objects, and of none that another adoption has seen', async () => {
    await run(request());
    await store.delete({ name: container, epoch: 0 }, ['a', 'b/c'] as never);
    expect(await run(request(), 2)).toMatchObject({ vanished: 2, removed: 0 });
    const { notes } = await run(request({ removesVanished: true }));
    expect(notes).toContain(`NotFound ${space.name}/in/b/c`);
    expect(await bySize(space)).not.toHaveProperty('c');
    expect(await run(request())).toMatchObject({ vanished: 0 });
    await check(space);
  });

  it('does not take for vanished what is there, and cannot be a node below another target', async () => {
    await run(request());
    // Three bytes are left for paths below.
    let path = '';
    for (let left = 4096 - `${space.name}/`.length - 4; left > 0; left -= 201) {
      path += `${path && '/'}${'x'.repeat(Math.min(200, left))}`;
      await space.make(path);
    }
    expect(await run(request({ removesVanished: true }, `${space.name}/${path}`))).toMatchObject({ nodes: 4, refused: 2, vanished: 0 });
    expect(await bySize(space)).toMatchObject({ in: 17, k: 6 });
    await check(space);
  });

  it('keeps a node that is locked where its object is gone', async () => {
    await run(request());
    await space.set('in/a', [{ uri: 'ivo://cadc.nrc.ca/vospace/core#islocked', value: 'true' }], ADMIN);
    await store.delete({ name: container, epoch: 0 }, ['a'] as never);
    const { removed, notes } = await run(request({ removesVanished: true }));
    expect([removed, notes.at(-1)]).toEqual([0, `NotFound NodeLocked ${space.name}/in/a`]);
  });
});

describe('adopted objects', () => {
  it('stay when their nodes are overwritten and deleted, and when the whole Space goes', async () => {
    await run(request());
    await space.upload('in/a', 9);
    await space.remove('in/b');
    await space.pass(3 * HOUR);
    await space.port.destroy();
    await space.pass(3 * HOUR);
    expect(left()).toBe(7);
  });

  it('go an hour after their last node, where they are owned, and stay while a copy elsewhere has them', async () => {
    const other = await mount(store);
    await run(request({ owned: true }));
    await copy(`${space.name}/in/b/c`, `${other.name}/c`);
    await move(`${space.name}/in/h`, `${other.name}/h`);
    await space.remove('in');
    for (const one of [space, other, space]) await one.pass(2 * HOUR);
    expect(store.keys(container).toSorted()).toEqual(['b/c', 'b/d/', 'f//g', 'h']);
    await other.remove('c');
    await other.remove('h');
    for (const one of [other, space]) await one.pass(2 * HOUR);
    expect(store.keys(container).toSorted()).toEqual(['b/d/', 'f//g']);
    for (const one of [space, other]) await check(one);
  });

  it('that were doomed and are adopted again stay', async () => {
    await run(request({ owned: true }));
    await space.remove('in');
    await space.quiet();
    await run(request({ owned: true }));
    await space.pass(3 * HOUR);
    expect(left()).toBe(7);
    await check(space);
  });

  it('are owned by one top-level container at most', async () => {
    const other = await mount(store);
    await run(request({ owned: true }));
    for (const owned of [true, false]) expect(await refused(run(request({ owned }, `${other.name}/in`)))).toBe('Conflict');
    await run(request({}));
    await run(request({}, `${other.name}/in`));
    expect(await refused(run(request({ owned: true })))).toBe('Conflict');
    expect(await portOf(ROOT).adoption(container)).toEqual({ container, space: '', owned: false, epoch: 1 });
  });

  it("are nobody's from the moment on at which another may refer to them, though the job that disowned them was cut off", async () => {
    const other = await mount(store);
    await run(request({ owned: true }));
    await space.remove('in/a');
    await stepAdopt({ services, principal: ADMIN, request: request(), since: (testClock.now += 1) }, undefined);
    await run(request({}, `${other.name}/in`));
    await space.remove('in');
    for (const one of [space, other, space]) await one.pass(3 * HOUR);
    expect(left()).toBe(7);
    await check(other);
  });

  it('can be owned by another when the one that owned them is gone, and nothing of it is left to be swept', async () => {
    const other = await mount(store);
    await run(request({ owned: true }));
    await space.port.destroy();
    await space.quiet();
    expect(await refused(run(request({ owned: true }, `${other.name}/in`)))).toBe('Conflict');
    await space.pass(4 * HOUR);
    for (const [name, size] of Object.entries(OBJECTS)) store.upload(container, name, size);
    await run(request({ owned: true }, `${other.name}/in`));
    expect(await bySize(other)).toMatchObject({ in: 17 });
    await check(other);
  });

  it('are forgotten with the container only when none is referred to, nor still to be deleted', async () => {
    const other = await mount(store);
    await run(request({ owned: true }));
    await copy(`${space.name}/in/a`, `${other.name}/a`);
    const forget = () => forgetAdoption(services, ADMIN, container);
    expect(await refused(forget())).toBe('Conflict');
    await space.remove('in');
    for (const one of [space, other]) await one.pass(3 * HOUR);
    expect(await refused(forget())).toBe('Conflict');
    await other.remove('a');
    for (const one of [other, space]) await one.quiet();
    expect([await space.port.adoptedUse(container), await refused(forget())]).toEqual([{ objects: 0, doomed: 1 }, 'Conflict']);
    await space.pass(2 * HOUR);
    await forget();
    expect([await portOf(ROOT).adoption(container), foreign.epochs.has(container)]).toEqual([undefined, false]);
    expect(store.keys(container).toSorted()).toEqual(['b/d/', 'f//g']);
    expect(await refused(forget())).toBe('NotFound');
  });

  it('that are forgotten or disowned while they are being adopted end the job', async () => {
    const forgetting = run(request(), 1, async () => portOf(ROOT).forgetAdoption(container));
    expect(await refused(forgetting)).toBe('Conflict');
    const since = (testClock.now += 1);
    const disowning = run(request({ owned: true }), 1, async () => {
      await stepAdopt({ services, principal: ADMIN, request: request(), since }, undefined);
    });
    expect(await refused(disowning)).toBe('Conflict');
  });

  it('are for administrators: the owner of the container may not adopt', async () => {
    const call = space.call('in');
    const page = { container, since: 1, owned: false, objects: [], others: [] };
    expect(await refused(space.within((port) => port.adopt(call, page)))).toBe('PermissionDenied');
  });

  it('come back from a backup as what they were', async () => {
    await run(request({ owned: true }));
    const { nodes } = await space.port.exportNodes(0);
    const records = nodes satisfies readonly NodeRecord[];
    const id = `r${crypto.randomUUID()}` as SpaceId;
    const restored = new TestSpace(id, 'restored', store);
    await restored.port.importBegin(id, 'restored', 'backup');
    await restored.port.importNodes(records);
    await restored.port.importEnd();
    expect((await restored.port.exportNodes(0)).nodes).toEqual(nodes);
    await check(restored);
  });
});

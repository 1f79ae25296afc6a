// CreatePipe and DestroyPipe: whole or not at all, whatever fails or is killed in between.
import { beforeEach, describe, expect, it } from 'vitest';
import type { PipeId } from '../../src/model/pipe.ts';
import type { Principal } from '../../src/model/principal.ts';
import { CREATE_LEASE, PIPE_TOMBSTONE } from '../../src/model/limits.ts';
import { destroyPipe } from '../../src/service/pipes/destroy.ts';
import { listPipes } from '../../src/service/pipes/list.ts';
import { amid, Chaining, faultOf, pipeAt, uriOf } from './support/chaining.ts';
import { FakeStore } from './support/fake-store.ts';
import { reading } from './support/pipe.ts';
import { mount } from './support/relocating.ts';
import { OWNER, READER, refused, SHARED, STRANGER } from './support/space.ts';
import { TROUBLES, Troubles } from './support/troubles.ts';

let chain: Chaining;

beforeEach(async () => {
  chain = new Chaining(await mount(new FakeStore()));
  await chain.space.make('a');
});

describe('CreatePipe', () => {
  it('makes the containers that are missing, and is found in the list of its owner', async () => {
    const pipe = await chain.made('a', 'b');
    expect(await chain.space.names('')).toEqual(['a', 'b']);
    const listed = await listPipes(chain.services(), OWNER, { src: uriOf(chain.space, 'a') });
    expect(listed.pipes.map(({ definition }) => definition.id)).toEqual([pipe]);
    expect(await listPipes(chain.services(), READER, {})).toEqual({ pipes: [] });
  });

  it('answers the same pipe under the same key, and no other', async () => {
    const { definition } = await chain.create('a', 'b', {}, { key: 'k' });
    expect((await chain.create('a', 'b', {}, { key: 'k' })).definition.id).toBe(definition.id);
    await pipeAt(definition.id).change(OWNER, { options: { maxChunks: 5 } });
    expect((await chain.create('a', 'b', {}, { key: 'k' })).definition.options.maxChunks).toBe(5);
    expect(await faultOf(chain.create('a', 'c', {}, { key: 'k' }))).toMatch('Conflict');
    await chain.destroy(definition.id);
    expect(await faultOf(chain.create('a', 'b', {}, { key: 'k' }))).toMatch('Conflict');
  });

  it('is refused with the fault of the Space, and leaves nothing', async () => {
    await chain.space.set('', SHARED);
    await chain.space.upload('file', 1);
    expect(await refused(chain.create('a', 'b', {}, { by: STRANGER }))).toBe('PermissionDenied');
    expect(await refused(chain.create('a', 'file'))).toBe('InvalidArgument');
    expect(await refused(chain.create('new', 'none/deeper'))).toBe('ContainerNotFound');
    expect(await chain.space.names('')).toEqual(['a', 'file']);
    await chain.settle(2 * PIPE_TOMBSTONE);
    expect(await chain.leftovers()).toEqual([]);
    for (const pipe of chain.pipes) expect(await pipeAt(pipe).glance()).toBeUndefined();
  });

  it('makes nothing that a restricted token may not make', async () => {
    const top = chain.space.name;
    const by: Principal = {
      ...(OWNER as Extract<Principal, { kind: 'user' }>),
      scopes: [
        { action: 'read', path: [top] },
        { action: 'create', path: [top, 'd'] },
      ],
    };
    expect(await refused(chain.create('missing', 'd', {}, { by }))).toBe('PermissionDenied');
    expect(await refused(chain.create('a', 'b', {}, { by }))).toBe('PermissionDenied');
    expect((await chain.create('a', 'd', {}, { by })).condition).toBe('open');
    expect(await chain.space.names('')).toEqual(['a', 'd']);
  });

  it('refuses what goes round', async () => {
    await chain.space.make('a/in');
    expect(await refused(chain.create('a', 'a'))).toBe('PipeLoop');
    expect(await refused(chain.create('a', 'a/in'))).toBe('PipeLoop');
    await chain.made('a', 'b');
    await chain.made('b', 'c');
    expect(await refused(chain.create('c', 'a'))).toBe('PipeLoop');
    expect(await refused(chain.create('c', 'a/in'))).toBe('PipeLoop');
    await chain.space.make('c/in');
    expect(await refused(chain.create('c', 'c/in'))).toBe('PipeLoop');
    await chain.made('c', 'd');
    expect(await refused(chain.create('d', 'b'))).toBe('PipeLoop');
  });

  it('of two that would close a circle together lets at most one be', async () => {
    await chain.space.make('b');
    const both = await Promise.all([refused(chain.create('a', 'b')), refused(chain.create('b', 'a'))]);
    expect(both.filter((fault) => fault === 'PipeLoop').length).toBeGreaterThan(0);
    expect(both.filter((fault) => fault !== 'PipeLoop' && fault !== 'none')).toEqual([]);
  });

  for (const how of TROUBLES)
    it(`is whole or nothing when any of its calls is ${how}`, { timeout: 60_000 }, async () => {
      for (let at = 1; ; at++) {
        chain = new Chaining(chain.space);
        const [src, dest] = [`s${at}`, `d${at}`];
        const troubles = new Troubles(at, how);
        const { wire, stands } = troubles.attempt();
        const made = chain.create(src, dest, {}, { key: `${how} ${at}`, wire }).catch(() => undefined);
        const known = await Promise.race([made, stands]);
        if (troubles.calls < at) break;
        await chain.settle(CREATE_LEASE * 2);
        troubles.release();
        await made;
        await chain.settle(CREATE_LEASE * 2);
        // Also where the client does not ask again.
        for (const pipe of chain.pipes) expect(['open', 'destroyed', undefined]).toContain((await pipeAt(pipe).glance())?.condition);
        // The client asks again, and has a pipe that works.
        const again = known ?? (await chain.create(src, dest, {}, { key: `${how} ${at}` }));
        expect(again.condition).toBe('open');
        await chain.write(again.definition.id, src, 'x');
        await chain.settle();
        expect(await chain.names(again.definition.id)).toEqual(['x']);
        expect(await chain.space.rows('SELECT role FROM pipe_end WHERE pipe = ? ORDER BY role', again.definition.id)).toEqual([
          { role: 'destination' },
          { role: 'source' },
        ]);
      }
    });
});

describe('DestroyPipe', () => {
  it('keeps what it has delivered, and takes away a container that is empty', async () => {
    const pipe = await chain.made('a', 'b');
    const idle = await chain.made('a', 'idle');
    await chain.write(pipe, 'a', 'x');
    await chain.settle();
    const destroy = (id: typeof pipe): ReturnType<typeof destroyPipe> =>
      destroyPipe(chain.services(), id, OWNER, { force: false, purge: false });
    expect(await destroy(pipe)).toContainEqual({ uri: uriOf(chain.space, 'b'), why: 'it holds what the pipe has delivered' });
    expect((await destroy(idle)).map(({ uri }) => uri)).toEqual([uriOf(chain.space, 'a')]);
    await chain.settle(2 * PIPE_TOMBSTONE);
    expect(await chain.space.names('')).toEqual(['a', 'b']);
    expect(await chain.space.names('b')).toEqual(['x']);
  });

  it('takes its containers away with what it has delivered, where nothing else is in them and that is asked for, and says what stays', async () => {
    const pipe = await chain.made('a', 'b');
    await chain.write(pipe, 'a', 'x');
    await chain.settle();
    const other = await chain.made('a', 'c');
    await chain.write(other, 'a', 'y');
    await chain.settle();
    await chain.space.upload('c/own', 1);
    expect(await chain.destroy(pipe)).toEqual([{ uri: uriOf(chain.space, 'a'), why: 'it was there before the pipe' }]);
    expect((await chain.destroy(other)).map(({ uri }) => uri)).toEqual([uriOf(chain.space, 'c'), uriOf(chain.space, 'a')]);
    expect(await chain.space.names('')).toEqual(['a', 'c']);
    for (const one of [pipe, other]) expect(await refused(pipeAt(one).read(reading(undefined)))).toBe('PipeNotFound');
    await chain.settle(PIPE_TOMBSTONE / 2);
    expect(await chain.leftovers()).toEqual([]);
    await chain.settle(2 * PIPE_TOMBSTONE);
    for (const one of [pipe, other]) expect(await pipeAt(one).glance()).toBeUndefined();
  });

  it('waits for what is on its way, unless it is forced', async () => {
    const pipe = await chain.made('a', 'b');
    await chain.write(pipe, 'a', 'x', 'y');
    expect(await faultOf(chain.destroy(pipe))).toMatch('PipeNotDrained 2 chunks');
    await chain.destroy(pipe, true);
    await chain.settle(2 * PIPE_TOMBSTONE);
    expect([await chain.leftovers(), await chain.space.names('')]).toEqual([[], ['a']]);
    expect(await refused(chain.destroy(pipe))).toBe('PipeNotFound');
  });

  it('fences off a late attempt at placing what it had', async () => {
    const pipe = await chain.made('a', 'b');
    await chain.write(pipe, 'a', 'x');
    const attempt = 1;
    expect(await pipeAt(pipe).begin('place', attempt)).toMatchObject({ kind: 'place' });
    await chain.destroy(pipe, true);
    expect(await pipeAt(pipe).renew('place', attempt)).toBe(false);
    expect(await pipeAt(pipe).report('place', attempt, { kind: 'delivered', deliveries: [{ kind: 'ready', seq: 1 }] })).toBe(false);
  });

  it('is for who may manage the pipe', async () => {
    const pipe = await chain.made('a', 'b');
    expect(await refused(pipeAt(pipe).destroy(READER, { force: true, purge: false }))).toBe('PermissionDenied');
    expect(await chain.names(pipe)).toEqual([]);
  });

  for (const how of TROUBLES)
    it(`comes to its end when any of its calls is ${how}`, { timeout: 60_000 }, async () => {
      for (let at = 1; ; at++) {
        chain = new Chaining(chain.space);
        const pipe: PipeId = await chain.made(`s${at}`, `d${at}`);
        await chain.write(pipe, `s${at}`, 'x', 'y');
        await chain.settle();
        const troubles = new Troubles(at, how);
        const { wire, stands } = troubles.attempt();
        const destroyed = chain.destroy(pipe, false, wire).catch(() => undefined);
        await Promise.race([destroyed, stands]);
        await amid(troubles.peers, () => chain.settle(CREATE_LEASE * 2, troubles));
        if (troubles.calls < at) break;
        await chain.destroy(pipe).catch(() => undefined);
        await chain.settle(PIPE_TOMBSTONE / 2);
        troubles.release();
        await destroyed;
        await chain.settle(PIPE_TOMBSTONE * 2);
        expect([at, await chain.leftovers()]).toEqual([at, []]);
        expect(await pipeAt(pipe).glance()).toBeUndefined();
        expect((await chain.space.names('')).filter((name) => name === `d${at}`)).toEqual([]);
      }
    });
});

// CreatePipe, lists, changes and DestroyPipe over HTTP, and pipes that follow each other.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ClaimsDocument, PageDocument, PipeDocument } from '../../src/model/json/pipe-answers.ts';
import { base64, call, expectRefusal, newPipe, page, read, write } from './pipe-calls.ts';
import { expectStatus, newGroup, newUser, ours, uriOf } from './world.ts';

const ada = await newUser('pipe-chains');
const ben = await newUser('pipe-chains-2');
const names = ({ chunks }: PageDocument): readonly string[] => chunks.map(({ name }) => name);

ours('CreatePipe', () => {
  test('answers the same pipe under the same Idempotency-Key, and refuses another', async () => {
    const value = { src: uriOf(ada.fresh('src')), dest: uriOf(ada.fresh('dest')) };
    const ask = (more: object) =>
      call(ada, 'POST', '/pipes', ['createPipe', { ...value, ...more }], { headers: { 'Idempotency-Key': value.src } });
    const first = await ask({});
    const second = await ask({});
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(read<PipeDocument>(second, 'pipe').pipe).toBe(read<PipeDocument>(first, 'pipe').pipe);
    expectRefusal(await ask({ options: { order: 'ready' } }), 'Conflict');
  });

  test('is refused where the caller may not write to the destination, and where pipes would go round', async () => {
    const [src, dest] = [uriOf(ada.fresh('src')), uriOf(ada.fresh('dest'))];
    const refused = await call(ben, 'POST', '/pipes', ['createPipe', { src: uriOf(ben.fresh('src')), dest }]);
    expect(refused.status).toBe(403);
    await newPipe(ada, { src, dest });
    expectRefusal(await call(ada, 'POST', '/pipes', ['createPipe', { src: dest, dest: src }]), 'PipeLoop');
    expectRefusal(await call(ada, 'POST', '/pipes', ['createPipe', { src, dest: `${src}/in` }]), 'PipeLoop');
  });
});

ours('a pipe', () => {
  test('is listed for its owner, by its ends', async () => {
    const { id, pipe } = await newPipe(ada);
    const list = async (query: string) =>
      read<{ pipes: readonly PipeDocument[] }>(await call(ada, 'GET', `/pipes${query}`), 'pipes').pipes.map((one) => one.pipe);
    expect(await list('')).toContain(id);
    expect(await list(`?src=${encodeURIComponent(pipe.src)}`)).toEqual([id]);
    expect(await list(`?dest=${encodeURIComponent(pipe.src)}`)).toEqual([]);
    expect(read(await call(ben, 'GET', '/pipes'), 'pipes')).not.toMatchObject({ pipes: [{ pipe: id }] });
  });

  test('is changed but for what stays as it is, which is named', async () => {
    const { id } = await newPipe(ada);
    const change = (value: object, by = ada) => call(by, 'POST', `/pipes/${id}`, ['settings', value]);
    const changed = await change({ options: { maxChunks: 3, retain: { kind: 'forever' } }, access: { read: ['ivo://localhost/gms?g'] } });
    expect(read<PipeDocument>(changed, 'pipe')).toMatchObject({
      options: { maxChunks: 3, retain: { kind: 'forever' }, order: 'write' },
      access: { read: ['ivo://localhost/gms?g'], write: [] },
    });
    expectRefusal(await change({ options: { order: 'ready' } }), 'OptionNotSupported', 'order');
    expectRefusal(await change({ options: { maxChunks: 4 } }, ben), 'PermissionDenied');
  });

  test('is destroyed with the containers that it has made; who waits is told', async () => {
    const { id, pipe } = await newPipe(ada);
    const waiting = call(ada, 'GET', `/pipes/${id}/chunks?timeout=30`);
    await sleep(300);
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}`), 204);
    expectRefusal(await waiting, 'PipeDestroyed');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}`), 'PipeNotFound');
    for (const uri of [pipe.src, pipe.dest]) expectStatus(await ada.send('GET', `/nodes${new URL(uri).pathname}`), 404);
  });

  test('leaves containers that were there before, and says so', async () => {
    const src = ada.fresh('src');
    await ada.made(src);
    const { id } = await newPipe(ada, { src: uriOf(src) });
    const answer = await call(ada, 'DELETE', `/pipes/${id}`);
    expect(read(answer, 'destroyed')).toEqual({ kept: [{ uri: uriOf(src), why: 'it was there before the pipe' }] });
  });
});

ours('pipes of which one begins where the other ends', () => {
  test('forward chunks, close one after the other, and say where each chunk comes from', async () => {
    const [a, b, c] = [uriOf(ada.fresh('a')), uriOf(ada.fresh('b')), uriOf(ada.fresh('c'))];
    const second = await newPipe(ada, { src: b, dest: c });
    const first = await newPipe(ada, { src: a, dest: b });
    await ada.send('PUT', `/files${new URL(a).pathname}/night`, { body: 'stars' });
    await write(ada, first.id, { name: 'night' });
    await write(ada, first.id, { name: 'inline', data: base64('hi') });
    expectStatus(await call(ada, 'POST', `/pipes/${first.id}/close`), 200);
    await vi.waitFor(async () => expect((await page(ada, second.id, '?timeout=0')).closed).toBe(true), { timeout: 20_000, interval: 200 });
    const got = await page(ada, second.id, '?timeout=0');
    expect(names(got)).toEqual(['night', 'inline']);
    expect(got.chunks.map(({ lineage }) => lineage?.map(({ pipe }) => pipe))).toEqual([[first.id], [first.id]]);
    expect((await ada.send('GET', `/pipes/${second.id}/chunks/1/data?via=service`)).text).toBe('stars');
  });

  test('pass inline bytes on only to an owner who may read the pipe that they come from, and say nothing of others', async () => {
    const open = { type: 'ContainerNode', properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' } } as const;
    const between = await ada.made(ada.fresh('between'), open);
    await ada.set(ada.home, open);
    const access = { read: [await newGroup(ada, [ben])] };
    const first = await newPipe(ada, { dest: uriOf(between) });
    const shared = await newPipe(ada, { dest: uriOf(between), access });
    await write(ada, first.id, { name: 'secret', data: base64('for me') });
    await write(ada, shared.id, { name: 'shared', data: base64('for us') });
    const follower = await newPipe(ben, { src: uriOf(between) });
    await vi.waitFor(async () => expect((await page(ben, follower.id, '?timeout=0')).chunks).toHaveLength(2), {
      timeout: 20_000,
      interval: 200,
    });
    const { chunks } = await page(ben, follower.id, '?timeout=0');
    expect(chunks.find(({ name }) => name === 'shared')).toMatchObject({ status: 'ready', data: base64('for us') });
    const secret = chunks.find(({ name }) => name === 'secret');
    expect(secret).toMatchObject({ status: 'dead', size: 0, reason: expect.stringContaining('PermissionDenied') as string });
    expect(JSON.stringify(secret)).not.toMatch(/"md5"|"data"/);
    // Nothing is held here that could be tried again.
    expectRefusal(await call(ben, 'POST', `/pipes/${follower.id}/dead/${secret?.seq}/retry`), 'Conflict', 'no bytes');
    expectStatus(await call(ben, 'DELETE', `/pipes/${follower.id}`), 200, 204);
  });
});

ours('a stage between two pipes', () => {
  test('writes what it makes of a chunk once, and has it acknowledged', async () => {
    const from = await newPipe(ada);
    const to = await newPipe(ada);
    await write(ada, from.id, { name: 'x', data: base64('x') });
    expectStatus(await call(ada, 'PUT', `/pipes/${from.id}/groups/g`, ['putGroup', {}]), 201);
    const claimed = read<ClaimsDocument>(await call(ada, 'POST', `/pipes/${from.id}/groups/g/claim`, ['claim', {}]), 'claims');
    const [chunk] = claimed.chunks;
    const consumed = { pipe: from.id, group: 'g', seq: chunk?.seq, fence: chunk?.fence, output: 'o' };
    expect(await write(ada, to.id, { name: 'x.out', data: base64('X'), consumed })).toMatchObject({ seq: 1, duplicate: false });
    expect(await write(ada, to.id, { name: 'x.again', data: base64('Y'), consumed }, 200)).toMatchObject({
      name: 'x.out',
      duplicate: true,
    });
    expect(read<PipeDocument>(await call(ada, 'GET', `/pipes/${to.id}`), 'pipe').consumes).toEqual([{ pipe: from.id, group: 'g' }]);
    await vi.waitFor(async () => {
      const group = await call(ada, 'GET', `/pipes/${from.id}/groups/g`);
      expect(JSON.parse(group.text)).toMatchObject({ lag: { chunks: 0 } });
    });
    expectRefusal(
      await call(ada, 'POST', `/pipes/${to.id}/chunks`, ['writeChunk', { name: 'z', data: '', consumed: { ...consumed, output: 'p' } }]),
      'Fenced',
    );
  });
});

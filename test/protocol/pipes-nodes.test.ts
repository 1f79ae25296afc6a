// Pipes between containers of the service: nodes are written by their names, and arrive as nodes.
import { expect, test } from 'vitest';
import { call, expectRefusal, newPipe, page, read, write, type WriteAnswer } from './pipe-calls.ts';
import { anonymous, expectStatus, newUser, ours, uriOf, type User } from './world.ts';
import type { ChunkNotice } from '../../src/model/pipe.ts';

const ada = await newUser('pipe-nodes');

interface Line {
  readonly id: string;
  readonly src: string;
  readonly dest: string;
}

async function line(user: User, more: object = {}): Promise<Line> {
  const [src, dest] = [user.fresh('src'), user.fresh('dest')];
  for (const path of [src, dest]) await user.made(path, { type: 'ContainerNode' });
  return { src, dest, id: (await newPipe(user, { src: uriOf(src), dest: uriOf(dest), ...more })).id };
}

/** Reads until so many chunks are visible. */
async function arrived(user: User, id: string, count: number): Promise<readonly ChunkNotice[]> {
  let chunks: readonly ChunkNotice[] = [];
  await expect
    .poll(async () => (chunks = (await page(user, id, '?timeout=0')).chunks).length, { timeout: 20_000, interval: 50 })
    .toBe(count);
  return chunks;
}

ours('a node that is written into a pipe', () => {
  test('arrives at the destination, and readers get its bytes by a signed URL', async () => {
    const { id, src, dest } = await line(ada);
    await ada.stored(`${src}/a.csv`, 'ra,dec\n', { 'content-type': 'text/csv' });
    expect(await write(ada, id, { name: 'a.csv', size: 7 })).toMatchObject({ seq: 1, duplicate: false });
    const [chunk] = await arrived(ada, id, 1);
    expect(chunk).toMatchObject({ name: 'a.csv', size: 7, status: 'ready', uri: uriOf(`${dest}/a.csv`), type: 'text/csv' });
    expect((await anonymous.get(chunk?.url ?? '')).text).toBe('ra,dec\n');
    expect(Date.parse(chunk?.expires ?? '')).toBeGreaterThan(Date.now());
    expect(await ada.bytes(`${dest}/a.csv`)).toBe('ra,dec\n');
    expect((await page(ada, id, '?timeout=0&urls=0')).chunks[0]).not.toHaveProperty('url');
  });

  test('is pinned: what happens to the node afterwards changes nothing', async () => {
    const { id, src, dest } = await line(ada);
    await ada.stored(`${src}/a`, 'first');
    await write(ada, id, { name: 'a' });
    await ada.stored(`${src}/a`, 'other');
    const [chunk] = await arrived(ada, id, 1);
    await ada.remove(`${src}/a`);
    await ada.remove(`${dest}/a`);
    expect((await anonymous.get(chunk?.url ?? '')).text).toBe('first');
    const data = `/pipes/${id}/chunks/1/data`;
    const redirect = await ada.get(data);
    expectStatus(redirect, 303);
    expect((await anonymous.get(redirect.header('location') ?? '')).text).toBe('first');
    const through = await ada.get(`${data}?via=service`, { range: 'bytes=1-3' });
    expect([through.status, through.text]).toEqual([206, 'irs']);
    const head = await ada.send('HEAD', data);
    expect([head.status, head.header('content-length')]).toEqual([200, '5']);
    expectRefusal(await call(ada, 'GET', `${data}?via=air`), 'InvalidArgument', 'via=air');
  });

  test('comes with a list of names, in their order and with what is below containers', async () => {
    const { id, src, dest } = await line(ada);
    await ada.made(`${src}/night%201`, { type: 'ContainerNode' });
    const names = ['z', 'night%201/%C3%A4', 'm'];
    for (const name of names) await ada.stored(`${src}/${name}`, name);
    const written = await write(ada, id, { names }, 201, 'XML');
    expect(written.chunks?.map(({ name, seq }) => [name, seq])).toEqual(names.map((name, i) => [name, i + 1]));
    expect((await arrived(ada, id, 3)).map(({ name }) => name)).toEqual(names);
    expect(await ada.bytes(`${dest}/night%201/%C3%A4`)).toBe('night%201/%C3%A4');
    expect((await write(ada, id, { names }, 200)).chunks?.every(({ duplicate }) => duplicate)).toBe(true);
  });

  test.each([
    ['that is not there', { name: 'none' }, 'ChunkNotFound'],
    ['of another size than stated', { name: 'a', size: 9 }, 'ChunkMismatch'],
    ['of another MD5 than stated', { name: 'a', md5: 'd41d8cd98f00b204e9800998ecf8427e' }, 'ChunkMismatch'],
    ['that is a container', { name: 'c' }, 'OperationNotSupported'],
    ['that is a link', { name: 'l' }, 'OperationNotSupported'],
    ['of which there is none in a list', { names: ['a', 'none'] }, 'ChunkNotFound'],
  ] as const)('%s is refused', async (_, document, fault) => {
    const { id, src } = await line(ada);
    await ada.stored(`${src}/a`, 'bytes');
    await ada.made(`${src}/c`, { type: 'ContainerNode' });
    await ada.made(`${src}/l`, { type: 'LinkNode', target: uriOf(`${src}/a`) });
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', document]), fault);
    expect((await page(ada, id, '?timeout=0')).chunks).toEqual([]);
  });

  test('under a name that went through with other bytes is refused, and with an Idempotency-Key answered as before', async () => {
    const { id, src } = await line(ada);
    const headers = { 'idempotency-key': 'once' };
    const once = () => call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'a' }], { headers });
    await ada.stored(`${src}/a`, 'first');
    const first = await once();
    expectStatus(first, 201);
    await ada.stored(`${src}/a`, 'other');
    expect((await once()).text).toBe(first.text);
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'a' }]), 'ChunkNameInUse', 'a');
    expect(read<WriteAnswer>(first, 'written')).toMatchObject({ seq: 1 });
    // Whoever states what he has hears it before he has replaced the node.
    for (const stated of [{ size: 9 }, { md5: '0'.repeat(32) }])
      expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'a', ...stated }]), 'ChunkNameInUse', 'a');
    await ada.remove(`${src}/a`);
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'a', size: 9 }]), 'ChunkNameInUse', 'a');
  });

  test('that is taken at the destination by other bytes is dead, keeps its place, and says why', async () => {
    const { id, src, dest } = await line(ada);
    for (const name of ['a', 'b', 'c']) await ada.stored(`${src}/${name}`, name);
    await ada.stored(`${dest}/b`, 'taken');
    await ada.stored(`${dest}/c`, 'c');
    await write(ada, id, { names: ['a', 'b', 'c'] });
    const chunks = await arrived(ada, id, 3);
    expect(chunks.map(({ seq, status }) => [seq, status])).toEqual([
      [1, 'ready'],
      [2, 'dead'],
      [3, 'ready'],
    ]);
    expect(chunks[1]?.reason).toBeDefined();
    expect(chunks[1]).not.toHaveProperty('url');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks/2/data`), 'ChunkNotFound', 'dead');
    expect(await ada.bytes(`${dest}/b`)).toBe('taken');
  });

  test('replaces what is there where the pipe is to overwrite', async () => {
    const { id, src, dest } = await line(ada, { options: { onConflict: 'overwrite' } });
    await ada.stored(`${src}/a`, 'better');
    await ada.stored(`${dest}/a`, 'taken');
    await write(ada, id, { name: 'a' });
    expect((await arrived(ada, id, 1))[0]).toMatchObject({ status: 'ready' });
    expect(await ada.bytes(`${dest}/a`)).toBe('better');
  });

  test('and an inline chunk go through one pipe, materialised where that is wanted', async () => {
    const { id, src, dest } = await line(ada, { options: { materialise: false } });
    await ada.stored(`${src}/a`, 'node');
    await write(ada, id, { chunks: [{ name: 'a' }, { name: 'i', data: 'aGk=' }] });
    const chunks = await arrived(ada, id, 2);
    expect(chunks.map(({ name, data, url }) => [name, data, url === undefined])).toEqual([
      ['a', undefined, false],
      ['i', 'aGk=', true],
    ]);
    expectStatus(await ada.get(`/files${dest}/i`), 404);
  });

  test('late, as a hole is made good, is read by its number, however much came between', async () => {
    const { id, src, dest } = await line(ada);
    await ada.stored(`${src}/a`, 'good');
    await ada.stored(`${dest}/a`, 'taken');
    await write(ada, id, { name: 'a' });
    await arrived(ada, id, 1);
    const many = (batch: number) => ({ chunks: Array.from({ length: 500 }, (_, i) => ({ name: `${batch}-${i}`, data: 'aGk=' })) });
    for (const batch of [1, 2, 3]) await write(ada, id, many(batch));
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks/1/data`), 'ChunkNotFound', 'dead');
    await ada.remove(`${dest}/a`);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/dead/1/retry`), 204);
    await expect
      .poll(async () => (await call(ada, 'GET', `/pipes/${id}/chunks/1/data?via=service`)).text, { timeout: 20_000, interval: 50 })
      .toBe('good');
    expect((await call(ada, 'GET', `/pipes/${id}/chunks/1400/data`)).text).toBe('hi');
  });
});

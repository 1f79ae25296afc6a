// Groups of readers and dead chunks over HTTP, in JSON and in XML.
import { expect, test } from 'vitest';
import type { ClaimPage, GroupAnswer, GroupDescription } from '../../src/model/pipe-group.ts';
import type { PipeDocument } from '../../src/model/json/pipe-answers.ts';
import { base64, call, expectRefusal, newPipe, page, read, write, type Form } from './pipe-calls.ts';
import { anonymous, expectStatus, newUser, ours, uriOf, type User } from './world.ts';

const ada = await newUser('pipe-groups');
const eve = await newUser('pipe-stranger');

/** Between containers that are there, as paths. */
async function line(options: object = {}): Promise<{ readonly id: string; readonly src: string; readonly dest: string }> {
  const [src, dest] = [ada.fresh('src'), ada.fresh('dest')];
  for (const path of [src, dest]) await ada.made(path, { type: 'ContainerNode' });
  return { src, dest, id: (await newPipe(ada, { src: uriOf(src), dest: uriOf(dest), options })).id };
}

async function filled(...names: string[]): Promise<string> {
  const { id } = await newPipe(ada);
  if (names.length > 0) await write(ada, id, { chunks: names.map((name) => ({ name, data: base64(name) })) });
  return id;
}

async function group(user: User, id: string, wish: object = {}, form: Form = 'JSON', name = 'workers'): Promise<GroupDescription> {
  const answer = await call(user, 'PUT', `/pipes/${id}/groups/${name}`, ['putGroup', wish], { form });
  expect([200, 201]).toContain(answer.status);
  return read(answer, 'group', form);
}

async function claim(id: string, more: object = {}, form: Form = 'JSON'): Promise<ClaimPage> {
  const answer = await call(ada, 'POST', `/pipes/${id}/groups/workers/claim`, ['claim', { max: 10, timeout: 0, ...more }], { form });
  expectStatus(answer, 200);
  return read(answer, 'claims', form);
}

const settle = (id: string, how: 'ack' | 'nack' | 'extend', fences: readonly string[], more: object = {}, form: Form = 'JSON') =>
  call(ada, 'POST', `/pipes/${id}/groups/workers/${how}`, [how, { fences, ...more }], { form });

ours('a group of readers', () => {
  test.each(['JSON', 'XML'] as const)('is made, claims, acknowledges and goes, in %s', async (form) => {
    const id = await filled('a', 'b', 'c');
    const made = await call(ada, 'PUT', `/pipes/${id}/groups/workers`, ['putGroup', { mode: 'shared', lease: 30 }], { form });
    expectStatus(made, 201);
    expect(made.header('location')).toBe(`${ada.base}/pipes/${id}/groups/workers`);
    expect(read(made, 'group', form)).toMatchObject({
      group: 'workers',
      mode: 'shared',
      start: 'earliest',
      lease: 30,
      maxDeliveries: 5,
      lag: { chunks: 3 },
    });
    expectStatus(await call(ada, 'PUT', `/pipes/${id}/groups/workers`, ['putGroup', { mode: 'shared', lease: 30 }]), 200);
    expectRefusal(await call(ada, 'PUT', `/pipes/${id}/groups/workers`, ['putGroup', { mode: 'single' }]), 'Conflict', 'shared');

    const { chunks, closed } = await claim(id, { max: 2 }, form);
    expect(closed).toBe(false);
    expect(chunks.map(({ seq, name, data, deliveries }) => [seq, name, data, deliveries])).toEqual([
      [1, 'a', base64('a'), 1],
      [2, 'b', base64('b'), 1],
    ]);
    const fences = chunks.map(({ fence }) => fence);
    const acked = await settle(id, 'ack', fences, {}, form);
    expectStatus(acked, 200);
    expect(read<GroupAnswer>(acked, 'settled', form)).toMatchObject({ chunks: 2, lag: { chunks: 1 }, credit: { chunks: 10_000 } });
    expectStatus(await settle(id, 'ack', fences), 200);

    const listed = await call(ada, 'GET', `/pipes/${id}/groups`, undefined, { form });
    expect(read(listed, 'groups', form)).toMatchObject({ groups: [{ group: 'workers', acked: 2, claimed: 0 }] });
    const described = await call(ada, 'GET', `/pipes/${id}`, undefined, { form });
    expect(read<PipeDocument>(described, 'pipe', form)).toMatchObject({ lag: { chunks: 0 }, groups: [{ group: 'workers' }] });
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}/groups/workers`), 204);
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/groups/workers`), 'GroupNotFound', 'workers');
  });

  test('gives back, extends, and says which chunk is lost', async () => {
    const id = await filled('a', 'b');
    await group(ada, id, { lease: 30 });
    const { chunks } = await claim(id);
    const [one = '', two = ''] = chunks.map(({ fence }) => fence);
    expectStatus(await settle(id, 'nack', [one]), 200);
    expectStatus(await settle(id, 'extend', [two], { lease: 60 }), 200);
    expectRefusal(await settle(id, 'ack', [one, two]), 'Fenced', 'chunk 1 (a)');
    const again = await claim(id);
    expect(again.chunks).toMatchObject([{ seq: 1, deliveries: 2 }]);
    expect(Date.parse(again.chunks[0]?.leaseEnds ?? '')).toBeGreaterThan(Date.now() + 20_000);
    expectRefusal(await settle(id, 'ack', ['nonsense']), 'InvalidArgument', 'fence');
  });

  test('gives up what nobody manages, lists it, and gives it out again when it is told to', async () => {
    const id = await filled('bad');
    await group(ada, id, { maxDeliveries: 1 });
    const { chunks } = await claim(id);
    expectStatus(
      await settle(
        id,
        'nack',
        chunks.map(({ fence }) => fence),
      ),
      200,
    );
    expect((await claim(id)).chunks).toEqual([]);
    const dead = `/pipes/${id}/groups/workers/dead`;
    expect(read(await call(ada, 'GET', dead), 'dead')).toMatchObject({ chunks: [{ seq: 1, name: 'bad', deliveries: 1 }] });
    expectStatus(await call(ada, 'POST', `${dead}/1/retry`), 200);
    expect((await claim(id)).chunks).toMatchObject([{ seq: 1, deliveries: 1 }]);
    expectRefusal(await call(ada, 'POST', `${dead}/2/retry`), 'ChunkNotFound');
    expectRefusal(await call(ada, 'DELETE', `${dead}/1`), 'Conflict');
  });

  test('is told why a chunk is given back, and that nobody has tried it', async () => {
    const { id } = await line();
    await write(ada, id, { name: 'bad', data: '' });
    await group(ada, id, { maxDeliveries: 1 });
    const [first] = (await claim(id)).chunks;
    expectStatus(await settle(id, 'nack', [first?.fence ?? ''], { counted: false, reason: 'its reader was ended' }), 200);
    const [second] = (await claim(id)).chunks;
    expect(second).toMatchObject({ seq: 1, deliveries: 1 });
    expectRefusal(await settle(id, 'nack', [second?.fence ?? ''], { reason: 'x'.repeat(501) }), 'InvalidArgument', '$.reason');
    expectStatus(await settle(id, 'nack', [second?.fence ?? ''], { reason: 'exit 3: no such star' }), 200);
    const dead = read(await call(ada, 'GET', `/pipes/${id}/groups/workers/dead`), 'dead');
    expect(dead).toMatchObject({ chunks: [{ seq: 1, reason: 'exit 3: no such star' }] });
  });

  test('has URLs for the bytes of nodes, and fills the pipe with what it does not acknowledge', async () => {
    const { id, src } = await line({ maxChunks: 1 });
    await group(ada, id);
    await ada.stored(`${src}/a`, 'hello');
    await write(ada, id, { name: 'a' });
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(1);
    const full = await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'x', data: '' }]);
    expectRefusal(full, 'PipeFull');
    expect(full.header('retry-after')).toBeDefined();
    const { chunks } = await claim(id);
    expect((await anonymous.get(chunks[0]?.url ?? '')).text).toBe('hello');
    await settle(id, 'ack', [chunks[0]?.fence ?? '']);
    await write(ada, id, { name: 'x', data: '' });
  });

  test('waits for something to claim: what is written, given back, or comes back later', async () => {
    const id = await filled();
    await group(ada, id, { lease: 1 });
    const first = claim(id, { timeout: 20 });
    await write(ada, id, { name: 'a', data: '' });
    const [one] = (await first).chunks;
    expect(one).toMatchObject({ seq: 1, deliveries: 1 });
    // It comes back when its lease has ended.
    const { chunks } = await claim(id, { timeout: 20, lease: 60 });
    expect(chunks).toMatchObject([{ seq: 1, deliveries: 2 }]);
    const third = claim(id, { timeout: 20, lease: 60 });
    expectStatus(await settle(id, 'nack', [chunks[0]?.fence ?? '']), 200);
    const [again] = (await third).chunks;
    expect(again?.deliveries).toBe(3);
    expectStatus(await settle(id, 'nack', [again?.fence ?? ''], { delay: 1 }), 200);
    const [late] = (await claim(id, { timeout: 20, lease: 60 })).chunks;
    expect(late?.deliveries).toBe(4);
    const last = claim(id, { timeout: 20 });
    await call(ada, 'POST', `/pipes/${id}/close`, ['close', {}]);
    expectStatus(await settle(id, 'ack', [late?.fence ?? '']), 200);
    expect(await last).toMatchObject({ chunks: [], closed: true });
    expect((await claim(id, { timeout: 20 })).closed).toBe(true);
  });

  test('has one claim at a time in order, and whoever waits comes next', async () => {
    const id = await filled('a', 'b', 'c');
    await group(ada, id, { mode: 'single' });
    const order: number[] = [];
    const work = async (): Promise<void> => {
      for (;;) {
        const { chunks } = await claim(id, { max: 1, timeout: 1 });
        if (chunks.length === 0) return;
        order.push(...chunks.map(({ seq }) => seq));
        await settle(
          id,
          'ack',
          chunks.map(({ fence }) => fence),
        );
      }
    };
    await Promise.all([work(), work(), work()]);
    expect(order).toEqual([1, 2, 3]);
  });

  test('is told when the group or the pipe goes while it waits', async () => {
    const id = await filled();
    await group(ada, id);
    const claiming = (): ReturnType<typeof call> => call(ada, 'POST', `/pipes/${id}/groups/workers/claim`, ['claim', { timeout: 20 }]);
    const first = claiming();
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}/groups/workers`), 204);
    expectRefusal(await first, 'GroupNotFound');
  });

  test('tells strangers nothing, and refuses what it does not know by name', async () => {
    const id = await filled('a');
    await group(ada, id);
    for (const name of ['workers', 'others'])
      expectRefusal(await call(eve, 'POST', `/pipes/${id}/groups/${name}/claim`, ['claim', { timeout: 0 }]), 'PermissionDenied');
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/groups/others/claim`, ['claim', { timeout: 0 }]), 'GroupNotFound');
    expectRefusal(await call(ada, 'PUT', `/pipes/${id}/groups/..%2Fx`, ['putGroup', {}]), 'InvalidArgument');
    expectRefusal(await call(ada, 'PUT', `/pipes/${id}/groups/x`, ['putGroup', { start: 'never' }]), 'InvalidState');
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/groups/workers/claim?x=1`, ['claim', {}]), 'InvalidArgument', 'x');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}nope/groups`), 'PipeNotFound');
  });
});

ours('what has been trimmed', () => {
  test('is gone from the log and from the destination, where the pipe reclaims, but for what others have written there', async () => {
    const { id, src, dest } = await line({ retain: { kind: 'acked' }, reclaim: true });
    await group(ada, id);
    for (const name of ['a', 'b']) await ada.stored(`${src}/${name}`, name);
    await write(ada, id, { names: ['a', 'b'] });
    const { chunks } = await claim(id, { timeout: 20 });
    const rest = chunks.length < 2 ? (await claim(id, { timeout: 20 })).chunks : [];
    await ada.stored(`${dest}/b`, 'changed');
    expectStatus(
      await settle(
        id,
        'ack',
        [...chunks, ...rest].map(({ fence }) => fence),
      ),
      200,
    );
    await expect.poll(async () => (await ada.get(`/nodes${dest}/a`)).status, { timeout: 20_000, interval: 100 }).toBe(404);
    expect(await ada.bytes(`${dest}/b`)).toBe('changed');
    expect(await ada.bytes(`${src}/a`)).toBe('a');
    expect(read<PipeDocument>(await call(ada, 'GET', `/pipes/${id}`), 'pipe')).toMatchObject({ counts: { visible: 2, trimmed: 2 } });
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks/1/data`), 'ChunkNotFound', 'trimmed');
    expect(await write(ada, id, { name: 'a' }, 200)).toMatchObject({ seq: 1, duplicate: true });
  });
});

ours('a chunk that cannot arrive', () => {
  test.each(['JSON', 'XML'] as const)('is listed, and arrives when it is retried after the obstacle is gone, in %s', async (form) => {
    const { id, src, dest } = await line();
    await ada.stored(`${src}/a`, 'mine');
    await ada.stored(`${dest}/a`, 'other');
    await write(ada, id, { name: 'a' });
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(1);
    const listed = read(await call(ada, 'GET', `/pipes/${id}/dead`, undefined, { form }), 'dead', form);
    expect(listed).toMatchObject({ chunks: [{ seq: 1, pos: 1, name: 'a', size: 4, reason: expect.stringContaining('DuplicateNode') }] });
    await ada.remove(`${dest}/a`);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/dead/1/retry`), 204);
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(2);
    expect((await page(ada, id, '?timeout=0')).chunks.at(-1)).toMatchObject({ seq: 1, pos: 2, status: 'ready', replaces: 1 });
    expect(await ada.bytes(`${dest}/a`)).toBe('mine');
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/dead/1/skip`), 'ChunkNotFound');
    expectRefusal(await call(eve, 'GET', `/pipes/${id}/dead`), 'PermissionDenied');
  });

  test('is given up, and a repeat of that is answered in the same way', async () => {
    const { id, src, dest } = await line();
    await ada.stored(`${src}/a`, 'mine');
    await ada.stored(`${dest}/a`, 'other');
    await write(ada, id, { name: 'a' });
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(1);
    for (let again = 0; again < 2; again++) expectStatus(await call(ada, 'POST', `/pipes/${id}/dead/1/skip`), 204);
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/dead/1/retry`), 'ChunkNotFound', 'given up');
    expect(read(await call(ada, 'GET', `/pipes/${id}/dead`), 'dead')).toMatchObject({ chunks: [] });
  });
});

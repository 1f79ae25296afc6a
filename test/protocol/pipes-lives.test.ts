// The life of a pipe over HTTP: it is created once, found from its containers, changed, trimmed and destroyed; in JSON and in XML.
import { expect, test } from 'vitest';
import type { PipeDocument } from '../../src/model/json/pipe-answers.ts';
import { base64, call, expectRefusal, newPipe, page, read, write, type Form } from './pipe-calls.ts';
import { expectStatus, newUser, ours, uriOf } from './world.ts';

const ada = await newUser('pipe-lives');
const eve = await newUser('pipe-lives-eve');
interface Claims {
  readonly chunks: readonly { readonly fence: string }[];
}
const inline = (name: string, text = name) => ({ name, data: base64(text) });

ours.each(['JSON', 'XML'] as const satisfies readonly Form[])('in %s', (form) => {
  const ask = (method: string, path: string, document?: Parameters<typeof call>[3], headers = {}) =>
    call(ada, method, path, document, { form, headers });

  test('CreatePipe makes containers that are missing, and DestroyPipe takes those away again', async () => {
    const [src, dest] = [ada.fresh('a'), ada.fresh('b')];
    const { id } = await newPipe(ada, { src: uriOf(src), dest: uriOf(dest) }, form);
    for (const path of [src, dest]) expectStatus(await ada.get(`/nodes${path}`), 200);
    const gone = await ask('DELETE', `/pipes/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    for (const path of [src, dest]) expectStatus(await ada.get(`/nodes${path}`), 404);
    expectRefusal(await call(ada, 'GET', `/pipes/${id}`), 'PipeNotFound');
    expectRefusal(await call(ada, 'DELETE', `/pipes/${id}`), 'PipeNotFound');
  });

  test('DestroyPipe names the containers that stay', async () => {
    const [src, dest] = [await ada.made(ada.fresh('a'), { type: 'ContainerNode' }), ada.fresh('b')];
    const { id } = await newPipe(ada, { src: uriOf(src), dest: uriOf(dest) }, form);
    await ada.stored(`${dest}/mine`, 'not of the pipe');
    const answer = await ask('DELETE', `/pipes/${id}`);
    expectStatus(answer, 200);
    const { kept } = read<{ kept: { uri: string; why: string }[] }>(answer, 'destroyed', form);
    expect(kept.map(({ uri }) => uri)).toContain(uriOf(dest));
    expect(await ada.bytes(`${dest}/mine`)).toBe('not of the pipe');
  });

  test('a repeat of CreatePipe under its Idempotency-Key is the same pipe, and another request under it a conflict', async () => {
    const value = { src: uriOf(ada.fresh('a')), dest: uriOf(ada.fresh('b')) };
    const headers = { 'idempotency-key': `key of ${value.src}` };
    const [first, second] = [
      await ask('POST', '/pipes', ['createPipe', value], headers),
      await ask('POST', '/pipes', ['createPipe', value], headers),
    ];
    expect([first.status, second.status]).toEqual([201, 200]);
    const [one, other] = [first, second].map((answer) => read<PipeDocument>(answer, 'pipe', form).pipe);
    expect(one).toBe(other);
    const changed = { ...value, options: { maxChunks: 3 } };
    expectRefusal(await call(ada, 'POST', '/pipes', ['createPipe', changed], { headers }), 'Conflict');
  });

  test('pipes are listed as one’s own and by their ends', async () => {
    const [a, b, c] = [ada.fresh('a'), ada.fresh('b'), ada.fresh('c')].map((path) => uriOf(path));
    const first = await newPipe(ada, { src: a, dest: b }, form);
    const second = await newPipe(ada, { src: a, dest: c }, form);
    const list = async (query: string): Promise<readonly string[]> => {
      const answer = await ask('GET', `/pipes${query}`);
      expectStatus(answer, 200);
      return read<{ pipes: PipeDocument[] }>(answer, 'pipes', form).pipes.map(({ pipe }) => pipe);
    };
    expect((await list(`?src=${a}`)).toSorted()).toEqual([first.id, second.id].toSorted());
    expect(await list(`?src=${a}&dest=${c}`)).toEqual([second.id]);
    expect(await list(`?dest=${a}`)).toEqual([]);
    expect(await list('')).toEqual(expect.arrayContaining([first.id, second.id]));
    expectRefusal(await call(ada, 'GET', '/pipes?source=x'), 'InvalidArgument', 'source');
  });

  test('what may be changed is changed, and the rest stays', async () => {
    const { id, pipe } = await newPipe(ada, {}, form);
    const settings = { options: { maxChunks: 1, retain: { kind: 'forever' } }, access: { read: ['ivo://example.org/gms?x'] } };
    const answer = await ask('POST', `/pipes/${id}`, ['settings', settings]);
    expectStatus(answer, 200);
    expect(read<PipeDocument>(answer, 'pipe', form)).toMatchObject({
      options: { ...pipe.options, maxChunks: 1, retain: { kind: 'forever' } },
      access: { read: ['ivo://example.org/gms?x'], write: [], manage: [] },
    });
    expectRefusal(await call(ada, 'POST', `/pipes/${id}`, ['settings', { options: { order: 'x' } }]), 'InvalidArgument', '$.options.order');
  });
});

ours('a pipe', () => {
  test('whose destination lies in its source, or that would lead back, is refused', async () => {
    const [a, b] = [ada.fresh('a'), ada.fresh('b')];
    const make = (src: string, dest: string) => call(ada, 'POST', '/pipes', ['createPipe', { src: uriOf(src), dest: uriOf(dest) }]);
    for (const [src, dest] of [
      [a, a],
      [a, `${a}/x`],
    ] as const)
      expectRefusal(await make(src, dest), 'PipeLoop');
    expectStatus(await make(a, b), 201);
    expectRefusal(await make(b, a), 'PipeLoop');
  });

  test('that nobody may make is refused as its Spaces refuse', async () => {
    const make = (src: string, dest: string) => call(ada, 'POST', '/pipes', ['createPipe', { src, dest }]);
    expectRefusal(await make('http://x', uriOf(ada.fresh())), 'InvalidURI');
    expectRefusal(await make(uriOf(`${ada.home}/a/../b`), uriOf(ada.fresh())), 'InvalidURI');
    const file = await ada.stored(ada.fresh('file'), 'x');
    const answer = await make(uriOf(file), uriOf(ada.fresh()));
    expect([400, 404, 405, 409]).toContain(answer.status);
  });

  test('with chunks on their way is destroyed only by force', async () => {
    const { id, pipe } = await newPipe(ada, { options: { onDead: 'halt' } });
    const path = new URL(pipe.src.replace('vos://', 'http://')).pathname;
    const dest = new URL(pipe.dest.replace('vos://', 'http://')).pathname;
    await ada.stored(`${path}/a`, 'here');
    await ada.stored(`${dest}/a`, 'taken');
    await write(ada, id, { name: 'a' });
    await expect.poll(async () => (await call(ada, 'GET', `/pipes/${id}/dead`)).text, { timeout: 20_000 }).toContain('"name":"a"');
    expect(read(await call(ada, 'GET', `/pipes/${id}`), 'pipe')).toMatchObject({ counts: { written: 1, visible: 0, waiting: 0, dead: 1 } });
    expectRefusal(await call(ada, 'DELETE', `/pipes/${id}`), 'PipeNotDrained');
    expectRefusal(await call(ada, 'DELETE', `/pipes/${id}?force=perhaps`), 'InvalidArgument', 'force');
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}?force=true`), 200, 204);
  });

  test('whose groups have not acknowledged everything is destroyed only by force', async () => {
    const { id } = await newPipe(ada);
    expectStatus(await call(ada, 'PUT', `/pipes/${id}/groups/g`, ['putGroup', {}]), 201);
    await write(ada, id, { chunks: [inline('a'), inline('b')] });
    expectRefusal(await call(ada, 'DELETE', `/pipes/${id}`), 'PipeNotDrained', '2 chunks');
    const claims = read<Claims>(await call(ada, 'POST', `/pipes/${id}/groups/g/claim`, ['claim', { max: 2 }]), 'claims').chunks;
    const ack = (fences: readonly string[]) => call(ada, 'POST', `/pipes/${id}/groups/g/ack`, ['ack', { fences }]);
    const [first = '', second = ''] = claims.map(({ fence }) => fence);
    expectStatus(await ack([first]), 200);
    expectRefusal(await call(ada, 'DELETE', `/pipes/${id}`), 'PipeNotDrained', '1 chunk');
    expectStatus(await ack([second]), 200);
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}`), 200, 204);
  });

  test('that is closed says so, whatever is to be written', async () => {
    const { id, pipe } = await newPipe(ada);
    const path = new URL(pipe.src.replace('vos://', 'http://')).pathname;
    await ada.stored(`${path}/a`, 'here');
    await write(ada, id, { name: 'a' });
    const attempt = (value: object) => call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', value]);
    expectRefusal(await attempt({ name: 'none' }), 'ChunkNotFound');
    expectStatus(await call(ada, 'POST', `/pipes/${id}/close`, ['close', {}]), 200);
    for (const value of [inline('b'), { name: 'none' }, { name: 'in/none' }, { names: ['a', 'none'] }, { name: 'a', size: 5 }])
      expectRefusal(await attempt(value), 'PipeClosed');
    expect(await write(ada, id, { name: 'a' }, 200)).toMatchObject({ seq: 1, duplicate: true });
    expectRefusal(await call(eve, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'none' }]), 'PermissionDenied');
  });

  test('refuses states that it did not give, and those whose chunks are gone with the earliest there is', async () => {
    const { id } = await newPipe(ada, { options: { retain: { kind: 'bytes', bytes: 10 } } });
    const first = (await page(ada, id, '?timeout=0')).state;
    await write(ada, id, { chunks: ['a', 'b', 'c', 'd'].map((name) => inline(name, 'ten bytes.')) });
    await expect.poll(async () => (await call(ada, 'GET', `/pipes/${id}`)).text, { timeout: 20_000 }).toContain('"trimmed":3');
    const answer = await call(ada, 'GET', `/pipes/${id}/chunks?timeout=0&state=${first}`);
    expectRefusal(answer, 'StateTrimmed');
    const earliest = answer.header('pipe-earliest-state') ?? '';
    expect(answer.text).toContain(earliest);
    expect((await page(ada, id, `?timeout=0&state=${earliest}`)).chunks.map(({ name }) => name)).toEqual(['d']);
    expect((await page(ada, id, '?timeout=0')).chunks.map(({ name }) => name)).toEqual(['d']);
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks/1/data`), 'ChunkNotFound', 'trimmed');
    const other = await newPipe(ada);
    expectRefusal(await call(ada, 'GET', `/pipes/${other.id}/chunks?timeout=0&state=${earliest}`), 'InvalidState', 'another pipe');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks?timeout=0&state=x`), 'InvalidState');
    const changed = `${earliest.slice(0, -1)}${earliest.endsWith('0') ? '1' : '0'}`;
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks?timeout=0&state=${changed}`), 'InvalidState');
  });

  test('that is full waits for room where it is asked to', async () => {
    const { id } = await newPipe(ada, { options: { maxChunks: 2 } });
    expectStatus(await call(ada, 'PUT', `/pipes/${id}/groups/g`, ['putGroup', {}]), 201);
    await write(ada, id, { chunks: [inline('a'), inline('b')] });
    const full = await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('c')]);
    expectRefusal(full, 'PipeFull');
    expect([full.header('retry-after'), full.header('pipe-credit')]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringContaining('chunks=0'),
    ]);
    const waiting = write(ada, id, { ...inline('c'), wait: 30 });
    const claims = await call(ada, 'POST', `/pipes/${id}/groups/g/claim`, ['claim', { max: 1, timeout: 5 }]);
    const fences = read<Claims>(claims, 'claims').chunks.map(({ fence }) => fence);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/groups/g/ack`, ['ack', { fences }]), 200);
    expect(await waiting).toMatchObject({ seq: 3, duplicate: false });
  });
});

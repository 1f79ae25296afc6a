// Pipes over HTTP: inline chunks are written, read by state, and closed, in JSON and in XML.
import { expect, test } from 'vitest';
import type { PipeDocument } from '../../src/model/json/pipe-answers.ts';
import { base64, call, expectRefusal, newPipe, page, read, write, type Form } from './pipe-calls.ts';
import { anonymous, expectStatus, newUser, ours } from './world.ts';

const ada = await newUser('pipes');
const FORMS = ['JSON', 'XML'] as const satisfies readonly Form[];
const inline = (name: string, text = name) => ({ name, data: base64(text) });

ours.each(FORMS)('in %s', (form) => {
  test('a pipe is created and describes itself', async () => {
    const options = { order: 'ready', maxChunks: 7, retain: { kind: 'age', seconds: 3600 } };
    const { id, pipe } = await newPipe(ada, { options }, form);
    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(pipe).toMatchObject({
      condition: 'open',
      owner: ada.name,
      options: { ...options, onDead: 'show' },
      access: { write: [], read: [], manage: [] },
    });
    expect(pipe.sourceContainerNode).toBe(pipe.src);
    const again = await call(ada, 'GET', `/pipes/${id}`, undefined, { form });
    expectStatus(again, 200);
    expect(read<PipeDocument>(again, 'pipe', form)).toMatchObject({ pipe: id, counts: { written: 0, visible: 0 }, credit: { chunks: 7 } });
  });

  test('chunks are written one by one and in lists, numbered in their order', async () => {
    const { id } = await newPipe(ada, {}, form);
    expect(await write(ada, id, { ...inline('a'), type: 'text/plain' }, 201, form)).toMatchObject({ seq: 1, duplicate: false });
    const list = await write(ada, id, { chunks: [inline('b'), inline('a'), inline('c'), inline('b')] }, 201, form);
    expect(list.chunks).toEqual([
      { name: 'b', seq: 2, duplicate: false },
      { name: 'a', seq: 1, duplicate: true },
      { name: 'c', seq: 3, duplicate: false },
      { name: 'b', seq: 2, duplicate: true },
    ]);
    expect(await write(ada, id, inline('c'), 200, form)).toMatchObject({ seq: 3, duplicate: true, credit: { chunks: 10_000 } });
    const { chunks, upToDate, closed } = await page(ada, id, '?timeout=0', form);
    expect(chunks.map(({ seq, pos, name, data, status }) => [seq, pos, name, data, status])).toEqual([
      [1, 1, 'a', base64('a'), 'ready'],
      [2, 2, 'b', base64('b'), 'ready'],
      [3, 3, 'c', base64('c'), 'ready'],
    ]);
    expect(chunks[0]).toMatchObject({ type: 'text/plain', size: 1, md5: '0cc175b9c0f1b6a831c399e269772661' });
    expect([upToDate, closed]).toEqual([true, false]);
  });

  test('a reader goes on by its state, page by page, as often as it likes', async () => {
    const { id } = await newPipe(ada, {}, form);
    await write(ada, id, { chunks: Array.from({ length: 5 }, (_, i) => inline(`n${i}`)) }, 201, form);
    const names: string[] = [];
    const states = [''];
    for (let more = true; more;) {
      const got = await page(ada, id, `?timeout=0&max=2&state=${states.at(-1) ?? ''}`, form);
      names.push(...got.chunks.map(({ name }) => name));
      states.push(got.state);
      more = !got.upToDate;
    }
    expect(names).toEqual(['n0', 'n1', 'n2', 'n3', 'n4']);
    expect(states).toEqual(states.toSorted());
    expect((await page(ada, id, `?timeout=0&state=${states[1] ?? ''}`, form)).chunks.map(({ name }) => name)).toEqual(['n2', 'n3', 'n4']);
    expect((await page(ada, id, '?timeout=0&state=-1', form)).chunks).toHaveLength(5);
    expect((await page(ada, id, '?timeout=0&state=now', form)).chunks).toEqual([]);
  });

  test('a closed pipe takes nothing more, and tells its readers that all is there', async () => {
    const { id } = await newPipe(ada, {}, form);
    await write(ada, id, { chunks: [inline('a')] }, 201, form);
    expect(await write(ada, id, { ...inline('b'), final: true, total: 2 }, 201, form)).toMatchObject({ seq: 2 });
    const got = await page(ada, id, '?timeout=0', form);
    expect([got.closed, got.total, got.upToDate]).toEqual([true, 2, true]);
    expect((await page(ada, id, '?timeout=0&max=1', form)).closed).toBe(false);
    const refused = await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('c')]);
    expectRefusal(refused, 'PipeClosed');
    // What was written before may be written again.
    expect(await write(ada, id, inline('a'), 200, form)).toMatchObject({ seq: 1, duplicate: true });
    const closed = await call(ada, 'POST', `/pipes/${id}/close`, ['close', { total: 2 }], { form });
    expect(read<PipeDocument>(closed, 'pipe', form)).toMatchObject({ condition: 'closed' });
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/close`, ['close', { total: 3 }]), 'Conflict', '2 chunks');
  });

  test('refusals have the form that is asked for', async () => {
    const answer = await call(ada, 'GET', '/pipes/none', undefined, { form });
    expect([answer.status, read(answer, 'fault', form)]).toEqual([404, { fault: 'PipeNotFound', detail: expect.stringContaining('none') }]);
  });
});

ours('a pipe', () => {
  test('answers text where neither JSON nor XML is asked for a refusal, and JSON for everything else', async () => {
    const { id } = await newPipe(ada);
    const refused = await ada.get('/pipes/none');
    expect([refused.status, refused.text, refused.header('content-type')]).toEqual([
      404,
      expect.stringMatching(/^PipeNotFound /),
      'text/plain; charset=utf-8',
    ]);
    expect(JSON.parse((await ada.get(`/pipes/${id}`)).text)).toMatchObject({ pipe: id });
  });

  test('takes documents by what they look like, whatever their Content-Type', async () => {
    const { id } = await newPipe(ada);
    const form = 'application/x-www-form-urlencoded';
    expectStatus(await ada.post(`/pipes/${id}/chunks`, JSON.stringify(inline('a')), form), 201);
    expectStatus(
      await ada.post(`/pipes/${id}/chunks`, `\n<writeChunk xmlns="urn:vopipe:1"><name>b</name><data>Yg==</data></writeChunk>`, form),
      201,
    );
  });

  test('answers HEAD, and names its methods to others', async () => {
    const { id } = await newPipe(ada);
    for (const path of ['', '/chunks', '/chunks?state=now', '/groups', '/dead']) {
      const head = await ada.send('HEAD', `/pipes/${id}${path}`);
      expect([head.status, head.text]).toEqual([200, '']);
    }
    for (const [method, path, allow] of [
      ['PATCH', `/pipes/${id}`, /GET, HEAD/],
      ['PUT', `/pipes/${id}/chunks`, /GET, HEAD, POST/],
      ['GET', `/pipes/${id}/close`, /^POST$/],
      ['DELETE', `/pipes/${id}/chunks/1/data`, /^GET, HEAD$/],
    ] as const) {
      const answer = await call(ada, method, path);
      expectRefusal(answer, 'OperationNotSupported');
      expect(answer.header('allow')).toMatch(allow);
    }
  });

  test('is found: the service has the capability, and its containers have it with the way to their pipes', async () => {
    const capability = 'ivo://vopipe/capabilities#pipe-1.0';
    const { capabilities } = JSON.parse((await anonymous.get('/capabilities', { accept: 'application/json' })).text) as {
      capabilities: { standardID: string; interfaces: { url: string; securityMethods: (string | null)[] }[] }[];
    };
    const [offered] = capabilities.find(({ standardID }) => standardID === capability)?.interfaces ?? [];
    expect(offered?.url).toBe(`${ada.base}/pipes`);
    expect(offered?.securityMethods).not.toContain(null);
    const { id, pipe } = await newPipe(ada);
    for (const [end, uri] of Object.entries({ src: pipe.src, dest: pipe.dest })) {
      const node = JSON.parse((await ada.get(`/nodes${uri.replace(/^vos:\/\/[^/]*/, '')}`, { accept: 'application/json' })).text) as {
        capabilities?: { uri: string; endpoint: string }[];
      };
      const endpoint = node.capabilities?.find((one) => one.uri === capability)?.endpoint ?? '';
      expect(endpoint).toContain(`/pipes?${end}=`);
      expect(JSON.parse((await ada.get(endpoint)).text)).toMatchObject({ pipes: [{ pipe: id }] });
    }
  });

  test('repeats its answer to an Idempotency-Key, and refuses another request under it', async () => {
    const { id } = await newPipe(ada);
    const headers = { 'idempotency-key': 'k-1' };
    const once = () => call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('a')], { headers });
    const [first, second] = [await once(), await once()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('b')], { headers }), 'Conflict', 'Idempotency-Key');
    expectRefusal(
      await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('b')], { headers: { 'idempotency-key': 'ä' } }),
      'InvalidArgument',
      'Idempotency-Key',
    );
  });

  test('refuses a list whole when one of it is refused', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, inline('a'));
    expectRefusal(
      await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { chunks: [inline('b'), inline('a', 'other')] }]),
      'ChunkNameInUse',
      'a:',
    );
    expect((await page(ada, id, '?timeout=0')).chunks).toHaveLength(1);
  });

  test('is full at its bound, and says so with what is left', async () => {
    const { id } = await newPipe(ada, { options: { maxChunks: 2, maxBytes: 5 } });
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline('a', 'six of')]), 'RequestEntityTooLarge');
    expectRefusal(
      await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { chunks: ['a', 'b', 'c'].map((name) => inline(name)) }]),
      'RequestEntityTooLarge',
    );
  });
});

ours('the bytes of an inline chunk', () => {
  test('are read by themselves, whole, in part, and described by HEAD', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, { chunks: [inline('a'), { ...inline('dir/b%20c.txt', '0123456789'), type: 'text/plain' }] });
    const data = `/pipes/${id}/chunks/2/data`;
    const whole = await ada.get(data);
    expect([whole.status, whole.text, whole.header('content-type'), whole.header('etag')]).toEqual([
      200,
      '0123456789',
      'text/plain',
      '"781e5e245d69b566979b86e28d23f2c7"',
    ]);
    expect(whole.header('content-disposition')).toBe('attachment; filename="b c.txt"');
    expect(whole.header('cache-control')).toContain('no-store');
    const part = await ada.get(data, { range: 'bytes=2-4' });
    expect([part.status, part.text, part.header('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expectStatus(await ada.get(data, { range: 'bytes=20-' }), 416);
    expectStatus(await ada.get(data, { 'if-none-match': whole.header('etag') ?? '' }), 304);
    const head = await ada.send('HEAD', data);
    expect([head.status, head.header('content-length'), head.text]).toEqual([200, '10', '']);
  });

  test('of a chunk that is not there are ChunkNotFound', async () => {
    const { id } = await newPipe(ada);
    for (const seq of ['1', '0', 'x', '-1', '99999999999999999999'])
      expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks/${seq}/data`), 'ChunkNotFound');
  });
});

ours('the anonymous', () => {
  test('are asked to sign in, whatever they ask', async () => {
    const { id } = await newPipe(ada);
    for (const [method, path, document] of [
      ['POST', '/pipes', ['createPipe', { src: 'vos://a', dest: 'vos://b' }]],
      ['GET', `/pipes/${id}`, undefined],
      ['GET', `/pipes/${id}/chunks?timeout=0`, undefined],
      ['POST', `/pipes/${id}/chunks`, ['writeChunk', inline('a')]],
      ['POST', `/pipes/${id}/close`, ['close', {}]],
      ['GET', `/pipes/${id}/chunks/1/data`, undefined],
    ] as const) {
      const answer = await call(anonymous, method, path, document);
      expectRefusal(answer, 'NotAuthenticated');
      expect(answer.header('www-authenticate')).toBeDefined();
    }
  });
});

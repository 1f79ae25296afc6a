// JSON and XML say the same of pipes: every document that the service answers has in XML what it has in JSON.
import { expect, test } from 'vitest';
import type { PipeDocument } from '../../src/model/json/pipe-answers.ts';
import type { PipeDocumentName } from '../../src/xml/pipe-shapes.ts';
import { base64, call, newPipe, page, read, write } from './pipe-calls.ts';
import { expectStatus, newUser, ours, uriOf } from './world.ts';

const ada = await newUser('pipe-forms');
const container = (label: string) => ada.made(ada.fresh(label), { type: 'ContainerNode' });

/** What changes from one moment to the next. */
function still(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      ['seconds', 'url', 'expires', 'leaseEnds', 'fence', 'deliveries'].includes(key) ? typeof member : member,
    ),
  ) as unknown;
}

ours('every document', () => {
  test('of a pipe with a chain, groups, dead chunks and retries has the same members in both forms', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(container));
    const first = await newPipe(ada, { src: uriOf(a ?? ''), dest: uriOf(b ?? '') });
    const { id } = await newPipe(ada, { src: uriOf(b ?? ''), dest: uriOf(c ?? ''), access: { read: ['ivo://x.y/gms?z'] } });
    for (const name of ['one', 'two']) await ada.stored(`${a}/${name}`, name, { 'content-type': 'text/plain' });
    await ada.stored(`${c}/two`, 'taken');
    await write(ada, first.id, { names: ['one', 'two'] });
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000 }).toBe(2);
    await write(ada, id, { name: 'inline', data: base64('<&>') });
    for (const [group, wish] of [
      ['g', { maxDeliveries: 1 }],
      ['h', { start: 'now', mode: 'single' }],
    ] as const)
      expectStatus(await call(ada, 'PUT', `/pipes/${id}/groups/${group}`, ['putGroup', wish]), 201);
    const claims = read<{ chunks: { fence: string }[] }>(
      await call(ada, 'POST', `/pipes/${id}/groups/g/claim`, ['claim', { max: 1, timeout: 0 }]),
      'claims',
    );
    await call(ada, 'POST', `/pipes/${id}/groups/g/nack`, ['nack', { fences: claims.chunks.map(({ fence }) => fence) }]);
    await call(ada, 'POST', `/pipes/${id}/groups/g/claim`, ['claim', { max: 1, timeout: 0 }]);

    const same = async (path: string, name: PipeDocumentName): Promise<object> => {
      const [json, xml] = [await call(ada, 'GET', path), await call(ada, 'GET', path, undefined, { form: 'XML' })];
      expectStatus(json, 200);
      const value = read<object>(json, name);
      expect(still(read(xml, name, 'XML')), path).toEqual(still(value));
      return value;
    };
    expect(await same(`/pipes/${id}`, 'pipe')).toMatchObject({ upstreams: [{ pipe: first.id }], groups: [{ group: 'g' }, { group: 'h' }] });
    expect(await same(`/pipes?src=${uriOf(b ?? '')}`, 'pipes')).toMatchObject({ pipes: [{ pipe: id }] });
    expect(await same(`/pipes/${id}/chunks?timeout=0`, 'chunks')).toMatchObject({
      chunks: [{ lineage: [{ pipe: first.id, seq: 1 }] }, { status: 'dead' }, { data: base64('<&>') }],
    });
    expect(await same(`/pipes/${id}/dead`, 'dead')).toMatchObject({ chunks: [{ seq: 2 }] });
    expect(await same(`/pipes/${id}/groups`, 'groups')).toMatchObject({ groups: [{}, {}] });
    expect(await same(`/pipes/${id}/groups/g`, 'group')).toMatchObject({ dead: 1 });
    expect(await same(`/pipes/${id}/groups/g/dead`, 'dead')).toMatchObject({ chunks: [{ seq: 1 }] });
    await ada.remove(`${c}/two`);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/dead/2/retry`), 204);
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000 }).toBe(4);
    expect(await same(`/pipes/${id}/chunks?timeout=0`, 'chunks')).toMatchObject({ chunks: [{}, {}, {}, { replaces: 2, status: 'ready' }] });
    expectStatus(await call(ada, 'POST', `/pipes/${id}/close`, ['close', {}]), 200);
    expect(await same(`/pipes/${id}/chunks?timeout=0`, 'chunks')).toMatchObject({ closed: true, total: 3 });
    expect(((await same(`/pipes/${id}`, 'pipe')) as PipeDocument).condition).toBe('closed');
    const posts = [
      ['claim', `/pipes/${id}/groups/h/claim`, { timeout: 0 }, 'claims'],
      ['settings', `/pipes/${id}`, {}, 'pipe'],
      ['writeChunk', `/pipes/${id}/chunks`, { chunks: [{ name: 'inline', data: base64('<&>') }] }, 'written'],
      ['writeChunk', `/pipes/${id}/chunks`, { name: 'inline', data: base64('<&>') }, 'written'],
    ] as const;
    for (const [name, path, value, answer] of posts) {
      const [json, xml] = [await call(ada, 'POST', path, [name, value]), await call(ada, 'POST', path, [name, value], { form: 'XML' })];
      expectStatus(json, 200);
      expect(Object.keys(read<object>(xml, answer, 'XML')), path).toEqual(expect.arrayContaining(Object.keys(read<object>(json, answer))));
    }
  });
});

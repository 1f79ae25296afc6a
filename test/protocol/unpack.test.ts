// Archives sent to a container with an archive view: unpacked into nodes by a job, or refused whole.
import { describe, expect, test } from 'vitest';
import { TAR } from '../../src/formats/tar.ts';
import { ZIP } from '../../src/formats/zip.ts';
import { pack, type Packed } from '../unit/formats/archives.ts';
import { core } from './documents.ts';
import { endpoint, negotiate } from './negotiate.ts';
import { admin, anonymous, expectFault, expectStatus, newUser, oursOnly, service, uriOf } from './world.ts';

const me = await newUser('unpack');
const AT = Date.UTC(2026, 0, 1);
const FORMATS = { tar: TAR, zip: ZIP } as const;
const file = (name: string, text: string): Packed => ({
  kind: 'file',
  name,
  modified: AT,
  size: Buffer.byteLength(text),
  bytes: Buffer.from(text),
});
const TREE: readonly Packed[] = [
  { kind: 'directory', name: 'survey', modified: AT },
  file('survey/a.txt', 'a'),
  file('survey/deep/er/ε.txt', 'epsilon'),
  file('survey/large', 'x'.repeat(700_000)),
  file('survey/empty', ''),
  { kind: 'link', name: 'survey/deep/up', target: '../a.txt', modified: AT },
  ...Array.from({ length: 40 }, (_, i) => file(`survey/many/f${i}`, `file ${i}`)),
];

/** The phase in which the job ends, and the text of its error. */
async function ended(job: string): Promise<{ phase: string; error: string; document: string }> {
  for (;;) {
    const waited = await me.get(`${job}?WAIT=20`);
    const phase = (await me.get(`${job}/phase`)).text;
    if (!['PENDING', 'QUEUED', 'EXECUTING'].includes(phase)) {
      expectStatus(waited, 200);
      return { phase, error: (await me.get(`${job}/error`)).text, document: (await me.get(job, { accept: 'application/json' })).text };
    }
  }
}

async function names(path: string): Promise<string[]> {
  const answer = await me.send('GET', `/nodes${path}?detail=min`, { headers: { accept: 'application/json' } });
  return (JSON.parse(answer.text) as { nodes: { uri: string }[] }).nodes.map(({ uri }) => uri.split('/').at(-1) ?? '');
}

async function expectTree(top: string): Promise<void> {
  expect(await names(top)).toEqual(['survey']);
  expect(await names(`${top}/survey`)).toEqual(['a.txt', 'deep', 'empty', 'large', 'many']);
  expect(await names(`${top}/survey/many`)).toHaveLength(40);
  expect(await me.bytes(`${top}/survey/deep/er/%CE%B5.txt`)).toBe('epsilon');
  expect(await me.bytes(`${top}/survey/large`)).toBe('x'.repeat(700_000));
  expect((await me.read(`${top}/survey/deep/up`)).target).toBe(uriOf(`${top}/survey/a.txt`));
}

describe.each(['tar', 'zip'] as const)('a %s', (format) => {
  const send = (top: string, entries: readonly Packed[]) =>
    me.send('PUT', `/files${top}?view=${format}`, { body: pack(FORMATS[format], entries) });

  async function unpack(top: string, entries: readonly Packed[]): ReturnType<typeof ended> {
    const answer = await send(top, entries);
    expectStatus(answer, 202);
    return ended((answer.header('location') ?? '').slice(service.base.length));
  }

  test('is unpacked with its containers and links, and is not there itself afterwards', async () => {
    const top = await me.made(me.fresh());
    const { phase, error, document } = await unpack(top, TREE);
    expect([phase, error]).toEqual(['COMPLETED', '']);
    expect(JSON.parse(document)).toMatchObject({ progress: { nodes: TREE.length } });
    await expectTree(top);
  });

  test('of many small files does not keep other requests waiting until it is done', { timeout: 240_000 }, async () => {
    const top = await me.made(me.fresh());
    const answer = await send(
      top,
      Array.from({ length: 600 }, (_, i) => file(`f${i}`, 'x')),
    );
    expectStatus(answer, 202);
    const job = (answer.header('location') ?? '').slice(service.base.length);
    const seen: string[] = [];
    while (!seen.includes('COMPLETED')) {
      seen.push((await me.get(`${job}/phase`)).text);
      expect(['QUEUED', 'EXECUTING', 'COMPLETED']).toContain(seen.at(-1));
    }
    expect(seen.filter((phase) => phase === 'EXECUTING').length).toBeGreaterThan(2);
  });

  test('that is unpacked once more replaces files and keeps what else is there', async () => {
    const top = await me.made(me.fresh());
    expect((await unpack(top, TREE)).phase).toBe('COMPLETED');
    await me.stored(`${top}/survey/many/mine`, 'mine');
    await me.stored(`${top}/survey/a.txt`, 'changed');
    expect((await unpack(top, TREE)).phase).toBe('COMPLETED');
    expect(await me.bytes(`${top}/survey/a.txt`)).toBe('a');
    expect(await me.bytes(`${top}/survey/many/mine`)).toBe('mine');
  });

  test.each<[string, readonly Packed[], RegExp]>([
    ['leads out of the container', [file('good', 'g'), file('../bad', 'b')], /\.\./],
    ['has a link that leads out', [file('good', 'g'), { kind: 'link', name: 'l', target: '../../x', modified: AT }], /leads out/],
    ['has a name twice', [file('good', 'g'), file('good', 'h')], /twice/],
  ])('that %s is refused, and nothing of it is made', async (_, entries, why) => {
    const top = await me.made(me.fresh());
    const { phase, document } = await unpack(top, entries);
    expect(phase).toBe('ERROR');
    expect(document).toMatch(why);
    await expect.poll(() => names(top)).toEqual([]);
  });

  test('that meets a file where it has a container ends in DuplicateNode', async () => {
    const top = await me.made(me.fresh());
    await me.stored(`${top}/survey`, 'a file');
    const { phase, error } = await unpack(top, [{ kind: 'directory', name: 'survey', modified: AT }]);
    expect([phase, error]).toEqual(['ERROR', 'DuplicateNode']);
    expect(await me.bytes(`${top}/survey`)).toBe('a file');
  });

  oursOnly('that does not fit into the quota ends in QuotaExceeded, and its own bytes are given back', async () => {
    const top = await me.made(me.fresh());
    expectStatus(await admin.set(top, { type: 'ContainerNode', properties: { [core('quota')]: '1200000' } }), 200);
    const { phase, error } = await unpack(top, TREE);
    expect([phase, error]).toEqual(['ERROR', 'QuotaExceeded']);
    await expect.poll(() => names(top)).toEqual(['survey']);
  });

  test('for what is no container, or is not there, is ContainerNotFound by its name', async () => {
    const file = await me.stored(me.fresh(), 'a file');
    for (const top of [me.fresh(), file]) expect((await send(top, TREE)).text).toContain(`ContainerNotFound ${uriOf(top)}:`);
    expect(await me.bytes(file)).toBe('a file');
  });

  test('that is none is refused', async () => {
    const top = await me.made(me.fresh());
    const answer = await me.send('PUT', `/files${top}?view=${format}`, { body: 'no archive at all'.repeat(100) });
    const { phase, error } = await ended((answer.header('location') ?? '').slice(service.base.length));
    expect([phase, error]).toEqual(['ERROR', expect.stringContaining('InvalidArgument')]);
    await expect.poll(() => names(top)).toEqual([]);
  });

  test('is unpacked when it was pushed to the store by a negotiated transfer', async () => {
    const top = await me.made(me.fresh());
    const negotiated = await negotiate(me, {
      target: uriOf(top),
      direction: 'pushToVoSpace',
      view: `ivo://vopipe/views#${format}`,
      protocols: [core('httpput')],
    });
    expect((await me.get(`${negotiated.job}/phase`)).text).toBe('EXECUTING');
    const sent = await anonymous.send('PUT', endpoint(negotiated), { body: pack(FORMATS[format], TREE) });
    expectStatus(sent, 201);
    const { phase, error } = await ended(negotiated.job);
    expect([phase, error]).toEqual(['COMPLETED', '']);
    await expectTree(top);
  });
});

test('to what is no container, an archive is sent as it is', async () => {
  const path = me.fresh();
  const archive = pack(TAR, TREE);
  const negotiated = await negotiate(me, { target: uriOf(path), direction: 'pushToVoSpace', view: 'tar', protocols: [core('httpput')] });
  expectStatus(await anonymous.send('PUT', endpoint(negotiated), { body: archive }), 201);
  expect((await ended(negotiated.job)).phase).toBe('COMPLETED');
  expect((await me.get(`/files${path}?via=service`)).bytes.equals(archive)).toBe(true);
});

test('by parameters there is no job that could unpack it', async () => {
  const top = await me.made(me.fresh());
  const given = { TARGET: uriOf(top), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput'), VIEW: 'tar' };
  expectFault(await me.get(`/synctrans?${new URLSearchParams(given).toString()}`), 'ViewNotSupported');
});

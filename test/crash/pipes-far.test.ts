// A pipe between two services over HTTP, in both directions: chunks arrive with their bytes, over kills, and nothing that was entrusted shows.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PageDocument, PipeDocument } from '../../src/model/json/pipe-answers.ts';
import { ask, bytesOf, uri } from '../support/jobs.ts';
import { credentials, startPair, type Site } from '../support/pair.ts';
import type { Service } from '../support/service.ts';

const BODY = randomBytes(300_000);
/** Two segments. */
const LARGE = Buffer.concat(Array.from({ length: 70 }, () => randomBytes(1024 * 1024)));
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

let sites: readonly [Site, Site];
let number = 0;
beforeAll(async () => {
  sites = await startPair();
  for (const { service } of sites) await container(service, '/home');
});
afterAll(async () => {
  for (const { service } of sites) await service.stop();
});

async function container(service: Service, path: string): Promise<void> {
  const authority = sites.find((site) => site.service === service)?.authority ?? '';
  const node = JSON.stringify({ uri: uri(path, authority), type: 'ContainerNode' });
  expect((await ask(service, 'PUT', `/nodes${path}`, node, { 'content-type': 'application/json' })).status).toBe(201);
}

function post(service: Service, path: string, body: object): Promise<Response> {
  return ask(service, 'POST', path, JSON.stringify(body), { 'content-type': 'application/json' });
}

interface Pipe {
  readonly id: string;
  readonly src: Site;
  readonly dest: Site;
  readonly from: string;
  readonly to: string;
  readonly at: Service;
}

/** Made at `near`, whose end is the destination or the source. */
async function open(near: Site, far: Site, role: 'source' | 'destination', more: object = credentials(far)): Promise<Pipe> {
  const [src, dest] = role === 'source' ? [near, far] : [far, near];
  const [from, to] = [`/home/from${(number += 1)}`, `/home/to${number}`];
  const answer = await post(near.service, '/pipes', { src: uri(from, src.authority), dest: uri(to, dest.authority), ...more });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const { pipe } = (await answer.json()) as PipeDocument;
  return { id: pipe, src, dest, from, to, at: near.service };
}

async function send(pipe: Pipe, files: Readonly<Record<string, Buffer>>, stated = false): Promise<void> {
  for (const [name, bytes] of Object.entries(files))
    expect((await ask(pipe.src.service, 'PUT', `/files${pipe.from}/${name}`, bytes)).status).toBe(201);
  for (const [name, bytes] of Object.entries(files)) {
    const written = await post(pipe.at, `/pipes/${pipe.id}/chunks`, { name, ...(stated && { size: bytes.length, md5: md5(bytes) }) });
    expect(written.status, await written.clone().text()).toBe(201);
  }
}

/** As many chunks as there are to be, however often a poll breaks. */
async function receive({ id, at }: Pipe, count: number): Promise<PageDocument['chunks']> {
  let chunks: PageDocument['chunks'] = [];
  await vi.waitFor(
    async () => {
      ({ chunks } = (await (await ask(at, 'GET', `/pipes/${id}/chunks?timeout=5`)).json()) as PageDocument);
      expect(chunks).toHaveLength(count);
    },
    { timeout: 60_000, interval: 200 },
  );
  return chunks;
}

async function kill(service: Service): Promise<void> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 30_000, interval: 20 });
}

describe.each([
  ['pushes', 'source', 0, 1],
  ['pushes', 'source', 1, 0],
  ['pulls', 'destination', 0, 1],
  ['pulls', 'destination', 1, 0],
] as const)('a pipe that %s (made at its %s, site %i)', (_, role, here, there) => {
  const near = (): Site => sites[here];
  const far = (): Site => sites[there];

  test(
    'makes the containers, and brings small and large chunks with their bytes and checksums, in order',
    { timeout: 120_000 },
    async () => {
      const pipe = await open(near(), far(), role);
      const files = { 'a.bin': BODY, 'large.bin': LARGE, 'z.bin': Buffer.alloc(0) };
      await send(pipe, files, true);
      const chunks = await receive(pipe, 3);
      for (const [i, [name, bytes]] of Object.entries(files).entries()) {
        const { url = '', ...chunk } = chunks[i] ?? {};
        const at = uri(`${pipe.to}/${name}`, pipe.dest.authority);
        expect(chunk).toMatchObject({ seq: i + 1, name, status: 'ready', size: bytes.length, md5: md5(bytes), uri: at });
        expect((await bytesOf(pipe.dest.service, `${pipe.to}/${name}`)).equals(bytes)).toBe(true);
        expect(md5(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(md5(bytes));
      }
    },
  );

  test('goes on when either service is killed', { timeout: 120_000 }, async () => {
    const pipe = await open(near(), far(), role);
    const files = Object.fromEntries(Array.from({ length: 12 }, (_each, i) => [`n${i}`, randomBytes(200_000 + i)]));
    await send(pipe, files);
    await kill(pipe.at);
    await kill(far().service);
    const chunks = await receive(pipe, 12);
    expect(chunks.map(({ name, status, md5: found }) => [name, status, found])).toEqual(
      Object.entries(files).map(([name, bytes]) => [name, 'ready', md5(bytes)]),
    );
    for (const [name, bytes] of Object.entries(files))
      expect((await bytesOf(pipe.dest.service, `${pipe.to}/${name}`)).equals(bytes)).toBe(true);
  });

  test('waits for a credential that is good, shows none, and then goes on', async () => {
    const wrong = { credentials: [{ authority: far().authority, token: 'canary-token-2276' }] };
    const refused = await post(near().service, '/pipes', {
      src: uri('/home/none', sites[role === 'source' ? here : there].authority),
      dest: uri('/home/none', sites[role === 'source' ? there : here].authority),
      ...wrong,
    });
    expect([refused.status, ((await refused.json()) as { fault: string }).fault]).toEqual([502, 'VOSpaceFault']);
    const pipe = await open(near(), far(), role);
    expect((await post(pipe.at, `/pipes/${pipe.id}`, wrong)).status).toBe(200);
    await send(pipe, { a: BODY });
    const describe = async () => (await (await ask(pipe.at, 'GET', `/pipes/${pipe.id}`)).json()) as PipeDocument;
    await expect.poll(async () => JSON.stringify(await describe()), { timeout: 20_000 }).toContain('authRequired');
    expect(JSON.stringify(await describe())).not.toContain('canary');
    expect((await post(pipe.at, `/pipes/${pipe.id}`, credentials(far()))).status).toBe(200);
    expect(await receive(pipe, 1)).toMatchObject([{ status: 'ready', md5: md5(BODY) }]);
    expect(near().service.output() + far().service.output()).not.toContain('canary');
  });

  test('tells what is not there, and what has been taken, in place of the chunk', async () => {
    const pipe = await open(near(), far(), role, { ...credentials(far()) });
    expect((await ask(pipe.dest.service, 'PUT', `/files${pipe.to}/a`, 'other')).status).toBe(201);
    await send(pipe, { a: BODY });
    if (role === 'destination') expect((await post(pipe.at, `/pipes/${pipe.id}/chunks`, { name: 'missing' })).status).toBe(201);
    const [first, second] = await receive(pipe, role === 'destination' ? 2 : 1);
    expect(first).toMatchObject({ status: 'dead', reason: expect.stringMatching(/^DuplicateNode NameConflict/) });
    if (role === 'destination') expect(second).toMatchObject({ reason: expect.stringMatching(/^VOSpaceFault NodeNotFound/) });
    expect((await bytesOf(pipe.dest.service, `${pipe.to}/a`)).toString()).toBe('other');
  });
});

test('what is entrusted is for the ends of the pipe alone, and both ends are not elsewhere', async () => {
  const [{ service, authority }, { authority: other }] = sites;
  const src = uri('/home/x', authority);
  const fault = async (body: object) => ((await (await post(service, '/pipes', body)).json()) as { fault: string }).fault;
  const credential = (name: string) => ({ credentials: [{ authority: name, token: 'x' }] });
  expect(await fault({ src, dest: uri('/home/y', other), ...credential('third.example~vospace') })).toBe('InvalidArgument');
  expect(await fault({ src, dest: uri('/home/y', other), destEndpoint: 'https://elsewhere.example/vos', ...credential(other) })).toBe(
    'InvalidArgument',
  );
  expect(await fault({ src: uri('/a/b', other), dest: uri('/c/d', other) })).toMatch(/InvalidArgument|OptionNotSupported/);
});

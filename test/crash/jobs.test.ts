// Jobs of every kind while workerd is killed at random moments: all come to their end, and the trees are exactly what they must be.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TAR } from '../../src/formats/tar.ts';
import { ask, CORE, uri, type JobView } from '../support/jobs.ts';
import { startService, type Service } from '../support/service.ts';
import { pack, type Packed } from '../unit/formats/archives.ts';
import { createContainer } from './written.ts';

/** `SEED=… ROUNDS=…`: each round kills twice, and lasts as long as the lease of a lost attempt, about 35 seconds. */
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
const KILLS = 2;
/** The moments of the kills: within so many milliseconds of the start of the jobs. */
const WITHIN = 1500;
const FILES = 200;
/** Copies of what the archive holds in the tree that jobs work on: 1,681 nodes. */
const PARTS = 8;
/** Streams that an unpacking has at a time: each kill may leave so many to their deadlines. */
const STREAMS = 6;

let service: Service;
let state = SEED;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

const archive = pack(TAR, [
  ...Array.from({ length: 10 }, (_, i): Packed => ({ kind: 'directory', name: `d${i}`, modified: 0 })),
  ...Array.from({ length: FILES }, (_, i): Packed => {
    const bytes = Buffer.from(`file ${i} `.repeat(i));
    return { kind: 'file', name: `d${i % 10}/f${i}`, modified: 0, size: bytes.length, bytes };
  }),
]);

beforeAll(async () => {
  console.log(`seed ${SEED}`);
  service = await startService();
  for (const name of ['one', 'two', 'one/base', 'one/base/p0']) expect(await createContainer(service, name)).toBe(201);
  await all([await unpack('/one/base/p0')]);
  const copies = Array.from({ length: PARTS - 1 }, (_, i) => relocate('/one/base/p0', `/one/base/p${i + 1}`, true));
  await all(await started(copies));
}, 120_000);
afterAll(() => service.stop());

/** A request that is safe to repeat, repeated until somebody answers it. */
function insist(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Response> {
  return vi.waitFor(
    async () => {
      const answer = await ask(service, method, path, body, headers);
      if (answer.status >= 500) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer;
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function made(list: string, body: string, type: string): Promise<string> {
  const answer = await ask(service, 'POST', `/${list}`, body, { 'content-type': type });
  expect(answer.status, await answer.text()).toBe(303);
  return (answer.headers.get('location') ?? '').slice(service.base.length);
}
const overTree = (list: string, path: string): Promise<string> =>
  made(list, `target=${encodeURIComponent(uri(path))}`, 'application/x-www-form-urlencoded');
const setTitle = (path: string, title: string): Promise<string> =>
  made(
    'async-setprops',
    JSON.stringify({ uri: uri(path), type: 'ContainerNode', properties: { [`${CORE}title`]: title } }),
    'application/json',
  );
const transfer = (document: object): Promise<string> => made('transfers', JSON.stringify(document), 'application/json');
const relocate = (from: string, to: string, keepBytes: boolean): Promise<string> =>
  transfer({ target: uri(from), direction: uri(to), keepBytes, protocols: [] });
/** PHASE=RUN for each, whenever it arrives. */
const start = (jobs: readonly string[]): Promise<unknown> =>
  Promise.all(jobs.map((job) => insist('POST', `${job}/phase`, 'PHASE=RUN', { 'content-type': 'application/x-www-form-urlencoded' })));

async function started(asked: readonly Promise<string>[]): Promise<readonly string[]> {
  const jobs = await Promise.all(asked);
  await start(jobs);
  return jobs;
}

async function unpack(path: string): Promise<string> {
  const sent = await ask(service, 'PUT', `/files${path}?view=tar`, archive);
  expect(sent.status, await sent.text()).toBe(202);
  return (sent.headers.get('location') ?? '').slice(service.base.length);
}

async function all(jobs: readonly string[]): Promise<readonly JobView[]> {
  const read = async (path: string): Promise<JobView> => (await (await insist('GET', path)).json()) as JobView;
  await vi.waitFor(
    async () => {
      for (const job of await Promise.all(jobs.map(read)))
        if (!/COMPLETED|ERROR|ABORTED/.test(job.phase)) throw new Error(`${JSON.stringify(job)} has not ended`);
    },
    { timeout: 100_000, interval: 250 },
  );
  const ended = await Promise.all(jobs.map(read));
  expect(ended.filter(({ phase }) => phase !== 'COMPLETED')).toEqual([]);
  return ended;
}

interface Listed {
  readonly uri: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, string>> | readonly { readonly uri: string; readonly value: string }[];
  readonly nodes?: readonly Listed[];
}

/** Every node below, by its path, with type and length; and with its title where there is one. */
async function look(path: string, below = ''): Promise<string[]> {
  const answer = await insist('GET', `/nodes${path}${below}`);
  expect(answer.status, path + below).toBe(200);
  const { nodes = [] } = (await answer.json()) as Listed;
  const lines = await Promise.all(
    nodes.map(async (node) => {
      const at = node.uri.slice(uri(path).length);
      const text = JSON.stringify(node.properties);
      const [length = '', title = ''] = ['length', 'title'].map((name) => new RegExp(`#${name}"[^}]*?"(\\w+)"`).exec(text)?.[1]);
      const line = `${at} ${node.type} ${length} ${title}`.trimEnd();
      return node.type.endsWith('ContainerNode') ? [line, ...(await look(path, at))] : [line];
    }),
  );
  return lines.flat().toSorted();
}
const isGone = async (path: string): Promise<void> => expect((await insist('GET', `/nodes${path}?limit=0`)).status, path).toBe(404);

async function lines(method: string, path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await (await insist(method, path)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function kill(): Promise<void> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 10_000, interval: 20 });
}

test.each(Array.from({ length: ROUNDS }, (_, round) => round))(
  'every job ends as it must when workerd is killed in the middle: round %i',
  async (round) => {
    const base = await look('/one/base');
    expect(base.length).toBe(PARTS * (FILES + 11));
    const [mine, theirs] = [`/one/r${round}`, `/two/r${round}`];
    for (const name of [mine, theirs, `${theirs}/tar`]) expect(await createContainer(service, name.slice(1))).toBe(201);
    await all(await started(['delete', 'set', 'within', 'between'].map((name) => relocate('/one/base', `${mine}/${name}`, true))));

    const asked = [
      overTree('async-delete', `${mine}/delete`),
      setTitle(`${mine}/set`, `night${round}`),
      overTree('async-size', '/one/base'),
      relocate('/one/base', `${mine}/copy`, true),
      relocate('/one/base', `${theirs}/copy`, true),
      relocate(`${mine}/within`, `${mine}/moved`, false),
      relocate(`${mine}/between`, `${theirs}/moved`, false),
      transfer({ target: uri(`${mine}/pushed`), direction: 'pushToVoSpace', protocols: [{ uri: `${CORE}httpput` }] }),
    ];
    const waiting = await Promise.all(asked);
    const pushed = waiting.at(-1) ?? '';
    const jobs = [...waiting, await unpack(`${theirs}/tar`)];
    const starting = start(waiting);
    const moments = Array.from({ length: KILLS }, () => Math.floor(random() ** 2 * WITHIN));
    console.log(`round ${round}: killed after ${moments.join(' and ')} ms`);
    for (const moment of moments) {
      await new Promise((resolve) => setTimeout(resolve, moment));
      await kill();
    }
    await starting;
    const details = await vi.waitFor(
      async () => {
        const answer = await insist('GET', `${pushed}/results/transferDetails`);
        const text = await answer.text();
        if (!text.includes('endpoint')) throw new Error(`no endpoint: ${answer.status} ${text}`);
        return text;
      },
      { timeout: 60_000, interval: 250 },
    );
    const endpoint = /"endpoint":\s*"([^"]+)"/.exec(details)?.[1] ?? '';
    await vi.waitFor(async () => expect((await fetch(endpoint, { method: 'PUT', body: 'pushed' })).status).toBeLessThan(300), {
      timeout: 10_000,
    });

    const [removed, set, size] = await all(jobs);
    const count = (job: JobView | undefined): string | undefined => job?.results[0]?.href;
    expect([removed, set, size].map(count)).toEqual([`final:${base.length + 1}`, `final:${base.length + 1}`, `final:${base.length + 1}`]);
    for (const path of [`${mine}/delete`, `${mine}/within`, `${mine}/between`]) await isGone(path);
    for (const path of ['/one/base', `${mine}/copy`, `${theirs}/copy`, `${mine}/moved`, `${theirs}/moved`])
      expect(await look(path), path).toEqual(base);
    expect(await look(`${theirs}/tar`)).toEqual(await look('/one/base/p0'));
    expect(await look(`${mine}/set`)).toEqual(base.map((line) => `${line} night${round}`));
    for (const path of [`${theirs}/moved/p7`, `${theirs}/copy/p3`, `${theirs}/tar`])
      expect(await (await insist('GET', `/files${path}/d7/f77?via=service`)).text()).toBe('file 77 '.repeat(77));
    expect(await (await insist('GET', `/files${mine}/pushed?via=service`)).text()).toBe('pushed');
    const names = async (path: string): Promise<string[]> =>
      ((await (await insist('GET', `/nodes${path}`)).json()) as Listed).nodes?.map((node) => node.uri.slice(uri(path).length + 1)) ?? [];
    expect(await names(mine)).toEqual(['copy', 'moved', 'pushed', 'set']);
    expect(await names(theirs)).toEqual(['copy', 'moved', 'tar']);

    for (const { uploads, quota } of await lines('GET', '/admin/spaces')) {
      expect(uploads).toBeLessThanOrEqual(STREAMS * KILLS * (round + 1));
      if (uploads === 0 && quota !== undefined) expect(quota).toMatchObject({ reserved: 0 });
    }
    expect((await lines('POST', '/admin/sweep?dry=true&older=0')).at(-1)).toMatchObject({ kind: 'end', unknown: 0 });
  },
  150_000,
);

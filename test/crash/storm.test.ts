// A thousand jobs of mixed kinds at once, most of them one user's: all end, the list stays quick, and the other user does not wait for them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, Client, type Credentials } from '../support/client.ts';
import { CORE, uri } from '../support/jobs.ts';
import { startService, type Service } from '../support/service.ts';

const KINDS = ['size', 'setprops', 'delete', 'copy', 'move'] as const;
const LISTS = ['transfers', 'async-delete', 'async-setprops', 'async-size'] as const;
const MOST = 900;
const FEW = 100;
/** Milliseconds that the list may take, as a median; many times that on a machine that does other things as well. */
const LIST = Number(process.env['LIST_MS'] ?? 500);

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

async function newUser(name: string): Promise<Client> {
  const admin = new Client(service.base, service.admin);
  const made = await admin.post('/admin/users', JSON.stringify({ user: name }), 'application/json');
  expect(made.status).toBe(201);
  return new Client(service.base, JSON.parse(made.text) as Credentials);
}

async function create(client: Client, path: string): Promise<void> {
  const body = JSON.stringify({ uri: uri(path), type: 'ContainerNode' });
  const made = await client.send('PUT', `/nodes${path}`, { body, headers: { 'content-type': 'application/json' } });
  expect(made.status, made.text).toBe(201);
}

/** In groups, as a client with several connections does it. */
async function each(count: number, work: (i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < count; i += 20) await Promise.all(Array.from({ length: Math.min(20, count - i) }, (_, n) => work(i + n)));
}

/** A tree that is read, and one for each job that takes one away. */
async function plant(client: Client, home: string, jobs: number): Promise<void> {
  for (const path of ['/base', '/base/a', '/base/a/b', '/to']) await create(client, home + path);
  await each(jobs, async (i) => {
    const kind = KINDS[i % KINDS.length];
    if (kind === 'delete' || kind === 'move') await create(client, `${home}/j${i}`);
  });
}

async function submit(client: Client, home: string, i: number): Promise<void> {
  const kind = KINDS[i % KINDS.length] ?? 'size';
  const target = uri(`${home}/${kind === 'delete' || kind === 'move' ? `j${i}` : 'base'}`);
  const [list, document] =
    kind === 'copy' || kind === 'move'
      ? ['transfers', { target, direction: uri(`${home}/to/n${i}`), keepBytes: kind === 'copy', protocols: [] }]
      : [`async-${kind}`, kind === 'setprops' ? { uri: target, type: 'ContainerNode', properties: { [`${CORE}title`]: 'x' } } : { target }];
  const made =
    'target' in document && list !== 'transfers'
      ? await client.post(`/${list}?PHASE=RUN`, `target=${encodeURIComponent(target)}`, 'application/x-www-form-urlencoded')
      : await client.post(`/${list}?PHASE=RUN`, JSON.stringify(document), 'application/json');
  expect(made.status, made.text).toBe(303);
}

interface Listed {
  readonly phase: string;
  readonly creationTime: string;
  readonly endTime: string | null;
}

/** All jobs; each list's time goes to `times`. */
async function jobsOf(client: Client, times: number[] = []): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (const list of LISTS) {
    const begun = performance.now();
    // Past the connections that the submissions wait for.
    const authorization = client.credentials ? basic(client.credentials) : '';
    const answer = await fetch(`${client.base}/${list}?LAST=1000`, { headers: { accept: 'application/json', authorization } });
    const { jobs } = (await answer.json()) as { readonly jobs: readonly Listed[] };
    times.push(performance.now() - begun);
    found.push(...jobs);
  }
  return found;
}

async function untilDone(client: Client, count: number, times?: number[]): Promise<readonly Listed[]> {
  for (;;) {
    const found = await jobsOf(client, times);
    expect(found.filter(({ phase }) => phase === 'ERROR' || phase === 'ABORTED')).toEqual([]);
    if (found.filter(({ phase }) => phase === 'COMPLETED').length === count) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Which part of what the others had asked for earlier was still to be done when a job ended: nothing where all stand in one line. */
function passed(job: Listed, others: readonly Listed[]): number {
  const earlier = others.filter(({ creationTime }) => creationTime < job.creationTime);
  return earlier.filter(({ endTime }) => (endTime ?? '') > (job.endTime ?? '')).length / Math.max(1, earlier.length);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test(`${MOST} jobs of one user and ${FEW} of another`, { timeout: 240_000 }, async () => {
  const [ada, bob] = [await newUser('ada'), await newUser('bob')];
  for (const client of [ada, bob]) expect((await client.get('/me')).status).toBe(200);
  await plant(ada, '/ada', MOST);
  await plant(bob, '/bob', FEW);
  const times: number[] = [];
  // Two hundred of the many are before the others, which share the client's connections with the rest.
  const many = Array.from({ length: MOST }, (_, i) => i);
  const storm = many.slice(0, 200).map((i) => submit(ada, '/ada', i));
  const others = Promise.all(Array.from({ length: FEW }, (_, i) => submit(bob, '/bob', i)));
  storm.push(...many.slice(200).map((i) => submit(ada, '/ada', i)));
  await others;
  const few = await untilDone(bob, FEW);
  await Promise.all(storm);
  const most = await untilDone(ada, MOST, times);
  const [overtaking, own] = [few, most].map((jobs) => median(jobs.map((job) => passed(job, most)))) as [number, number];
  const told = `jobs of the one passed ${Math.round(100 * overtaking)} % of the other's earlier ones, her own ${Math.round(100 * own)} %; the list took ${Math.round(median(times))} ms`;
  console.log(told);
  // Her own stand in one line, but for those that are worked on at a time.
  expect(overtaking, told).toBeGreaterThan(own + 0.1);
  expect(median(times), told).toBeLessThan(LIST);
  const there = await ada.get('/nodes/ada/to?detail=min', { accept: 'application/json' });
  expect((JSON.parse(there.text) as { nodes: readonly unknown[] }).nodes).toHaveLength((MOST / KINDS.length) * 2);
});

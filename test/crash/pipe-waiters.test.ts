// Many readers who wait for one pipe: woken together, refused where there are too many, gone without a trace, and back when workerd was killed.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openFileLimit } from '../../scripts/open-files.ts';
import { Connection, type Answered } from '../support/connection.ts';
import { Flow } from '../support/pipe-flow.ts';
import { startService, type Service } from '../support/service.ts';

// Half a minute alone on a machine, and several times that where others share it.
vi.setConfig({ testTimeout: 240_000 });

const LIMIT = openFileLimit();
/** A machine with few open files has fewer of everything. */
const scaled = (count: number): number => Math.min(count, Math.floor((count * LIMIT) / 20_000));
const WAITERS = scaled(5000);
const [CONNECTIONS, REQUESTS, PLACES] = [scaled(6000), scaled(20_000), WAITERS];

let service: Service;
let pipes = 0;
beforeAll(async () => {
  service = await startService({ vars: { MAX_WAITERS: String(PLACES) } });
});
afterAll(() => service.stop());

const authorized = (): Record<string, string> => ({ authorization: service.admin.authorization, accept: 'application/json' });
const newPipe = (): Promise<Flow> => Flow.open(service, `from-${(pipes += 1)}`, `to-${pipes}`);
const pathOf = ({ pipe }: Flow, query: string): string => `/vos/pipes/${pipe}/chunks?${query}`;
const write = async (flow: Flow, name: string): Promise<void> => {
  const { status } = await flow.insist('POST', `/pipes/${flow.pipe}/chunks`, { name, data: btoa(name) });
  expect([200, 201]).toContain(status);
};
const namesIn = ({ text }: Answered): readonly string[] =>
  (JSON.parse(text) as { chunks: readonly { name: string }[] }).chunks.map(({ name }) => name);

async function waiting(): Promise<number> {
  const answer = await fetch(`${service.base}/metrics`, { headers: authorized() });
  const text = await answer.text();
  return Number(/^vospace_requests_waiting (\d+)$/m.exec(text)?.[1] ?? 0);
}
const untilWaiting = (count: number, timeout = 40_000): Promise<void> =>
  vi.waitFor(async () => expect(await waiting()).toBe(count), { timeout, interval: 100 });

test(`${WAITERS} waiting readers are woken by one chunk, all with the same text`, async () => {
  const flow = await newPipe();
  const connections = await Connection.openMany(service.url, WAITERS);
  const answers = connections.map((connection) => connection.get(pathOf(flow, 'timeout=55'), authorized()));
  const woken = Promise.all(answers);
  woken.catch(() => undefined);
  await untilWaiting(WAITERS);
  const begun = performance.now();
  await write(flow, 'one');
  const texts = new Set((await woken).map(({ text }) => text));
  console.log(`${WAITERS} were woken in ${Math.round(performance.now() - begun)} ms`);
  expect(texts.size).toBe(1);
  expect(namesIn({ status: 200, head: '', text: [...texts][0] ?? '' })).toEqual(['one']);
  for (const connection of connections) connection.end();
  await untilWaiting(0);
});

test(`of ${REQUESTS} requests on ${CONNECTIONS} connections those beyond ${PLACES} at a time are refused, and the service goes on`, async () => {
  const flow = await newPipe();
  const { workerd } = service.pids();
  const connections = await Connection.openMany(service.url, CONNECTIONS);
  const statuses = new Map<number, number>();
  const ask = async (connection: Connection, seconds: number): Promise<number> => {
    const { status, head, text } = await connection.get(pathOf(flow, `timeout=${seconds}&state=now`), authorized());
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 503)
      expect([head, text]).toEqual([expect.stringMatching(/^retry-after: \d+$/im), expect.stringContaining('ServiceBusy')]);
    return status;
  };
  const first = Promise.all(connections.map((connection) => ask(connection, 55)));
  first.catch(() => undefined);
  await vi.waitFor(() => expect(statuses.get(503)).toBe(CONNECTIONS - PLACES), { timeout: 50_000, interval: 100 });
  await untilWaiting(PLACES);
  await write(flow, 'before');
  await first;
  expect(statuses).toEqual(
    new Map([
      [503, CONNECTIONS - PLACES],
      [200, PLACES],
    ]),
  );
  let left = REQUESTS - CONNECTIONS;
  const go = async (connection: Connection): Promise<void> => {
    // Who is refused comes again a little later.
    while (left-- > 0) if ((await ask(connection, 1)) === 503) await sleep(1000 * Math.random());
  };
  await Promise.all(connections.map(go));
  expect([...statuses.keys()].toSorted()).toEqual([200, 503]);
  expect(service.pids().workerd).toBe(workerd);
  for (const connection of connections) connection.end();
  await untilWaiting(0);
  await write(flow, 'after');
  const [one] = await Connection.openMany(service.url, 1);
  expect(namesIn((await one?.get(pathOf(flow, 'timeout=20'), authorized())) ?? { status: 0, head: '', text: '' })).toEqual([
    'before',
    'after',
  ]);
  one?.end();
});

test.each(['reset', 'end'] as const)('readers whose connection ends by %s leave nothing behind', async (how) => {
  const flow = await newPipe();
  const open = (): number => readdirSync(`/proc/${service.pids().workerd}/fd`).length;
  await untilWaiting(0);
  const before = open();
  const connections = await Connection.openMany(service.url, 300);
  // workerd tells of a reset at once, and of an end only when it writes.
  const seconds = how === 'reset' ? 55 : 3;
  const answers = connections.map((connection) => connection.get(pathOf(flow, `timeout=${seconds}`), authorized()).catch(() => undefined));
  await untilWaiting(300);
  for (const connection of connections) connection[how]();
  await Promise.all(answers);
  await untilWaiting(0, 10_000);
  await vi.waitFor(() => expect(open()).toBeLessThan(before + 60), { timeout: 20_000, interval: 200 });
  await write(flow, 'after');
});

/** None where the process has ended. */
function descriptorsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(Number);
  } catch {
    return [];
  }
}

const ENDS: Readonly<Record<string, () => Promise<unknown>>> = {
  'is killed': async () => process.kill(service.pids().workerd, 'SIGKILL'),
  'has no file descriptor left': async () => {
    const { workerd } = service.pids();
    // A connection has two descriptors: with an even number of them left the next one is the end, and with an odd one it is merely refused.
    for (let free = 4; free < 12; free++) {
      const open = descriptorsOf(workerd);
      if (open.length === 0) return;
      let limit = 4;
      while (limit - open.filter((descriptor) => descriptor < limit).length < free) limit += 1;
      // Fails where it ends just then.
      if (spawnSync('prlimit', [`--pid=${workerd}`, `--nofile=${limit}:${limit}`]).status !== 0) return;
      const more = await Promise.allSettled(Array.from({ length: 40 }, () => Connection.open(service.url)));
      for (const one of more) if (one.status === 'fulfilled') one.value.end();
      await sleep(300);
    }
  },
};

test.each(Object.entries(ENDS))('readers who wait when workerd %s go on with the next chunk', async (_, end) => {
  const READERS = 50;
  const flow = await newPipe();
  const seen: string[][] = Array.from({ length: READERS }, () => []);
  const read = async (names: string[]): Promise<void> => {
    for (let state = ''; names.length < 6;) {
      const { text } = await flow.insist('GET', `/pipes/${flow.pipe}/chunks?timeout=20&state=${state}`);
      const page = JSON.parse(text) as { chunks: readonly { name: string }[]; state: string };
      names.push(...page.chunks.map(({ name }) => name));
      state = page.state;
    }
  };
  const readers = Promise.all(seen.map(read));
  for (const round of ['a', 'b', 'c']) {
    await write(flow, `${round}1`);
    await vi.waitFor(() => expect(seen.every((names) => names.at(-1) === `${round}1`)).toBe(true), { timeout: 20_000 });
    await untilWaiting(READERS);
    const { workerd } = service.pids();
    await end();
    await write(flow, `${round}2`);
    await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 10_000 });
    await vi.waitFor(() => expect(seen.every((names) => names.at(-1) === `${round}2`)).toBe(true), { timeout: 20_000 });
  }
  await readers;
  for (const names of seen) expect(names).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
});

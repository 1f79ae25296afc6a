// Eight writers and four readers while workerd is killed again and again: what was acknowledged is there once, in order, with its bytes.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Flow, type Kinds, type Notice } from '../support/pipe-flow.ts';
import { Random } from '../support/random.ts';
import { startService, type Service } from '../support/service.ts';
import { createContainer } from './written.ts';

/** `ROUNDS=1000 npx vitest run --project http test/crash/pipes-killed.test.ts` for more of them. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 60);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const [WRITERS, READERS] = [8, 4];
/** Milliseconds from a restart to the next kill, at most. */
const WITHIN = 1200;
const CALM = 4000;
const MIXED: Kinds = { inline: 5, list: 2, nodes: 3 };
const INLINE: Kinds = { inline: 1, list: 0, nodes: 0 };
/** Kills in the middle of placing chunks; and milliseconds in which they are there: the lease of whoever was killed, and as much for the rest. */
const KILLS = 6;
const PLACE = 20_000;
/** Milliseconds in which a chunk that needs no transfer wakes its reader, once the service is there. */
const WAKE = 10_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
  const places = ['from', 'to', 'quick', 'quick-to', 'placed', 'placed-to', ...Array.from({ length: WRITERS }, (_, i) => `from/w${i}`)];
  for (const name of places) expect(await createContainer(service, name)).toBe(201);
});
afterAll(() => service.stop());

/** When the service answered again after a kill, performance.now(). */
const backs: number[] = [0];

/** Resolves when there is another workerd, which may not answer yet; `answers` when it does, or has been killed before. */
async function kill(): Promise<{ readonly answers: Promise<void> }> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 60_000, interval: 20 });
  return { answers: whenBack(service.pids().workerd) };
}

async function whenBack(workerd: number): Promise<void> {
  while (service.pids().workerd === workerd) {
    const answer = await fetch(`${service.base}/availability`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) {
      backs.push(performance.now());
      return;
    }
    await sleep(20);
  }
}

test(`what is being placed in a kill is there a little later (SEED=${SEED})`, { timeout: 300_000 }, async () => {
  const random = new Random(SEED);
  const flow = await Flow.open(service, 'placed', 'placed-to');
  const waits: number[] = [];
  const reader = flow.read(false, ({ name }, at) => {
    waits.push(at - Math.max(backs.at(-1) ?? 0, flow.acknowledged.get(name)?.at ?? at));
  });
  for (let round = 0; round < KILLS; round++) {
    const names = Array.from({ length: 60 }, (_, i) => `node-${round}-${i}`);
    await flow.upload(names, true);
    const writers = names.slice(0, 6).map(async (_, i) => flow.append(names.slice(10 * i, 10 * i + 10)));
    await sleep(random.below(60));
    const { answers } = await kill();
    await Promise.all([answers, ...writers]);
    await vi.waitFor(() => expect(waits.length).toBe(names.length * (round + 1)), { timeout: 60_000, interval: 50 });
  }
  await flow.close();
  flow.verify(await reader);
  console.log(
    `SEED=${SEED}: after ${KILLS} kills in the middle of placing the last chunk was there after ${Math.round(Math.max(...waits))} ms`,
  );
  expect(Math.max(...waits)).toBeLessThan(PLACE);
});

test(`nothing is lost in ${ROUNDS} kills (SEED=${SEED})`, { timeout: 180_000 + ROUNDS * 6000 }, async () => {
  const random = new Random(SEED);
  const flow = await Flow.open(service, 'from', 'to');
  const quick = await Flow.open(service, 'quick', 'quick-to');
  const stop = new AbortController();
  const writers = Array.from({ length: WRITERS }, (_, i) => flow.write(`w${i}`, new Random(SEED + i), MIXED, stop.signal));
  writers.push(quick.write('q', new Random(SEED), INLINE, stop.signal));
  const late: string[] = [];
  const onTime = ({ name }: Notice, at: number): void => {
    const back = backs.findLast((one) => one <= at) ?? 0;
    const took = at - Math.max(back, quick.acknowledged.get(name)?.at ?? at);
    if (took > WAKE) late.push(`${name} after ${Math.round(took)} ms`);
  };
  const readers = [...Array.from({ length: READERS }, (_, i) => flow.read(i === 0)), quick.read(false, onTime)];
  const everybody = Promise.all([...writers, ...readers]);
  everybody.catch(() => undefined);
  for (let round = 0; round < ROUNDS; round++) {
    // Who was killed in the middle of something may have to wait for his own lease: now and then there is time for it.
    await Promise.race([sleep(random.chance(0.1) ? CALM : random.below(WITHIN)), everybody]);
    const { answers } = await kill();
    // Now and then it is killed before it has come up.
    if (random.chance(0.8)) await Promise.race([answers, everybody]);
    if (round % 50 === 49) console.log(`${round + 1} kills, ${flow.acknowledged.size} chunks acknowledged`);
  }
  stop.abort();
  await Promise.all(writers);
  expect((await flow.close()).status).toBe(200);
  expect((await quick.close()).status).toBe(200);
  const logs = await Promise.all(readers);
  const [log = [], ...others] = logs.slice(0, READERS);
  flow.verify(log);
  for (const other of others) expect(other).toEqual(log);
  quick.verify(logs[READERS] ?? []);
  expect(late).toEqual([]);
  const repeats = flow.repeats + quick.repeats;
  const failed = service.output().match(/"event":"runtime-start-failed"/g)?.length ?? 0;
  console.log(`${failed} starts failed; answered again after ${backs.length - 1} kills`);
  console.log(`SEED=${SEED}: ${ROUNDS} kills, ${log.length} + ${quick.acknowledged.size} chunks, ${repeats} requests repeated`);
  expect(flow.acknowledged.size).toBeGreaterThan(ROUNDS);
});

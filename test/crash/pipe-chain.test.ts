// A chain of three stages over two services, while both are killed: a pipe, one that follows it to the other service, workers who make
// something of what arrives. Nothing is lost, and nothing is made twice. `ROUNDS=… SWIFT_…=… TEST_STORE=swift` has the first one on Swift.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { credentials, startPair, type Site } from '../support/pair.ts';
import { contentOf, Flow, get, md5, type Notice } from '../support/pipe-flow.ts';
import { Random } from '../support/random.ts';
import type { Service } from '../support/service.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 8);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WRITERS = 3;
/** Seconds that a worker has a chunk. */
const LEASE = 8;
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface Claimed extends Notice {
  readonly fence: string;
}

let sites: readonly [Site, Site];
beforeAll(async () => {
  sites = await startPair();
}, 90_000);
afterAll(async () => {
  for (const { service } of sites) await service.stop();
});

async function kill(service: Service): Promise<void> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 60_000, interval: 20 });
  await vi.waitFor(async () => expect((await fetch(`${service.base}/availability`)).ok).toBe(true), { timeout: 60_000, interval: 50 });
}

async function pipe({ service }: Site, src: string, dest: string, more: object = {}): Promise<Flow> {
  const asking = Flow.of(service, '', '');
  const made = await asking.insist('POST', '/pipes', { src, dest, ...more });
  expect(made.status, made.text).toBe(201);
  return Flow.of(service, (JSON.parse(made.text) as { pipe: string }).pipe, src.replace(/^vos:\/\/[^/]+\//, ''));
}

/** Has every chunk done, by a worker whose answers may get lost at any time, until the pipe is closed and nothing is left. */
async function work(flow: Flow, group: string, done: (chunk: Claimed) => Promise<boolean>): Promise<void> {
  for (let closed = false; !closed;) {
    const answer = await flow.insist('POST', `/pipes/${flow.pipe}/groups/${group}/claim`, { max: 10, lease: LEASE, timeout: 5 });
    expect(answer.status, answer.text).toBe(200);
    const claim = JSON.parse(answer.text) as { chunks: readonly Claimed[]; closed: boolean };
    const fences: string[] = [];
    for (const chunk of claim.chunks) if (await done(chunk)) fences.push(chunk.fence);
    // Whose lease has ended meanwhile is told so, and somebody else has done the same.
    if (fences.length > 0)
      expect([200, 409]).toContain((await flow.insist('POST', `/pipes/${flow.pipe}/groups/${group}/ack`, { fences })).status);
    ({ closed } = claim);
  }
}

test(
  `nothing is lost or made twice in a chain whose services are killed ${ROUNDS} times (SEED=${SEED})`,
  { timeout: 240_000 + ROUNDS * 15_000 },
  async () => {
    const random = new Random(SEED);
    const [left, right] = sites;
    const at = ({ authority }: Site, path: string): string => `vos://${authority}/${path}`;
    for (const [site, name] of [
      [left, 'near'],
      [right, 'far'],
    ] as const) {
      const node = { uri: at(site, name), type: 'ContainerNode' };
      expect((await Flow.of(site.service, '', '').insist('PUT', `/nodes/${name}`, node)).status).toBe(201);
    }
    const first = await pipe(left, at(left, 'near/a'), at(left, 'near/b'));
    const second = await pipe(left, at(left, 'near/b'), at(right, 'far/c'), credentials(right));
    const third = await pipe(right, at(right, 'far/c'), at(right, 'far/d'));
    const products = await pipe(right, at(right, 'far/e'), at(right, 'far/f'));
    for (const [flow, group] of [
      [second, 'mover'],
      [third, 'makers'],
    ] as const)
      expect((await flow.insist('PUT', `/pipes/${flow.pipe}/groups/${group}`, { maxDeliveries: 0 })).status).toBe(201);

    const stop = new AbortController();
    const write = async (writer: number): Promise<void> => {
      const own = new Random(SEED + writer);
      for (let n = 0; !stop.signal.aborted; n++) {
        await first.writeNodes(
          Array.from({ length: own.between(1, 5) }, (_, i) => `node-${writer}-${n}-${i}`),
          own.chance(0.5),
        );
        await sleep(own.below(300));
      }
    };
    const move = async ({ name, size, md5: sum, status, reason }: Claimed): Promise<boolean> => {
      expect(status, `${name}: ${reason ?? ''}`).toBe('ready');
      const written = await third.insist('POST', `/pipes/${third.pipe}/chunks`, { name, size, md5: sum });
      expect([200, 201], written.text).toContain(written.status);
      return true;
    };
    const make = async ({ seq, name, url = '', fence, status, reason }: Claimed): Promise<boolean> => {
      expect(status, `${name}: ${reason ?? ''}`).toBe('ready');
      const bytes = await get(url);
      // A worker that dies with the chunk in its hands, and one who is too late.
      if (!bytes || random.chance(0.1)) return false;
      if (random.chance(0.05)) await sleep((LEASE + 1) * 1000);
      const consumed = { pipe: third.pipe, group: 'makers', seq, fence, output: 'sum' };
      const made = await products.insist('POST', `/pipes/${products.pipe}/chunks`, {
        name: `sum-${name}`,
        data: btoa(sha(bytes)),
        consumed,
      });
      expect([200, 201, 409], made.text).toContain(made.status);
      return false;
    };
    const writers = Array.from({ length: WRITERS }, (_, i) => write(i));
    const movers = [work(second, 'mover', move), work(second, 'mover', move)];
    const makers = Array.from({ length: 3 }, () => work(third, 'makers', make));
    const logs = [first.read(true), third.read(true), products.read(false)];
    const everybody = Promise.all([...writers, ...movers, ...makers, ...logs]);
    everybody.catch(() => undefined);
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.race([sleep(300 + random.below(2500)), everybody]);
      await Promise.race([kill(random.pick(sites).service), everybody]);
    }
    stop.abort();
    await Promise.all(writers);
    expect((await first.close()).status).toBe(200);
    // The second is closed by the end of the first.
    await Promise.all(movers);
    expect((await third.close()).status).toBe(200);
    await Promise.all(makers);
    expect((await products.close()).status).toBe(200);
    const [sent = [], arrived = [], made = []] = await Promise.all(logs);
    first.verify(sent);
    const names = [...first.acknowledged.keys()];
    const told = (log: readonly Notice[]): string[] => log.map(({ name, status, md5: sum }) => `${name} ${status} ${sum ?? ''}`).toSorted();
    expect(told(arrived)).toEqual(names.map((name) => `${name} ready ${md5(contentOf(name))}`).toSorted());
    expect(told(made)).toEqual(names.map((name) => `sum-${name} ready ${md5(Buffer.from(sha(contentOf(name))))}`).toSorted());
    const repeats = [first, second, third, products].reduce((sum, flow) => sum + flow.repeats, 0);
    console.log(`SEED=${SEED}: ${ROUNDS} kills, ${names.length} chunks through three stages, ${repeats} requests repeated`);
    expect(names.length).toBeGreaterThan(ROUNDS);
  },
);

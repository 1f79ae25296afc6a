// The client's pipes while workerd is killed: a writer, a reader by polls, one by a stream, and workers of a group go on by themselves.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { pipes } from '../../src/client/pipes.ts';
import { startService, type Service } from '../support/service.ts';

const KILLS = Number(process.env['ROUNDS'] ?? 4);
const CHUNKS = 120;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

async function kill(): Promise<void> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 60_000, interval: 20 });
}

test(`every chunk is written once, read in order, and done by somebody, over ${KILLS} kills`, { timeout: 180_000 }, async () => {
  const space = connect(service.base, { credentials: service.admin, retry: { tries: 100, base: 50, most: 1000 } });
  await space.nodes.create('/flow', { type: 'ContainerNode' });
  const pipe = await pipes(space).create({ src: '/flow/src', dest: '/flow/dest' });
  const group = pipe.group('workers');
  await group.create({ lease: 5 });
  const names = Array.from({ length: CHUNKS }, (_, i) => `c${i}`);
  let written = 0;

  const writing = (async () => {
    for (const [i, name] of names.entries()) {
      const { seq } = await pipe.write({ name, data: `bytes of ${name}` }, i === CHUNKS - 1 ? { final: true, total: CHUNKS } : {});
      expect(seq).toBe(i + 1);
      written += 1;
      await sleep(20);
    }
  })();
  const read = async (stream: boolean): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const chunk of pipe.read({ stream, timeout: 10 })) {
      expect(new TextDecoder().decode(await pipe.bytes(chunk))).toBe(`bytes of ${chunk.name}`);
      found.push(chunk.name);
    }
    return found;
  };
  const done = new Set<string>();
  const work = async (): Promise<void> => {
    // An acknowledgement that was lost may come too late: somebody else does the chunk once more then.
    for await (const claim of group.claims({ max: 3, timeout: 5 })) {
      done.add(claim.chunk.name);
      await claim.ack().catch(() => undefined);
    }
  };
  const everything = Promise.all([writing, read(false), read(true), work(), work()]);
  everything.catch(() => undefined);
  for (let round = 1; round <= KILLS; round++) {
    const next = Math.floor((round * CHUNKS) / (KILLS + 2));
    await Promise.race([vi.waitFor(() => expect(written).toBeGreaterThanOrEqual(next), { timeout: 60_000 }), everything]);
    await kill();
  }
  const [, polled, streamed] = await everything;
  expect(polled).toEqual(names);
  expect(streamed).toEqual(names);
  expect(done.size).toBe(CHUNKS);
  expect(await group.describe()).toMatchObject({ claimed: 0, lag: { chunks: 0 } });
});

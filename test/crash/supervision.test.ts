// workerd under supervision: killed or hung while the service runs, it comes back, and nothing acknowledged is lost.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startService, type Service } from '../support/service.ts';
import { createContainer, isThere } from './written.ts';

const ROUNDS = 4;
const WRITERS = 8;

let service: Service;
beforeAll(async () => {
  service = await startService();
  expect(await createContainer(service, 'tree')).toBe(201);
});
afterAll(() => service.stop());

/** Writes containers until stopped; answers the names that were acknowledged. */
async function write(prefix: string, signal: AbortSignal, acknowledged: string[]): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const name = `tree/${prefix}-${number}`;
    const status = await createContainer(service, name).catch(() => 0);
    if (status === 201) acknowledged.push(name);
  }
}

test('no acknowledged node is lost when workerd is killed again and again under eight writers', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const stop = new AbortController();
    const before = acknowledged.length;
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(`${round}-${writer}`, stop.signal, acknowledged));
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 40), { timeout: 20_000 });
    const { workerd } = service.pids();
    process.kill(workerd, 'SIGKILL');
    await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 10_000 });
    const back = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(back + WRITERS), { timeout: 10_000 });
    stop.abort();
    await Promise.all(writers);
  }
  const there = await Promise.all(acknowledged.map((name) => isThere(service, name)));
  expect(acknowledged.filter((_, index) => !there[index])).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 40);
  await vi.waitFor(() => expect(service.output().match(/"event":"runtime-restarted"/g)).toHaveLength(ROUNDS), { timeout: 5000 });
});

test('a workerd that hangs is replaced within a minute', { timeout: 90_000 }, async () => {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGSTOP');
  await vi.waitFor(() => expect(service.output()).toContain('"event":"runtime-replaced"'), { timeout: 60_000, interval: 200 });
  expect(service.pids().workerd).not.toBe(workerd);
  expect(await isThere(service, 'tree')).toBe(true);
});

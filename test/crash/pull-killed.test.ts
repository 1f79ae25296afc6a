// workerd is killed in the middle of a large pull: the next one goes on where it was, and fetches nothing twice but the segment under way.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FarServer } from '../support/far-server.ts';
import { bytesOf, ended, jobAt, pull } from '../support/jobs.ts';
import { startService, type Service } from '../support/service.ts';
import { createContainer } from './written.ts';

const MIB = 1024 * 1024;
const BODY = Buffer.concat(Array.from({ length: 200 }, () => randomBytes(MIB)));

let service: Service;
let far: FarServer;
beforeAll(async () => {
  far = await FarServer.start();
  service = await startService({ vars: { TRANSFER_HOSTS: far.host } });
  expect(await createContainer(service, 'killed')).toBe(201);
});
afterAll(async () => {
  await service.stop();
  await far.stop();
});

test('a pull of 200 MiB goes on from its last segment after a kill', { timeout: 150_000 }, async () => {
  const path = await pull(service, '/killed/large', [far.on('/large', { body: BODY, ranges: true, slow: 15 })]);
  const ranges = (): (string | undefined)[] => far.to('/large').map(({ headers }) => headers.range);
  const third = `bytes=${128 * MIB}-${192 * MIB - 1}`;
  await vi.waitFor(() => expect(ranges()).toContain(third), { timeout: 30_000, interval: 20 });
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 10_000 });
  await vi.waitFor(async () => expect((await jobAt(service, path)).phase).toBe('EXECUTING'), { timeout: 10_000 });
  const job = await ended(service, path, 90_000);
  expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
  expect(ranges()).toEqual([
    `bytes=0-${64 * MIB - 1}`,
    `bytes=${64 * MIB}-${128 * MIB - 1}`,
    third,
    third,
    `bytes=${192 * MIB}-${BODY.length - 1}`,
  ]);
  expect((await bytesOf(service, '/killed/large')).equals(BODY)).toBe(true);
});

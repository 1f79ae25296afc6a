// Runs jobs of the real kinds over real Spaces and a real JobQueue: the Carrier's loop, its losses, and the alarms, in a test's hands.
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import type { JobsPort, StoredJob, Work } from '../../../src/durable/job-queue/port.ts';
import { ENDED, queueIn, type Job, type JobId, type JobRequest } from '../../../src/model/job.ts';
import { parseAuthority } from '../../../src/model/vos-uri.ts';
import { takeSteps } from '../../../src/service/jobs/take-steps.ts';
import type { Services } from '../../../src/service/services.ts';
import { Spaces } from '../../../src/service/spaces.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import type { ByteStore } from './byte-store.ts';
import { FakeForeign } from './fake-foreign.ts';
import { carried, peers, testClock } from './ports.ts';
import { portOf, type TestSpace } from './space.ts';
import type { Troubles } from './troubles.ts';

const { JOBS } = env as unknown as TestEnv;
const authority = parseAuthority('example.org~vospace');
const jobsOf = (queue: string): JobsPort => JOBS.getByName(queue) as unknown as JobsPort;
const DAY = 86_400_000;

export interface Alarms {
  /** Milliseconds after their time. */
  readonly late?: number;
  readonly twice?: boolean;
}

export function servicesWith(store: ByteStore, wire: <Port extends object>(port: Port) => Port = (port) => port): Services {
  return {
    config: { authority },
    clock: () => testClock.now,
    objects: store,
    foreign: new FakeForeign(store),
    keys: { epoch: () => Promise.resolve(1) },
    tickets: { write: () => Promise.resolve('ticket') },
    spaces: new Spaces(
      (id) => wire(portOf(id)),
      authority,
      () => testClock.now,
    ),
    jobs: (queue: string) => wire(jobsOf(queue)),
    later: () => undefined,
  } as unknown as Services;
}

/** Makes the job, QUEUED. */
export async function addJob(work: Work): Promise<JobId> {
  const id = `${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}${crypto.randomUUID()}` as JobId;
  const job: Job = {
    id,
    list: 'transfers',
    owner: 'ada',
    phase: 'QUEUED',
    created: testClock.now,
    executionDuration: 0,
    destruction: testClock.now + 7 * DAY,
    parameters: [],
    results: [],
    request: work.input as JobRequest,
  };
  await jobsOf(queueIn(id)).add({ job, details: undefined, awaits: undefined }, work);
  return id;
}

/** Has the job carried, with its troubles, until it owes nothing more; the clock is moved to each alarm. */
export async function carryThrough(
  id: JobId,
  store: ByteStore,
  spaces: readonly TestSpace[],
  troubles: Troubles,
  { late = 0, twice = false }: Alarms = {},
): Promise<StoredJob> {
  const queue = queueIn(id);
  const stub = JOBS.getByName(queue);
  const standing: Promise<void>[] = [];
  peers.wire = troubles.peers;
  try {
    for (let round = 0; round < 200; round++) {
      const mine = carried.filter((one) => one.queue === queue);
      for (const one of mine) carried.splice(carried.indexOf(one), 1);
      for (const { attempt } of mine) {
        const { wire, stands } = troubles.attempt();
        const carrying = takeSteps(servicesWith(store, wire), queue, id, attempt).catch(() => undefined);
        let stood = false;
        await Promise.race([carrying, stands.then(() => (stood = true))]);
        if (stood) standing.push(carrying);
      }
      if (mine.length > 0) continue;
      const [due, owed] = await runInDurableObject(stub, async (_: unknown, { storage }: DurableObjectState) => [
        await storage.getAlarm(),
        storage.sql.exec("SELECT job FROM work WHERE state <> 'parked'").toArray().length,
      ]);
      if (owed === 0) {
        troubles.release();
        await Promise.all(standing);
        // Calls between Spaces that failed are made again.
        for (const space of spaces) await space.pass(60_000, 10_000);
        const stored = await jobsOf(queue).get(id);
        if (stored && (ENDED.includes(stored.job.phase) || stored.awaits)) return stored;
        throw new Error(`job ${id} is ${String(stored?.job.phase)} and nobody works on it`);
      }
      testClock.now = Math.max(testClock.now, due ?? 0) + late;
      for (let times = twice ? 2 : 1; times > 0; times--) await runDurableObjectAlarm(stub);
      for (const space of spaces) await space.quiet();
    }
    throw new Error(`job ${id} does not come to its end`);
  } finally {
    peers.wire = (port) => port;
  }
}

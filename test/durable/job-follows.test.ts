// A job whose upload is followed by work: told of the upload's end more than once, it goes on once, and ends with the work.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { JobsPort, StoredJob, Work } from '../../src/durable/job-queue/port.ts';
import type { Job, JobId } from '../../src/model/job.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { carried, testClock } from './support/ports.ts';

const { JOBS } = env as unknown as TestEnv;
const ID = 'one' as JobId;
const WORK: Work = { kind: 'unpack', principal: { kind: 'anonymous' }, input: {}, light: false };

async function awaiting(): Promise<{ jobs: JobsPort; taken: () => number[] }> {
  const name = crypto.randomUUID();
  const jobs = JOBS.getByName(name) as unknown as JobsPort;
  const job: Job = {
    id: ID,
    list: 'transfers',
    owner: 'ada',
    phase: 'EXECUTING',
    created: testClock.now,
    executionDuration: 0,
    destruction: testClock.now + 86_400_000,
    parameters: [],
    results: [],
    request: { kind: 'transfer', transfer: { targets: [], direction: 'pushToVoSpace', protocols: [], params: [] } },
  };
  const stored: StoredJob = { job, details: undefined, awaits: { space: 'space' as SpaceId, upload: 'u' }, follows: WORK };
  await jobs.add(stored);
  return { jobs, taken: () => carried.splice(0).flatMap(({ queue, attempt }) => (queue === name ? [attempt] : [])) };
}

it('goes on once, and is complete when the work is', async () => {
  const { jobs, taken } = await awaiting();
  expect(taken()).toEqual([]);
  for (let told = 0; told < 3; told++) expect((await jobs.end(ID, { phase: 'COMPLETED' }))?.job.phase).toBe('EXECUTING');
  const [attempt = 0, ...others] = taken();
  expect(others).toEqual([]);
  expect((await jobs.begin(ID, attempt))?.work).toEqual(WORK);
  expect((await jobs.get(ID))?.awaits).toBeUndefined();
  await jobs.report(ID, attempt, { kind: 'done' });
  expect((await jobs.get(ID))?.job.phase).toBe('COMPLETED');
  expect((await jobs.end(ID, { phase: 'COMPLETED' }))?.job.phase).toBe('COMPLETED');
});

it('ends at once when the upload fails', async () => {
  const { jobs, taken } = await awaiting();
  const error = { fault: 'TransferFailed', detail: 'no bytes' } as const;
  expect((await jobs.end(ID, { phase: 'ERROR', error }))?.job).toMatchObject({ phase: 'ERROR', error });
  expect(taken()).toEqual([]);
});

it('takes back what the upload brought when it is aborted before the work began', async () => {
  const { jobs, taken } = await awaiting();
  await jobs.end(ID, { phase: 'COMPLETED' });
  taken();
  expect((await jobs.end(ID, { phase: 'ABORTED' }))?.job.phase).toBe('ABORTED');
  const [attempt = 0] = taken();
  expect((await jobs.begin(ID, attempt))?.undo).toBe(true);
});

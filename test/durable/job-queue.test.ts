// The JobQueue in workerd: jobs are kept until their destruction time and end once.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { JobsPort, StoredJob } from '../../src/durable/job-queue/port.ts';
import type { Job, JobId } from '../../src/model/job.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { testClock } from './support/ports.ts';
import { refused } from './support/space.ts';

const { JOBS } = env as unknown as TestEnv;
const DAY = 86_400_000;

function newQueue() {
  const stub = JOBS.getByName(crypto.randomUUID());
  const alarm = (): Promise<number | null> => runInDurableObject(stub, (_: unknown, state: DurableObjectState) => state.storage.getAlarm());
  return { stub, jobs: stub as unknown as JobsPort, alarm };
}

function stored(id: string, more: Partial<Job> = {}): StoredJob {
  const transfer = { targets: ['vos://example.org~vospace/a'], direction: 'pushToVoSpace', protocols: [], params: [] };
  const job: Job = {
    id: id as JobId,
    owner: 'ada',
    phase: 'EXECUTING',
    created: testClock.now,
    executionDuration: 0,
    destruction: testClock.now + 7 * DAY,
    parameters: [],
    results: [],
    list: 'transfers',
    request: { kind: 'transfer', transfer },
    ...more,
  };
  return { job, details: transfer, awaits: { space: 's' as SpaceId, upload: 'u' } };
}

describe('a job', () => {
  it('is kept whole over an eviction, and the first of two with one id stays', async () => {
    const { jobs, stub } = newQueue();
    const kept = stored('one');
    await jobs.add(kept);
    await jobs.add(stored('one', { phase: 'ERROR' }));
    await evictDurableObject(stub);
    expect(await jobs.get('one' as JobId)).toEqual(kept);
    expect(await jobs.get('two' as JobId)).toBeUndefined();
    expect(await jobs.end('two' as JobId, { phase: 'COMPLETED' })).toBeUndefined();
  });

  it('ends once: what comes later changes nothing', async () => {
    const { jobs } = newQueue();
    await jobs.add(stored('one'));
    const ended = await jobs.end('one' as JobId, { phase: 'ERROR', error: { fault: 'QuotaExceeded', detail: 'x' } });
    expect(ended).toMatchObject({ job: { phase: 'ERROR', ended: testClock.now, error: { fault: 'QuotaExceeded' } } });
    expect(ended?.awaits).toBeUndefined();
    testClock.now += 1000;
    expect(await jobs.end('one' as JobId, { phase: 'COMPLETED' })).toEqual(ended);
    expect(await jobs.get('one' as JobId)).toEqual(ended);
  });

  it('that is aborted keeps the upload that is to end with it, for whoever has to repeat that', async () => {
    const { jobs } = newQueue();
    await jobs.add(stored('one'));
    await jobs.end('one' as JobId, { phase: 'ABORTED' });
    expect((await jobs.get('one' as JobId))?.awaits).toEqual({ space: 's', upload: 'u' });
  });

  it('ends as one of two that end it at the same moment say', async () => {
    const { jobs } = newQueue();
    await jobs.add(stored('one'));
    const [a, b] = await Promise.all([jobs.end('one' as JobId, { phase: 'COMPLETED' }), jobs.end('one' as JobId, { phase: 'ABORTED' })]);
    expect(a?.job.phase).toBe(b?.job.phase);
  });

  it('is destroyed at its time, not before, and then nothing is owed', async () => {
    const { jobs, stub, alarm } = newQueue();
    const start = testClock.now;
    await jobs.add(stored('late', { destruction: start + 2 * DAY }));
    await jobs.add(stored('soon', { destruction: start + DAY }));
    expect(await alarm()).toBe(start + DAY);
    testClock.now = start + DAY - 1;
    await runDurableObjectAlarm(stub);
    expect(await jobs.get('soon' as JobId)).toBeDefined();
    testClock.now = start + DAY;
    await runDurableObjectAlarm(stub);
    expect([await jobs.get('soon' as JobId), (await jobs.get('late' as JobId))?.job.id]).toEqual([undefined, 'late']);
    expect(await alarm()).toBe(start + 2 * DAY);
    await jobs.remove('late' as JobId);
    testClock.now = start + 3 * DAY;
    await runDurableObjectAlarm(stub);
    expect(await alarm()).toBeNull();
  });
});

describe('a queue with as many open jobs as it may have', () => {
  it('refuses another one, and neither a repeat nor a job that has ended', async () => {
    const { jobs, stub } = newQueue();
    await jobs.add(stored('one'));
    await runInDurableObject(stub, (_: unknown, { storage }: DurableObjectState) => {
      storage.sql.exec(
        `WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 9999)
         INSERT INTO job (id, phase, created, destruction, body, list) SELECT 'more' || n, 'PENDING', 0, ?, '{}', 'transfers' FROM more`,
        testClock.now + DAY,
      );
    });
    expect(await refused(jobs.add(stored('two')))).toBe('TooManyRequests');
    await jobs.add(stored('one'));
    await jobs.add(stored('three', { phase: 'COMPLETED' }));
    expect(await jobs.get('three' as JobId)).toBeDefined();
  });
});

describe('a list of jobs', () => {
  it('has the latest first, of the phases and after the time that are asked for, and no more than so many', async () => {
    const { jobs } = newQueue();
    const start = testClock.now;
    for (let i = 0; i < 6; i++) await jobs.add(stored(`j${i}`, { created: start + i, phase: i % 2 === 0 ? 'COMPLETED' : 'ERROR' }));
    const ids = async (phases: readonly Job['phase'][], after: number, last: number) =>
      (await jobs.list({ list: 'transfers', phases, after, last })).map((job) => job.id);
    expect(await ids([], start - 1, 100)).toEqual(['j5', 'j4', 'j3', 'j2', 'j1', 'j0']);
    expect(await ids(['ERROR'], start - 1, 2)).toEqual(['j5', 'j3']);
    expect(await ids(['ERROR', 'COMPLETED'], start + 3, 100)).toEqual(['j5', 'j4']);
    expect(await ids(['ABORTED'], 0, 100)).toEqual([]);
  });
});

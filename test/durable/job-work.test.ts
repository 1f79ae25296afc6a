// The work of jobs in workerd: turns, leases, fences, back-off, abort and undo. Carriers are noted, and played by the tests.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobsPort, Report, StoredJob, Work } from '../../src/durable/job-queue/port.ts';
import type { Job, JobId } from '../../src/model/job.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import { MAX_JOBS, RUNNING_JOBS } from '../../src/model/limits.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { carried, testClock } from './support/ports.ts';

const { JOBS } = env as unknown as TestEnv;
const LEASE = 30_000;
const WORK: Work = { kind: 'size', principal: { kind: 'anonymous' }, input: { a: 1 }, light: false };

function job(id: string, more: Partial<Job> = {}): StoredJob {
  return {
    job: {
      id: id as JobId,
      list: 'async-size',
      owner: 'ada',
      phase: 'QUEUED',
      created: testClock.now,
      executionDuration: 0,
      destruction: testClock.now + 7 * 86_400_000,
      parameters: [],
      results: [],
      request: { kind: 'size', target: 'vos://example.org~vospace/a' },
      ...more,
    },
    details: undefined,
    awaits: undefined,
  };
}

function newQueue() {
  const name = crypto.randomUUID();
  const stub = JOBS.getByName(name);
  const jobs = stub as unknown as JobsPort;
  return {
    stub,
    jobs,
    /** The attempts given out since the last look. */
    taken: () => carried.splice(0).filter(({ queue }) => queue === name),
    /** The alarm, when its time has come. */
    later: async (milliseconds: number) => {
      testClock.now += milliseconds;
      await runDurableObjectAlarm(stub);
    },
    phase: async (id: string) => (await jobs.get(id as JobId))?.job.phase,
    owed: () =>
      runInDurableObject(stub, (_: unknown, state: DurableObjectState) => state.storage.sql.exec('SELECT job, state FROM work').toArray()),
  };
}
const ID = 'one' as JobId;

afterEach(() => void carried.splice(0));

describe('the work of a job', () => {
  it('waits while the job is PENDING, and is given out once when it is started twice', async () => {
    const { jobs, taken, phase } = newQueue();
    await jobs.add(job('one', { phase: 'PENDING' }), WORK);
    expect(taken()).toEqual([]);
    await Promise.all([jobs.start(ID), jobs.start(ID)]);
    expect(taken().map(({ attempt }) => attempt)).toEqual([1]);
    expect(await phase('one')).toBe('EXECUTING');
  });

  it('goes on from its last checkpoint, over an eviction, when a Carrier was lost', async () => {
    const { jobs, stub, taken, later } = newQueue();
    await jobs.add(job('one'), WORK);
    expect(taken()).toHaveLength(1);
    expect(await jobs.report(ID, 1, { kind: 'more', checkpoint: { at: 7 }, progress: { nodes: 7 } })).toBe(true);
    await evictDurableObject(stub);
    await later(LEASE - 1);
    expect(taken()).toEqual([]);
    await later(1);
    const [again] = taken();
    expect(again?.attempt).toBeGreaterThan(1);
    expect(await jobs.begin(ID, again?.attempt ?? 0)).toMatchObject({
      checkpoint: { at: 7 },
      undo: false,
      job: { progress: { nodes: 7 } },
    });
  });

  it('is not heard from an attempt that has been overtaken', async () => {
    const { jobs, taken, later, phase } = newQueue();
    await jobs.add(job('one'), WORK);
    await later(LEASE);
    const attempt = taken().at(-1)?.attempt ?? 0;
    expect(await jobs.begin(ID, 1)).toBeUndefined();
    expect(await jobs.report(ID, 1, { kind: 'done' })).toBe(false);
    expect(await jobs.renew(ID, 1)).toBe(false);
    await jobs.yield(ID, 1);
    expect(await phase('one')).toBe('EXECUTING');
    expect(await jobs.report(ID, attempt, { kind: 'done', results: [{ id: 'n', href: 'final:1' }] })).toBe(false);
    expect((await jobs.get(ID))?.job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'n', href: 'final:1' }] });
  });

  it('keeps its lease while its Carrier gives signs of life', async () => {
    const { jobs, taken, later } = newQueue();
    await jobs.add(job('one'), WORK);
    taken();
    for (let i = 0; i < 5; i++) {
      testClock.now += LEASE - 1000;
      expect(await jobs.renew(ID, 1, { bytes: i })).toBe(true);
    }
    await later(1000);
    expect(taken()).toEqual([]);
    expect((await jobs.get(ID))?.job.progress).toEqual({ bytes: 4 });
  });

  it('is tried again after growing pauses when it failed for a reason that may pass, and ends in ERROR at the twelfth time', async () => {
    const { jobs, taken, later, phase } = newQueue();
    await jobs.add(job('one'), WORK);
    const failure = { kind: 'failed', fault: 'ServiceBusy', detail: 'the store', transient: true } as const;
    for (let n = 1; n < 12; n++) {
      expect(await jobs.report(ID, taken().at(-1)?.attempt ?? 0, failure)).toBe(false);
      expect(taken()).toEqual([]);
      await later(Math.min(300_000, 1000 * 2 ** (n - 1)));
    }
    await jobs.report(ID, taken().at(-1)?.attempt ?? 0, failure);
    expect(await phase('one')).toBe('ERROR');
  });

  it('waits as long as Retry-After says', async () => {
    const { jobs, taken, later } = newQueue();
    await jobs.add(job('one'), WORK);
    await jobs.report(ID, 1, { kind: 'failed', fault: 'ServiceBusy', detail: '', transient: true, retryAfter: 120_000 });
    taken();
    await later(119_000);
    expect(taken()).toEqual([]);
    await later(1000);
    expect(taken()).toHaveLength(1);
  });

  it('that kills its Carrier each time is given out more and more seldom, and after the twelfth time taken back', async () => {
    const { jobs, taken, later, phase, owed } = newQueue();
    await jobs.add(job('one'), WORK);
    let times = 0;
    for (let minute = 0; minute < 60; minute++) {
      await later(60_000);
      times += taken().length;
    }
    expect(times).toBeGreaterThan(5);
    expect(times).toBeLessThan(30);
    expect(await phase('one')).toBe('ERROR');
    expect(await owed()).toEqual([{ job: 'one', state: expect.stringMatching(/^undo/) as string }]);
  });
});

describe('a job that is aborted, refused or deleted', () => {
  it.each(['abort', 'refuse', 'remove'] as const)('has what it made taken back until that has worked (%s)', async (how) => {
    const { jobs, taken, later, owed } = newQueue();
    await jobs.add(job('one'), WORK);
    taken();
    await jobs.report(ID, 1, { kind: 'more', checkpoint: 3 });
    if (how === 'abort') await jobs.end(ID, { phase: 'ABORTED' });
    else if (how === 'remove') await jobs.remove(ID);
    else await jobs.report(ID, 1, { kind: 'failed', fault: 'PermissionDenied', detail: '', transient: false });
    expect(await jobs.report(ID, 1, { kind: 'done' })).toBe(false);
    const first = taken().at(-1)?.attempt ?? 0;
    expect(await jobs.begin(ID, first)).toMatchObject({ undo: true, checkpoint: 3, job: { id: 'one' } });
    await jobs.report(ID, first, { kind: 'failed', fault: 'PermissionDenied', detail: '', transient: false });
    await later(2000);
    await jobs.report(ID, taken().at(-1)?.attempt ?? 0, { kind: 'undone' });
    expect(await owed()).toEqual([]);
  });

  it('before it had a turn is simply over', async () => {
    const { jobs, taken, owed, phase } = newQueue();
    await jobs.add(job('one', { phase: 'PENDING' }), WORK);
    await jobs.end(ID, { phase: 'ABORTED' });
    expect([taken(), await owed(), await phase('one')]).toEqual([[], [], 'ABORTED']);
  });

  it('is taken back at leisure: an execution duration that is set then does not count', async () => {
    const { jobs, stub, taken } = newQueue();
    await jobs.add(job('one'), WORK);
    taken();
    await jobs.end(ID, { phase: 'ABORTED' });
    testClock.now += 5000;
    await jobs.change(ID, { executionDuration: 1 });
    const alarm = await runInDurableObject(stub, (_: unknown, state: DurableObjectState) => state.storage.getAlarm());
    expect((alarm ?? 0) - testClock.now).toBeGreaterThan(1000);
  });

  it('by its execution duration or its destruction time, at that time', async () => {
    const { jobs, taken, later, phase } = newQueue();
    await jobs.add(job('one', { executionDuration: 10 }), WORK);
    await jobs.add(job('two', { destruction: testClock.now + 20_000 }), WORK);
    taken();
    await later(10_000);
    expect(await phase('one')).toBe('ABORTED');
    await later(10_000);
    expect(await phase('two')).toBeUndefined();
  });

  const AWAITING: Report = {
    kind: 'awaiting',
    awaits: { space: 'space' as SpaceId, upload: 'u' },
    details: { targets: [], direction: 'pushToVoSpace', protocols: [], params: [] },
    results: [],
  };

  it('by its execution duration while it waits for a client, and then gives up what the client was to send', async () => {
    const { jobs, taken, later, phase } = newQueue();
    await jobs.add(job('one', { executionDuration: 10 }), WORK);
    taken();
    await jobs.report(ID, 1, AWAITING);
    await later(9_999);
    expect([await phase('one'), taken()]).toEqual(['EXECUTING', []]);
    await later(1);
    expect(await phase('one')).toBe('ABORTED');
    const [{ attempt } = { attempt: 0 }] = taken();
    expect(await jobs.begin(ID, attempt)).toMatchObject({ undo: true, checkpoint: AWAITING.awaits });
    await jobs.report(ID, attempt, { kind: 'undone' });
    await later(3_600_000);
    expect(taken()).toEqual([]);
  });

  it.each([{ phase: 'COMPLETED' }, { phase: 'ERROR', error: { fault: 'TransferFailed', detail: 'no bytes' } }] as const)(
    'with what the client sent, in $phase, and takes nothing back',
    async (ending) => {
      const { jobs, taken, later, owed, phase } = newQueue();
      await jobs.add(job('one', { executionDuration: 10 }), WORK);
      taken();
      await jobs.report(ID, 1, AWAITING);
      await jobs.end(ID, ending);
      await later(20_000);
      expect([await phase('one'), taken(), await owed()]).toEqual([ending.phase, [], []]);
    },
  );
});

describe('the jobs of one owner', () => {
  it('run so many at a time, each in its turn, and light ones at once', async () => {
    const { jobs, taken, phase } = newQueue();
    for (let i = 0; i < RUNNING_JOBS + 3; i++) await jobs.add(job(`j${i}`, { created: testClock.now + i }), WORK);
    await jobs.add(job('light'), { ...WORK, light: true });
    const running = taken();
    expect(running.map(({ job: id }) => id)).toEqual([...Array.from({ length: RUNNING_JOBS }, (_, i) => `j${i}`), 'light']);
    expect(await phase(`j${RUNNING_JOBS}`)).toBe('QUEUED');
    await jobs.report('j2' as JobId, 1, { kind: 'done' });
    expect(taken().map(({ job: id }) => id)).toEqual([`j${RUNNING_JOBS}`]);
  });

  it('give their turn to another while they pause, and when a Carrier has had its time', async () => {
    const { jobs, taken, later } = newQueue();
    for (let i = 0; i <= RUNNING_JOBS; i++) await jobs.add(job(`j${i}`, { created: testClock.now + i }), WORK);
    taken();
    expect(await jobs.report('j0' as JobId, 1, { kind: 'more', checkpoint: 1, pause: 5000 })).toBe(false);
    expect(taken().map(({ job: id }) => id)).toEqual([`j${RUNNING_JOBS}`]);
    await jobs.report('j1' as JobId, 1, { kind: 'done' });
    await later(5000);
    expect(taken()).toEqual([expect.objectContaining({ job: 'j0', attempt: 2 })]);
    await jobs.yield('j2' as JobId, 1);
    expect(taken()).toEqual([expect.objectContaining({ job: 'j2', attempt: 2 })]);
  });

  it('are refused beyond a number, and the oldest that have ended go first', async () => {
    const { jobs, stub } = newQueue();
    await runInDurableObject(stub, (_: unknown, state: DurableObjectState) => {
      const body = JSON.stringify(job('x'));
      state.storage.sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO job (id, list, phase, created, destruction, body) SELECT 'j' || i, 'async-size', 'QUEUED', i, ?, ? FROM n`,
        MAX_JOBS,
        testClock.now + 86_400_000,
        body,
      );
    });
    const refused: unknown = await jobs.add(job('more'), WORK).catch((error: unknown) => error);
    expect(refused).toMatchObject({ fault: 'TooManyRequests' });
    await runInDurableObject(stub, (_: unknown, state: DurableObjectState) => {
      state.storage.sql.exec("UPDATE job SET phase = 'COMPLETED' WHERE created <= 10");
    });
    await jobs.add(job('more'), WORK);
    expect(await jobs.get('j1' as JobId)).toBeUndefined();
    expect(await jobs.get('j11' as JobId)).toBeDefined();
  });
});

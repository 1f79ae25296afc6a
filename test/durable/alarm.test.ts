// The one alarm of a Durable Object: when it is armed, and what failures do to it.
import { describe, expect, it } from 'vitest';
import { env } from 'cloudflare:workers';
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { Alarm, type Duty } from '../../src/durable/alarm.ts';
import { NEXT_DUE } from '../../src/durable/space/due-queries.ts';
import type { JobsPort } from '../../src/durable/job-queue/port.ts';
import type { JobId } from '../../src/model/job.ts';
import type { TestEnv } from '../support/test-worker.ts';
import { AUDIT_LIFE } from '../../src/model/limits.ts';
import { newSpace } from './support/space.ts';
import { testClock } from './support/ports.ts';

const { JOBS } = env as unknown as TestEnv;
const NOW = Date.UTC(2100, 0, 1);
const clock = () => NOW;

/** An object's storage, for duties that are the test's own: a JobQueue that has no jobs. */
function withStorage<T>(work: (storage: DurableObjectStorage) => Promise<T>): Promise<T> {
  return runInDurableObject(JOBS.getByName(crypto.randomUUID()), (_: unknown, state: DurableObjectState) => work(state.storage));
}

function duty(name: string, due: number | undefined, work: Duty['work'] = () => undefined): Duty & { due: number | undefined } {
  const made = { name, due, next: () => made.due, work };
  return made;
}

describe('arming', () => {
  it('sets the earliest of all deadlines, and nothing when nothing is owed', () =>
    withStorage(async (storage) => {
      await new Alarm(storage, [duty('a', undefined), duty('b', NOW + 500), duty('c', NOW + 300)], clock).start();
      expect(await storage.getAlarm()).toBe(NOW + 300);
      await new Alarm(storage, [duty('a', undefined)], clock).start();
      expect(await storage.getAlarm()).toBeNull();
    }));

  it('is never in the past, moves an alarm forward and leaves an earlier one', () =>
    withStorage(async (storage) => {
      await new Alarm(storage, [duty('a', NOW - 5000)], clock).start();
      expect(await storage.getAlarm()).toBe(NOW + 1);
      await storage.setAlarm(NOW + 100);
      await new Alarm(storage, [duty('a', NOW + 500)], clock).start();
      expect(await storage.getAlarm()).toBe(NOW + 100);
      await new Alarm(storage, [duty('a', NOW + 50)], clock).start();
      expect(await storage.getAlarm()).toBe(NOW + 50);
    }));

  it('sets an alarm again that lies in the past, because the runtime has given it up', () =>
    withStorage(async (storage) => {
      await storage.setAlarm(NOW - 1000);
      await new Alarm(storage, [duty('a', NOW + 500)], clock).start();
      expect(await storage.getAlarm()).toBe(NOW + 500);
    }));
});

describe('the handler', () => {
  it('does what is due, and only that', () =>
    withStorage(async (storage) => {
      const done: string[] = [];
      const due = duty('due', NOW, () => {
        done.push('due');
        due.due = NOW + 700;
      });
      await new Alarm(
        storage,
        [due, duty('later', NOW + 1, () => void done.push('later')), duty('none', undefined, () => void done.push('none'))],
        clock,
      ).ring();
      expect(done).toEqual(['due']);
      expect(await storage.getAlarm()).toBe(NOW + 1);
    }));

  it('goes on after a failure of one duty, resolves, and comes back after a pause', () =>
    withStorage(async (storage) => {
      const done: string[] = [];
      const fails = duty('fails', NOW - 1, () => Promise.reject(new Error('on purpose')));
      const throws = duty('throws', NOW - 1, () => {
        throw new Error('on purpose');
      });
      const works = duty('works', NOW, () => {
        done.push('works');
        works.due = undefined;
      });
      await new Alarm(storage, [fails, throws, works], clock).ring();
      expect(done).toEqual(['works']);
      expect(await storage.getAlarm()).toBe(NOW + 5000);
    }));

  it('survives a duty that cannot even say what it owes', () =>
    withStorage(async (storage) => {
      const done: string[] = [];
      const works = duty('works', NOW, () => void done.push('works'));
      const broken: Duty = {
        name: 'broken',
        next: () => {
          throw new Error('on purpose');
        },
        work: () => undefined,
      };
      await new Alarm(storage, [broken, works], clock).ring();
      expect(done).toEqual(['works']);
      expect(await storage.getAlarm()).toBe(NOW + 5000);
    }));

  it('is not disarmed by more failures than the runtime repeats', () =>
    withStorage(async (storage) => {
      let tries = 0;
      const fails = duty('fails', NOW, () => {
        if (++tries < 8) throw new Error('on purpose');
        fails.due = undefined;
      });
      for (let i = 0; i < 7; i++) {
        await new Alarm(storage, [fails], clock).ring();
        expect(await storage.getAlarm()).toBe(NOW + 5000);
      }
      await new Alarm(storage, [fails], clock).ring();
      expect(await storage.getAlarm()).toBeNull();
    }));

  it('comes back at once for more of the same', () =>
    withStorage(async (storage) => {
      await new Alarm(storage, [duty('many', NOW - 10)], clock).ring();
      expect(await storage.getAlarm()).toBe(NOW + 1);
    }));
});

describe('a Space', () => {
  it('owes nothing but the end of its audit trail when all is quiet', async () => {
    const space = await newSpace();
    await space.make('file', 'DataNode');
    const made = testClock.now;
    // The root's listing is told of it a moment later.
    testClock.now += 2000;
    await space.quiet();
    expect(await space.alarmTime()).toBe(made + AUDIT_LIFE);
    testClock.now += AUDIT_LIFE + 1;
    await space.quiet();
    expect(await space.rows('SELECT * FROM audit')).toEqual([]);
    expect(await space.alarmTime()).toBeNull();
  });

  it('is woken for the deadlines of every table that has them', async () => {
    const space = await newSpace();
    const tables = await space.rows<{ name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'table'");
    const owing = tables.filter(({ sql }) => /\bdue INTEGER/.test(sql)).map(({ name }) => name);
    expect(owing).toContain('leftover');
    expect(owing.filter((name) => !NEXT_DUE.text.includes(`FROM ${name}`))).toEqual([]);
  });

  it('sets an alarm that was lost when it is constructed again', async () => {
    const space = await newSpace();
    await space.reserve('file');
    const due = await space.alarmTime();
    await space.inside((state) => state.storage.deleteAlarm());
    await space.evict();
    expect(await space.alarmTime()).toBe(due);
  });
});

it('an object that was never used has no alarm', async () => {
  const stub = JOBS.getByName(crypto.randomUUID());
  await (stub as unknown as JobsPort).get('x' as JobId);
  await evictDurableObject(stub);
  expect(await runInDurableObject(stub, (_: unknown, state: DurableObjectState) => state.storage.getAlarm())).toBeNull();
});

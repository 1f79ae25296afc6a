// The ways in which streams on Durable Objects have failed: each of them, tried on a pipe.
import { beforeEach, expect, it, vi } from 'vitest';
import type { PipeTask } from '../../src/durable/pipe/work/port.ts';
import { ANSWER_LIFE } from '../../src/model/limits.ts';
import { foreignChunk, inlineChunk, pinnedChunk, TestPipe, type Attempt } from './support/pipe.ts';
import { testClock } from './support/ports.ts';
import { DAY, OWNER, refused } from './support/space.ts';

/** Milliseconds of attempts at carrying; of those that only place what is here. */
const LEASE = 30_000;
const SHORT_LEASE = 10_000;
const ready = (seq: number) => ({ kind: 'delivered', deliveries: [{ kind: 'ready', seq }] }) as const;

let pipe: TestPipe;
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  pipe = await TestPipe.open({ retain: { kind: 'forever' } });
});

const only = (attempts: readonly Attempt[]): Attempt => {
  expect(attempts).toHaveLength(1);
  return attempts[0] as Attempt;
};
const names = async (): Promise<string[]> => (await pipe.read()).chunks.map(({ name }) => name);

/** As the runtime does it at the time for which the alarm is set. */
async function nextAlarm(): Promise<boolean> {
  const at = await pipe.alarmTime();
  if (at === null) return false;
  testClock.now = Math.max(testClock.now, at);
  return pipe.ring();
}

async function begun({ id, attempt }: Attempt): Promise<PipeTask> {
  const task = await pipe.port.begin(id, attempt);
  if (!task) throw new Error(`${id} has nothing for attempt ${attempt}`);
  return task;
}

it('an obligation outlives the memory in which it was made, the Carrier that had it, and its alarm', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a'), foreignChunk('b')] });
  expect(pipe.given().map(({ id }) => id)).toEqual(['place', 'chunk:2']);
  await pipe.evict();
  // Nobody has heard of the attempts that were given out.
  await pipe.inside((_, state) => state.storage.deleteAlarm());
  await pipe.evict();
  expect(await pipe.alarmTime()).toBe(testClock.now + SHORT_LEASE);
  testClock.now += LEASE;
  await pipe.ring();
  const [place, carry] = pipe.given();
  expect([place?.id, carry?.id]).toEqual(['place', 'chunk:2']);
  expect(await pipe.port.report('place', place?.attempt ?? 0, ready(1))).toBe(true);
  await pipe.evict();
  await pipe.port.report('chunk:2', carry?.attempt ?? 0, ready(2));
  await pipe.evict();
  expect(await names()).toEqual(['a', 'b']);
});

it('a checkpoint says what has been done, and nothing is visible or passed over before', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a'), pinnedChunk('b'), foreignChunk('c')] });
  const [place, carry] = pipe.given() as readonly [Attempt, Attempt];
  expect(await begun(place)).toMatchObject({ chunks: [{ seq: 1 }, { seq: 2 }] });
  expect(await begun(carry)).toMatchObject({ attempt: 1, checkpoint: undefined });
  const before = await pipe.read();
  expect([before.chunks, before.lag.chunks]).toEqual([[], 3]);
  // Of two chunks one is reported; of the other one segment.
  expect(await pipe.port.report(place.id, place.attempt, ready(1))).toBe(true);
  expect(await pipe.port.report(carry.id, carry.attempt, { kind: 'more', checkpoint: { segments: 1 } })).toBe(true);
  await pipe.evict();
  testClock.now += LEASE;
  await pipe.ring();
  const again = pipe.given();
  const [placeAgain, carryAgain] = ['place', 'chunk:3'].map((id) => only(again.filter((one) => one.id === id))) as [Attempt, Attempt];
  expect(await begun(placeAgain)).toMatchObject({ chunks: [{ seq: 2 }] });
  expect(await begun(carryAgain)).toMatchObject({ checkpoint: { segments: 1 } });
  expect((await pipe.read(before.state)).chunks.map(({ name }) => name)).toEqual(['a']);
  // The attempts of before are too late for everything.
  expect(await pipe.port.report(place.id, place.attempt, ready(2))).toBe(false);
  expect(await pipe.port.report(carry.id, carry.attempt, { kind: 'more', checkpoint: { segments: 9 } })).toBe(false);
  expect(await pipe.port.begin(carry.id, carry.attempt)).toBeUndefined();
  expect((await pipe.work()).find(({ job }) => job === 'chunk:3')?.checkpoint).toBe('{"segments":1}');
  expect(await names()).toEqual(['a']);
});

it('a late attempt is not taken for one of the same row of work that was made anew', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a')] });
  const late = only(pipe.given());
  testClock.now += LEASE + 1;
  await pipe.ring();
  const next = only(pipe.given());
  await pipe.port.report(next.id, next.attempt, ready(1));
  expect(await pipe.port.begin(next.id, next.attempt)).toBeUndefined();
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('b')] });
  const fresh = only(pipe.given());
  for (const old of [late, next]) {
    expect(await pipe.port.begin(old.id, old.attempt)).toBeUndefined();
    expect(await pipe.port.report(old.id, old.attempt, ready(2))).toBe(false);
  }
  expect(await names()).toEqual(['a']);
  expect(await begun(fresh)).toMatchObject({ chunks: [{ name: 'b' }] });
});

it('a pipe that has nothing to do is not woken', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [inlineChunk('a'), pinnedChunk('b')] });
  const place = only(pipe.given());
  await pipe.port.report(place.id, place.attempt, ready(2));
  expect(await pipe.port.begin(place.id, place.attempt)).toBeUndefined();
  for (let i = 0; i < 3; i++) await pipe.read('now');
  expect(await pipe.alarmTime()).toBeNull();
  await pipe.evict();
  testClock.now += 400 * DAY;
  expect([await names(), await pipe.alarmTime(), await pipe.ring()]).toEqual([['a', 'b'], null, false]);
});

it('an answer that is kept for repeats wakes the pipe once, when it is forgotten', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [inlineChunk('a')], key: { text: 'k', digest: 'd' } });
  expect(await pipe.alarmTime()).toBe(testClock.now + ANSWER_LIFE);
  let alarms = 0;
  while (await nextAlarm()) alarms++;
  expect([alarms, await pipe.rows('SELECT * FROM answered')]).toEqual([1, []]);
});

it('retention wakes the pipe only for what is to be trimmed', async () => {
  const aged = await TestPipe.open({ retain: { kind: 'age', seconds: 3600 } });
  await aged.port.append({ principal: OWNER, chunks: Array.from({ length: 500 }, (_, i) => inlineChunk(`n${i}`)) });
  const due = await aged.alarmTime();
  expect(due).toBe(testClock.now + 3_600_000);
  let alarms = 0;
  for (let at = due; at !== null; at = await aged.alarmTime()) {
    testClock.now = Math.max(testClock.now, at);
    await aged.ring();
    if (++alarms > 20) break;
  }
  expect(alarms).toBeLessThan(5);
  expect((await aged.port.describe(OWNER)).counts).toMatchObject({ visible: 500, trimmed: 500 });
});

it('a chunk whose Carrier dies each time costs a bounded number of alarms, and is dead in the end', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a')] });
  let [alarms, attempts] = [0, pipe.given().length];
  while (await nextAlarm()) {
    alarms++;
    attempts += pipe.given().length;
    expect(alarms).toBeLessThan(50);
  }
  expect(attempts).toBe(12);
  expect(await pipe.read()).toMatchObject({
    chunks: [{ name: 'a', status: 'dead', reason: expect.stringContaining('InternalFault') as string }],
  });
});

it('a Carrier that was killed while it placed chunks holds them up for ten seconds, and one that is only slow has half a minute then', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a')] });
  const first = only(pipe.given());
  expect(await begun(first)).toMatchObject({ until: testClock.now + SHORT_LEASE });
  await nextAlarm();
  const second = only(pipe.given());
  expect(await begun(second)).toMatchObject({ until: testClock.now + LEASE });
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('b')] });
  expect(await pipe.port.report(second.id, second.attempt, ready(1))).toBe(true);
  // It has shown that it lives.
  expect(await begun(second)).toMatchObject({ chunks: [{ seq: 2 }], until: testClock.now + SHORT_LEASE });
});

it('an alarm that fails more often than the runtime repeats it stays armed, and the work is done when it can be', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a')] });
  pipe.given();
  testClock.now += LEASE;
  await pipe.inside((_, state) => void state.storage.sql.exec('ALTER TABLE work RENAME TO gone'));
  for (let i = 0; i < 8; i++) {
    expect(await pipe.ring()).toBe(true);
    const at = await pipe.alarmTime();
    expect(at).toBe(testClock.now + 5000);
    testClock.now = at ?? 0;
  }
  await pipe.inside((_, state) => void state.storage.sql.exec('ALTER TABLE gone RENAME TO work'));
  expect(await pipe.ring()).toBe(true);
  const { id, attempt } = only(pipe.given());
  await pipe.port.report(id, attempt, ready(1));
  expect(await names()).toEqual(['a']);
});

it('an alarm that the runtime has given up is set again when the object is next used', async () => {
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('a')] });
  pipe.given();
  await pipe.inside((_, state) => state.storage.setAlarm(testClock.now - 1));
  testClock.now += LEASE;
  await pipe.evict();
  expect(await pipe.alarmTime()).toBe(testClock.now + 1);
  await nextAlarm();
  only(pipe.given());
});

it('a pipe that is being created cannot be closed: a creation that is taken back leaves nothing behind for the next', async () => {
  await pipe.rows("UPDATE pipe SET life = 'creating'");
  await pipe.evict();
  expect(await refused(pipe.port.close(OWNER, {}))).toBe('ServiceBusy');
});

// What has become of the chunks of a stage, as it is counted.
import { expect, test } from 'vitest';
import { Counter } from '../../../src/cli/stage/counter.ts';
import type { StageEvent } from '../../../src/cli/stage/stage.ts';

const chunk = (seq: number) => ({ seq, name: `c${seq}` });

function counted(events: readonly StageEvent[]): Counter {
  const counter = new Counter();
  for (const event of events) counter.count(event);
  return counter;
}

test('what a stage did before it was begun again counts, and what was dead before it first began', () => {
  const { sums, running } = counted([
    { kind: 'group', group: 'g', acked: 4, todo: 3, dead: 1 },
    { ...chunk(1), kind: 'begun', deliveries: 1 },
    { ...chunk(1), kind: 'done', outputs: [], bytes: 0, seconds: 1 },
    { ...chunk(2), kind: 'begun', deliveries: 1 },
    { ...chunk(2), kind: 'failed', reason: 'no' },
    { ...chunk(3), kind: 'begun', deliveries: 1 },
    { kind: 'group', group: 'g', acked: 5, todo: 1, dead: 2 },
  ]);
  expect(sums).toEqual({ done: 1, failed: 1, dead: 1, lost: 0, holes: 0, before: { acked: 4, dead: 1 } });
  expect(running.size).toBe(0);
});

test('a dead chunk that is lost before it is acknowledged was not running', () => {
  const { running } = counted([
    { ...chunk(1), kind: 'begun', deliveries: 1 },
    { ...chunk(2), kind: 'lost' },
  ]);
  expect([...running]).toEqual([1]);
});

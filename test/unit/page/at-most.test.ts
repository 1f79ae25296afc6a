// Work that is wanted oftener than it is done.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atMost } from '../../../src/page/files/at-most.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first time is at once, and what is wanted meanwhile is done once, later', () => {
  let done = 0;
  const { run, stop } = atMost(1000, () => done++);
  run();
  expect(done).toBe(1);
  for (let i = 0; i < 5; i++) run();
  expect(done).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(done).toBe(2);
  vi.advanceTimersByTime(5000);
  expect(done).toBe(2);
  run();
  run();
  stop();
  vi.advanceTimersByTime(5000);
  expect(done).toBe(3);
});

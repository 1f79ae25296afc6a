// How many requests may wait, by the limit of open files.
import { expect, test } from 'vitest';
import { waitersFor } from '../../scripts/open-files.ts';

test.each([1024, 4096, 20_000, 65_536, 1_048_576])('of %i open files some are left for requests that do not wait', (limit) => {
  const waiters = waitersFor(limit);
  expect(waiters).toBeGreaterThan(0);
  expect(waiters).toBeLessThanOrEqual(20_000);
  expect(2 * waiters).toBeLessThan(0.8 * limit);
});

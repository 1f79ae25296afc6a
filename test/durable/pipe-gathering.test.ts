// How long chunks gather between two rounds of placing: a while in a steady stream, and hardly at all where somebody waits for them.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../src/durable/pipe/core.ts';
import { Gathering } from '../../src/durable/pipe/work/gathering.ts';
import { PLACE_BATCH } from '../../src/model/limits.ts';

const MOST = 200;

let row: { life: string; closed: number | null; waiting: number; waiting_bytes: number };
let isAwaited: boolean;
let followers: object[];
let gathering: Gathering;

beforeEach(() => {
  vi.useFakeTimers();
  row = { life: 'open', closed: null, waiting: 0, waiting_bytes: 0 };
  [isAwaited, followers] = [false, []];
  const sql = { exec: () => ({ next: () => (followers.length > 0 ? { done: false, value: followers[0] } : { done: true }) }) };
  const definition = (): object => ({ options: { maxChunks: 10_000, maxBytes: 1e9 } });
  gathering = new Gathering({ find: () => row, definition, sql } as unknown as Core, () => isAwaited, MOST);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds until it is time; `meanwhile` happens after 50. */
async function waited(meanwhile = (): void => undefined): Promise<number> {
  const start = Date.now();
  let end: number | undefined;
  void gathering.wait().then(() => (end = Date.now()));
  await vi.advanceTimersByTimeAsync(50);
  meanwhile();
  gathering.look();
  await vi.advanceTimersByTimeAsync(1000);
  return (end ?? Infinity) - start;
}

it('is a while where nobody waits', async () => {
  expect(await waited()).toBe(MOST);
  expect(await waited(() => (row.waiting = 5))).toBe(MOST);
});

describe('is over', () => {
  it('soon where somebody waits and something is there', async () => {
    isAwaited = true;
    row.waiting = 1;
    expect(await waited()).toBe(10);
  });

  it('when a chunk comes for which somebody waits', async () => {
    isAwaited = true;
    expect(await waited(() => (row.waiting = 1))).toBe(50);
  });

  it('when somebody comes for whom a chunk is there', async () => {
    row.waiting = 1;
    expect(await waited(() => (isAwaited = true))).toBe(50);
  });

  it('when a pipe that follows this one waits', async () => {
    followers.push({ taken: 0 });
    expect(await waited(() => (row.waiting = 1))).toBe(50);
  });

  it.each([
    ['as much is there as is placed at a time', { waiting: PLACE_BATCH }],
    ['half of what the pipe holds is on its way', { waiting: 1, waiting_bytes: 6e8 }],
    ['the pipe is closed', { closed: 1 }],
    ['the pipe is being destroyed', { life: 'destroying' }],
  ])('when %s', async (_, change) => {
    expect(await waited(() => void Object.assign(row, change))).toBe(50);
  });
});

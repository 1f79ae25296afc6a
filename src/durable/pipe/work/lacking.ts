// What a pipe does while a right or a credential is lacking: nothing, but for a try now and then, because rights come back without a word.
import { first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as q from './lacking-queries.ts';

const MINUTE = 60_000;
/** Pauses before the tries, milliseconds; the last one for all further ones. */
const PAUSES: readonly number[] = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 360 * MINUTE, 1440 * MINUTE];
/** Rows that are not light and that may run in a try: one tells enough. */
export const TRIED_AT_ONCE = 1;

/** Nothing is given out from here on but in a try. */
export function noteLacking(core: Core, detail: string): void {
  core.set({ auth: detail });
  if (!first(core.sql, q.GET_LACKING)) run(core.sql, q.SET_LACKING, 0, nextTry(core, 0));
}

/** It is there again: whatever waits goes on. */
export function noteMended(core: Core): void {
  if (core.find()?.auth === null) return;
  core.set({ auth: null });
  run(core.sql, q.DROP_LACKING);
}

export function isLacking(core: Core): boolean {
  const row = core.find();
  return row?.life === 'open' && row.auth !== null;
}

/** Epoch milliseconds. Never undefined while something is lacking. */
export function dueTry(core: Core): number | undefined {
  return isLacking(core) ? (first(core.sql, q.GET_LACKING)?.due ?? core.clock()) : undefined;
}

/** Whether a try is due; the next one is then set, should nothing come of this one. */
export function takeTry(core: Core): boolean {
  if ((dueTry(core) ?? Infinity) > core.clock()) return false;
  const tries = (first(core.sql, q.GET_LACKING)?.tries ?? 0) + 1;
  run(core.sql, q.SET_LACKING, tries, nextTry(core, tries));
  return true;
}

/** Jittered, so that the pipes of an owner do not all come at once. */
function nextTry(core: Core, tries: number): number {
  const pause = PAUSES[Math.min(tries, PAUSES.length - 1)] ?? MINUTE;
  return core.clock() + pause * (0.75 + core.random() / 2);
}

// The work of jobs and of pipes: whose turn it is, who has it, what an attempt reports. Rows with deadlines; the Carrier's calls only move them.
import { all, first, run } from '../sql.ts';
import * as q from './queries.ts';

/** An attempt that gives no sign of life for so long is lost, milliseconds. */
export const LEASE = 30_000;
/** A step that fails for a reason that may pass is repeated so often, and for so long: whichever ends first. */
const MAX_FAILURES = 12;
/** What is to be taken back is tried for days: nothing else would clean it up. */
const MAX_UNDO_FAILURES = 1000;
const MAX_FAILING = 24 * 3_600_000;
const LONGEST_PAUSE = 300_000;

/** `Id`: what a row is named by, in its column `job`. */
export interface Claimed<Id extends string> {
  readonly job: Id;
  readonly attempt: number;
}

/** What a step that goes on reports: `pause` is milliseconds. */
export interface Advance {
  readonly checkpoint: unknown;
  readonly pause?: number;
  /** False: it says nothing of what has failed before. */
  readonly proves?: boolean;
  /** Milliseconds of the next step, where it is not the usual time. */
  readonly lease?: number;
}

/** Its attempts have higher numbers than `attempt`. */
export function hold(sql: SqlStorage, job: string, body: string, light: boolean, attempt = 0): void {
  run(sql, q.ADD_WORK, job, body, light ? 1 : 0, 'held', attempt);
}

export function queue(sql: SqlStorage, job: string, now: number): boolean {
  const row = first(sql, q.GET_WORK, job);
  if (row?.state !== 'held') return false;
  set(sql, row, { state: 'waiting', due: now });
  return true;
}

/** Work that takes back something even when it has not come to its first step. */
export function markBegun(sql: SqlStorage, job: string): void {
  const row = first(sql, q.GET_WORK, job);
  if (row) set(sql, row, { attempt: row.attempt + 1 });
}

/** Lost attempts wait for another turn. Answers the rows of which so many were lost in a row that there is none. */
export function noteLost(sql: SqlStorage, now: number, random: () => number): readonly q.WorkRow[] {
  return all(sql, q.LEASE_ENDED, now).filter((row) => {
    // A step that kills its Worker each time must not be taken for ever.
    if (hasFailedEnough(row, now)) return true;
    set(sql, row, {
      state: row.state === 'running' ? 'waiting' : 'undo',
      due: row.failures === 0 ? now : now + pauseAfter(row, random),
      attempt: row.attempt + 1,
      failures: row.failures + 1,
      since: row.since ?? now,
    });
    return false;
  });
}

/** Gives out what is due: no more rows that are not light than may run at a time. `leaseOf`: milliseconds. */
export function claimDue<Id extends string>(
  sql: SqlStorage,
  now: number,
  most: number,
  leaseOf: (job: string, failures: number) => number = () => LEASE,
): readonly Claimed<Id>[] {
  const free = most - (first(sql, q.RUNNING)?.count ?? 0);
  return all(sql, q.READY, now, free).map((row) => {
    const attempt = row.attempt + 1;
    set(sql, row, { state: row.state === 'undo' ? 'undoing' : 'running', attempt, due: now + leaseOf(row.job, row.failures) });
    return { job: row.job as Id, attempt };
  });
}

/** The row, if it is this attempt's. */
export function held(sql: SqlStorage, job: string, attempt: number): q.WorkRow | undefined {
  const row = first(sql, q.GET_WORK, job);
  return row?.attempt === attempt && (row.state === 'running' || row.state === 'undoing') ? row : undefined;
}

export function renew(sql: SqlStorage, row: q.WorkRow, now: number, lease = LEASE): void {
  set(sql, row, { due: now + lease });
}

/** A checkpoint: what comes after it never happens twice on account of what came before. */
export function advance(sql: SqlStorage, row: q.WorkRow, report: Advance, now: number): void {
  const failures = report.proves === false ? {} : { failures: 0, since: null };
  const rest = { checkpoint: JSON.stringify(report.checkpoint), ...failures };
  if (report.pause === undefined) set(sql, row, { ...rest, due: now + (report.lease ?? LEASE) });
  else set(sql, row, { ...rest, state: 'waiting', due: now + report.pause });
}

export function putBack(sql: SqlStorage, row: q.WorkRow, now: number): void {
  set(sql, row, { state: row.state === 'undoing' ? 'undo' : 'waiting', due: now });
}

/** False: it has failed too often or for too long. `retryAfter`: milliseconds. `checkpoint`: what the next attempt begins with, if not the last one's. */
export function retryLater(
  sql: SqlStorage,
  row: q.WorkRow,
  { retryAfter, checkpoint }: { readonly retryAfter?: number; readonly checkpoint?: unknown },
  now: number,
  random: () => number,
): boolean {
  if (hasFailedEnough(row, now)) return false;
  set(sql, row, {
    ...(checkpoint !== undefined && { checkpoint: JSON.stringify(checkpoint) }),
    state: row.state === 'undoing' ? 'undo' : 'waiting',
    failures: row.failures + 1,
    since: row.since ?? now,
    due: now + Math.max(retryAfter ?? 0, pauseAfter(row, random)),
  });
  return true;
}

/** The job has ended before its work: what the work has made is to be taken back. Work that never began has made nothing. */
export function takeBack(sql: SqlStorage, job: string, now: number): void {
  const row = first(sql, q.GET_WORK, job);
  if (!row || row.state === 'undo' || row.state === 'undoing') return;
  if (row.attempt === 0) run(sql, q.DROP_WORK, job);
  // The attempt that may still be under way is fenced off.
  else set(sql, row, { state: 'undo', attempt: row.attempt + 1, failures: 0, since: null, due: now, ends: null });
}

/** When the work is cut off, epoch milliseconds; null: never. What is being taken back is not cut off. */
export function setEnd(sql: SqlStorage, job: string, ends: number | null): void {
  const row = first(sql, q.GET_WORK, job);
  if (row && row.state !== 'undo' && row.state !== 'undoing') set(sql, row, { ends });
}

/** The rest is the client's: nothing is due but the end by the execution duration. `made` is what an undo then finds as its checkpoint. */
export function park(sql: SqlStorage, row: q.WorkRow, made: unknown): void {
  set(sql, row, { state: 'parked', checkpoint: JSON.stringify(made), failures: 0, since: null, due: null });
}

/** What waited for a client has come, or never will: there is nothing to take back. */
export function unpark(sql: SqlStorage, job: string): void {
  if (first(sql, q.GET_WORK, job)?.state === 'parked') drop(sql, job);
}

export function drop(sql: SqlStorage, job: string): void {
  run(sql, q.DROP_WORK, job);
}

/** `most`: as for `claimDue`. */
export function nextDue(sql: SqlStorage, most: number): number | undefined {
  return first(sql, q.NEXT_WORK, most)?.due ?? undefined;
}

/** When the first of the attempts under way is lost. */
export function nextLeaseEnd(sql: SqlStorage): number | undefined {
  return first(sql, q.NEXT_LEASE_END)?.due ?? undefined;
}

export function isAny(sql: SqlStorage): boolean {
  return first(sql, q.ANY_WORK) !== undefined;
}

export function isThere(sql: SqlStorage, id: string): boolean {
  return first(sql, q.GET_WORK, id) !== undefined;
}

/** Whether one failure more, this one, is too many. */
function hasFailedEnough({ state, failures, since }: q.WorkRow, now: number): boolean {
  if (state === 'undoing') return failures >= MAX_UNDO_FAILURES;
  return failures + 1 >= MAX_FAILURES || now - (since ?? now) > MAX_FAILING;
}

/** Doubling from one second, jittered, so that many that failed together do not come back together. */
function pauseAfter(row: q.WorkRow, random: () => number): number {
  return Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(row.failures, 9)) * (0.5 + random() / 2);
}

function set(sql: SqlStorage, row: q.WorkRow, changes: Partial<q.WorkRow>): void {
  const { state, checkpoint, attempt, failures, since, due, ends } = { ...row, ...changes };
  run(sql, q.SET_WORK, state, checkpoint, attempt, failures, since, due, ends, row.job);
}

// Every row of work of a pipe, by what it is named: who begins, reports and fails goes to the part that knows it.
import type { WorkRow } from '../../job-queue/queries.ts';
import * as works from '../../job-queue/work.ts';
import type { Core } from '../core.ts';
import { credentialsOf } from '../credentials.ts';
import { beginEnding, CREATE, DESTROY, giveLonger, takeEnding } from '../ending/ending.ts';
import { beginFollowing, isFollowing, retryFollowing, takeFollowed } from '../chain/follow.ts';
import type { PipeTask, TaskReport } from './port.ts';
import { LINK } from '../settings.ts';
import { leaseOf } from './lease.ts';
import { beginDelivery, giveOut as giveOutDue, giveUp, takeDelivery } from './work.ts';

const LOST = { fault: 'InternalFault', detail: 'the service was interrupted in the same step too often' } as const;

const isEnding = (id: string): boolean => id === CREATE || id === DESTROY;

/** Answers what is to be given out. This and what follows is to be called inside a transaction. */
export function giveOut(core: Core): readonly works.Claimed<string>[] {
  return giveOutDue(core, (row) => fail(core, row));
}

/** The last failure. */
function fail(core: Core, row: WorkRow): void {
  if (isEnding(row.job)) giveLonger(core, row, LOST);
  else if (isFollowing(row.job) || row.job === LINK) retryFollowing(core, row);
  else giveUp(core, row, LOST.fault, LOST.detail);
}

/** The row, if it is this attempt's and the pipe still wants it. */
function heldRow(core: Core, id: string, attempt: number): WorkRow | undefined {
  const row = works.held(core.sql, id, attempt);
  return row && (core.find()?.life === 'open' || isEnding(id) || row.state === 'undoing') ? row : undefined;
}

/** Undefined: the attempt has been overtaken, or nothing is left to do. */
export function beginTask(core: Core, id: string, attempt: number): PipeTask | undefined {
  const row = heldRow(core, id, attempt);
  if (!row) return undefined;
  const common = { definition: core.definition(), until: row.due ?? 0, credentials: credentialsOf(core) };
  if (isEnding(id)) return beginEnding(core, row, common);
  if (id === LINK) return { ...common, kind: 'link' };
  return isFollowing(id) ? beginFollowing(core, row, common) : beginDelivery(core, row, common);
}

/** What a task has come to; whether its attempt goes on. */
export function takeReport(core: Core, id: string, attempt: number, report: TaskReport): boolean {
  const row = heldRow(core, id, attempt);
  if (!row) return false;
  if (isEnding(id)) return takeEnding(core, row, report);
  if (report.kind === 'followed') return takeFollowed(core, row, report);
  if (report.kind === 'failed' && (isFollowing(id) || id === LINK)) {
    if (!works.retryLater(core.sql, row, report, core.clock(), core.random)) retryFollowing(core, row);
    return false;
  }
  return takeDelivery(core, row, report);
}

export function renewTask(core: Core, id: string, attempt: number): boolean {
  const row = heldRow(core, id, attempt);
  if (row) works.renew(core.sql, row, core.clock(), leaseOf(id, row.failures));
  return row !== undefined;
}

export function yieldTask(core: Core, id: string, attempt: number): void {
  const row = works.held(core.sql, id, attempt);
  if (row) works.putBack(core.sql, row, core.clock());
}

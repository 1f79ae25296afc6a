// A pipe's beginning and end: what is half made is gone on with or taken back, and what is destroyed is cleared away, whoever is killed meanwhile.
import { Fault } from '../../../faults.ts';
import { CREATE_LEASE, PIPE_TOMBSTONE } from '../../../model/limits.ts';
import { checkPipe } from '../../../model/pipe-rights.ts';
import type { PipeDefinition } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { WorkRow } from '../../job-queue/queries.ts';
import * as works from '../../job-queue/work.ts';
import { all, first, run } from '../../sql.ts';
import { tellLast } from '../chain/followed.ts';
import type { Core } from '../core.ts';
import { dropCredentials, setCredentials } from '../credentials.ts';
import type { Destroying } from './port.ts';
import { unreleased } from '../groups/released.ts';
import * as e from './queries.ts';
import type { Founding } from '../port.ts';
import type { PipeTask, TaskReport } from '../work/port.ts';
import * as q from '../queries.ts';
import { dropWork, type Common } from '../work/work.ts';

/** Rows of work: the creation is gone on with, and what the pipe was is cleared away. */
export const CREATE = 'create';
export const DESTROY = 'destroy';
/** Names under which bytes are held that are let go per task. */
const HOLDERS = 20;
/** What still has to be done keeps the tombstone so much longer. */
const LATER = 3_600_000;

/** To be called inside a transaction. Throws Conflict for another pipe, ServiceBusy while an earlier creation is being taken back. */
export function foundPipe(core: Core, { definition, principal, deadline, credentials = [] }: Founding): void {
  const known = core.find();
  const wish = wishOf(definition);
  if (known && known.life !== 'destroyed' && known.life !== 'destroying') {
    if (first(core.sql, e.GET_FOUNDING)?.wish !== wish) throw new Fault('Conflict', 'another pipe was created under this Idempotency-Key');
    return;
  }
  if (known) {
    if (first(core.sql, e.GET_FOUNDING)?.state !== 'abandoned')
      throw new Fault('Conflict', 'the pipe that was created under this Idempotency-Key has been destroyed');
    if (known.life === 'destroying')
      throw new Fault('ServiceBusy', 'an earlier try at this pipe is being taken back', { 'Retry-After': '1' });
    dropNamed(core, DESTROY);
    core.set({ definition: JSON.stringify(definition), life: 'creating', reason: null });
  } else run(core.sql, q.ADD_PIPE, JSON.stringify(definition), 'creating');
  run(core.sql, e.SET_FOUNDING, wish, JSON.stringify(principal));
  setCredentials(core, credentials);
  // The request that founds the pipe has it made; this row is for the case that it does not come to that.
  run(core.sql, e.ADD_WORK, CREATE, 'waiting', deadline, core.find()?.attempts ?? 0);
}

function dropNamed(core: Core, job: string): void {
  const row = first(core.sql, e.GET_WORK, job);
  if (row) dropWork(core, row);
}

/** What a repeat of CreatePipe must ask for again. */
function wishOf({ source, destination, options, access, scopes }: PipeDefinition): string {
  return JSON.stringify([source, destination, options, access, scopes ?? null]);
}

/** To be called inside a transaction. Throws PipeNotFound for a pipe that was taken back or destroyed meanwhile. */
export function openPipe(core: Core): void {
  if (core.row().life !== 'creating') return;
  core.set({ life: 'open' });
  dropNamed(core, CREATE);
}

/** To be called inside a transaction. */
export function destroyPipe(core: Core, principal: Principal, { force, purge }: Destroying): PipeDefinition {
  const { waiting, hidden } = core.row();
  checkPipe(core.definition(), principal, 'manage');
  const unsettled = unreleased(core)?.chunks ?? 0;
  if (waiting + hidden + unsettled > 0 && !force) throw notDrained(waiting + hidden, unsettled);
  if (purge) core.set({ definition: JSON.stringify({ ...core.definition(), purge }) });
  end(core, 'destroyed by its owner');
  return core.definition();
}

function notDrained(undelivered: number, unsettled: number): Fault {
  const what = [
    ...(undelivered > 0 ? [`${undelivered} chunks have not been delivered`] : []),
    ...(unsettled > 0 ? [`${unsettled} chunks have not been acknowledged by all groups`] : []),
  ];
  return new Fault('PipeNotDrained', `${what.join(' and ')}: wait for them, or destroy with force`);
}

/** To be called inside a transaction. */
export function abandonPipe(core: Core, reason: string): PipeDefinition | undefined {
  if (core.find()?.life !== 'creating') return undefined;
  run(core.sql, e.ABANDON);
  end(core, reason);
  return core.definition();
}

/** Every attempt is fenced off: what it reports is not heard. Those that may have left something in another VOSpace take it back. */
function end(core: Core, reason: string): void {
  const now = core.clock();
  core.set({ life: 'destroying', reason });
  dropCredentials(core);
  for (const row of all(core.sql, e.ALL_WORK, DESTROY)) {
    if (row.job.startsWith('chunk:')) works.takeBack(core.sql, row.job, now);
    else dropWork(core, row);
  }
  run(core.sql, e.ADD_WORK, DESTROY, 'undo', now + CREATE_LEASE, core.find()?.attempts ?? 0);
  tellLast(core);
  core.happened.visible = true;
  core.happened.room = true;
}

/** To be called inside a transaction. Whoever has destroyed the pipe has also cleared away. */
export function clearedPipe(core: Core): void {
  if (core.find()?.life === 'destroying') run(core.sql, e.SET_DUE, 'undo', core.clock(), DESTROY);
}

/** What an attempt at one of these rows has to do; undefined: it is over. To be called inside a transaction. */
export function beginEnding(core: Core, row: WorkRow, common: Common): PipeTask | undefined {
  const life = core.find()?.life;
  const founding = first(core.sql, e.GET_FOUNDING);
  if (row.job === CREATE && life === 'creating' && founding)
    return { ...common, kind: 'create', principal: JSON.parse(founding.principal) as Principal };
  if (row.job === DESTROY && (life === 'destroying' || life === 'destroyed')) {
    const held = all(core.sql, e.HOLDERS, HOLDERS).map(({ holder, space }) => ({ holder, space: (space ?? '') as SpaceId }));
    return { ...common, kind: 'destroy', held };
  }
  dropWork(core, row);
  return undefined;
}

/** Whether nothing more is to be done, and nobody is to be answered any more. */
export function mayVanish(core: Core, id: string, attempt: number, report: TaskReport): boolean {
  if (id !== DESTROY || report.kind !== 'cleared' || core.find()?.life !== 'destroyed' || !works.held(core.sql, id, attempt)) return false;
  return !first(core.sql, e.ANY_WORK, DESTROY) && !first(core.sql, e.ANY_OUTBOX);
}

/** What such an attempt has come to; whether it goes on. To be called inside a transaction. */
export function takeEnding(core: Core, row: WorkRow, report: TaskReport): boolean {
  const now = core.clock();
  if (report.kind === 'letGo') {
    for (const holder of report.holders) run(core.sql, e.DROP_HOLDER, holder);
    works.renew(core.sql, row, now);
    return true;
  }
  if (report.kind === 'cleared' && row.job === DESTROY) {
    // Late attempts, and Spaces that ask, are answered for a while; then all is looked at once more.
    const isFirst = core.find()?.life === 'destroying';
    const due = now + (isFirst ? PIPE_TOMBSTONE : LATER);
    core.set({ life: 'destroyed' });
    run(core.sql, e.SET_DUE, 'undo', due, DESTROY);
  } else if (report.kind === 'failed') giveLonger(core, row, report);
  else dropWork(core, row);
  return false;
}

/** Nothing else would clear away what is left, so it is never given up. */
export function giveLonger(
  core: Core,
  row: WorkRow,
  report: { readonly fault: string; readonly detail: string; readonly retryAfter?: number },
): void {
  const now = core.clock();
  if (works.retryLater(core.sql, row, report, now, core.random)) return;
  if (row.job === CREATE) {
    run(core.sql, e.ABANDON);
    end(core, `${report.fault} ${report.detail}`);
    run(core.sql, e.SET_DUE, 'undo', now, DESTROY);
  } else run(core.sql, e.SET_DUE, 'undo', now + LATER, DESTROY);
}

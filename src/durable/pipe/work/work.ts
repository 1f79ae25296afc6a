// What Carriers do for a pipe: rows with leases, by the same rules as the work of jobs. 'place' stands for all chunks that are placed here.
import type { FaultName } from '../../../faults.ts';
import { PLACE_BATCH } from '../../../model/limits.ts';
import type { ChunkName, PipeDefinition } from '../../../model/pipe.ts';
import type { WorkRow } from '../../job-queue/queries.ts';
import * as works from '../../job-queue/work.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { NewChunk } from '../port.ts';
import type { Delivery, PipeTask, TaskReport, TravelChunk } from './port.ts';
import * as q from '../queries.ts';
import { dueTry, isLacking, noteLacking, noteMended, takeTry, TRIED_AT_ONCE } from './lacking.ts';
import { advance, settle } from '../log/visible.ts';
import { leaseOf, PLACE } from './lease.ts';

const chunkWork = (seq: number): string => `chunk:${seq}`;
const seqOf = (id: string): number | undefined => (id.startsWith('chunk:') ? Number(id.slice(6)) : undefined);

/** How the bytes of a chunk get to the destination. */
export type Way =
  /** They do not: readers get them from the log. */
  | 'none'
  /** Another node of the same bytes. */
  | 'place'
  /** From or to another VOSpace. */
  | 'carry';

export function wayOf({ destination, options }: PipeDefinition, { bytes }: Pick<NewChunk, 'bytes'>): Way {
  if (bytes.kind === 'inline' && !options.materialise) return 'none';
  return destination.kind === 'local' && bytes.kind !== 'foreign' ? 'place' : 'carry';
}

/** `again`: a chunk that was dead: attempts of before may still come late. */
export function enqueue(core: Core, way: Exclude<Way, 'none'>, seq: number, again = false): void {
  const name = way === 'place' ? PLACE : chunkWork(seq);
  if (core.enqueued.has(name)) return;
  core.enqueued.add(name);
  if (works.isThere(core.sql, name)) return;
  works.hold(core.sql, name, '{}', way === 'place', way === 'place' || again ? core.row().attempts : 0);
  works.queue(core.sql, name, core.clock());
}

/** What an earlier attempt at the chunk has left half done has not been taken back, yet. */
export function isClearing(core: Core, seq: number): boolean {
  return works.isThere(core.sql, chunkWork(seq));
}

/** The lease of an attempt has ended, or a row's time has come: to be called inside a transaction. Answers what is to be given out. */
export function giveOut(core: Core, giveUpLost: (row: WorkRow) => void): readonly works.Claimed<string>[] {
  const now = core.clock();
  for (const row of works.noteLost(core.sql, now, core.random)) giveUpLost(row);
  if (!isLacking(core)) return works.claimDue(core.sql, now, core.definition().options.parallel, leaseOf);
  if (!takeTry(core)) return [];
  const claimed = works.claimDue<string>(core.sql, now, TRIED_AT_ONCE, leaseOf);
  // Nothing waits for it any more.
  if (claimed.length === 0 && !works.isAny(core.sql)) noteMended(core);
  return claimed;
}

export function nextDue(core: Core): number | undefined {
  if (!core.find()) return undefined;
  if (!isLacking(core)) return works.nextDue(core.sql, core.definition().options.parallel);
  return Math.min(works.nextLeaseEnd(core.sql) ?? Infinity, dueTry(core) ?? Infinity);
}

export type Common = Pick<PipeTask, 'definition' | 'until' | 'credentials'>;

/** Undefined: nothing is left to do. To be called inside a transaction. */
export function beginDelivery(core: Core, row: WorkRow, common: Common): PipeTask | undefined {
  const seq = seqOf(row.job);
  if (seq === undefined) {
    const chunks = all(core.sql, q.CHUNKS_IN, 'queued', PLACE_BATCH).map(travel);
    if (chunks.length > 0) return { ...common, kind: 'place', chunks };
  } else {
    const chunk = first(core.sql, q.GET_CHUNK, seq);
    const checkpoint: unknown = row.checkpoint === null ? undefined : JSON.parse(row.checkpoint);
    if (chunk && row.state === 'undoing') return { ...common, kind: 'clear', chunk: travel(chunk), checkpoint };
    if (chunk?.state === 'carried') return { ...common, kind: 'carry', chunk: travel(chunk), attempt: row.attempt, checkpoint };
  }
  dropWork(core, row);
  return undefined;
}

function travel({ seq, name, size, md5, type, bytes }: q.ChunkRow): TravelChunk {
  return {
    seq,
    name: name as ChunkName,
    size,
    ...(md5 !== null && { md5 }),
    ...(type !== null && { type }),
    bytes: JSON.parse(bytes ?? '{"kind":"foreign"}') as NewChunk['bytes'],
  };
}

/** What it has come to; whether its attempt goes on. To be called inside a transaction. */
export function takeDelivery(core: Core, row: WorkRow, report: TaskReport): boolean {
  const now = core.clock();
  // What was pinned for it may be gone by now: its Space has asked for it in vain.
  if (now > (row.due ?? 0) && report.kind === 'delivered' && report.deliveries.some((one) => one.kind === 'ready' && one.pinned))
    return false;
  if (worked(report)) noteMended(core);
  if (report.kind === 'more') {
    works.advance(core.sql, row, { ...report, proves: report.proves === true }, now);
    return report.pause === undefined;
  }
  if (report.kind === 'delivered') return deliver(core, row, report.deliveries);
  if (report.kind === 'authRequired') {
    works.putBack(core.sql, row, now);
    noteLacking(core, report.detail);
    return false;
  }
  if (report.kind !== 'failed') dropWork(core, row);
  else if (!works.retryLater(core.sql, row, report, now, core.random)) giveUp(core, row, report.fault, report.detail);
  return false;
}

/** It shows that no right is lacking. */
function worked(report: TaskReport): boolean {
  if (report.kind === 'delivered') return report.deliveries.some(({ kind }) => kind === 'ready');
  return report.kind === 'more' && report.proves === true;
}

function deliver(core: Core, row: WorkRow, deliveries: readonly Delivery[]): boolean {
  const ended = new Map(deliveries.flatMap((delivery) => (delivery.kind === 'later' ? [] : [[delivery.seq, delivery] as const])));
  for (const chunk of all(core.sql, q.CHUNKS_OF, JSON.stringify([...ended.keys()]))) {
    const delivery = ended.get(chunk.seq);
    if (delivery) settle(core, delivery, chunk);
  }
  const isBusy = row.job === PLACE && deliveries.some(({ kind }) => kind === 'later');
  // What is given up with it may stand before what has arrived.
  if (isBusy && !works.retryLater(core.sql, row, {}, core.clock(), core.random))
    giveUp(core, row, 'ServiceBusy', 'the destination could not be reached');
  advance(core);
  if (isBusy) return false;
  if (row.job !== PLACE) {
    if (deliveries.some(({ kind }) => kind === 'dead')) works.takeBack(core.sql, row.job, core.clock());
    else dropWork(core, row);
    return false;
  }
  works.advance(core.sql, row, { checkpoint: null, lease: leaseOf(PLACE) }, core.clock());
  return true;
}

/** An attempt of a row that comes again under the same name has a higher number than those of this one: who comes late is not taken for it. */
export function dropWork(core: Core, { job, attempt }: Pick<WorkRow, 'job' | 'attempt'>): void {
  works.drop(core.sql, job);
  core.enqueued.delete(job);
  core.set({ attempts: Math.max(core.find()?.attempts ?? 0, attempt) });
  // What was taken back is of a chunk that has been given another chance meanwhile.
  const seq = seqOf(job);
  if (seq !== undefined && core.find()?.life === 'open' && first(core.sql, q.GET_CHUNK, seq)?.state === 'carried')
    enqueue(core, 'carry', seq, true);
}

/** The last failure: of a carried chunk, or of those that were to be placed when the first of these failures came. */
export function giveUp(core: Core, row: WorkRow, fault: FaultName, detail: string): void {
  const seq = seqOf(row.job);
  const since = row.since ?? core.clock();
  const chunks =
    seq === undefined
      ? all(core.sql, q.CHUNKS_IN, 'queued', PLACE_BATCH).filter(({ written }) => written <= since)
      : [first(core.sql, q.GET_CHUNK, seq)];
  for (const chunk of chunks) if (chunk) settle(core, { kind: 'dead', seq: chunk.seq, fault, detail }, chunk);
  advance(core);
  // What its attempts have left half done is taken back.
  if (seq !== undefined && row.state !== 'undoing') works.takeBack(core.sql, row.job, core.clock());
  else dropWork(core, row);
  if (seq === undefined && first(core.sql, q.CHUNKS_IN, 'queued', 1)) enqueue(core, 'place', 0);
}

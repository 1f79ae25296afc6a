// The side of a pipe that follows others: how far it has read their logs, and what it takes from them, each entry once.
import { Fault } from '../../../faults.ts';
import { PIN_LIFE } from '../../../model/limits.ts';
import { haveOneOrigin } from '../../../model/lineage.ts';
import type { PipeId } from '../../../model/pipe.ts';
import type { Upstream } from '../../../model/pipe-standing.ts';
import type { Principal } from '../../../model/principal.ts';
import type { WorkRow } from '../../job-queue/queries.ts';
import * as works from '../../job-queue/work.ts';
import { all, first, run } from '../../sql.ts';
import { appendChunks } from '../appends.ts';
import type { Passed, UpstreamNews } from './port.ts';
import * as c from './queries.ts';
import { closePipe } from '../closing.ts';
import type { Core } from '../core.ts';
import { creditOf } from '../credit.ts';
import * as e from '../ending/queries.ts';
import { noteMended } from '../work/lacking.ts';
import { owe } from '../outbox.ts';
import type { PipeTask, TaskReport } from '../work/port.ts';
import * as q from '../queries.ts';
import { advance, type Outcome } from '../log/visible.ts';
import { FOLLOW, leaseOf } from '../work/lease.ts';
import { dropWork, type Common } from '../work/work.ts';

/** Milliseconds until a full pipe looks for room again, should nobody tell it. */
const FULL = 5000;
/** Between two tries when many have failed. */
const LONGEST_PAUSE = 300_000;

export const isFollowing = (id: string): boolean => id.startsWith(FOLLOW);

/** To be called inside a transaction. */
export function upstreamHas(core: Core, { pipe, destination, pos, end }: UpstreamNews): boolean {
  const row = core.find();
  if (!row || row.life === 'destroying' || row.life === 'destroyed') return false;
  if (row.life === 'creating') throw new Fault('ServiceBusy', 'the pipe is being created', { 'Retry-After': '1' });
  const { source, options } = core.definition();
  if (!options.follow || row.closed !== null || source.kind !== 'local' || source.uri !== destination) return false;
  run(core.sql, c.SET_UPSTREAM, pipe, pos, end ?? null);
  run(core.sql, e.ADD_WORK, FOLLOW + pipe, 'waiting', core.clock(), row.attempts);
  return true;
}

export function upstreamsOf(core: Core): readonly Upstream[] {
  return all(core.sql, c.UPSTREAMS).map(({ pipe, cursor, known, lost, conflicts }) => {
    return { pipe: pipe as PipeId, taken: cursor, known, lost, conflicts };
  });
}

/** Undefined: there is nothing to take at this moment. To be called inside a transaction. */
export function beginFollowing(core: Core, row: WorkRow, common: Common): PipeTask | undefined {
  const upstream = first(core.sql, c.GET_UPSTREAM, row.job.slice(FOLLOW.length));
  const isFollower = core.definition().options.follow && core.row().closed === null;
  if (upstream && isFollower && upstream.cursor < upstream.known)
    return { ...common, kind: 'follow', upstream: upstream.pipe as PipeId, after: upstream.cursor, known: upstream.known };
  dropWork(core, row);
  if (upstream && upstream.cursor > 0)
    owe(core, { kind: 'taken', pipe: upstream.pipe as PipeId, pos: upstream.cursor, by: core.definition().id });
  if (!isFollower) run(core.sql, c.DROP_UPSTREAMS);
  else closeAtEnd(core);
  return undefined;
}

/**
 * A pipe into which only others have led is closed when all of them are: the readers at the end of a chain are told that nothing will come. A pipe that
 * was destroyed unclosed does not count: nobody has said that it was complete.
 */
function closeAtEnd(core: Core): void {
  const upstreams = all(core.sql, c.UPSTREAMS);
  const isDrained = upstreams.every(({ cursor, known, end }) => end !== null && cursor >= known);
  for (const { pipe, cursor, known, end } of upstreams) if (end === 'gone' && cursor >= known) run(core.sql, c.DROP_UPSTREAM, pipe);
  if (isDrained && upstreams.some(({ end }) => end === 'closed') && core.row().seqs === (first(core.sql, c.FOLLOWED)?.followed ?? 0))
    closePipe(core);
}

/** Nobody else would take what comes, so it is never given up. To be called inside a transaction. */
export function retryFollowing(core: Core, row: WorkRow): void {
  run(core.sql, e.SET_DUE, 'waiting', core.clock() + LONGEST_PAUSE, row.job);
}

/** There may be room again. To be called inside a transaction. */
export function wakeFollowing(core: Core): void {
  run(core.sql, c.WAKE, core.clock());
}

/** What has been read from another pipe; whether the attempt goes on. To be called inside a transaction. */
export function takeFollowed(core: Core, row: WorkRow, report: Extract<TaskReport, { readonly kind: 'followed' }>): boolean {
  const upstream = first(core.sql, c.GET_UPSTREAM, row.job.slice(FOLLOW.length));
  const now = core.clock();
  // Another attempt was quicker, or it took so long that what was held may be gone: from the beginning.
  const isUsable = upstream?.cursor === report.after && core.row().closed === null && now - report.pinnedAt <= PIN_LIFE;
  if (!upstream || !isUsable) {
    works.renew(core.sql, row, now, leaseOf(row.job, row.failures));
    return true;
  }
  // What was pinned could be read.
  if (report.passed.some(({ kind }) => kind === 'chunk')) noteMended(core);
  let { conflicts, taken } = upstream;
  // What is gone there is counted once, also where nothing else is taken.
  let cursor = report.after + report.lost;
  let isFull = false;
  const before = new Map(
    all(core.sql, c.KNOWN, JSON.stringify(report.passed.map(({ chunk }) => chunk.name))).map((chunk) => [chunk.name, chunk]),
  );
  for (const passed of report.passed) {
    const known = before.get(passed.chunk.name);
    if (known) conflicts += isRepeat(known, passed) ? 0 : 1;
    else if (passed.kind === 'dead') addDead(core, passed, passed.fault, passed.detail);
    else if (hasRoom(core, passed.chunk.size)) add(core, passed.chunk, passed.lineage);
    else if (passed.chunk.size > core.definition().options.maxBytes)
      addDead(core, passed, 'RequestEntityTooLarge', `${passed.chunk.size} bytes are more than the pipe holds at all`);
    else {
      isFull = true;
      break;
    }
    cursor = passed.pos;
    if (!known) taken++;
  }
  if (!isFull) cursor = report.to;
  run(core.sql, c.ADD_FOLLOWED, taken - upstream.taken);
  run(core.sql, c.SET_CURSOR, cursor, upstream.lost + report.lost, conflicts, taken, upstream.pipe);
  works.advance(core.sql, row, { checkpoint: null, lease: leaseOf(row.job), ...(isFull && { pause: FULL }) }, now);
  return !isFull;
}

function hasRoom(core: Core, size: number): boolean {
  const credit = creditOf(core);
  return credit.chunks > 0 && size <= credit.bytes;
}

/** The same bytes, or what began as the same chunk and has come by another way. */
function isRepeat(known: Pick<q.ChunkRow, 'size' | 'md5' | 'outcome'>, { chunk, lineage }: Passed): boolean {
  const outcome = known.outcome === null ? {} : (JSON.parse(known.outcome) as Outcome);
  const isSame = known.size === chunk.size && (known.md5 ?? chunk.md5) === (chunk.md5 ?? known.md5);
  return isSame || haveOneOrigin(outcome.lineage, lineage);
}

function add(core: Core, chunk: Extract<Passed, { kind: 'chunk' }>['chunk'], lineage: Passed['lineage']): void {
  const { access } = core.definition();
  const owner: Principal = { kind: 'user', id: access.owner, groups: [], admin: false };
  appendChunks(core, { principal: owner, chunks: [{ ...chunk, lineage }] });
}

function addDead(core: Core, { chunk, lineage }: Passed, fault: string, detail: string): void {
  const { name, size, md5, type } = chunk;
  const row = core.row();
  const seq = row.seqs + 1;
  const outcome: Outcome = { reason: `${fault} ${detail}`, lineage };
  const text = JSON.stringify(outcome);
  run(core.sql, q.ADD_CHUNK, seq, name, size, md5 ?? null, type ?? null, 'dead', null, null, text, core.clock(), null, null);
  core.set({ seqs: seq, bytes: row.bytes + size, hidden: row.hidden + 1, hidden_bytes: row.hidden_bytes + size, dead: row.dead + 1 });
  advance(core);
}

// Dead chunks: listed, tried again, or given up. A hole that readers have seen stays in the log, and what is made good comes as a new entry.
import { Fault } from '../../../faults.ts';
import type { ChunkName, DeadChunk } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Paged } from '../groups/port.ts';
import { oweLetGo } from '../retention/letting-go.ts';
import type { NewChunk } from '../port.ts';
import * as q from '../queries.ts';
import * as r from '../retention/queries.ts';
import { advance, type Outcome } from './visible.ts';
import { enqueue, isClearing, wayOf } from '../work/work.ts';

const MOST_COUNTED = 1000;

export function listDead(core: Core, after: number, limit: number): Paged<DeadChunk> {
  const rows = all(core.sql, r.LIST_DEAD, after, limit + 1);
  return paged(
    rows.map(({ seq, name, size, md5, outcome, written, hole }) => ({
      seq,
      name: name as ChunkName,
      size,
      ...(md5 !== null && { md5 }),
      reason: outcomeOf(outcome).reason ?? '',
      ...(hole !== null && { pos: hole }),
      written: new Date(written).toISOString(),
    })),
    limit,
  );
}

/** As many as `listDead` has, up to 1,000. */
export function countDead(core: Core): number {
  return Math.min(MOST_COUNTED, first(core.sql, r.COUNT_DEAD, MOST_COUNTED)?.count ?? 0);
}

/** Of one item more than the page has. */
export function paged<Item extends { readonly seq: number }>(items: readonly Item[], limit: number): Paged<Item> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, ...(items.length > limit && last && { next: last.seq }) };
}

function outcomeOf(text: string | null): Outcome {
  return text === null ? {} : (JSON.parse(text) as Outcome);
}

/** What keeps the pipe from going on, with onDead=halt. No name and no reason: who may only write to the pipe is told, too. */
export function haltedBy(core: Core): string | undefined {
  const chunk = core.definition().options.onDead === 'halt' ? first(core.sql, q.CHUNKS_IN, 'dead', 1) : undefined;
  return chunk && `chunk ${chunk.seq} is dead, and nothing behind it becomes visible until it is retried or skipped`;
}

type Found = { readonly kind: 'dead'; readonly chunk: q.ChunkRow } | { readonly kind: 'again' } | { readonly kind: 'givenUp' };

/** A chunk that is dead, or that has been retried or skipped as such. Throws ChunkNotFound where it never was, and StateTrimmed. */
function deadChunk(core: Core, seq: number): Found {
  const chunk = first(core.sql, q.GET_CHUNK, seq);
  if (!chunk) throw new Fault('ChunkNotFound', `the pipe has no chunk ${seq}`);
  if (chunk.state === 'queued' || chunk.state === 'carried') return { kind: 'again' };
  if (chunk.trimmed === 1) throw new Fault('StateTrimmed', `chunk ${seq} has been trimmed`);
  if (chunk.state === 'dead' || chunk.hole !== null) return { kind: 'dead', chunk };
  // What is ready has no reason any more.
  if (outcomeOf(chunk.outcome).reason !== undefined) return { kind: 'givenUp' };
  throw new Fault('ChunkNotFound', `chunk ${seq} is not dead`);
}

/** Has it carried once more, as often as a fresh one. Repeated: it is on its way. To be called inside a transaction. */
export function retryChunk(core: Core, seq: number): void {
  const found = deadChunk(core, seq);
  if (found.kind === 'again') return;
  if (found.kind === 'givenUp') throw new Fault('ChunkNotFound', `chunk ${seq} has been given up`);
  const { chunk } = found;
  const { hole } = chunk;
  // What was dead when it was read from another pipe: no bytes were ever held for it.
  if (chunk.bytes === null) throw new Fault('Conflict', `chunk ${seq} has no bytes here that could be carried`);
  const bytes = JSON.parse(chunk.bytes) as NewChunk['bytes'];
  const way = wayOf(core.definition(), { bytes });
  if (way === 'none') throw new Fault('Conflict', `chunk ${seq} has nothing to be carried`);
  if (isClearing(core, seq))
    throw new Fault('ServiceBusy', `what the last attempt at chunk ${seq} has left is still being cleared away`, { 'Retry-After': '1' });
  const { reason: _, ...rest } = outcomeOf(chunk.outcome);
  const outcome: Outcome = { ...rest, ...(hole !== null && { replaces: hole }) };
  const state = way === 'place' ? 'queued' : 'carried';
  const { size, md5, type, bytes: at, holder } = chunk;
  run(
    core.sql,
    q.SET_CHUNK,
    size,
    md5,
    type,
    state,
    at,
    holder,
    Object.keys(outcome).length === 0 ? null : JSON.stringify(outcome),
    null,
    seq,
  );
  run(core.sql, q.SET_HOLE, null, seq);
  const row = core.row();
  core.set({
    waiting: row.waiting + 1,
    waiting_bytes: row.waiting_bytes + size,
    ...(hole === null && { hidden: row.hidden - 1, hidden_bytes: row.hidden_bytes - size, dead: row.dead - 1 }),
  });
  enqueue(core, way, seq, true);
  // In order=ready nothing waits for it any more.
  if (hole === null) advance(core);
}

/** Gives it up: what stands behind it is shown, readers see a hole, and its bytes are let go. Safe to repeat. To be called inside a transaction. */
export function skipChunk(core: Core, seq: number): void {
  const found = deadChunk(core, seq);
  if (found.kind === 'givenUp') return;
  if (found.kind === 'again') throw new Fault('Conflict', `chunk ${seq} is being carried again`);
  const { chunk } = found;
  const { hole } = chunk;
  const bytes = chunk.bytes === null ? undefined : (JSON.parse(chunk.bytes) as NewChunk['bytes']);
  const { size, md5, type, outcome, ready } = chunk;
  run(core.sql, q.SET_CHUNK, size, md5, type, hole === null ? 'skipped' : 'visible', null, null, outcome, ready, seq);
  run(core.sql, q.SET_HOLE, null, seq);
  if (bytes?.kind === 'pinned') oweLetGo(core, [bytes.pinned]);
  if (hole === null) advance(core);
  core.happened.changed = true;
}

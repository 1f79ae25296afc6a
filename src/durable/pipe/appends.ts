// WriteChunk: chunks are accepted, each with the next seq; what can be ready at once becomes visible in the same transaction.
import { Fault } from '../../faults.ts';
import { PIN_LIFE } from '../../model/limits.ts';
import type { Credit } from '../../model/pipe.ts';
import { checkPipe } from '../../model/pipe-rights.ts';
import { all, run } from '../sql.ts';
import { keepAnswer, repeatOf } from './answers.ts';
import { closePipe } from './closing.ts';
import type { Core } from './core.ts';
import { creditOf } from './credit.ts';
import type { Append, Appended, NewChunk, Stated } from './port.ts';
import * as q from './queries.ts';
import { isNext, showInline } from './log/visible.ts';
import { enqueue, wayOf } from './work/work.ts';

/** Chunks that are there, by name. */
export type Written = Map<string, Pick<q.ChunkRow, 'seq' | 'name' | 'size' | 'md5'>>;

/** Looked up once for all appends of a transaction, which add to it what they write. */
export function writtenOf(core: Core, appends: readonly Append[]): Written {
  const names = appends.flatMap(({ chunks }) => chunks.map(({ name }) => name));
  return new Map(all(core.sql, q.FIND_CHUNKS, JSON.stringify(names)).map((row) => [row.name, row]));
}

/** To be called inside a transaction. Everything that is refused is refused before the first write. `written`: of these chunks, too. */
export function appendChunks(core: Core, append: Append, written = writtenOf(core, [append])): Appended {
  const row = core.row();
  const definition = core.definition();
  checkPipe(definition, append.principal, 'write');
  if (append.key) {
    const before = repeatOf(core, append.principal, append.key);
    if (before) return before;
  }
  if (row.life !== 'open') throw new Fault('ServiceBusy', 'the pipe is being created', { 'Retry-After': '1' });
  if (append.pinnedAt !== undefined && core.clock() - append.pinnedAt > PIN_LIFE)
    throw new Fault('ServiceBusy', 'the chunks were pinned too long ago: write them again', { 'Retry-After': '1' });
  const fresh = freshOf(append.chunks, written);
  if (fresh.length > 0) checkRoom(core, fresh, definition.options);
  if (append.final?.total !== undefined && append.final.total !== row.seqs + fresh.length)
    throw new Fault('Conflict', `the pipe has ${row.seqs + fresh.length} chunks then, and not ${append.final.total}`);
  write(core, fresh, written);
  if (append.final) closePipe(core);
  const announced = new Set<string>(fresh.map(({ name }) => name));
  const appended: Appended = {
    // Of a name that is in the list twice the first is no duplicate.
    chunks: append.chunks.map(({ name }) => ({ name, seq: written.get(name)?.seq ?? 0, duplicate: !announced.delete(name) })),
    credit: creditOf(core),
  };
  if (append.key) keepAnswer(core, append.principal, append.key, appended);
  return appended;
}

/** The chunks that the pipe does not know, each once. Throws ChunkNameInUse. */
function freshOf(chunks: readonly NewChunk[], written: Written): readonly NewChunk[] {
  const fresh = new Map<string, NewChunk>();
  for (const chunk of chunks) {
    const found = written.get(chunk.name) ?? fresh.get(chunk.name);
    if (found && !isSame(found, chunk)) throw inUse(chunk.name);
    if (!found) fresh.set(chunk.name, chunk);
  }
  return [...fresh.values()];
}

function inUse(name: string): Fault {
  return new Fault('ChunkNameInUse', `${name}: other bytes have been written under this name`);
}

/** What is stated of chunks, against what went through under their names. Throws ChunkNameInUse. */
export function checkStated(core: Core, stated: readonly Stated[]): void {
  const names = stated.map(({ name }) => name);
  const written = new Map(all(core.sql, q.FIND_CHUNKS, JSON.stringify(names)).map((row) => [row.name, row]));
  for (const { name, size, md5 } of stated) {
    const found = written.get(name);
    if (!found) continue;
    const isOther = (size ?? found.size) !== found.size || (md5 ?? found.md5) !== (found.md5 ?? md5);
    if (isOther) throw inUse(name);
  }
}

/** Bytes of the same length are other bytes only where both checksums are known. A repeat that states no length is one. */
function isSame(one: { readonly size: number; readonly md5?: string | null }, { size, md5, bytes }: NewChunk): boolean {
  const isSized = bytes.kind !== 'foreign' || bytes.sized;
  return (!isSized || one.size === size) && ((one.md5 ?? undefined) === undefined || md5 === undefined || one.md5 === md5);
}

function checkRoom(core: Core, fresh: readonly NewChunk[], options: { readonly maxChunks: number; readonly maxBytes: number }): void {
  const row = core.row();
  if (row.closed !== null) throw new Fault('PipeClosed', 'the pipe is closed: nothing more is written');
  if (row.auth !== null) throw new Fault('AuthRequired', row.auth);
  const credit = creditOf(core);
  const bytes = fresh.reduce((sum, { size }) => sum + size, 0);
  if (fresh.length > options.maxChunks || bytes > options.maxBytes)
    throw new Fault('RequestEntityTooLarge', `${fresh.length} chunks of ${bytes} bytes are more than the pipe holds at all`);
  if (fresh.length > credit.chunks || bytes > credit.bytes) throw full(credit, { chunks: fresh.length, bytes });
}

function full({ chunks, bytes }: Credit, need: Credit): Fault {
  return new Fault('PipeFull', `there is room for ${chunks} chunks and ${bytes} bytes`, {
    'Retry-After': '1',
    'Pipe-Credit': `chunks=${chunks}, bytes=${bytes}`,
    'Pipe-Need': `chunks=${need.chunks}, bytes=${need.bytes}`,
  });
}

function write(core: Core, fresh: readonly NewChunk[], written: Written): void {
  const now = core.clock();
  const definition = core.definition();
  for (const chunk of fresh) {
    const row = core.row();
    const seq = row.seqs + 1;
    written.set(chunk.name, { seq, name: chunk.name, size: chunk.size, md5: chunk.md5 ?? null });
    const way = wayOf(definition, chunk);
    // Nothing to carry, and nothing before it: the whole life of a chunk in one step.
    if (way === 'none' && isNext(core)) {
      showInline(core, seq, chunk, now);
      continue;
    }
    const state = way === 'none' ? 'ready' : way === 'place' ? 'queued' : 'carried';
    const holder = chunk.bytes.kind === 'pinned' ? chunk.bytes.pinned.holder : null;
    const ready = way === 'none' ? now : null;
    const { name, size, md5 = null, type = null, lineage } = chunk;
    const outcome = lineage ? JSON.stringify({ lineage }) : null;
    run(core.sql, q.ADD_CHUNK, seq, name, size, md5, type, state, JSON.stringify(chunk.bytes), holder, outcome, now, ready, null);
    const counted = way === 'none' ? 'hidden' : 'waiting';
    core.set({
      seqs: seq,
      bytes: row.bytes + chunk.size,
      [counted]: row[counted] + 1,
      [`${counted}_bytes`]: row[`${counted}_bytes`] + chunk.size,
    });
    if (way !== 'none') enqueue(core, way, seq);
  }
}

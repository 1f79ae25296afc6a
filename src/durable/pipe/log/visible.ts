// The visible log: a chunk that is ready or dead gets its pos, and a notice that never changes.
import { pathOfChunk } from '../../../model/chunk-name.ts';
import type { ChunkName, ChunkNotice } from '../../../model/pipe.ts';
import { formatPath } from '../../../model/vos-uri.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { NewChunk } from '../port.ts';
import type { Delivery } from '../work/port.ts';
import * as q from '../queries.ts';

/** What is kept of a delivery besides the chunk's own columns. */
export interface Outcome {
  readonly reason?: string;
  readonly verified?: 'length-only';
  /** The pos of the dead entry that is made good. */
  readonly replaces?: number;
  readonly lineage?: NonNullable<ChunkNotice['lineage']>;
}

/** Chunks looked at per statement. */
const SOME = 200;

/** Whether a chunk that is written at this moment, and needs no carrying, is visible at once. */
export function isNext(core: Core): boolean {
  const { order, onDead } = core.definition().options;
  const row = core.row();
  if (order === 'write') return row.shown === row.seqs;
  return onDead === 'show' || !first(core.sql, q.CHUNKS_IN, 'dead', 1);
}

/** Shows what may be shown: in order=write up to the first chunk that is on its way, in order=ready everything that has ended. */
export function advance(core: Core): void {
  const { options } = core.definition();
  // One first: mostly it is still on its way.
  for (let most = 1; ; most = SOME) {
    const some = options.order === 'write' ? all(core.sql, q.NEXT_CHUNKS, core.row().shown, most) : ended(core, options.onDead === 'show');
    for (const chunk of some) {
      if (options.order === 'write' && chunk.state === 'visible') core.set({ shown: chunk.seq });
      else if (chunk.state === 'ready' || chunk.state === 'skipped' || (chunk.state === 'dead' && options.onDead === 'show'))
        show(core, chunk);
      else return;
    }
    if (some.length < most) return;
  }
}

function ended(core: Core, dead: boolean): readonly q.ChunkRow[] {
  const ready = all(core.sql, q.CHUNKS_IN, 'ready', SOME);
  const holes = all(core.sql, q.CHUNKS_IN, 'dead', SOME);
  const skipped = all(core.sql, q.CHUNKS_IN, 'skipped', SOME);
  const inOrder = [...ready, ...skipped, ...(dead ? holes : [])].toSorted((one, other) => one.seq - other.seq).slice(0, SOME);
  // Behind a dead chunk that halts the pipe nothing is shown.
  const halted = dead ? undefined : holes[0]?.seq;
  return halted === undefined ? inOrder : inOrder.filter(({ seq }) => seq < halted);
}

function show(core: Core, chunk: q.ChunkRow): void {
  const bytes = chunk.bytes === null ? undefined : (JSON.parse(chunk.bytes) as NewChunk['bytes']);
  const outcome = chunk.outcome === null ? {} : (JSON.parse(chunk.outcome) as Outcome);
  const row = core.row();
  const dead = chunk.state !== 'ready';
  if (outcome.replaces === undefined) core.set({ hidden: row.hidden - 1, hidden_bytes: row.hidden_bytes - chunk.size });
  addEntry(core, chunk, dead ? 'dead' : 'ready', dead ? undefined : bytes, outcome);
  // Inline bytes live in the log from here on, unless readers see a hole.
  const kept = bytes?.kind === 'inline' && !dead ? null : chunk.bytes;
  const { pos } = core.row();
  run(core.sql, q.SHOW_CHUNK, kept, pos, chunk.state === 'dead' ? pos : null, chunk.seq);
  core.set({ ...(core.definition().options.order === 'write' && outcome.replaces === undefined && { shown: chunk.seq }) });
}

/** An inline chunk with nothing before it. */
export function showInline(core: Core, seq: number, { name, size, md5, type, bytes, lineage }: NewChunk, now: number): void {
  const row = core.row();
  const outcome: Outcome = lineage ? { lineage } : {};
  core.set({ seqs: seq, bytes: row.bytes + size, shown: core.definition().options.order === 'write' ? seq : row.shown });
  run(
    core.sql,
    q.ADD_CHUNK,
    seq,
    name,
    size,
    md5 ?? null,
    type ?? null,
    'visible',
    null,
    null,
    lineage ? JSON.stringify(outcome) : null,
    now,
    now,
    row.pos + 1,
  );
  addEntry(core, { seq, name, size, md5: md5 ?? null, type: type ?? null, written: now, ready: now }, 'ready', bytes, outcome);
}

type Shown = Pick<q.ChunkRow, 'seq' | 'name' | 'size' | 'md5' | 'type' | 'written' | 'ready'>;

function addEntry(core: Core, chunk: Shown, status: 'ready' | 'dead', bytes: NewChunk['bytes'] | undefined, outcome: Outcome): void {
  const row = core.row();
  const pos = row.pos + 1;
  const sum = row.sum + chunk.size;
  const data = bytes?.kind === 'inline' ? bytes.data : undefined;
  const text = row.text + (data?.length ?? 0);
  const { destination, options } = core.definition();
  const written = new Date(chunk.written).toISOString();
  const isNode = status === 'ready' && (data === undefined || options.materialise);
  const notice: ChunkNotice = {
    seq: chunk.seq,
    pos,
    name: chunk.name as ChunkName,
    ...(isNode && { uri: destination.uri + formatPath(pathOfChunk(chunk.name as ChunkName)) }),
    size: chunk.size,
    ...(chunk.md5 !== null && { md5: chunk.md5 }),
    ...(chunk.type !== null && { type: chunk.type }),
    status,
    ...outcome,
    ...(data !== undefined && { data }),
    written,
    ...(chunk.ready !== null && { ready: chunk.ready === chunk.written ? written : new Date(chunk.ready).toISOString() }),
  };
  const pinned = bytes?.kind === 'pinned' ? bytes.pinned : undefined;
  const now = core.clock();
  run(
    core.sql,
    q.ADD_ENTRY,
    pos,
    chunk.seq,
    sum,
    text,
    chunk.written,
    now,
    pinned?.home ?? null,
    pinned?.key ?? null,
    JSON.stringify(notice),
  );
  core.set({ pos, sum, text });
  core.happened.visible = true;
}

/** A chunk that was on its way has ended. One that has ended before is left as it is. */
export function settle(core: Core, delivery: Exclude<Delivery, { kind: 'later' }>, chunk: q.ChunkRow): void {
  if (chunk.state !== 'queued' && chunk.state !== 'carried') return;
  const row = core.row();
  const before = (chunk.outcome === null ? {} : JSON.parse(chunk.outcome)) as Outcome;
  if (delivery.kind === 'ready' && before.replaces === undefined && standsNext(core, chunk.seq))
    return showEnded(core, chunk, delivery, before);
  const now = core.clock();
  if (delivery.kind === 'dead') {
    const outcome = { ...before, reason: `${delivery.fault} ${delivery.detail}` };
    setEnded(core, chunk, 'dead', { outcome, size: chunk.size, ready: null });
  } else {
    const { size = chunk.size, md5 = chunk.md5, type = chunk.type, verified, pinned } = delivery;
    const outcome = { ...before, ...(verified && { verified }) };
    const more = { md5, type, ...(pinned && { bytes: JSON.stringify({ kind: 'pinned', pinned }), holder: pinned.holder }) };
    setEnded(core, chunk, 'ready', { outcome, size, ready: now, ...more });
  }
  core.happened.room = true;
  const size = delivery.kind === 'ready' ? (delivery.size ?? chunk.size) : chunk.size;
  core.set({
    bytes: row.bytes + size - chunk.size,
    waiting: row.waiting - 1,
    waiting_bytes: row.waiting_bytes - chunk.size,
    dead: row.dead + (delivery.kind === 'dead' ? 1 : 0),
    ...(before.replaces === undefined && { hidden: row.hidden + 1, hidden_bytes: row.hidden_bytes + size }),
  });
  // Its place in the order was that of the entry which it makes good.
  const ended = before.replaces === undefined ? undefined : first(core.sql, q.GET_CHUNK, chunk.seq);
  if (ended) show(core, ended);
}

/** Whether nothing is before it that has ended, or has not. */
function standsNext(core: Core, seq: number): boolean {
  const row = core.row();
  return row.hidden === 0 && (core.definition().options.order === 'ready' || row.shown === seq - 1);
}

/** What is ready and stands next is visible in the same step. */
function showEnded(core: Core, chunk: q.ChunkRow, delivery: Extract<Delivery, { kind: 'ready' }>, before: Outcome): void {
  const row = core.row();
  const { size = chunk.size, md5 = chunk.md5, type = chunk.type, verified, pinned } = delivery;
  const bytes = pinned
    ? ({ kind: 'pinned', pinned } as const)
    : chunk.bytes === null
      ? undefined
      : (JSON.parse(chunk.bytes) as NewChunk['bytes']);
  const outcome = { ...before, ...(verified && { verified }) };
  const now = core.clock();
  core.happened.room = true;
  core.set({
    bytes: row.bytes + size - chunk.size,
    waiting: row.waiting - 1,
    waiting_bytes: row.waiting_bytes - chunk.size,
    ...(core.definition().options.order === 'write' && { shown: chunk.seq }),
  });
  addEntry(core, { ...chunk, size, md5, type, ready: now }, 'ready', bytes, outcome);
  const kept = bytes === undefined || bytes.kind === 'inline' ? null : pinned ? JSON.stringify(bytes) : chunk.bytes;
  run(core.sql, q.SHOW_ENDED, size, md5, type, kept, pinned?.holder ?? chunk.holder, textOf(outcome), now, core.row().pos, chunk.seq);
}

function textOf(outcome: Outcome): string | null {
  return Object.keys(outcome).length === 0 ? null : JSON.stringify(outcome);
}

type Ended = { readonly outcome: Outcome; readonly size: number; readonly ready: number | null } & Partial<
  Pick<q.ChunkRow, 'md5' | 'type' | 'bytes' | 'holder'>
>;

function setEnded(core: Core, chunk: q.ChunkRow, state: 'ready' | 'dead', { outcome, size, ready, ...more }: Ended): void {
  const { md5, type, bytes, holder } = { ...chunk, ...more };
  run(core.sql, q.SET_CHUNK, size, md5, type, state, bytes, holder, textOf(outcome), ready, chunk.seq);
}

// How much more a pipe takes before it is full, and how far behind a reader is.
import type { Credit, Lag } from '../../model/pipe.ts';
import { first } from '../sql.ts';
import type { Core } from './core.ts';
import { unreleased } from './groups/released.ts';
import * as q from './queries.ts';
import { sumAt } from './log/sums.ts';

/** Chunks and bytes accepted and not yet released: without a group a chunk is released when it is ready, else when every group has settled it. */
function heldBy(core: Core): Credit {
  const { waiting, waiting_bytes, hidden, hidden_bytes } = core.row();
  const visible = unreleased(core);
  if (!visible) return { chunks: waiting, bytes: waiting_bytes };
  return { chunks: waiting + hidden + visible.chunks, bytes: waiting_bytes + hidden_bytes + visible.bytes };
}

export function creditOf(core: Core): Credit {
  const held = heldBy(core);
  const { maxChunks, maxBytes } = core.definition().options;
  return { chunks: Math.max(0, maxChunks - held.chunks), bytes: Math.max(0, maxBytes - held.bytes) };
}

/** Of a reader who has read up to this pos. */
export function lagAt(core: Core, pos: number): Lag {
  const row = core.row();
  const coming = { chunks: row.waiting + row.hidden, bytes: row.waiting_bytes + row.hidden_bytes };
  const chunks = row.pos - pos + coming.chunks;
  const read = pos === row.pos ? row.sum : sumAt(core, pos);
  const next = pos < row.pos ? first(core.sql, q.ENTRY, pos + 1) : undefined;
  // What is on its way may be older than what has been visible before it.
  const waiting = coming.chunks > 0 ? first(core.sql, q.OLDEST_WAITING) : undefined;
  const oldest = Math.min(next?.written ?? Infinity, waiting?.written ?? Infinity);
  return {
    chunks,
    bytes: row.sum - read + coming.bytes,
    seconds: chunks > 0 ? Math.max(0, core.clock() - oldest) / 1000 : 0,
  };
}

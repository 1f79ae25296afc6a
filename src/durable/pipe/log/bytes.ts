// Where the bytes of one visible chunk are, for a fresh URL.
import { Fault } from '../../../faults.ts';
import type { ChunkNotice } from '../../../model/pipe.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { ObjectKey } from '../../../objects/port.ts';
import { first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { ChunkBytes } from '../port.ts';
import * as q from '../queries.ts';

/** Throws ChunkNotFound, and says which: never written, not visible, dead, or trimmed away. */
export function bytesOf(core: Core, seq: number): ChunkBytes {
  const chunk = first(core.sql, q.GET_CHUNK, seq);
  if (!chunk) throw new Fault('ChunkNotFound', `no chunk ${seq} has been written`);
  if (chunk.trimmed === 1) throw new Fault('ChunkNotFound', `chunk ${seq} has been trimmed away`);
  if (chunk.state !== 'visible') throw new Fault('ChunkNotFound', `chunk ${seq} is not visible yet`);
  const { name, size, md5, type } = chunk;
  const facts = { name, size, ...(md5 !== null && { md5 }), ...(type !== null && { type }), ready: chunk.ready ?? chunk.written };
  const entry = first(core.sql, q.ENTRY_AT, chunk.pos ?? 0);
  if (!entry || entry.body === '') throw new Fault('ChunkNotFound', `chunk ${seq} has been trimmed away`);
  const notice = JSON.parse(entry.body) as ChunkNotice;
  if (notice.data !== undefined) return { ...facts, bytes: { kind: 'inline', data: notice.data } };
  if (entry.home === null || entry.key === null)
    throw new Fault('ChunkNotFound', `chunk ${seq} is dead: ${notice.reason ?? 'it has no bytes here'}`);
  return { ...facts, bytes: { kind: 'stored', home: entry.home as SpaceId, key: entry.key as ObjectKey } };
}

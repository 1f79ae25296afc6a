// Bytes that a pipe needs no longer: the Space that holds them is told, and the node at the destination goes, where the pipe reclaims.
import { pathOfChunk } from '../../../model/chunk-name.ts';
import type { ChunkName } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { owe } from '../outbox.ts';
import type { NewChunk, Pinned } from '../port.ts';
import * as q from '../queries.ts';
import * as r from './queries.ts';

/** Of the chunks of which these entries are the last: what idempotency does not need goes. To be called inside a transaction. */
export function letGoOf(core: Core, positions: readonly number[]): void {
  const pinned: Pinned[] = [];
  const nodes: { readonly path: readonly string[] }[] = [];
  for (const pos of positions) {
    const seq = first(core.sql, r.SEQ_AT, pos)?.seq;
    const chunk = seq === undefined ? undefined : first(core.sql, q.GET_CHUNK, seq);
    if (!chunk || chunk.state !== 'visible' || chunk.pos !== pos) continue;
    const bytes = chunk.bytes === null ? undefined : (JSON.parse(chunk.bytes) as NewChunk['bytes']);
    run(core.sql, r.SHRINK_CHUNK, chunk.seq);
    if (bytes?.kind !== 'pinned') continue;
    pinned.push(bytes.pinned);
    if (chunk.hole === null) nodes.push({ path: pathOfChunk(chunk.name as ChunkName) });
  }
  const { options, destination } = core.definition();
  if (options.reclaim && destination.kind === 'local' && nodes.length > 0) owe(core, { kind: 'reclaim', items: nodes });
  oweLetGo(core, pinned);
}

/** Of which bytes chunks need this hold. */
export function keysHeld(core: Core, holder: string): ReadonlySet<string> {
  const found = all(core.sql, q.HELD_CHUNKS, holder).map(({ bytes }) => JSON.parse(bytes) as NewChunk['bytes']);
  return new Set(found.flatMap((bytes) => (bytes.kind === 'pinned' ? [bytes.pinned.key] : [])));
}

/** One call for all bytes of one holder; bytes that another chunk has under the same holder stay. */
export function oweLetGo(core: Core, pinned: readonly Pinned[]): void {
  for (const [holder, some] of Map.groupBy(pinned, (one) => one.holder)) {
    const kept = keysHeld(core, holder);
    const [head] = some;
    const keys = [...new Set<string>(some.map(({ key }) => key))].filter((key) => !kept.has(key));
    if (head && keys.length > 0) owe(core, { kind: 'letGo', space: head.space, holder, keys });
  }
}

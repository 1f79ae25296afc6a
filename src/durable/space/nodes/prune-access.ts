// Permissions that no node has any more: rows that many nodes may share, removed many at a time when many have been added.
import { first, run } from '../../sql.ts';
import { forget, setMeta, SPARE_ACCESS, type Core } from '../core.ts';
import * as q from '../queries.ts';

/** Looks at every node once: seldom, because as many rows must have been added before as are left. */
export function pruneAccess(core: Core): void {
  run(core.sql, q.PRUNE_ACCESS);
  const { count, last } = first(core.sql, q.ACCESS_EXTENT) ?? { count: 0, last: null };
  setMeta(core, 'access_limit', String((last ?? 0) + Math.max(SPARE_ACCESS, count)));
  // Their ids may be given out again.
  forget(core);
}

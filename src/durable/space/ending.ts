// How trees that were coming in end, and how a Space ends: purged, swept, and kept as long as others need its bytes.
import { DOOMED_GRACE, OUTCOME_LIFE } from '../../model/limits.ts';
import { all, first, run } from '../sql.ts';
import { meta, setMeta, TOP, type Core } from './core.ts';
import { acknowledge } from './mounts.ts';
import { owe } from './outbox.ts';
import * as q from './queries.ts';
import * as r from './relocation/queries.ts';

/** An arrival's last state; who takes part in it is told until it knows. */
export function finish(core: Core, row: r.ArrivalRow, state: 'attached' | 'gone', name: string): void {
  const isLocal = row.source === meta(core, 'id');
  run(core.sql, r.CLOSE_ARRIVAL, state, name, isLocal ? 1 : 0, core.clock() + OUTCOME_LIFE, row.id);
  if (!isLocal) owe(core, { kind: 'arrived', arrival: row.id }, core.clock());
}

/** The root has this Space under a name. If it was made of a tree that came in, that has come to its end. */
export function arriveWhole(core: Core): void {
  acknowledge(core);
  const row = first(core.sql, r.WHOLE_ARRIVAL);
  if (row && row.state !== 'attached' && row.state !== 'gone') finish(core, row, 'attached', row.name);
}

/** Nothing of it will be seen; what has come is purged. An arrival that is attached, or about to be, stays. */
export function giveUp(core: Core, id: number): void {
  const row = first(core.sql, r.GET_ARRIVAL, id);
  if (row?.state !== 'open') return;
  run(core.sql, r.DROP_ALL_ARRIVING, id);
  finish(core, row, 'gone', '');
  if (row.whole === 1) destroySpace(core);
  else if (row.head !== null) run(core.sql, q.ADD_PURGE, row.head, '[]', core.clock());
}

/** Dooms everything in this Space. What is left of it goes when the last of its bytes have been swept. */
export function destroySpace(core: Core): void {
  if (meta(core, 'id') === undefined || meta(core, 'destroyed') !== undefined) return;
  setMeta(core, 'destroyed', 'true');
  setMeta(core, 'name', '\u0000destroyed');
  for (const { id } of all(core.sql, r.OPEN_ARRIVALS)) giveUp(core, id);
  run(core.sql, r.DROP_DEPARTURES);
  run(core.sql, q.ADD_PURGE, TOP, '[]', core.clock());
  owe(core, { kind: 'vacate' }, core.clock() + DOOMED_GRACE);
}

/** When to look again whether a destroyed Space has anything left in the store, or to tell others; undefined when it has nothing. */
export function sweptAt(core: Core): number | undefined {
  const leftover = first(core.sql, q.NEXT_LEFTOVER)?.due ?? undefined;
  const isPurged = first(core.sql, q.PURGE_DUE)?.due === null;
  const isTold = !first(core.sql, r.NEXT_LET_GO, 1) && !first(core.sql, r.ANY_UNTOLD);
  if (leftover === undefined && isPurged && isTold && !isHaunting(core)) return undefined;
  return Math.max(core.clock(), leftover ?? 0) + 60_000;
}

/** Whether others hold bytes of this Space. */
export function isHaunting(core: Core): boolean {
  return first(core.sql, r.ANY_HOLD) !== undefined;
}

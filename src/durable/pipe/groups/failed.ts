// Chunks that a group has given up after too many deliveries: they count as settled, and stay until they are retried or dropped.
import { Fault } from '../../../faults.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as q from './queries.ts';
import type { Group } from './rows.ts';
import type { Run } from './settled.ts';

export function giveUp(core: Core, group: Group, pos: number, deliveries: number, reason: string): void {
  const seq = first(core.sql, q.ENTRIES_AT, pos, pos)?.seq ?? 0;
  const before = first(core.sql, q.GET_FAILED, group.id, seq);
  run(core.sql, q.SET_FAILED, group.id, pos, seq, deliveries, reason.slice(0, 500), core.clock());
  if (before && before.pos !== pos) loosen(core, before.pos);
  group.failed += before ? 0 : 1;
  group.dead += before?.dead === 1 ? 0 : 1;
}

/** What was given up once has been acknowledged after all. */
export function dropFailed(core: Core, group: Group, { first: from, last }: Run): void {
  for (const row of all(core.sql, q.FAILED_AT, from, last)) {
    if (row.grp !== group.id) continue;
    const failed = first(core.sql, q.GET_FAILED, group.id, row.seq);
    drop(core, group, row.seq, row.pos, failed?.dead === 1);
  }
}

/** Gives it out again, ahead of everything else. Repeated: it is on its way. Throws ChunkNotFound where it is not dead for the group. */
export function retryFailed(core: Core, group: Group, seq: number): void {
  const row = find(core, group, seq);
  if (row.dead === 0) return;
  run(core.sql, q.SET_RETRIED, group.id, seq);
  run(core.sql, q.ADD_AGAIN, group.id, row.pos, 0, core.clock());
  group.dead--;
  group.waiting++;
  core.happened.claims = true;
}

/** Nobody wants it any more. Throws ChunkNotFound, and Conflict where it is being tried again. */
export function forgetFailed(core: Core, group: Group, seq: number): void {
  const row = find(core, group, seq);
  if (row.dead === 0) throw new Fault('Conflict', `chunk ${seq} is being given out again`);
  drop(core, group, seq, row.pos, true);
}

function find(core: Core, group: Group, seq: number): q.FailedRow {
  const row = first(core.sql, q.GET_FAILED, group.id, seq);
  if (!row) throw new Fault('ChunkNotFound', `chunk ${seq} is not dead for the group ${group.name}`);
  return row;
}

function drop(core: Core, group: Group, seq: number, pos: number, wasDead: boolean): void {
  run(core.sql, q.DROP_FAILED, group.id, seq);
  group.failed--;
  if (wasDead) group.dead--;
  loosen(core, pos);
}

/** An entry that no group keeps any more: where the log is trimmed already, it goes too. */
export function loosen(core: Core, pos: number): void {
  if (pos <= core.row().trimmed && !first(core.sql, q.FAILED_AT, pos, pos)) run(core.sql, q.ADD_LOOSE, pos);
}

// A restored Space removes nothing from the store until an administrator confirms: the store may hold more than the backup knew.
import { first } from '../../sql.ts';
import { dropMeta, meta, setMeta, TOP, type Core } from '../core.ts';
import type { SpaceStatus } from './port.ts';
import * as q from '../queries.ts';
import { storeContainer } from '../uploads/uploads.ts';

export function isPaused(core: Core): boolean {
  return meta(core, 'paused') !== undefined;
}

export function pauseSweep(core: Core): void {
  setMeta(core, 'paused', String(core.clock()));
}

export function resumeSweep(core: Core): void {
  dropMeta(core, 'paused');
}

export function statusOf(core: Core): SpaceStatus | undefined {
  if (meta(core, 'id') === undefined || meta(core, 'destroyed') !== undefined) return undefined;
  const paused = meta(core, 'paused');
  return {
    name: meta(core, 'name') ?? '',
    container: storeContainer(core),
    quota: first(core.sql, q.GET_QUOTA, TOP),
    uploads: first(core.sql, q.COUNT_UPLOADS)?.count ?? 0,
    leftovers: first(core.sql, q.COUNT_LEFTOVERS)?.count ?? 0,
    paused: paused === undefined ? undefined : Number(paused),
    restoring: meta(core, 'importing'),
    revision: first(core.sql, q.LAST_AUDIT)?.id ?? 0,
  };
}

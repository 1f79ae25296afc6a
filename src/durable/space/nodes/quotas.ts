// Quotas: a container that has one has room for no more than its size and what the uploads under way below it have reserved.
import { Fault } from '../../../faults.ts';
import { first, run } from '../../sql.ts';
import { TOP, type Core } from '../core.ts';
import { oweProjection } from '../outbox.ts';
import * as q from '../queries.ts';

/** The node itself and the containers above it that have a quota; in a detached tree also those that were above it. */
export function limited(core: Core, node: number | null): number[] {
  if (!first(core.sql, q.ANY_QUOTA)) return [];
  const found: number[] = [];
  for (let id = node; id !== null;) {
    if (first(core.sql, q.GET_QUOTA, id)) found.push(id);
    const parent = first(core.sql, q.PARENT_OF, id)?.parent ?? null;
    if (parent === null) found.push(...(JSON.parse(first(core.sql, q.PURGE_OF, id)?.charged ?? '[]') as number[]));
    id = parent;
  }
  return found;
}

/** Adds to what is reserved in these containers. The caller has checked that there is room. What is used is the containers' size. */
export function charge(core: Core, charged: readonly number[], reserved: number): void {
  if (reserved === 0) return;
  for (const id of charged) run(core.sql, q.CHARGE_QUOTA, reserved, id);
  if (charged.includes(TOP)) oweProjection(core);
}

/** Throws QuotaExceeded when one of these containers has no room for so many further bytes beside what is used and reserved. */
export function checkRoom(core: Core, charged: readonly number[], bytes: number, uri: string): void {
  for (const id of charged) {
    const quota = first(core.sql, q.GET_QUOTA, id);
    if (quota && quota.used + quota.reserved + bytes > quota.bytes) {
      throw new Fault(
        'QuotaExceeded',
        `${uri}: ${bytes} bytes do not fit into a quota of ${quota.bytes} bytes with ${quota.used} used and ${quota.reserved} reserved`,
      );
    }
  }
}

/** Bytes that still fit into all of these; 0 where there is no limit and so nothing to reserve. */
export function roomLeft(core: Core, charged: readonly number[]): number {
  const left = charged.flatMap((id) => {
    const quota = first(core.sql, q.GET_QUOTA, id);
    return quota ? [quota.bytes - quota.used - quota.reserved] : [];
  });
  return left.length === 0 ? 0 : Math.max(0, Math.min(...left));
}

/** Sets or with null removes a container's quota, counting the uploads under way below it. */
export function setQuota(core: Core, node: number, bytes: number | null): void {
  if (bytes === null) {
    run(core.sql, q.DROP_QUOTA, node);
    // A quota that is set later counts what is there by then: nothing that is being purged.
    run(core.sql, q.FORGET_CHARGED, node);
    return;
  }
  run(core.sql, q.SET_QUOTA, node, bytes, first(core.sql, q.RESERVED_BELOW, node)?.bytes ?? 0);
}

// Quotas: every container above a node that has one is charged for the node's bytes and for the uploads under way.
import { Fault } from '../../faults.ts';
import { all, first, run } from '../sql.ts';
import type { Core } from './core.ts';
import * as q from './queries.ts';

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

/** Adds to what is used and reserved in these containers. The caller has checked that there is room. */
export function charge(core: Core, charged: readonly number[], used: number, reserved: number): void {
  if (used === 0 && reserved === 0) return;
  for (const id of charged) run(core.sql, q.CHARGE_QUOTA, used, reserved, id);
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

/** Sets or with null removes a container's quota, counting what is below it. */
export function setQuota(core: Core, node: number, bytes: number | null): void {
  if (bytes === null) {
    run(core.sql, q.DROP_QUOTA, node);
    // A quota that is set later counts what is there by then: nothing that is being purged.
    run(core.sql, q.FORGET_CHARGED, node);
    return;
  }
  const used = all(core.sql, q.BYTES_BELOW, node)[0]?.bytes ?? 0;
  const reserved = all(core.sql, q.RESERVED_BELOW, node)[0]?.bytes ?? 0;
  run(core.sql, q.SET_QUOTA, node, bytes, used, reserved);
}

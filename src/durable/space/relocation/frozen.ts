// Trees that are being moved to another Space do not change: who tries is told to come back.
import { Fault } from '../../../faults.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import * as r from './queries.ts';

/** Throws NodeBusy if one of these nodes, from the root down, is the head of such a tree. */
export function checkStays(core: Core, call: Call, chain: readonly q.NodeRow[]): void {
  for (const { node } of all(core.sql, r.DEPARTURES)) if (chain.some(({ id }) => id === node)) throw leaving(call.uri);
}

/** Throws NodeBusy if such a tree is at the node or below it. */
export function checkTreeStays(core: Core, call: Call, head: q.NodeRow): void {
  for (const { node } of all(core.sql, r.DEPARTURES)) {
    for (let id: number | null = node; id !== null; id = first(core.sql, q.PARENT_OF, id)?.parent ?? null)
      if (id === head.id) throw leaving(call.uri);
  }
}

function leaving(uri: string): Fault {
  return new Fault('NodeBusy', `${uri} is being moved to another top-level container`, { 'Retry-After': '5' });
}

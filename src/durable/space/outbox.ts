// Calls that other Spaces must get: written with the change that causes them, and repeated until they are answered.
import type { SpaceId } from '../../model/space-id.ts';
import { run } from '../sql.ts';
import type { Core } from './core.ts';
import * as q from './queries.ts';

export type Owed =
  /** Root to Space: it has been cut off. */
  | { readonly kind: 'destroy'; readonly space: SpaceId }
  /** Root to Space: it has another name. */
  | { readonly kind: 'rename'; readonly space: SpaceId; readonly name: string; readonly revision: number }
  /** Space to root: what listings show of it. */
  | { readonly kind: 'project' }
  /** Space to root: the property URIs that its nodes have. */
  | { readonly kind: 'properties' }
  /** Space to root: whether it has been attached. */
  | { readonly kind: 'confirm' }
  /** To itself: everything is gone when the sweep is done. */
  | { readonly kind: 'vacate' };

export function owe(core: Core, owed: Owed, due: number): void {
  run(core.sql, q.ADD_OUTBOX, owed.kind, JSON.stringify(owed), due);
}

/** The same for calls that tell the state as it is when they are made: one is enough. */
export function oweOnce(core: Core, owed: Owed, due: number): void {
  run(core.sql, q.DROP_OUTBOX_KIND, owed.kind);
  owe(core, owed, due);
}

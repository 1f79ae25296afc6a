// Calls that other Spaces must get: written with the change that causes them, and repeated until they are answered.
import type { JobId } from '../../model/job.ts';
import type { PipeId } from '../../model/pipe.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { first, run } from '../sql.ts';
import { meta, type Core } from './core.ts';
import type { Outcome } from './port.ts';
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
  /** Space to a JobQueue: how the upload of a job has ended. */
  | { readonly kind: 'outcome'; readonly job: JobId; readonly outcome: Outcome }
  /** To a JobQueue: what a commit has brought is to be looked at. */
  | { readonly kind: 'extract'; readonly path: readonly string[]; readonly upload: string; readonly owner: string }
  /** To itself: there may be many permissions that no node has any more. */
  | { readonly kind: 'access' }
  /** To the homes of an arrival's bytes, and to the Space that it comes from: how it ended. */
  | { readonly kind: 'arrived'; readonly arrival: number }
  /** To the homes of bytes: what is not needed any more. */
  | { readonly kind: 'letGo' }
  /** To a holder: what has become of it; to the Space that a tree leaves for: whether it has arrived. */
  | { readonly kind: 'ask' | 'askDeparture'; readonly holder: string }
  /** To a pipe: which of the bytes that calls to it have had held it has taken. */
  | { readonly kind: 'askPipe'; readonly pipe: PipeId; readonly holders: readonly string[] }
  /** Space to root: its container has moved into another Space. */
  | { readonly kind: 'leave' }
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

/** Changes that come within this time, milliseconds, are told to the root together. */
const PROJECT_WITHIN = 1500;

/**
 * The top-level container looks different from what the root lists. One row stands for all changes until its delivery begins; a change
 * during that is owed anew. The root lists itself nowhere.
 */
export function oweProjection(core: Core): void {
  const id = meta(core, 'id');
  if (id === undefined || id === ROOT || meta(core, 'destroyed') !== undefined || first(core.sql, q.PROJECTION_WAITS)) return;
  oweOnce(core, { kind: 'project' }, core.clock() + PROJECT_WITHIN);
}

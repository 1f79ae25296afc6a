// Calls that other objects must get: written with the change that causes them, and repeated until they are answered.
import type { PipeGroup, PipeId } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { run } from '../sql.ts';
import type { Core } from './core.ts';
import * as q from './queries.ts';

export type Owed =
  /** To a Space: bytes that the pipe does not need any more. */
  | { readonly kind: 'letGo'; readonly space: SpaceId; readonly holder: string; readonly keys: readonly string[] }
  /** To a pipe that this one follows: up to this pos its entries have been taken. */
  | { readonly kind: 'taken'; readonly pipe: PipeId; readonly pos: number; readonly by: PipeId }
  /** To a pipe: what was made of a chunk that was claimed there is durable here. */
  | { readonly kind: 'ack'; readonly pipe: PipeId; readonly group: PipeGroup; readonly fence: string; readonly principal: Principal }
  /** Nodes at the destination that go with their chunks. */
  | { readonly kind: 'reclaim'; readonly items: readonly { readonly path: readonly string[] }[] };

export function owe(core: Core, owed: Owed, due = core.clock()): void {
  run(core.sql, q.ADD_OUTBOX, owed.kind, JSON.stringify(owed), due);
}

/** Milliseconds until a call that has failed so often is made again. */
export function pauseAfter(attempts: number, random: () => number): number {
  return Math.min(300_000, 1000 * 2 ** Math.min(attempts, 9)) * (0.5 + random() / 2);
}

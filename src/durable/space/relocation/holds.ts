// Bytes that lie here and that others need: kept for a holder until it lets them go, or turns out never to have come to anything.
// Bytes are live while a node or a holder has them, doomed as a leftover, and then deleted: nothing is held again from doomed on.
import { Fault } from '../../../faults.ts';
import { ARRIVAL_LIFE } from '../../../model/limits.ts';
import type { PipeId } from '../../../model/pipe.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { present, type Core } from '../core.ts';
import * as q from '../queries.ts';
import { releaseObject } from '../nodes/removal.ts';
import { HOLD_OBJECTS } from '../pipes/queries.ts';
import * as r from './queries.ts';

/** Holds let go per transaction. */
export const BATCH = 1000;

/** The holder that stands for an arrival in a Space. */
export function holderName(space: SpaceId, arrival: number): string {
  return `space:${space}:${arrival}`;
}

/** The pipe that a call to WriteChunk holds bytes for; undefined for holders of another kind. */
export function readPipeHolder(name: string): PipeId | undefined {
  return /^pipe:([^:]+):[^:]+$/.exec(name)?.[1] as PipeId | undefined;
}

/** Undefined for holders of another kind. */
export function readHolder(name: string): { readonly space: SpaceId; readonly arrival: number } | undefined {
  const match = /^space:([^:]+):(\d+)$/.exec(name);
  return match ? { space: match[1] as SpaceId, arrival: Number(match[2]) } : undefined;
}

/** Throws Conflict for a holder to which nothing is added any more. It is asked what has become of it unless it adds something in time. */
function openHolder(core: Core, name: string): number {
  const due = core.clock() + ARRIVAL_LIFE;
  const fresh = first(core.sql, r.ADD_HOLDER, name, 'open', due);
  if (fresh) return fresh.id;
  const known = present(first(core.sql, r.GET_HOLDER, name), 'holder');
  if (known.state !== 'open') throw new Fault('Conflict', 'this copy or move has ended');
  run(core.sql, r.SET_HOLDER, 'open', due, known.id);
  return known.id;
}

/** The keys that cannot be held, because nothing here has them any more. */
export function keep(core: Core, name: string, keys: readonly string[]): readonly string[] {
  const holder = openHolder(core, name);
  const missing: string[] = [];
  for (const key of keys) {
    const object = first(core.sql, q.FIND_OBJECT, key);
    if (object) run(core.sql, r.ADD_HOLD, object.id, holder);
    else missing.push(key);
  }
  return missing;
}

/** Holds what these nodes refer to and what lies here. */
export function keepForNodes(core: Core, name: string, nodes: readonly number[]): void {
  run(core.sql, r.HOLD_FOR_NODES, JSON.stringify(nodes), openHolder(core, name));
}

/** The same for objects, wherever they lie. */
export function holdObjects(core: Core, name: string, objects: readonly number[]): void {
  run(core.sql, HOLD_OBJECTS, JSON.stringify(objects), openHolder(core, name));
}

/** Nothing is added any more. Without `keeps` everything is let go, in batches. */
export function closeHolder(core: Core, name: string, keeps: boolean): void {
  const holder = first(core.sql, r.GET_HOLDER, name);
  if (!holder || holder.state === 'ended') return;
  if (keeps) run(core.sql, r.SET_HOLDER, 'closed', null, holder.id);
  else run(core.sql, r.SET_HOLDER, 'ended', core.clock(), holder.id);
  forgetEmpty(core, holder.id);
}

/** Whoever lets something go adds nothing any more. */
export function letGo(core: Core, name: string, keys: readonly string[]): void {
  const holder = first(core.sql, r.GET_HOLDER, name);
  if (!holder) return;
  if (holder.state === 'open') run(core.sql, r.SET_HOLDER, 'closed', null, holder.id);
  for (const key of keys) {
    const object = first(core.sql, q.FIND_OBJECT, key);
    if (object) drop(core, object.id, holder.id);
  }
  forgetEmpty(core, holder.id);
}

/** One batch of what an ended holder still has; how many these were. */
export function dropHolds(core: Core, holder: r.HolderRow): number {
  const holds = all(core.sql, r.HOLDS_OF, holder.id, 0, BATCH);
  for (const { object } of holds) drop(core, object, holder.id);
  forgetEmpty(core, holder.id);
  return holds.length;
}

function drop(core: Core, object: number, holder: number): void {
  run(core.sql, r.DROP_HOLD, object, holder);
  releaseObject(core, object);
}

function forgetEmpty(core: Core, holder: number): void {
  if (!first(core.sql, r.HOLDS_ANY, holder)) run(core.sql, r.DROP_HOLDER, holder);
}

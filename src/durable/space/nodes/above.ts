// What the containers above a node say of it: where it is, whether it is attached at all, whether it may change.
import { first } from '../../sql.ts';
import { meta, TOP, type Core } from '../core.ts';
import type { Outcome } from '../port.ts';
import * as q from '../queries.ts';

/** False: the node belongs to a tree or a Space that was deleted and is being purged. */
export function isAttached(core: Core, node: q.NodeRow): boolean {
  if (meta(core, 'destroyed') !== undefined) return false;
  let top = node;
  for (
    let above: q.NodeRow | undefined = node;
    above;
    above = above.parent === null ? undefined : first(core.sql, q.GET_NODE, above.parent)
  )
    top = above;
  return top.id === TOP;
}

/** The same rules as `checkChangeable`. */
export function fixedBy(core: Core, node: q.NodeRow): Outcome | undefined {
  if (node.locked === 1) return { result: 'NodeLocked', detail: 'the node has been locked' };
  for (let at: q.NodeRow | undefined = node; at; at = at.parent === null ? undefined : first(core.sql, q.GET_NODE, at.parent))
    if (at.immutable === 1) return { result: 'PermissionDenied', detail: 'the node has been made immutable' };
  return undefined;
}

export function pathOf(core: Core, id: number): string[] {
  const names: string[] = [];
  for (let node = first(core.sql, q.GET_NODE, id); node && node.parent !== null; node = first(core.sql, q.GET_NODE, node.parent))
    names.unshift(node.name);
  return names;
}

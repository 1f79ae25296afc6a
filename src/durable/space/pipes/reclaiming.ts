// Chunks that readers are done with: their nodes at the destination go, as far as they still are what the pipe has placed there.
import type { PipeId } from '../../../model/pipe.ts';
import { first } from '../../sql.ts';
import { audit, meta, type Core } from '../core.ts';
import { fixedBy, pathOf } from '../nodes/above.ts';
import { touch } from '../nodes/nodes.ts';
import { limited } from '../nodes/quotas.ts';
import { removeNode } from '../nodes/removal.ts';
import * as q from '../queries.ts';
import * as p from './queries.ts';

/** To be called inside a transaction. A pipe that is not noted here any more reclaims nothing. */
export function reclaimChunks(core: Core, pipe: PipeId, items: readonly { readonly path: readonly string[] }[]): void {
  const end = first(core.sql, p.GET_END, pipe, 'destination');
  if (!end) return;
  const changed = new Set<number>();
  for (const { path } of items) {
    const node = below(core, end.node, path);
    const placed = node && first(core.sql, p.GET_PLACED, node.id);
    if (!node || placed?.pipe !== pipe || placed.object === null || placed.object !== node.object || fixedBy(core, node)) continue;
    audit(core, 'system', 'delete', [meta(core, 'name') ?? '', ...pathOf(core, node.id)], `reclaimed by pipe ${pipe}`);
    removeNode(core, node, limited(core, node.parent));
    if (node.parent !== null) changed.add(node.parent);
  }
  for (const container of changed) touch(core, container);
}

function below(core: Core, container: number, path: readonly string[]): q.NodeRow | undefined {
  let node: q.NodeRow | undefined;
  for (const name of path) {
    node = first(core.sql, q.GET_CHILD, node?.id ?? container, name);
    if (!node) return undefined;
  }
  return node;
}

// Moving a node inside one Space: its row gets another parent and name, whatever hangs below it.
import { Fault } from '../../../faults.ts';
import { first, run } from '../../sql.ts';
import { audit, moved, type Core } from '../core.ts';
import { checkDepth } from './depth.ts';
import { checkRemovable, touch } from './nodes.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { charge, checkRoom, limited } from './quotas.ts';
import { grow } from './sizes.ts';
import { checkChangeable, findParent } from './walk.ts';

/**
 * VOSpace 2.1 section 6.4.4. `to` is the node's future path in this Space; its last name must be free. Throws what deleting the node here
 * and creating it there would, InvalidArgument for a move of a container into itself or too deep, and QuotaExceeded.
 */
export function moveNode(core: Core, call: Call, to: Call): void {
  // "If the source node does not exist" is NodeNotFound, whatever of its path is missing.
  const source = findParent(core, call, 'NodeNotFound');
  const node = first(core.sql, q.GET_CHILD, source.parent.id, source.name);
  if (!node) throw new Fault('NodeNotFound', call.uri);
  if (node.mount !== null) throw moved(source.name);
  checkChangeable(call, source.chain);
  checkChangeable(call, [node]);
  checkRemovable(core, call, node);
  const destination = findParent(core, to);
  checkChangeable(to, destination.chain);
  if (destination.chain.some((above) => above.id === node.id))
    throw new Fault('InvalidArgument', `${call.uri} cannot be moved into itself`);
  if (first(core.sql, q.GET_CHILD, destination.parent.id, destination.name)) throw new Fault('DuplicateNode', to.uri);
  checkDepth(core, node, [call.name, ...call.path], [to.name, ...to.path], to.uri);
  recharge(core, node, source.parent.id, destination.parent.id, to.uri);
  if (source.parent.id !== destination.parent.id) {
    grow(core, source.parent.id, -node.size);
    grow(core, destination.parent.id, node.size);
  }
  run(core.sql, q.NAME_NODE, destination.parent.id, destination.name, core.clock(), node.id);
  touch(core, source.parent.id);
  touch(core, destination.parent.id);
  audit(core, call.principal, 'move', [call.name, ...call.path], to.uri);
}

/** Quotas that the node leaves get back what is reserved below it, those that it comes under need room for all. Most moves change neither. */
function recharge(core: Core, node: q.NodeRow, from: number, to: number, uri: string): void {
  const before = limited(core, from);
  const after = limited(core, to);
  const left = before.filter((id) => !after.includes(id));
  const entered = after.filter((id) => !before.includes(id));
  if (left.length === 0 && entered.length === 0) return;
  const reserved = first(core.sql, q.RESERVED_BELOW, node.id)?.bytes ?? 0;
  charge(core, left, -reserved);
  if (entered.length > 0) checkRoom(core, entered, node.size + reserved, uri);
  charge(core, entered, reserved);
}

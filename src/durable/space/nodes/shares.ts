// Shared nodes: found by their id and read with the rights of whoever shared them, in one turn.
import { Fault } from '../../../faults.ts';
import type { NodeType } from '../../../model/node.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { first } from '../../sql.ts';
import { isAttached, pathOf } from './above.ts';
import { accessOf, meta, type Core } from '../core.ts';
import { readNode } from './nodes.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import type { Shared, SharedCall } from './shares-port.ts';
import { locateBytes } from './locate.ts';
import { find } from './walk.ts';

export function pinNode(core: Core, call: Call): { node: number; type: NodeType } {
  const { node } = find(core, call);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  return { node: node.id, type: node.type as NodeType };
}

export function openShared(core: Core, { node, rest, principal, listing }: SharedCall): Shared {
  const name = meta(core, 'name');
  const row = first(core.sql, q.GET_NODE, node);
  if (name === undefined || !row || !isAttached(core, row)) throw new Fault('NodeNotFound', 'share');
  const call: Call = { name, path: [...pathOf(core, node), ...rest], uri: 'share', principal };
  const path = [name, ...call.path];
  if (find(core, call).node.type === 'ContainerNode') return { kind: 'container', path, reading: readNode(core, call, listing) };
  const located = locateBytes(core, call);
  if (located.kind === 'link') throw new Fault('LinkFound', 'share: links are not followed');
  return { kind: 'bytes', path, located };
}

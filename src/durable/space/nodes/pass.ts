// Passes over a tree, from the leaves to its head, a bounded number of nodes at a time: what recursive jobs do to each node.
import { Fault } from '../../../faults.ts';
import { allows } from '../../../model/permission.ts';
import { setterOf } from '../../../model/property.ts';
import { first } from '../../sql.ts';
import { accessOf, audit, type Core } from '../core.ts';
import { checkNoPipes } from '../pipes/fixed.ts';
import { checkStays } from '../relocation/frozen.ts';
import { changeNode, touch } from './nodes.ts';
import type { Action, Passed } from './pass-port.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { limited } from './quotas.ts';
import { removeNode } from './removal.ts';
import { checkChangeable, find, lastOf, type Walk } from './walk.ts';

const REFUSED = 20;

type Chain = Walk['chain'];

/**
 * Visits at most `budget` nodes after the cursor. The same pass again, or one over a tree that has changed meanwhile, visits what is
 * there; nodes made behind the cursor are not seen. Containers that the caller may not read are visited, but not what is in them.
 * What is refused of one node leaves it as it was, and the others alone: `attempt` undoes a refused change. Throws NodeNotFound and
 * LinkFound for the head, and NodeBusy before a deletion where a pipe ends at it or below.
 */
export function passBelow(
  core: Core,
  call: Call,
  cursor: readonly string[] | undefined,
  action: Action,
  budget: number,
  attempt: (change: () => void) => void | Fault,
): Passed {
  const { chain: above, node: head } = find(core, call);
  // A tree that is in use by a pipe is refused before anything of it goes.
  if (action.kind === 'remove' && cursor === undefined && allows(accessOf(core, head.access), call.principal, 'write'))
    checkNoPipes(core, call, head);
  const touched = new Set<number>();
  let [nodes, bytes, errors] = [0, 0, 0];
  const refused: string[] = [];
  let at: Chain | undefined = cursor === undefined ? descend(core, call, above) : after(core, call, above, cursor);
  let last: readonly string[] | undefined = cursor;
  for (let left = budget; left > 0 && at; left--) {
    const node = lastOf(at);
    const parent = at.at(-2);
    const chain = at;
    const refusal = attempt(() => visit(core, call, action, chain, touched));
    if (refusal) {
      errors++;
      if (refused.length < REFUSED) refused.push(`${refusal.fault} ${[call.name, ...call.path, ...namesOf(at, above)].join('/')}`);
    } else {
      nodes++;
      if (node.type !== 'ContainerNode') bytes += node.size;
    }
    last = namesOf(at, above);
    at = at.length === above.length || !parent ? undefined : next(core, call, withoutLast(at), node.name);
  }
  for (const container of touched) touch(core, container);
  if (nodes > 0 && action.kind !== 'count')
    audit(core, call.principal, action.kind === 'remove' ? 'delete' : 'set', [call.name, ...call.path], `${nodes} nodes of the tree`);
  return { ...(at && last && { cursor: last }), nodes, bytes, errors, refused };
}

function visit(core: Core, call: Call, action: Action, chain: Chain, touched: Set<number>): void {
  const node = lastOf(chain);
  const access = accessOf(core, node.access);
  if (action.kind === 'count') {
    if (!allows(access, call.principal, 'read')) throw new Fault('PermissionDenied', node.name);
    return;
  }
  checkStays(core, call, chain);
  if (action.kind === 'set') {
    if (!allows(access, call.principal, 'write')) throw new Fault('PermissionDenied', node.name);
    // A whole document may have been sent: what the service says of its node is not asked of the others.
    const properties = action.properties.filter(({ uri }) => setterOf(uri) !== 'service');
    changeNode(core, call, chain, { type: 'Node', properties });
    return;
  }
  const parent = chain.at(-2);
  // The head of a whole Space is not this Space's to remove.
  if (!parent) return;
  if (!allows(accessOf(core, parent.access), call.principal, 'write')) throw new Fault('PermissionDenied', node.name);
  checkChangeable(call, withoutLast(chain));
  checkChangeable(call, [node]);
  if (node.type === 'ContainerNode' && first(core.sql, q.HAS_CHILDREN, node.id))
    throw new Fault('PermissionDenied', `${node.name} holds nodes that cannot be deleted`);
  checkNoPipes(core, call, node);
  // Its size has shrunk with each node that was removed below it.
  removeNode(core, first(core.sql, q.GET_NODE, node.id) ?? node, limited(core, parent.id));
  touched.delete(node.id);
  touched.add(parent.id);
}

/** The first leaf below the last node of the chain, as deep as the caller may look. */
function descend(core: Core, call: Call, chain: Chain): Chain {
  const at: [q.NodeRow, ...q.NodeRow[]] = [...chain];
  for (;;) {
    const node = lastOf(at);
    if (node.type !== 'ContainerNode' || !allows(accessOf(core, node.access), call.principal, 'read')) return at;
    const child = first(core.sql, q.NEXT_CHILD, node.id, '');
    if (!child) return at;
    at.push(child);
  }
}

/** The node that comes after the child of that name, which may be gone: its next sibling's first leaf, or their container. */
function next(core: Core, call: Call, parents: Chain, name: string): Chain {
  const sibling = first(core.sql, q.NEXT_CHILD, lastOf(parents).id, name);
  return sibling ? descend(core, call, [...parents, sibling]) : parents;
}

/** The node after the one that the names lead to, as far as they still do. */
function after(core: Core, call: Call, above: Chain, names: readonly string[]): Chain | undefined {
  const chain: [q.NodeRow, ...q.NodeRow[]] = [...above];
  for (const [i, name] of names.entries()) {
    const child = i === names.length - 1 ? undefined : first(core.sql, q.GET_CHILD, lastOf(chain).id, name);
    if (!child) return next(core, call, chain, name);
    chain.push(child);
  }
  return undefined;
}

function namesOf(chain: Chain, above: Chain): string[] {
  return chain.slice(above.length).map((node) => node.name);
}

/** Of a chain of at least two. */
function withoutLast(chain: Chain): Chain {
  return [chain[0], ...chain.slice(1, -1)];
}

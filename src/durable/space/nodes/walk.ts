// From a path to nodes, with the rights checked on every container on the way.
import { Fault } from '../../../faults.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { first } from '../../sql.ts';
import { accessOf, moved, present, type Core } from '../core.ts';
import { checkStays } from '../relocation/frozen.ts';
import type { Call, NodeState } from '../port.ts';
import type * as q from '../queries.ts';
import { WALK, type Step } from './walk-queries.ts';

export interface Walk {
  /** From the Space's root to the last node found. */
  readonly chain: readonly [q.NodeRow, ...q.NodeRow[]];
  /** The names that were not found; empty when the whole path is there. */
  readonly missing: readonly string[];
  /** A link on the way: the walk stopped there, with `missing` names behind it. */
  readonly stoppedAtLink: boolean;
  /** Of the node at the end of the path, where it is there and they were asked for. */
  readonly properties: NodeState['properties'];
}

/**
 * Walks down. "Read needs the right on every container above": who may not read a container is refused there, in the same words
 * whether or not what is below exists. The last node's own rights are left to the caller.
 */
export function walk(core: Core, call: Call, withProperties = false): Walk {
  return descend(core, call, readSteps(core, call.path, withProperties));
}

function descend(core: Core, call: Call, [top, ...below]: readonly Step[]): Walk {
  let node = present(top, 'root node');
  const chain: [q.NodeRow, ...q.NodeRow[]] = [node];
  for (const [i, name] of call.path.entries()) {
    if (node.type === 'LinkNode') return { chain, missing: call.path.slice(i), stoppedAtLink: true, properties: [] };
    if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
    const child = below[i];
    if (!child) return { chain, missing: call.path.slice(i), stoppedAtLink: false, properties: [] };
    // The caller asked the root because the container was not there yet.
    if (child.mount !== null) throw moved(name);
    chain.push(child);
    node = child;
  }
  const properties = (below[call.path.length - 1] ?? top)?.properties ?? [];
  return { chain, missing: [], stoppedAtLink: false, properties };
}

function readSteps(core: Core, path: readonly string[], withProperties: boolean): readonly Step[] {
  const found = first(core.sql, WALK, JSON.stringify(path), withProperties ? path.length : -1);
  return (JSON.parse(found?.steps ?? '[]') as Step[]).sort((one, other) => one.depth - other.depth);
}

/** The node itself. A missing one is NodeNotFound, for a change also ContainerNotFound where its container is missing (section 6.3.2.3); a link on the way is LinkFound, which must name the link (VOSpace 2.1 section 6.2.1.3). */
export function find(core: Core, call: Call, changing = false, withProperties = false): Walk & { readonly node: q.NodeRow } {
  const walked = walk(core, call, withProperties);
  if (walked.stoppedAtLink) throw linkFound(core, call, walked);
  if (walked.missing.length > 0) throw new Fault(changing && walked.missing.length > 1 ? 'ContainerNotFound' : 'NodeNotFound', call.uri);
  return { ...walked, node: lastOf(walked.chain) };
}

interface Place extends Walk {
  readonly parent: q.NodeRow;
  readonly name: string;
  /** What has the name. */
  readonly child: q.NodeRow | undefined;
}

/** The container that a child is to be made in or removed from, with the right to write in it. */
export function findParent(core: Core, call: Call, missing: 'ContainerNotFound' | 'NodeNotFound' = 'ContainerNotFound'): Place {
  const name = call.path.at(-1);
  if (name === undefined) throw refusal(call.principal, `${call.uri} is a root`);
  const steps = readSteps(core, call.path, false);
  const walked = descend(core, { ...call, path: call.path.slice(0, -1) }, steps);
  const parent = lastOf(walked.chain);
  if (walked.stoppedAtLink || (walked.missing.length === 0 && parent.type === 'LinkNode')) throw linkFound(core, call, walked);
  if (walked.missing.length > 0 || parent.type !== 'ContainerNode') throw new Fault(missing, call.uri);
  if (!allows(accessOf(core, parent.access), call.principal, 'write')) throw refusal(call.principal, call.uri);
  checkStays(core, call, walked.chain);
  return { ...walked, parent, name, child: steps[call.path.length] };
}

/**
 * Refuses a change of content. Immutability is inherited: "children of an immutable node inherit this property"; a lock is the node's own.
 */
export function checkChangeable(call: Call, chain: readonly q.NodeRow[]): void {
  if (chain.some((node) => node.immutable === 1)) throw new Fault('PermissionDenied', `${call.uri} is immutable`);
  if (chain.at(-1)?.locked === 1) throw new Fault('NodeLocked', `${call.uri} is locked`);
}

export function lastOf(chain: Walk['chain']): q.NodeRow {
  return chain.at(-1) ?? chain[0];
}

/** Only who may read a link is told where it leads. */
function linkFound(core: Core, call: Call, walked: Walk): Fault {
  const link = lastOf(walked.chain);
  if (!allows(accessOf(core, link.access), call.principal, 'read')) return refusal(call.principal, call.uri);
  const below = call.path.slice(0, walked.chain.length - 1).join('/');
  return new Fault(
    'LinkFound',
    `${call.uri}: /${[call.name, below].filter((part) => part !== '').join('/')} is a link to ${link.target ?? ''}`,
  );
}

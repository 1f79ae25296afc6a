// The containers at the ends of pipes: each knows its pipes, and stays where it is while it has one.
import { Fault } from '../../../faults.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { ROOT } from '../../../model/space-id.ts';
import { first, run } from '../../sql.ts';
import { accessOf, audit, meta, present, TOP, type Core } from '../core.ts';
import { fixedBy, pathOf } from '../nodes/above.ts';
import { createNode, touch } from '../nodes/nodes.ts';
import { limited } from '../nodes/quotas.ts';
import { removeNode } from '../nodes/removal.ts';
import { checkChangeable, find, lastOf, walk } from '../nodes/walk.ts';
import type { Call } from '../port.ts';
import { GET_NODE, HAS_CHILDREN } from '../queries.ts';
import { checkStays } from '../relocation/frozen.ts';
import { endsOf } from './fixed.ts';
import type { PipeEndRecord, Removal } from './port.ts';
import * as p from './queries.ts';

export function enlist(core: Core, call: Call, { pipe, role }: PipeEndRecord): { readonly made: boolean } {
  const known = first(core.sql, p.GET_END, pipe, role);
  const walked = walk(core, call);
  const isMade = walked.missing.length === 1 && !walked.stoppedAtLink && lastOf(walked.chain).type === 'ContainerNode';
  if (known) {
    if (walked.missing.length === 0 && lastOf(walked.chain).id === known.node) return { made: known.made === 1 };
    throw new Fault('Conflict', `the pipe has another ${role}`);
  }
  if (meta(core, 'id') === ROOT)
    throw new Fault('ContainerNotFound', `${call.uri}: it is in no top-level container, and pipes join what is in one`);
  if (isMade) createNode(core, call, { type: 'ContainerNode', properties: [] });
  const { node, chain } = find(core, call, true);
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${call.uri} is a ${node.type}: a pipe joins containers`);
  const right = role === 'source' ? 'read' : 'write';
  if (!allows(accessOf(core, node.access), call.principal, right)) throw refusal(call.principal, call.uri);
  checkStays(core, call, chain);
  if (role === 'destination') checkChangeable(call, chain);
  run(core.sql, p.ADD_END, node.id, pipe, role, isMade ? 1 : 0);
  return { made: isMade };
}

export function delist(core: Core, { pipe, role }: PipeEndRecord, removal: Removal): { readonly removed: boolean; readonly why?: string } {
  const end = first(core.sql, p.GET_END, pipe, role);
  if (!end) return { removed: false };
  run(core.sql, p.DROP_END, pipe, role);
  if (removal === 'nothing') return { removed: false };
  const why = staysBecause(core, end, removal);
  if (why !== undefined) return { removed: false, why };
  const node = present(first(core.sql, GET_NODE, end.node), 'container');
  audit(core, 'system', 'delete', [meta(core, 'name') ?? '', ...pathOf(core, node.id)], `made by pipe ${pipe}`);
  removeNode(core, node, limited(core, node.parent));
  if (node.parent !== null) touch(core, node.parent);
  return { removed: true };
}

function staysBecause(core: Core, { node: id, pipe, made }: p.EndRow, removal: Removal): string | undefined {
  const node = first(core.sql, GET_NODE, id);
  if (made === 0 || id === TOP || !node) return 'it was there before the pipe';
  if (first(core.sql, p.END_AT, id)) return 'another pipe uses it';
  if (fixedBy(core, node)) return 'it is locked or immutable';
  if (first(core.sql, p.OTHERS_BELOW, id, pipe)) return 'it holds what the pipe has not made';
  if (removal === 'empty' && first(core.sql, HAS_CHILDREN, id)) return 'it holds what the pipe has delivered';
  return undefined;
}

export function pipesAt(core: Core, call: Call): readonly PipeEndRecord[] {
  const { node } = find(core, call);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  return endsOf(core, node.id);
}

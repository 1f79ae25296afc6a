// Where a moved or copied node goes: "when the destination is an existing ContainerNode, the source SHALL be placed under it" (section 6.4.4).
import { asFault, Fault } from '../../faults.ts';
import type { Principal } from '../../model/principal.ts';
import { AUTO, checkPathBytes, formatVosUri, isWithin, type NodePath, pathBytes } from '../../model/vos-uri.ts';
import { withName } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';

/** Throws DuplicateNode for anything else that is there, and InvalidArgument for a place inside the node itself, or too deep. */
export async function destinationOf(services: Services, principal: Principal, from: NodePath, given: NodePath): Promise<NodePath> {
  const { authority } = services.config;
  const to =
    given.at(-1) === AUTO ? withName(given) : (await isContainer(services, principal, given)) ? [...given, ...from.slice(-1)] : given;
  if (isWithin(to, from) && to.length > from.length) {
    const source = formatVosUri({ authority, path: from });
    const place = formatVosUri({ authority, path: given });
    throw new Fault('InvalidArgument', `${source} cannot go into itself, to ${place}`);
  }
  checkPathBytes(pathBytes(to), formatVosUri({ authority, path: to }));
  return to;
}

async function isContainer(services: Services, principal: Principal, path: NodePath): Promise<boolean> {
  if (path.length === 0) return true;
  const see = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
  try {
    const { node } = await services.spaces.at(path, principal, 'create', ({ space, call }) => space.read(call, see));
    if (node.type === 'ContainerNode') return true;
  } catch (error) {
    // What is missing above is found by the one who makes the node.
    if (asFault(error)?.fault === 'NodeNotFound') return false;
    throw error;
  }
  throw new Fault('DuplicateNode', formatVosUri({ authority: services.config.authority, path }));
}

// The nodes at a pipe's end in this service, with the rights of its owner.
import type { NodeState } from '../../durable/space/port.ts';
import { asFault } from '../../faults.ts';
import type { Principal } from '../../model/principal.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { createNode } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';

const LISTING = { detail: 'max', limit: 0, sort: 'name', descending: false } as const;
const NOTHING: readonly string[] = ['NodeNotFound', 'ContainerNotFound', 'NotFound'];

/** Undefined: there is none. Throws PermissionDenied, and LinkFound for a path that leads over a link. */
export async function nodeAt(services: Services, path: NodePath, owner: Principal): Promise<NodeState | undefined> {
  try {
    const { node } = await services.spaces.at(path, owner, 'read', ({ space, call }) => space.read(call, LISTING));
    return node;
  } catch (error) {
    if (NOTHING.includes(asFault(error)?.fault ?? '')) return undefined;
    throw error;
  }
}

/** Makes these containers, one below the other, where they are missing. */
export async function makeContainers(services: Services, container: NodePath, names: NodePath, owner: Principal): Promise<void> {
  for (let depth = 1; depth <= names.length; depth++) {
    const path = [...container, ...names.slice(0, depth)];
    await makeContainer(services, path, owner);
  }
}

/** Another request may be quicker. */
export async function makeContainer(services: Services, path: NodePath, principal: Principal): Promise<void> {
  const uri = formatVosUri({ authority: services.config.authority, path });
  await createNode(services, path, principal, { uri, type: 'ContainerNode', properties: [] }).catch((error: unknown) => {
    if (asFault(error)?.fault !== 'DuplicateNode') throw error;
  });
}

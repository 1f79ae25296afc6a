// Begins the way of a tree from one place to another: unseen at its destination, and at its source frozen when it is moved between Spaces.
import { Fault } from '../faults.ts';
import type { RelocationKind } from '../durable/space/relocation-port.ts';
import { ARRIVAL_LIFE } from '../model/limits.ts';
import { refusal } from '../model/permission.ts';
import type { Principal } from '../model/principal.ts';
import { randomText } from '../model/secret.ts';
import type { SpaceId } from '../model/space-id.ts';
import { formatVosUri, type NodePath } from '../model/vos-uri.ts';
import { newSpaceId } from './nodes.ts';
import type { Services } from './services.ts';

export interface BegunArrival {
  readonly space: SpaceId;
  readonly arrival: number;
}

/** If this is lost anywhere, the rows that it has left end by their deadlines. */
export async function beginArrival(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  from: NodePath,
  to: NodePath,
): Promise<BegunArrival> {
  const { spaces } = services;
  const action = kind === 'move' ? 'modify' : 'read';
  // The name may lead to another Space by now: whoever answers to it is the source.
  const source = await spaces.at(from, principal, action, async ({ id, space, call }) => {
    if (to.length === 1) await checkContainer(services, principal, from);
    await space.checkName(call);
    return id;
  });
  const begun = await arrive(services, principal, kind, source, to);
  const space = spaces.space(begun.space);
  try {
    await spaces.at(from, principal, action, async ({ id, space: port, call }) => {
      if (id !== source) throw new Fault('Conflict', `${call.uri} is being moved`);
      const holder = `space:${begun.space}:${begun.arrival}`;
      const head = await port.depart(call, id === begun.space ? { kind } : { kind, holder });
      await space.begin(begun.arrival, head);
    });
  } catch (error) {
    await space.revoke(begun.arrival).catch(() => undefined);
    throw error;
  }
  return begun;
}

async function arrive(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  source: SpaceId,
  to: NodePath,
): Promise<BegunArrival> {
  const token = randomText(18);
  if (to.length > 1) {
    return services.spaces.at(to, principal, 'create', async ({ id, space, call }) => ({
      space: id,
      arrival: await space.arrive(call, { token, kind, source, whole: false }),
    }));
  }
  const { call, space: root } = services.spaces.root(to, principal);
  const name = to[0] ?? '';
  if (principal.kind !== 'user' || !principal.admin) throw refusal(principal, call.uri);
  if (await root.mountOf(name)) throw new Fault('DuplicateNode', call.uri);
  const id = newSpaceId();
  const space = services.spaces.space(id);
  await space.found(id, name, principal.id, { type: 'ContainerNode', properties: [] }, undefined, services.clock() + ARRIVAL_LIFE);
  return { space: id, arrival: await space.arrive({ ...call, name, path: [] }, { token, kind, source, whole: true }) };
}

/** "Only containers are made at the top level." */
async function checkContainer(services: Services, principal: Principal, from: NodePath): Promise<void> {
  const see = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
  const { node } = await services.spaces.at(from, principal, 'read', ({ space, call }) => space.read(call, see));
  const uri = formatVosUri({ authority: services.config.authority, path: from });
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${uri}: only containers are at the top level`);
}

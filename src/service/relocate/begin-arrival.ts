// Begins the way of a tree from one place to another: unseen at its destination, and at its source frozen when it is moved between Spaces.
import { asFault, Fault } from '../../faults.ts';
import type { RelocationKind } from '../../durable/space/relocation/port.ts';
import { ARRIVAL_LIFE } from '../../model/limits.ts';
import { refusal } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import { sha256Hex } from '../../model/secret.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

export interface BegunArrival {
  readonly space: SpaceId;
  readonly arrival: number;
}

/**
 * If this is lost anywhere, a repeat with the same token finds the rows that it has left; without one they end by their deadlines.
 * Undefined: they have ended so, and another token is needed.
 */
export async function beginArrival(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  from: NodePath,
  to: NodePath,
  token: string,
): Promise<BegunArrival | undefined> {
  const { spaces } = services;
  const action = kind === 'move' ? 'modify' : 'read';
  // The name may lead to another Space by now: whoever answers to it is the source.
  const source = await spaces.at(from, principal, action, async ({ id, space, call }) => {
    if (to.length === 1) await checkContainer(services, principal, from);
    await space.checkName(call);
    return id;
  });
  const begun = await arrive(services, principal, kind, source, to, token);
  if (!begun) return undefined;
  const space = spaces.space(begun.space);
  try {
    await spaces.at(from, principal, action, async ({ id, space: port, call }) => {
      if (id !== source) throw new Fault('Conflict', `${call.uri} is being moved`);
      const holder = `space:${begun.space}:${begun.arrival}`;
      const head = await port.depart(call, id === begun.space ? { kind } : { kind, holder });
      await space.begin(begun.arrival, head);
    });
  } catch (error) {
    // What may pass is tried again.
    if (isTransient(error)) throw error;
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
  token: string,
): Promise<BegunArrival | undefined> {
  if (to.length > 1) {
    return services.spaces.at(to, principal, 'create', async ({ id, space, call }) =>
      begunIn(id, await space.arrive(call, { token, kind, source, whole: false })),
    );
  }
  const { call, space: root } = services.spaces.root(to, principal);
  const name = to[0] ?? '';
  if (principal.kind !== 'user' || !principal.admin) throw refusal(principal, call.uri);
  if (await root.mountOf(name)) throw new Fault('DuplicateNode', call.uri);
  const id = (await sha256Hex(`space of ${token}`)).slice(0, 24) as SpaceId;
  const space = services.spaces.space(id);
  await space.found(id, name, principal.id, { type: 'ContainerNode', properties: [] }, undefined, services.clock() + ARRIVAL_LIFE);
  try {
    return begunIn(id, await space.arrive({ ...call, name, path: [] }, { token, kind, source, whole: true }));
  } catch (error) {
    // The Space has been given up: it has no name any more.
    if (error instanceof Error && error.name === 'Moved') return undefined;
    throw error;
  }
}

function begunIn(space: SpaceId, arrival: number | undefined): BegunArrival | undefined {
  return arrival === undefined ? undefined : { space, arrival };
}

function isTransient(error: unknown): boolean {
  const fault = asFault(error)?.fault;
  return fault === undefined || fault === 'ServiceBusy' || fault === 'TooManyRequests' || fault === 'InternalFault';
}

/** "Only containers are made at the top level." */
async function checkContainer(services: Services, principal: Principal, from: NodePath): Promise<void> {
  const see = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
  const { node } = await services.spaces.at(from, principal, 'read', ({ space, call }) => space.read(call, see));
  const uri = formatVosUri({ authority: services.config.authority, path: from });
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${uri}: only containers are at the top level`);
}

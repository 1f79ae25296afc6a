// Makes the objects of a Swift container that was there before into nodes, page by page, without touching any of them.
import { asFault, Fault } from '../../faults.ts';
import { checkContainerName, formatAdoptedKey, readObjectName } from '../../model/adopted.ts';
import type { AdoptRequest } from '../../model/job.ts';
import type { Principal } from '../../model/principal.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { formatVosUri, MAX_PATH_BYTES, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { AdoptedObject } from '../../durable/space/adopt/port.ts';
import type { ForeignObject } from '../../objects/foreign-port.ts';
import { createNode } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';
import { foreignOf } from '../downloads/stored.ts';

export interface AdoptCheckpoint {
  readonly stage: 'list' | 'vanished';
  /** The last name of the listing, or the last key, that has been dealt with. */
  readonly after: string;
  readonly nodes: number;
  readonly bytes: number;
  /** Objects that were left out. */
  readonly refused: number;
  /** Nodes whose objects are gone, and how many of them were removed. */
  readonly vanished: number;
  readonly removed: number;
  /** What is said of the first few of either. */
  readonly notes: readonly string[];
}

export interface AdoptStep {
  readonly done: boolean;
  readonly checkpoint: AdoptCheckpoint;
}

interface Adopting {
  readonly services: Services;
  readonly principal: Principal;
  readonly request: AdoptRequest;
  /** When the job was made, epoch milliseconds: what it does not find is older. */
  readonly since: number;
}

const NOTES = 20;
const BEGIN: AdoptCheckpoint = { stage: 'list', after: '', nodes: 0, bytes: 0, refused: 0, vanished: 0, removed: 0, notes: [] };
const utf8 = new TextEncoder();

/** One piece of the work, which may be repeated from the same checkpoint. Throws OperationNotSupported, NotFound, Conflict, and the faults of createNode and quotas. */
export async function stepAdopt(work: Adopting, checkpoint: AdoptCheckpoint | undefined): Promise<AdoptStep> {
  if (!checkpoint) {
    await begin(work);
    return { done: false, checkpoint: BEGIN };
  }
  return checkpoint.stage === 'list' ? adoptNext(work, checkpoint) : lookForVanished(work, checkpoint);
}

function targetOf({ services, request }: Adopting): NodePath {
  const uri = parseVosUri(request.target);
  if (uri.authority !== services.config.authority)
    throw new Fault('InvalidURI', `${request.target} is not in ${services.config.authority}`);
  if (uri.path.length === 0) throw new Fault('PermissionDenied', `${request.target} is the root`);
  return uri.path;
}

/** The target is there, the root knows of the adoption, and the Swift container has a temp URL key of the service. */
async function begin(work: Adopting): Promise<void> {
  const { services, principal, request } = work;
  const foreign = foreignOf(services);
  checkContainerName(request.container);
  const path = targetOf(work);
  const uri = formatVosUri({ authority: services.config.authority, path });
  await foreign.list(request.container, '');
  await createNode(services, path, principal, { uri, type: 'ContainerNode', properties: [] }).catch((error: unknown) => {
    if (asFault(error)?.fault !== 'DuplicateNode') throw error;
  });
  const space = await services.spaces.at(path, principal, 'modify', async ({ id, space: port, call }) => {
    // A name may have been found that leads elsewhere by now.
    await port.checkName(call);
    return id;
  });
  const root = services.spaces.space(ROOT);
  // Once the root says so, others may refer to the objects.
  if (!request.owned && (await root.adoption(request.container))?.space === space)
    await services.spaces.space(space).disown(request.container);
  await root.registerAdoption(request.container, space, request.owned, await formerOwner(services, request.container));
  const container = { name: request.container, epoch: await services.keys.epoch() };
  await foreign.open(container, request.replacesKeys);
  await root.adoptionPrepared(container.name, container.epoch);
}

/** The Space that adopted it, if nothing of that is left that might still delete objects. */
async function formerOwner({ spaces }: Services, container: string): Promise<SpaceId | undefined> {
  const known = await spaces.space(ROOT).adoption(container);
  if (!known?.space || (await spaces.space(known.space).container())) return undefined;
  return known.space;
}

async function adoptNext(work: Adopting, before: AdoptCheckpoint): Promise<AdoptStep> {
  const { services, principal, request, since } = work;
  const path = targetOf(work);
  if ((await services.spaces.space(ROOT).adoption(request.container))?.owned !== request.owned)
    throw new Fault('Conflict', `container ${JSON.stringify(request.container)} has been forgotten meanwhile, or adopted otherwise`);
  const { objects, next } = await foreignOf(services).list(request.container, before.after);
  if (next === undefined) return { done: false, checkpoint: { ...before, stage: 'vanished', after: '' } };
  const notes: string[] = [];
  const room = MAX_PATH_BYTES - utf8.encode(path.join('/')).length - 1;
  const page = await services.spaces.at(path, principal, 'modify', ({ id, space, call }) => {
    notes.length = 0;
    const others: string[] = [];
    const wanted = objects.flatMap((object) => {
      const read = readObject(id, request.container, object, room);
      if (typeof read !== 'string') return [read];
      notes.push(read);
      others.push(formatAdoptedKey({ space: id, container: request.container, name: object.key }));
      return [];
    });
    return space.adopt(call, { container: request.container, since, owned: request.owned, objects: wanted, others });
  });
  const refused = [...notes, ...page.refused];
  const checkpoint = {
    ...before,
    after: next,
    nodes: before.nodes + page.nodes,
    bytes: before.bytes + page.bytes,
    refused: before.refused + refused.length,
    notes: [...before.notes, ...refused].slice(0, NOTES),
  };
  return { done: false, checkpoint };
}

/** Text: why the object is left out. */
function readObject(space: SpaceId, container: string, object: ForeignObject, room: number): AdoptedObject | string {
  const { key: name, form, size, md5, type, modified } = object;
  if (form === 'link') return `OperationNotSupported ${JSON.stringify(name)} leads to other objects`;
  try {
    const { path, marksFolder } = readObjectName(name);
    if (marksFolder && form !== 'folder') throw new Fault('InvalidURI', 'it ends in a slash, and has bytes');
    if (utf8.encode(path.join('/')).length > room) throw new Fault('InvalidURI', `a path is at most ${MAX_PATH_BYTES} bytes`);
    return {
      path,
      key: formatAdoptedKey({ space, container, name }),
      size,
      modified,
      isFolder: form === 'folder',
      ...(md5 === undefined ? {} : { md5 }),
      ...(type === undefined ? {} : { type }),
    };
  } catch (error) {
    const fault = asFault(error);
    if (!fault) throw error;
    return `${fault.fault} ${JSON.stringify(name)}: ${fault.detail}`.slice(0, 500);
  }
}

async function lookForVanished(work: Adopting, before: AdoptCheckpoint): Promise<AdoptStep> {
  const { services, principal, request, since } = work;
  const { container, removesVanished: removes } = request;
  const page = await services.spaces.at(targetOf(work), principal, 'modify', ({ space, call }) =>
    space.vanished(call, { container, since, after: before.after, removes }),
  );
  const checkpoint = {
    ...before,
    after: page.next ?? '',
    vanished: before.vanished + page.paths.length,
    removed: before.removed + page.removed,
    notes: [...before.notes, ...page.paths.map((path) => `NotFound ${path}`)].slice(0, NOTES),
  };
  return { done: page.next === undefined, checkpoint };
}

// moveNode and copyNode: VOSpace 2.1 sections 6.4.4 and 6.4.5, as work that goes in bounded steps. Each step may be repeated from the same
// checkpoint, also at the same time; nothing is visible at the destination before all of it is.
import { asFault, Fault } from '../../faults.ts';
import type { ArrivalState, RelocationKind } from '../../durable/space/relocation/port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Principal } from '../../model/principal.ts';
import { formatVosUri, NULL, type NodePath } from '../../model/vos-uri.ts';
import { beginArrival } from './begin-arrival.ts';
import { deleteNode } from '../nodes/nodes.ts';
import { destinationOf } from './destination.ts';
import { randomText } from '../../model/secret.ts';
import type { Services } from '../services.ts';

export interface RelocateInput {
  readonly from: NodePath;
  /** As the client gave it: a new name, an existing container, or one that ends in `.auto` or `.null`. */
  readonly to: NodePath;
  /** Names this copy or move unguessably and once: a start that is repeated finds what the first has begun. Absent: it is never repeated. */
  readonly token?: string;
}

/** What a job keeps between its steps. `to` is where the node will be: names that the service chooses are chosen once. */
export type RelocateCheckpoint =
  /** A copy to the bit bucket. */
  | { readonly way: 'nothing'; readonly to: NodePath }
  /** A move to the bit bucket. */
  | { readonly way: 'delete'; readonly to: NodePath }
  /** A move that is one transaction: inside one Space, or another name for a top-level container. */
  | { readonly way: 'within' | 'rename'; readonly to: NodePath; readonly token: string }
  | {
      readonly way: 'arrival';
      readonly to: NodePath;
      readonly space: SpaceId;
      readonly arrival: number;
      /** Times that it was begun anew because nobody had gone on with it for too long. */
      readonly restarts: number;
    };

/** Of a move no bytes are told: who moves a file may not be one who may read it. */
export interface RelocateProgress {
  readonly nodes: number;
  readonly bytes?: number;
}

export type RelocateStep =
  | {
      readonly done: false;
      readonly checkpoint: RelocateCheckpoint;
      readonly progress: RelocateProgress;
    }
  /** The node's URI where it is now. */
  | { readonly done: true; readonly node: string; readonly progress: RelocateProgress };

/** Milliseconds after which a step begins no further page. */
const STEP = 800;
const MAX_RESTARTS = 3;
/** Pages in a row that may be outdated when they arrive. */
const MAX_OUTDATED = 10;
const NOTHING: RelocateProgress = { nodes: 0 };

/** Throws the standard's faults: the caller's job ends with them, and nothing has been done. */
export function startMove(services: Services, principal: Principal, input: RelocateInput): Promise<RelocateCheckpoint> {
  return start(services, principal, 'move', input, 0);
}

export function startCopy(services: Services, principal: Principal, input: RelocateInput): Promise<RelocateCheckpoint> {
  return start(services, principal, 'copy', input, 0);
}

/** Throws as `startMove`; then `undoMove` is to be called. Anything else than a Fault, and ServiceBusy, is worth a repeat. */
export function stepMove(
  services: Services,
  principal: Principal,
  input: RelocateInput,
  checkpoint: RelocateCheckpoint,
): Promise<RelocateStep> {
  return step(services, principal, 'move', input, checkpoint);
}

export function stepCopy(
  services: Services,
  principal: Principal,
  input: RelocateInput,
  checkpoint: RelocateCheckpoint,
): Promise<RelocateStep> {
  return step(services, principal, 'copy', input, checkpoint);
}

/** Takes back what is not visible yet; safe to repeat. False: it was too late, the node is where it was to go. */
export async function undoMove(services: Services, checkpoint: RelocateCheckpoint): Promise<boolean> {
  if (checkpoint.way !== 'arrival') return false;
  return (await services.spaces.space(checkpoint.space).revoke(checkpoint.arrival)).state === 'gone';
}

export const undoCopy = undoMove;

async function start(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  { from, to: given, token = randomText(18) }: RelocateInput,
  restarts: number,
): Promise<RelocateCheckpoint> {
  const { authority } = services.config;
  if (from.length === 0)
    throw new Fault('InvalidArgument', `${formatVosUri({ authority, path: from })} is the root, which stays where it is`);
  if (given.at(-1) === NULL) {
    const see = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
    await services.spaces.at(from, principal, kind === 'move' ? 'modify' : 'read', ({ space, call }) => space.read(call, see));
    return { way: kind === 'move' ? 'delete' : 'nothing', to: given };
  }
  const to = await destinationOf(services, principal, from, given);
  if (kind === 'move') {
    if (from.length === 1 && to.length === 1) {
      await services.spaces.at(from, principal, 'modify', ({ space, call }) => space.checkRename(call, to[0] ?? ''));
      return { way: 'rename', to, token: randomText(18) };
    }
    const isInside = from.length > 1 && to.length > 1 && (await sameSpace(services, from, to));
    if (isInside) return { way: 'within', to, token: randomText(18) };
  }
  for (let tries = restarts; tries <= MAX_RESTARTS; tries++) {
    const begun = await beginArrival(services, principal, kind, from, to, `${token}.${tries}`);
    if (begun) return { way: 'arrival', to, restarts: tries, ...begun };
  }
  throw new Fault('TransferFailed', 'it was interrupted for too long, several times');
}

async function step(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  input: RelocateInput,
  checkpoint: RelocateCheckpoint,
): Promise<RelocateStep> {
  const { authority } = services.config;
  const { to } = checkpoint;
  const done = (progress = NOTHING): RelocateStep => ({ done: true, node: formatVosUri({ authority, path: to }), progress });
  if (checkpoint.way === 'arrival') {
    const { state, nodes, bytes } = await goOn(services, principal, kind, input.from, checkpoint);
    const progress = kind === 'move' ? { nodes } : { nodes, bytes };
    if (state === 'attached') return done(progress);
    if (state === 'open') return { done: false, checkpoint, progress };
    if (checkpoint.restarts >= MAX_RESTARTS) throw new Fault('TransferFailed', 'it was interrupted for too long, several times');
    return { done: false, checkpoint: await start(services, principal, kind, input, checkpoint.restarts + 1), progress: NOTHING };
  }
  if (checkpoint.way === 'delete') {
    await deleteNode(services, input.from, principal).catch((error: unknown) => {
      // It was there when this began: an earlier attempt has removed it.
      if (asFault(error)?.fault !== 'NodeNotFound') throw error;
    });
  } else if (checkpoint.way === 'within') await moveWithin(services, principal, input.from, to, checkpoint.token);
  else if (checkpoint.way === 'rename') {
    const { space, call } = services.spaces.root(input.from, principal);
    await space.rename(call, to[0] ?? '', checkpoint.token);
  }
  return done();
}

/** Pages until the time of the step is over, then the end. */
async function goOn(
  services: Services,
  principal: Principal,
  kind: RelocationKind,
  from: NodePath,
  { space: id, arrival, to }: Extract<RelocateCheckpoint, { way: 'arrival' }>,
): Promise<ArrivalState> {
  const space = services.spaces.space(id);
  const until = services.clock() + STEP;
  let state = await space.arrivalState(arrival);
  for (let outdated = 0; state.state === 'open' && !state.whole;) {
    state = await services.spaces.at(from, principal, kind === 'move' ? 'modify' : 'read', ({ call }) => space.pull(arrival, call));
    outdated = state.outdated ? outdated + 1 : 0;
    if (outdated > MAX_OUTDATED) throw new Fault('TransferFailed', 'bytes below are not in the store any more');
    if (services.clock() > until) return state;
    // On one machine the runtime looks at its sockets, and at the time, only when nobody has anything to do.
    await scheduler.wait(0);
  }
  if (state.state !== 'open') return state;
  if (to.length === 1) return space.attachArrival(arrival, services.spaces.root(to, principal).call);
  return services.spaces.at(to, principal, 'create', ({ id: found, call }) => {
    if (found !== id) throw new Fault('ContainerNotFound', call.uri);
    return space.attachArrival(arrival, call);
  });
}

async function sameSpace(services: Services, from: NodePath, to: NodePath): Promise<boolean> {
  if (from[0] === to[0]) return true;
  // Two names never lead to one Space.
  return (await services.spaces.mount(from[0] ?? '')) === undefined && (await services.spaces.mount(to[0] ?? '')) === undefined;
}

async function moveWithin(services: Services, principal: Principal, from: NodePath, to: NodePath, token: string): Promise<void> {
  const uri = formatVosUri({ authority: services.config.authority, path: to });
  const [name = '', ...path] = to;
  await services.spaces.at(to, principal, 'create', async () => undefined);
  await services.spaces.at(from, principal, 'modify', ({ space, call }) => space.move(call, { name, path, uri, principal }, token));
}

// The middle of CreatePipe: the containers and the lists come to know of the pipe. Safe to repeat, by whoever goes on with it.
import { asFault, Fault } from '../../faults.ts';
import { queueOf } from '../../model/job.ts';
import type { PipeDefinition } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import type { NodePath } from '../../model/vos-uri.ts';
import type { PipeDescription, SealedCredential } from '../../durable/pipe/port.ts';
import type { PipeEndRecord } from '../../durable/space/pipes/port.ts';
import type { Services } from '../services.ts';
import { openCredentials } from './credentials.ts';
import { pathOfEnd } from './ends.ts';
import { prepareFarEnd } from './far-ends.ts';
import { makeContainer } from './here.ts';
import { linkPipe } from './links.ts';
import { checkLoop } from './loops.ts';

type LocalEnd = Extract<PipeDefinition['source'], { readonly kind: 'local' }>;

export interface Establishing {
  readonly definition: PipeDefinition;
  /** With whose rights. */
  readonly principal: Principal;
  readonly credentials: readonly SealedCredential[];
  /** Nothing is begun after this, epoch milliseconds: somebody else may have taken over. */
  readonly until: number;
}

/** Throws the fault of the space that refuses: VOSpaceFault for another service; PipeLoop; TooManyRequests. */
export async function establish(services: Services, establishing: Establishing): Promise<PipeDescription> {
  const { definition, until } = establishing;
  const { id, source, destination, access, base, created } = definition;
  const inTime = (): void => {
    if (services.clock() > until) throw new Fault('ServiceBusy', 'the pipe could not be made in time', { 'Retry-After': '1' });
  };
  inTime();
  const owned = { pipe: id, source: source.uri, destination: destination.uri, created };
  await services.jobs(await queueOf(access.owner)).addPipe(owned);
  // What is made in another service stays there should the creation fail: this service's end comes first.
  const roles = source.kind === 'foreign' ? (['destination', 'source'] as const) : (['source', 'destination'] as const);
  for (const role of roles) {
    inTime();
    const end = definition[role];
    if (end.kind === 'foreign')
      await prepareFarEnd(services, base, end, role, await openCredentials(services, id, establishing.credentials));
    else await enlist(services, end, { pipe: id, role }, establishing.principal);
  }
  // Once more after both ends know of the pipe: of two that are made at the same moment the later one sees the other.
  await checkLoop(services, definition);
  await linkPipe(services, definition);
  inTime();
  return services.pipes(id).opened();
}

async function enlist(services: Services, end: LocalEnd, record: PipeEndRecord, principal: Principal): Promise<void> {
  const path = pathOfEnd(end);
  const [top = ''] = path;
  if (path.length === 1 && (await services.spaces.mount(top)) === undefined) await makeContainer(services, path, principal);
  // A token that may only read makes no container.
  const action = record.role === 'source' && (await isThere(services, path, principal)) ? 'read' : 'create';
  await services.spaces.at(path, principal, action, ({ space, call }) => space.enlist(call, record));
}

/** Throws what reading it throws. */
async function isThere(services: Services, path: NodePath, principal: Principal): Promise<boolean> {
  try {
    const listing = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
    await services.spaces.at(path, principal, 'read', ({ space, call }) => space.read(call, listing));
    return true;
  } catch (error) {
    if (asFault(error)?.fault === 'NodeNotFound') return false;
    throw error;
  }
}

// Whether a pipe closes a circle: what it brings would come back to its source through other pipes of this service.
import { asFault, Fault } from '../../faults.ts';
import { MAX_LOOP_SEARCH } from '../../model/limits.ts';
import type { PipeDefinition, PipeEnd, PipeId } from '../../model/pipe.ts';
import type { Principal, UserId } from '../../model/principal.ts';
import type { NodePath } from '../../model/vos-uri.ts';
import type { PipeEndRecord } from '../../durable/space/pipes/port.ts';
import type { Services } from '../services.ts';
import { comesBack, pathOfEnd } from './ends.ts';

/** Sees the pipes of every container: a circle is one whoever its other pipes belong to. Nothing is told of them but that it is there. */
const EVERYBODY: Principal = { kind: 'user', id: 'system' as UserId, groups: [], admin: true };

/**
 * Throws PipeLoop. Circles through other services are not seen here: they end when a pipe is full. A circle of pipes that are being made at
 * the same moment is seen by whichever looks last, if each looks after its own ends know of it.
 */
export async function checkLoop(
  services: Services,
  { id, source, destination }: Pick<PipeDefinition, 'id' | 'source' | 'destination'>,
): Promise<void> {
  const seen = new Set<PipeId>([id]);
  let ends: PipeEnd[] = [destination];
  while (ends.length > 0) {
    const further: PipeEnd[] = [];
    for (const end of ends)
      for (const pipe of await pipesFrom(services, end)) {
        if (seen.has(pipe)) continue;
        seen.add(pipe);
        if (seen.size > MAX_LOOP_SEARCH)
          throw new Fault(
            'PipeLoop',
            `${source.uri}: more than ${MAX_LOOP_SEARCH} pipes hang together, too many to say whether they go round`,
          );
        const found = await services.pipes(pipe).glance();
        if (!found || found.condition === 'destroying' || found.condition === 'destroyed') continue;
        if (comesBack(source, found.definition.destination))
          throw new Fault('PipeLoop', `what comes to ${destination.uri} comes through other pipes back to ${source.uri}`);
        further.push(found.definition.destination);
      }
    ends = further;
  }
}

/** The pipes whose source is this container or one that it lies in. */
async function pipesFrom(services: Services, end: PipeEnd): Promise<readonly PipeId[]> {
  if (end.kind === 'foreign') return [];
  const path = pathOfEnd(end);
  const found: PipeId[] = [];
  for (let length = 1; length <= path.length; length++)
    for (const { pipe, role } of await everyPipeAt(services, path.slice(0, length))) if (role === 'source') found.push(pipe);
  return found;
}

/** Also those of containers that nobody who asks may read. None where there is no such container. */
export async function everyPipeAt(services: Services, path: NodePath): Promise<readonly PipeEndRecord[]> {
  try {
    return await services.spaces.at(path, EVERYBODY, 'read', ({ space, call }) => space.pipesAt(call));
  } catch (error) {
    const fault = asFault(error)?.fault;
    if (fault === 'NodeNotFound' || fault === 'ContainerNotFound' || fault === 'LinkFound') return [];
    throw error;
  }
}

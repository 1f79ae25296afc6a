// Which pipes follow which: found by the container that is the destination of one and the source of the other, whichever was made first.
import { asFault } from '../../faults.ts';
import type { PipeDefinition } from '../../model/pipe.ts';
import type { Services } from '../services.ts';
import { pathOfEnd } from './ends.ts';
import { everyPipeAt } from './loops.ts';

/** To be called when both ends know of the pipe: of two that are made at the same moment the later one sees the other. Safe to repeat. */
export async function linkPipe(services: Services, { id, source, destination, options }: PipeDefinition): Promise<void> {
  if (options.follow && source.kind === 'local')
    for (const { pipe, role } of await everyPipeAt(services, pathOfEnd(source)))
      if (role === 'destination' && pipe !== id && (await isThere(services, pipe)))
        // It may be destroyed at this moment.
        await services.pipes(pipe).addFollower(id).catch(unlessGone);
  if (destination.kind !== 'local') return;
  for (const { pipe, role } of await everyPipeAt(services, pathOfEnd(destination)))
    if (role === 'source' && pipe !== id && (await isThere(services, pipe, true))) await services.pipes(id).addFollower(pipe);
}

function unlessGone(error: unknown): void {
  if (asFault(error)?.fault !== 'PipeNotFound') throw error;
}

async function isThere(services: Services, pipe: PipeDefinition['id'], follows = false): Promise<boolean> {
  const found = await services.pipes(pipe).glance();
  if (!found || found.condition === 'destroying' || found.condition === 'destroyed') return false;
  return !follows || found.definition.options.follow;
}

// What is left of a pipe that ends is cleared away: its containers and its owner's list forget it. Safe to repeat.
import { queueOf } from '../../model/job.ts';
import type { PipeDefinition, PipeId } from '../../model/pipe.ts';
import type { Services } from '../services.ts';
import { pathOfEnd } from './ends.ts';

/** A container that CreatePipe has named and that is still there. */
export interface Stayed {
  readonly uri: string;
  readonly why: string;
}

/** Answers what stays. Throws when a Space cannot be reached: then it is to be done again. */
export async function clearAway(services: Services, definition: PipeDefinition): Promise<readonly Stayed[]> {
  const stayed: Stayed[] = [];
  for (const role of ['destination', 'source'] as const) {
    const why = await clearEnd(services, definition, role);
    if (why !== undefined) stayed.push({ uri: definition[role].uri, why });
  }
  await services.jobs(await queueOf(definition.access.owner)).removePipe(definition.id);
  return stayed;
}

/** Why the container stays; undefined: it is gone. */
async function clearEnd(services: Services, definition: PipeDefinition, role: 'source' | 'destination'): Promise<string | undefined> {
  const end = definition[role];
  // What others have put there cannot be told from here in one look.
  if (end.kind === 'foreign') return 'it is in another service';
  const [top = ''] = pathOfEnd(end);
  const space = await services.spaces.mount(top);
  if (space === undefined) return undefined;
  const { removed, why } = await services.spaces
    .space(space)
    .delist({ pipe: definition.id, role }, definition.purge === true ? 'delivered' : 'empty');
  return removed ? undefined : (why ?? 'it was there before the pipe');
}

/** Ends a pipe that could not be made. One that is open by now is left. */
export async function takeBack(services: Services, id: PipeId, reason: string): Promise<void> {
  const pipe = services.pipes(id);
  const definition = await pipe.abandon(reason);
  if (!definition) return;
  await clearAway(services, definition);
  await pipe.cleared();
}

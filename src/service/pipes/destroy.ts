// DestroyPipe: from one moment on the pipe is not there any more; then what it has made is cleared away.
import type { Destroying } from '../../durable/pipe/ending/port.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { clearAway, type Stayed } from './clear.ts';

/**
 * Answers the containers that stay, and why. Throws PipeNotFound, PermissionDenied, and PipeNotDrained while chunks are on their way or not
 * acknowledged by all groups, unless `force`. Should it be cut off after the pipe's end, the pipe's alarm clears away the rest.
 */
export async function destroyPipe(services: Services, idText: string, principal: Principal, how: Destroying): Promise<readonly Stayed[]> {
  const { pipe } = await pipeAt(services, idText);
  const definition = await pipe.destroy(principal, how);
  try {
    const stayed = await clearAway(services, definition);
    await pipe.cleared();
    return stayed;
  } catch (error) {
    console.error(JSON.stringify({ level: 'warn', event: 'pipe-not-cleared', pipe: definition.id, error: String(error) }));
    return [definition.source, definition.destination].map(({ uri }) => ({ uri, why: 'the service clears away what it can later' }));
  }
}

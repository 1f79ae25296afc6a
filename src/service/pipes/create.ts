// CreatePipe: the pipe's row is durable first, then its containers and lists come to know of it, then it opens.
import { asFault, Fault } from '../../faults.ts';
import { CREATE_LEASE } from '../../model/limits.ts';
import type { PipeRequest } from '../../model/json/pipe.ts';
import type { PipeDescription } from '../../durable/pipe/port.ts';
import type { Services } from '../services.ts';
import { takeBack } from './clear.ts';
import { sealCredentials } from './credentials.ts';
import { definePipe, type Asking } from './define.ts';
import { establish } from './establish.ts';
import { checkLoop } from './loops.ts';

export interface Created {
  readonly pipe: PipeDescription;
  /** It was there already: the request is a repeat under its Idempotency-Key. */
  readonly repeats: boolean;
}

/**
 * Throws NotAuthenticated, PermissionDenied and whatever the Space of an end refuses with, VOSpaceFault where that is in another service, PipeLoop,
 * TooManyRequests; Conflict for another pipe under the same key. What has been made by then is taken back. A request that is cut off is gone on
 * with by the pipe's alarm.
 */
export async function createPipe(services: Services, request: PipeRequest, asking: Asking): Promise<Created> {
  const { principal } = asking;
  const definition = await definePipe(services, request, asking);
  await checkLoop(services, definition);
  const pipe = services.pipes(definition.id);
  const credentials = await sealCredentials(services, definition, request.credentials ?? []);
  const until = services.clock() + CREATE_LEASE;
  const founded = await pipe.found({ definition, principal, deadline: until, credentials });
  if (founded.condition !== 'creating') return { pipe: founded, repeats: true };
  try {
    return { pipe: await establish(services, { definition, principal, credentials, until }), repeats: false };
  } catch (error) {
    const fault = asFault(error);
    // The client is not told that it has a pipe: it has none. Should this fail, too, the alarm ends it.
    await takeBack(services, definition.id, fault ? `${fault.fault} ${fault.detail}` : 'the service failed').catch((failure: unknown) => {
      console.error(JSON.stringify({ level: 'warn', event: 'pipe-not-taken-back', pipe: definition.id, error: String(failure) }));
    });
    throw fault?.fault === 'PipeNotFound'
      ? new Fault('ServiceBusy', 'the pipe was taken back: create it again', { 'Retry-After': '1' })
      : error;
  }
}

// What a CreatePipe asks for, made whole: its ends, its options, who may use it, and the id that it gets.
import { Fault } from '../../faults.ts';
import type { PipeRequest } from '../../model/json/pipe.ts';
import { checkOptions } from '../../model/pipe-options.ts';
import { DEFAULT_OPTIONS, type PipeDefinition } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { readEnds } from './ends.ts';

export interface Asking {
  readonly principal: Principal;
  /** The service's own base URL as the caller knows it. */
  readonly base: string;
  /** The Idempotency-Key: the same pipe each time. */
  readonly key?: string | undefined;
}

/** Throws NotAuthenticated, InvalidURI, InvalidArgument, OptionNotSupported, PipeLoop. */
export async function definePipe(
  services: Services,
  { src, srcEndpoint, dest, destEndpoint, options, access }: PipeRequest,
  { principal, base, key }: Asking,
): Promise<PipeDefinition> {
  if (principal.kind !== 'user') throw new Fault('NotAuthenticated', 'a pipe has an owner: sign in to make one');
  const ends = readEnds(services.config.authority, { uri: src, endpoint: srcEndpoint }, { uri: dest, endpoint: destEndpoint });
  return {
    id: await services.tickets.makePipeId(key === undefined ? undefined : JSON.stringify([principal.id, key])),
    ...ends,
    options: checkOptions({ ...DEFAULT_OPTIONS, ...options }),
    access: { write: [], read: [], manage: [], ...access, owner: principal.id },
    base,
    ...(principal.scopes && { scopes: principal.scopes }),
    created: services.clock(),
  };
}

// What the readers of a group do: claims, and what becomes of them.
import type { ClaimBounds, ClaimText, Settling } from '../../durable/pipe/groups/port.ts';
import type { PipeGroup } from '../../model/pipe.ts';
import type { GroupAnswer } from '../../model/pipe-group.ts';
import type { Principal } from '../../model/principal.ts';
import type { Place } from '../places.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { wait } from './wait.ts';

/** A place is held for a little longer than the wait. */
const MARGIN = 5000;

export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/**
 * What there is to claim, at once or as soon as there is something; empty when the time is over, or nothing will come any more. Throws
 * PipeNotFound, GroupNotFound, ServiceBusy where too many wait, and what the pipe throws.
 */
export async function claimChunks(
  services: Services,
  caller: Principal,
  pipeId: string,
  name: PipeGroup,
  bounds: ClaimBounds,
  { milliseconds, signal }: Patience,
): Promise<ClaimText> {
  const { id, pipe } = await pipeAt(services, pipeId);
  const until = services.clock() + milliseconds;
  let place: Place | undefined;
  try {
    for (;;) {
      const claim = await pipe.claim(caller, name, bounds);
      if (claim.chunks > 0 || claim.closed || services.clock() >= until || signal.aborted) return claim;
      place ??= services.places.take(milliseconds + MARGIN);
      // What a nack has put off comes by itself; for everything else somebody else has to do something, and the pipe tells.
      await wait(services, id, Math.min(until, claim.next ?? until), signal, () => ({ kind: 'claim', principal: caller, group: name }));
    }
  } finally {
    place?.free();
  }
}

/** Throws Fenced, which names the chunks, when the others have been settled. */
export async function settleChunks(
  services: Services,
  caller: Principal,
  pipeId: string,
  name: PipeGroup,
  fences: readonly string[],
  what: Settling,
): Promise<GroupAnswer> {
  const { pipe } = await pipeAt(services, pipeId);
  return pipe.settleClaims(caller, name, fences, what);
}

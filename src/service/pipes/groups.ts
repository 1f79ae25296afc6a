// What the readers of a group do: claims, and what becomes of them.
import type { ClaimBounds, ClaimText, Settling } from '../../durable/pipe/groups/port.ts';
import type { PipeGroup } from '../../model/pipe.ts';
import type { GroupAnswer } from '../../model/pipe-group.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';

/** Throws PipeNotFound, GroupNotFound, and what the pipe throws. */
export async function claimChunks(
  services: Services,
  caller: Principal,
  pipeId: string,
  name: PipeGroup,
  bounds: ClaimBounds,
): Promise<ClaimText> {
  const { pipe } = await pipeAt(services, pipeId);
  return pipe.claim(caller, name, bounds);
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

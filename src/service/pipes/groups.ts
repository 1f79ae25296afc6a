// What the readers of a group do: claims, and what becomes of them.
import type { ClaimBounds, ClaimText, Settling } from '../../durable/pipe/groups/port.ts';
import type { PipeGroup } from '../../model/pipe.ts';
import type { GroupAnswer } from '../../model/pipe-group.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { readChunks } from './wait.ts';

/** Milliseconds after which is looked again at the latest: what another reader gives back wakes nobody. */
const LOOK_AGAIN = 3000;

/**
 * At once if anything can be claimed, or as soon as something can, or after so many milliseconds. Throws PipeNotFound, GroupNotFound, ServiceBusy
 * where too many wait, and what the pipe throws.
 */
export async function claimChunks(
  services: Services,
  caller: Principal,
  pipeId: string,
  name: PipeGroup,
  { milliseconds, signal, ...bounds }: ClaimBounds & { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<ClaimText> {
  const { id, pipe } = await pipeAt(services, pipeId);
  const until = services.clock() + milliseconds;
  let tail: string | undefined;
  for (;;) {
    const claimed = await pipe.claim(caller, name, bounds);
    const now = services.clock();
    if (claimed.chunks > 0 || claimed.closed || now >= until || signal.aborted) return claimed;
    if (tail === undefined) {
      // What becomes visible after this is waited for, and what was visible before is claimed first.
      ({ tail } = await pipe.describe(caller));
      continue;
    }
    const pause = Math.min(until, now + LOOK_AGAIN, claimed.next ?? until) - now;
    const request = { principal: caller, state: tail, max: 1, maxBytes: 1, urls: false };
    const page = await readChunks(services, id, request, Math.max(pause, 1), signal);
    // Nothing more comes: only what others hold may come back.
    if (page.includes('"closed":true')) await scheduler.wait(Math.max(pause, 1));
    tail = undefined;
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

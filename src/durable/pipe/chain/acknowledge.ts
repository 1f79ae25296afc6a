// The acknowledgement of a claimed chunk by the pipe into which somebody has written what was made of it.
import { asFault } from '../../../faults.ts';
import type { PipeGroup } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';
import type { Owed } from '../outbox.ts';

/** A claim that has ended meanwhile, or whose pipe is gone: whoever has the chunk next finds that it has been done, and acknowledges it then. */
const OVER: readonly string[] = ['Fenced', 'PipeNotFound', 'GroupNotFound', 'PermissionDenied'];

/** What of a pipe's messages it takes. */
export interface Acknowledging {
  settleClaims(principal: Principal, group: PipeGroup, fences: readonly string[], what: { readonly kind: 'ack' }): Promise<unknown>;
}

export async function acknowledge(
  pipe: Acknowledging,
  { group, fence, principal }: Extract<Owed, { readonly kind: 'ack' }>,
): Promise<void> {
  try {
    await pipe.settleClaims(principal, group, [fence], { kind: 'ack' });
  } catch (error) {
    if (!OVER.includes(asFault(error)?.fault ?? '')) throw error;
  }
}

// Requests that are repeated for as long as it takes: a stage outlives the restarts of a service.
import { VospaceError } from '../../client/error.ts';
import { RUNTIME } from '../../client/runtime.ts';

/** Milliseconds: no pause is longer, but for what the service asks. */
const MOST = 10_000;

/** Does it until it succeeds, is refused for good, or the signal aborts. `failed`: told of each try that failed. */
export async function patiently<T>(once: () => Promise<T>, signal: AbortSignal, failed?: (error: VospaceError) => void): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      return await once();
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof VospaceError) || !thrown.transient) throw thrown;
      failed?.(thrown);
      const jitter = RUNTIME.random() * Math.min(MOST, 250 * 2 ** Math.min(tries, 10));
      await RUNTIME.sleep((thrown.retryAfter ?? 0) + jitter, signal);
    }
  }
}

// The live stream of what one's jobs, nodes and pipes do. Only this project's service has it.
import type { LiveEvent } from '../model/event.ts';
import { asVospaceError } from './error.ts';
import { eventsOf } from './server-events.ts';
import type { Asking, Session } from './session.ts';

/** A stream is silent no longer than 15 s: there are signs of life. */
const STALL = 40_000;
const KINDS: readonly string[] = ['resync', 'job', 'nodes', 'pipe'] satisfies readonly LiveEvent['event'][];

/** Ends when the service ends it: ask again. Throws VospaceError; ConnectionFailed where the stream breaks or falls silent. */
export async function* liveEvents(
  { session }: { readonly session: Session },
  { signal }: Asking = {},
): AsyncGenerator<LiveEvent, void, undefined> {
  const call = { method: 'GET', url: `${session.endpoints.base}/events`, headers: { Accept: 'text/event-stream' }, signal };
  const { response } = await session.wire.open(call);
  try {
    for await (const { event, data } of eventsOf(response, STALL)) {
      // Kinds of events that later services tell are for later clients.
      if (KINDS.includes(event)) yield JSON.parse(data) as LiveEvent;
    }
  } catch (thrown) {
    throw asVospaceError(thrown, 'GET /events', signal);
  }
}

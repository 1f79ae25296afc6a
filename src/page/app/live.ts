// What happens in one's VOSpace, as it happens: one event stream for the whole page, open while somebody listens and has signed in.
import { effect, signal } from '@preact/signals';
import { VospaceError } from '../../client/error.ts';
import { liveEvents } from '../../client/events.ts';
import type { LiveEvent } from '../../model/event.ts';
import { nodeSession, user } from './spaces.ts';

type Listener = (event: LiveEvent) => void;

/** Whether events come at this moment. */
export const connected = signal(false);
/** Whether they do not, although they are wanted and have been asked for: what is on show may be older than it looks. */
export const lost = signal(false);

const listeners = new Set<Listener>();
const wanted = signal(false);
/** Milliseconds until the stream is asked for again; it grows while nothing comes. */
const [FIRST_PAUSE, LAST_PAUSE] = [1000, 30_000];
/** Milliseconds of events in one go. */
const LONGEST = 10;

/** Every listener hears `resync` when the stream begins again: it may have missed something. Returns how to stop listening. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  wanted.value = listeners.size > 0;
  return () => {
    listeners.delete(listener);
    wanted.value = listeners.size > 0;
  };
}

effect(() => {
  if (user.value === undefined || !wanted.value) return undefined;
  const over = new AbortController();
  void follow(over.signal);
  return () => {
    over.abort();
    lost.value = false;
  };
});

async function follow(signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(LAST_PAUSE, pause * 2)) {
    let since = performance.now();
    try {
      for await (const event of liveEvents({ session: await nodeSession() }, { signal })) {
        [connected.value, lost.value] = [true, false];
        pause = FIRST_PAUSE;
        for (const listener of listeners) tell(listener, event);
        // As long as more is there already, nothing else would have its turn.
        if (performance.now() - since < LONGEST) continue;
        await turn();
        since = performance.now();
      }
    } catch (thrown) {
      // One that breaks off is asked for again; that nothing comes then is another matter.
      if (!signal.aborted) lost.value = !connected.value;
      // Each time that a password is refused counts against whoever guesses, until no right one is taken either.
      if (thrown instanceof VospaceError && thrown.fault === 'NotAuthenticated') pause = LAST_PAUSE;
    }
    connected.value = false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Unlike a timer it is not slowed down where the page is not in sight. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => resolve(port1.close()));
    port1.start();
    port2.postMessage(0);
  });
}

/** One that goes wrong is no reason for the others, or the stream, to end. */
function tell(listener: Listener, event: LiveEvent): void {
  try {
    listener(event);
  } catch (thrown) {
    reportError(thrown);
  }
}

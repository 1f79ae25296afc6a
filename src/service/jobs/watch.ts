// Waiting for news without asking again and again: a job's next phase, and the owner's live stream.
import type { LiveEvent } from '../../model/event.ts';
import { queueIn, type JobId } from '../../model/job.ts';
import { Fault } from '../../faults.ts';
import type { Services } from '../services.ts';

/** A place is held for a little longer than the wait, milliseconds. */
const MARGIN = 5000;

/**
 * Resolves when the job has another phase than this one, or after so many milliseconds, or when the signal is aborted. The caller
 * reads the job again, whatever woke it.
 */
export async function waitForPhase(services: Services, id: JobId, phase: string, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  const place = services.places.take(milliseconds + MARGIN);
  try {
    await untilPhase(await services.watch(queueIn(id), id), phase, milliseconds, signal);
  } finally {
    place.free();
  }
}

async function untilPhase(socket: WebSocket, phase: string, milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => end(), milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    socket.addEventListener('message', ({ data }) => data !== phase && end());
    socket.addEventListener('close', end);
    socket.addEventListener('error', end);
    socket.accept();
  });
  socket.close(1000, 'seen');
}

/** Milliseconds without an event after which the reader is sent a sign of life: it is how a reader that has gone is noticed. */
const BEAT = 15_000;
/** A stream ends after this, so that whoever has lost the right to listen does not go on for ever: clients connect again. */
const LIFE = 10 * 60_000;
/** Events that a slow reader may be behind; then it is told to read again. */
const MOST_BEHIND = 1000;

/** The events of an owner's queue until the stream's life is over; undefined is a sign of life. */
export async function* liveEvents(services: Services, queue: string, signal: AbortSignal): AsyncGenerator<LiveEvent | undefined> {
  const end = services.clock() + LIFE;
  const place = services.places.take(LIFE + MARGIN);
  try {
    yield* eventsUntil(end, services, queue, signal);
  } finally {
    place.free();
  }
}

async function* eventsUntil(end: number, services: Services, queue: string, signal: AbortSignal): AsyncGenerator<LiveEvent | undefined> {
  while (services.clock() < end && !signal.aborted) {
    const socket = await services.watch(queue, undefined);
    let waiting: LiveEvent[] = [];
    const state = { closed: false, wake: (): void => undefined };
    const close = (): void => {
      state.closed = true;
      state.wake();
    };
    socket.addEventListener('message', ({ data }) => {
      waiting = waiting.length >= MOST_BEHIND ? [{ event: 'resync' }] : [...waiting, JSON.parse(String(data)) as LiveEvent];
      state.wake();
    });
    socket.addEventListener('close', close);
    socket.addEventListener('error', close);
    // At once: who has gone asks for no more events, and then nothing below is run.
    const hangUp = (): void => {
      close();
      socket.close(1000, 'over');
    };
    signal.addEventListener('abort', hangUp, { once: true });
    socket.accept();
    try {
      while (!state.closed && services.clock() < end) {
        if (waiting.length === 0) {
          let timer: ReturnType<typeof setTimeout> | undefined;
          await new Promise<void>((resolve) => {
            state.wake = resolve;
            timer = setTimeout(resolve, BEAT);
          });
          clearTimeout(timer ?? null);
        }
        if (waiting.length === 0 && !signal.aborted) yield undefined;
        yield* waiting.splice(0);
      }
    } finally {
      signal.removeEventListener('abort', hangUp);
      socket.close(1000, 'over');
    }
  }
}

/** What compose.ts does to dial; throws ServiceBusy when too many wait already. */
export async function dial(queue: { fetch(request: Request): Promise<Response> }, job: JobId | undefined): Promise<WebSocket> {
  const search = job === undefined ? '' : `?job=${encodeURIComponent(job)}`;
  const { webSocket } = await queue.fetch(new Request(`https://queue/watch${search}`, { headers: { Upgrade: 'websocket' } }));
  if (!webSocket) throw new Fault('ServiceBusy', 'too many are waiting for news', { 'Retry-After': '10' });
  return webSocket;
}

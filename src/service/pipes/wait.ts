// Waiting for a pipe without holding its object awake: ReadChunks until something is visible, WriteChunk until there is room.
import { asFault, Fault } from '../../faults.ts';
import type { Page, ReadRequest } from '../../durable/pipe/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { Told, Wait } from '../../model/pipe-waiting.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { dialOrLose, Line, pauseBefore, type Heard } from './dial.ts';

/** A place is held for a little longer than the wait. */
const MARGIN = 5000;

/**
 * ReadChunks: the finished JSON, at once if anything is beyond the state, or as soon as something becomes visible, or after so many
 * milliseconds. Throws ServiceBusy where too many wait, or the pipe does not answer: that the time is over is never pretended.
 */
export async function readChunks(
  services: Services,
  id: PipeId,
  request: ReadRequest,
  milliseconds: number,
  signal: AbortSignal,
): Promise<string> {
  if (milliseconds === 0) return (await services.pipes(id).read(request)).body;
  const until = services.clock() + milliseconds;
  const place = attempt(() => services.places.take(milliseconds + MARGIN));
  // Who is behind does not have to wait, and goes on where others cannot.
  if (place instanceof Fault) return orElse(await services.pipes(id).read(request), place);
  try {
    const asked = { ...request };
    const stands = (state: string): void => void (asked.state = state);
    const told = await wait(services, id, until, signal, () => ({ ...asked, kind: 'page' }), stands);
    if (told?.kind === 'page') return told.body;
    // The last word is the pipe's: that there is still nothing, and how much is on its way.
    return (await lastWord(services, id, asked)).body;
  } finally {
    place.free();
  }
}

/**
 * WriteChunk where the pipe may be full: tries again when there is room, until the time is over. PipeFull is thrown as it was at the last try.
 */
export async function withRoom<T>(
  services: Services,
  pipe: string,
  { principal, milliseconds, signal }: { readonly principal: Principal; readonly milliseconds: number; readonly signal: AbortSignal },
  write: () => Promise<T>,
): Promise<T> {
  const until = services.clock() + milliseconds;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const need = needOf(asFault(error));
      if (!need || services.clock() >= until || signal.aborted) throw error;
      const { id } = await pipeAt(services, pipe);
      const place = services.places.take(until - services.clock() + MARGIN);
      try {
        await wait(services, id, until, signal, () => ({ kind: 'room', principal, ...need }));
      } finally {
        place.free();
      }
    }
  }
}

/** What a full pipe says would have to be free. */
function needOf(fault: Fault | undefined): { readonly chunks: number; readonly bytes: number } | undefined {
  const [, chunks, bytes] = /^chunks=(\d+), bytes=(\d+)$/.exec((fault?.fault === 'PipeFull' && fault.headers['Pipe-Need']) || '') ?? [];
  return chunks === undefined ? undefined : { chunks: Number(chunks), bytes: Number(bytes) };
}

/** What is said; undefined when the time is over or the client has hung up. Throws the pipe's faults. A line that is lost is dialled again. */
export async function wait(
  services: Services,
  id: PipeId,
  until: number,
  signal: AbortSignal,
  asked: () => Wait,
  stands: (state: string) => void = () => undefined,
): Promise<Told | undefined> {
  for (let attempts = 0; ; attempts++) {
    const heard = await oneLine(services, id, until, signal, asked(), stands);
    if (heard.kind === 'page' || heard.kind === 'room') return heard;
    if (heard.kind === 'late' || heard.kind === 'gone') return undefined;
    if (heard.kind === 'fault') throw heard.fault;
    const pause = pauseBefore(attempts);
    if (services.clock() + pause >= until) return undefined;
    await scheduler.wait(pause);
  }
}

async function oneLine(
  services: Services,
  id: PipeId,
  until: number,
  signal: AbortSignal,
  asked: Wait,
  stands: (state: string) => void,
): Promise<Heard> {
  const dialled = await dialOrLose(services, id, asked);
  if (dialled.kind === 'told') return dialled.told;
  stands(dialled.state);
  const line = new Line(dialled.socket, signal);
  const heard = await line.next(until - services.clock());
  if (heard.kind === 'page' || heard.kind === 'room') services.later(endLater(line));
  else line.end();
  return heard;
}

/** Where the pipe cannot be reached nothing is known, and that is what is said. */
async function lastWord(services: Services, id: PipeId, request: ReadRequest): Promise<Page> {
  try {
    return await services.pipes(id).read(request);
  } catch (error) {
    throw asFault(error) ?? new Fault('ServiceBusy', 'the pipe does not answer', { 'Retry-After': '1' });
  }
}

/** Ending costs as much as answering: where many are woken together, all are answered first. */
async function endLater(line: Line): Promise<void> {
  await scheduler.wait(500 + 500 * Math.random());
  line.end();
}

function orElse({ body, chunks, closed }: Page, busy: Fault): string {
  if (chunks > 0 || closed) return body;
  throw busy;
}

function attempt<T>(make: () => T): T | Fault {
  try {
    return make();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

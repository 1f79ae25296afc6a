// ReadChunks as server-sent events: `chunks` with a page and its state as id, `closed` at the end of a closed pipe, `fault` where there is no going on.
import type { Context } from 'hono';
import { FAULTS } from '../faults.ts';
import type { ReadRequest } from '../durable/pipe/port.ts';
import type { PipeId } from '../model/pipe.ts';
import { livePages, type Live } from '../service/pipes/live.ts';
import type { AppEnv } from './context.ts';

const utf8 = new TextEncoder();

/** Milliseconds that a reader may take over what has been sent: then the connection is given up. */
const STALLED = 2 * 60_000;

export function wantsEvents(c: Context<AppEnv>): boolean {
  return /^text\/event-stream\b/i.test(c.req.header('Accept') ?? '');
}

/** Who connects again says in Last-Event-ID how far he has come, and that goes before the state in the URL. A refusal has its own status. */
export async function streamChunks(c: Context<AppEnv>, id: PipeId, given: ReadRequest): Promise<Response> {
  const services = c.get('services');
  const last = c.req.header('Last-Event-ID');
  const over = new AbortController();
  c.req.raw.signal.addEventListener('abort', () => over.abort());
  const request = last === undefined ? given : { ...given, state: last };
  const pages = livePages(services, id, request, c.get('identify'), over.signal);
  const first = await pages.next();
  if (first.value?.kind === 'fault') throw first.value.fault;
  // HTML, server-sent events: 204 is how a browser is told not to connect again.
  if (last !== undefined && first.value?.closed && isEmpty(first.value.body)) return new Response(null, { status: 204 });
  let moved = services.clock();
  let watch: ReturnType<typeof setTimeout>;
  const end = async (): Promise<void> => {
    clearTimeout(watch);
    over.abort();
    await pages.return(undefined);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const look = (): void => {
        if (services.clock() - moved < STALLED) watch = setTimeout(look, STALLED);
        else {
          controller.error(new Error('the reader has stalled'));
          void end();
        }
      };
      watch = setTimeout(look, STALLED);
      controller.enqueue(format(first.value ?? undefined));
    },
    async pull(controller) {
      moved = services.clock();
      const next = await pages.next();
      if (!next.done) return controller.enqueue(format(next.value));
      clearTimeout(watch);
      controller.close();
    },
    cancel: end,
  });
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  });
}

function format(live: Live): Uint8Array {
  return utf8.encode(live === undefined ? ': alive\n\n' : formatEvents(live));
}

function formatEvents(live: NonNullable<Live>): string {
  if (live.kind === 'fault') {
    const { fault, detail } = live.fault;
    return `event: fault\ndata: ${JSON.stringify({ fault, detail, status: FAULTS[fault] })}\n\n`;
  }
  const { body, state, closed } = live;
  const chunks = isEmpty(body) ? '' : `id: ${state}\nevent: chunks\ndata: ${body}\n\n`;
  if (!closed) return chunks;
  return `${chunks}id: ${state}\nevent: closed\ndata: {"chunks":[],${body.slice(body.lastIndexOf('"state":'))}\n\n`;
}

function isEmpty(body: string): boolean {
  return body.startsWith('{"chunks":[]');
}

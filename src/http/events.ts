// GET /events: the caller's live stream of what jobs, nodes and pipes do, as server-sent events.
import { Hono } from 'hono';
import { Fault } from '../faults.ts';
import type { LiveEvent } from '../model/event.ts';
import { queueOf } from '../model/job.ts';
import type { PathScope } from '../model/principal.ts';
import { allows as scopesAllow } from '../model/scopes.ts';
import { parseVosUri } from '../model/vos-uri.ts';
import { liveEvents } from '../service/jobs/watch.ts';
import type { AppEnv } from './context.ts';

export const events = new Hono<AppEnv>();

const utf8 = new TextEncoder();

events.get('/events', async (c) => {
  const { services, principal } = c.var;
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', "the stream of events is its owner's");
  const over = new AbortController();
  c.req.raw.signal.addEventListener('abort', () => over.abort());
  const news = liveEvents(services, await queueOf(principal.id), over.signal);
  // Asked for before the answer begins, so that a refusal has its status.
  const first = await news.next();
  const write = (event: (typeof first)['value']): Uint8Array => {
    const value = event && covered(event, principal.scopes);
    return utf8.encode(value ? `event: ${value.event}\ndata: ${JSON.stringify(value)}\n\n` : ': alive\n\n');
  };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(write(first.value)),
    async pull(controller) {
      const next = await news.next();
      if (next.done) controller.close();
      else controller.enqueue(write(next.value));
    },
    async cancel() {
      over.abort();
      await news.return(undefined);
    },
  });
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  });
});

/** A restricted token hears of the nodes that it may read, and of the pipes whose ends it may; of other nodes, that something has changed. */
function covered(event: LiveEvent, scopes: readonly PathScope[] | undefined): LiveEvent {
  if (scopes === undefined || event.event === 'job' || event.event === 'resync') return event;
  if (event.event === 'pipe') {
    const sees = (uri: string): boolean => scopesAllow(scopes, 'read', parseVosUri(uri).path);
    return { ...event, pipes: event.pipes.filter(({ src, dest }) => sees(src) && sees(dest)) };
  }
  const changes = event.changes.filter(({ path }) => scopesAllow(scopes, 'read', path.split('/').slice(1)));
  return { ...event, changes, more: event.more + event.changes.length - changes.length };
}

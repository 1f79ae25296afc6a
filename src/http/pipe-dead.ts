// /pipes/{pipe}/dead: chunks that did not arrive, which are tried again or given up.
import { Hono, type Context } from 'hono';
import type { Paged } from '../durable/pipe/groups/port.ts';
import { pipeAt } from '../service/pipes/access.ts';
import type { AppEnv } from './context.ts';
import { answerDocument } from './pipe-documents.ts';
import { count, only, seqOf } from './pipe-parameters.ts';

export const pipeDead = new Hono<AppEnv>();

/** Chunks on one page, and at most. */
const USUAL_PAGE = 100;
const MAX_PAGE = 1000;

pipeDead.get('/pipes/:pipe/dead', async (c) => {
  const { after, limit } = readDeadPage(c);
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  return answerDeadPage(c, await pipe.deadChunks(c.get('principal'), after, limit));
});

pipeDead.post('/pipes/:pipe/dead/:seq/retry', (c) => mend(c, 'retry'));
pipeDead.post('/pipes/:pipe/dead/:seq/skip', (c) => mend(c, 'skip'));

async function mend(c: Context<AppEnv>, how: 'retry' | 'skip'): Promise<Response> {
  only(c, []);
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe') ?? '');
  await pipe.mendChunk(c.get('principal'), seqOf(c.req.param('seq') ?? ''), how);
  return c.body(null, 204);
}

/** `after`: the `next` of the page before. */
export function readDeadPage(c: Context<AppEnv>): { readonly after: number; readonly limit: number } {
  const given = only(c, ['after', 'limit']);
  return { after: count(given, 'after', 0, Number.MAX_SAFE_INTEGER, 0), limit: count(given, 'limit', 1, MAX_PAGE, USUAL_PAGE) };
}

export function answerDeadPage(c: Context<AppEnv>, { items, next }: Paged<object>): Response {
  return answerDocument(c, 'dead', { chunks: items, ...(next !== undefined && { next }) });
}

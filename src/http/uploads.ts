// /uploads and /downloads: many files in one request, and large files in parts; JSON in and out, bytes straight to and from the store.
import { Hono, type Context } from 'hono';
import { Fault } from '../faults.ts';
import { parseComplete, parseCompletes, parseDownloads, parseUploads } from '../model/json/uploads.ts';
import { abortUpload, completeUpload, completeUploads } from '../service/uploads/complete.ts';
import { negotiateDownloads } from '../service/downloads/negotiate.ts';
import { describeUpload, openUpload, type WantedParts } from '../service/uploads/state.ts';
import { listUploads } from '../service/uploads/list.ts';
import { negotiateUploads, pathOf } from '../service/uploads/negotiate.ts';
import { requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, query, readText } from './input.ts';

export const uploads = new Hono<AppEnv>();

uploads.post('/uploads', async (c) => {
  const user = requireUser(c.get('principal'), c.get('services').config);
  return answer(c, { items: await negotiateUploads(c.get('services'), user, parseUploads(await readText(c.req.raw))) });
});

/** `complete` stands where others have an id, which is never that: a route beside `:id` would be ambiguous. */
uploads.post('/uploads/:id', async (c) => {
  if (c.req.param('id') !== 'complete')
    throw new Fault('OperationNotSupported', `POST ${c.get('url').pathname}`, { Allow: 'GET, HEAD, DELETE' });
  const user = requireUser(c.get('principal'), c.get('services').config);
  return answer(c, { items: await completeUploads(c.get('services'), user, parseCompletes(await readText(c.req.raw))) });
});

/** One's own that are under way: below `uri`, or one's own container. */
uploads.get('/uploads', async (c) => {
  const services = c.get('services');
  const user = requireUser(c.get('principal'), services.config);
  const name = query(c).get('uri') ?? `/${encodeURIComponent(user.kind === 'user' ? user.id : '')}`;
  return answer(c, { items: await listUploads(services, user, pathOf(services, name)) });
});

uploads.get('/uploads/:id', async (c) => {
  const services = c.get('services');
  const principal = c.get('principal');
  const user = requireUser(principal, services.config);
  const wanted = readWanted(query(c).get('parts'));
  return answer(c, await describeUpload(services, await openUpload(services, user, c.req.param('id')), wanted));
});

uploads.post('/uploads/:id/complete', async (c) => {
  const services = c.get('services');
  const principal = c.get('principal');
  const user = requireUser(principal, services.config);
  return answer(c, await completeUpload(services, user, c.req.param('id'), parseComplete(await readText(c.req.raw))));
});

uploads.delete('/uploads/:id', async (c) => {
  const services = c.get('services');
  const principal = c.get('principal');
  await abortUpload(services, requireUser(principal, services.config), c.req.param('id'));
  return c.body(null, 204);
});

/** The anonymous get what everybody may read. */
uploads.post('/downloads', async (c) => {
  const services = c.get('services');
  const principal = c.get('principal');
  return answer(c, { items: await negotiateDownloads(services, principal, baseUrl(c), parseDownloads(await readText(c.req.raw))) });
});

function readWanted(text: string | undefined): WantedParts {
  if (text === undefined || text === 'missing') return text;
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === undefined) throw new Fault('InvalidArgument', `parts=${text.slice(0, 50)} is neither from-to nor missing`);
  return { from: Number(from), to: Number(to) };
}

function answer(c: Context<AppEnv>, value: object): Response {
  return c.body(JSON.stringify(value), 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
}

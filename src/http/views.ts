// Answers with a view of nodes: an archive or another form of their bytes, made while it is sent.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import { parseMadeView, type MadeView } from '../model/view.ts';
import { parseVosUri, type NodePath } from '../model/vos-uri.ts';
import { makeView, readViewTicket, type ViewRequest } from '../service/views/views.ts';
import { attachmentHeaders, PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { query } from './input.ts';

/** The view that the query names; undefined for none, and for `view=data`, which is the bytes as they are. Throws ViewNotSupported. */
export function readView(c: Context<AppEnv>): MadeView | undefined {
  const uri = query(c).get('view');
  if (uri === undefined || uri === 'data') return undefined;
  const view = parseMadeView({ uri });
  if (!view) throw new Fault('ViewNotSupported', `view=${uri.slice(0, 200)}`);
  return view;
}

export async function answerView(c: Context<AppEnv>, request: ViewRequest): Promise<Response> {
  const { filename, mediaType, length, body } = await makeView(c.var.services, request);
  const headers = {
    ...PRIVATE,
    ...attachmentHeaders(filename),
    'Content-Type': mediaType,
    'Accept-Ranges': 'none',
    ...(length === undefined ? {} : { 'Content-Length': String(length) }),
  };
  return new Response(c.req.method === 'HEAD' ? null : await body(), { status: 200, headers, encodeBody: 'manual' });
}

/** The endpoint of a negotiation: the ticket says what is asked and for whom. */
export async function answerTicket(c: Context<AppEnv>, text: string): Promise<Response> {
  const request = await readViewTicket(c.var.services, text);
  if (!request) throw new Fault('PermissionDenied', 'this endpoint was not made for this request');
  return answerView(c, request);
}

/** `target`, repeated: the nodes of an archive. */
export function readTargets(c: Context<AppEnv>): readonly NodePath[] {
  const { authority } = c.var.services.config;
  const named = [...c.get('url').searchParams].filter(([name]) => name.toLowerCase() === 'target').map(([, value]) => value);
  return named.map((text) => {
    const uri = parseVosUri(text);
    if (uri.authority !== authority) throw new Fault('InvalidURI', `${text.slice(0, 500)} is not in ${authority}`);
    return uri.path;
  });
}

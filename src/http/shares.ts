// /shares: users make, list and revoke URLs by which others read; /shared/<token> is such a URL, and needs no credentials.
import { Hono, type Context } from 'hono';
import { Tries } from '../auth/tries.ts';
import { asFault, Fault } from '../faults.ts';
import type { Listing } from '../model/node.ts';
import { CORE, formatTime } from '../model/property.ts';
import { formatPath, parsePath, parseVosUri } from '../model/vos-uri.ts';
import { createShare, openShare, type Opened } from '../service/nodes/shares.ts';
import { requireActor, requireUser } from './asker.ts';
import { answerBytes } from './answer-bytes.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, query, rawPath } from './input.ts';
import { readJson, readPage, textField, timeField } from './json-input.ts';
import { answerJson } from './json-output.ts';

const VIEWS = [`${CORE}defaultview`, `${CORE}binaryview`];
const MAX_URI = 8192;

export const shares = new Hono<AppEnv>();

/** {uri, expires?, view?, uploads?} → 201 {id, uri, created, expires, url}: the URL is shown this once. */
shares.post('/shares', async (c) => {
  const { services, principal } = c.var;
  const user = requireUser(principal, services.config);
  const body = await readJson(c.req.raw, ['uri', 'expires', 'view', 'uploads']);
  const uri = parseVosUri(textField(body, 'uri', MAX_URI));
  if (uri.authority !== services.config.authority) throw new Fault('InvalidURI', `uri: not of vos://${services.config.authority}`);
  const { view, uploads } = body;
  if (view !== undefined && !VIEWS.includes(textField(body, 'view', MAX_URI)))
    throw new Fault('ViewNotSupported', 'view: the bytes as they are');
  if (uploads !== undefined && uploads !== false) throw new Fault('InvalidArgument', 'uploads: a share is for reading only');
  const { token, ...share } = await createShare(services, user, uri.path, timeField(body, 'expires'));
  return answerJson(c, { ...share, url: `${baseUrl(c)}/shared/${token}` }, 201);
});

shares.get('/shares', async (c) => {
  const { config, directory } = c.var.services;
  const { user } = requireActor(c.var.principal, config);
  const { after, limit } = readPage(c.req.query());
  const { items, ...next } = await directory.listShares(user, after, limit);
  return answerJson(c, { shares: items, ...next });
});

shares.delete('/shares/:id', async (c) => {
  const { config, directory } = c.var.services;
  await directory.removeShare(requireActor(c.var.principal, config), c.req.param('id'));
  return c.body(null, 204);
});

shares.on(['GET', 'HEAD'], ['/shared/:token', '/shared/:token/*'], async (c) => {
  const [, token = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(rawPath(c, '/shared')) ?? [];
  const listing = readListing(c);
  const path = parsePath(rest);
  const opened = await guarded(c, token, () => openShare(c.var.services, token, path, listing));
  if (opened.kind === 'bytes') return answerBytes(c, opened.download, 'store', 200);
  return contents(c, `${baseUrl(c)}/shared/${token}${formatPath(path)}`, opened);
});

let tries: Tries | undefined;

/** Where addresses are known, one of them has as many wrong guesses as for passwords. */
async function guarded<T>(c: Context<AppEnv>, token: string, open: () => Promise<T>): Promise<T> {
  const address = c.req.header('CF-Connecting-IP');
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) throw new Fault('NotFound', 'there is no such share, or nothing there');
  if (address === undefined) return open();
  tries ??= new Tries(c.var.services.clock, 'shares');
  tries.begin(address, token);
  let isWrong = false;
  try {
    return await open();
  } catch (error) {
    isWrong = asFault(error)?.fault === 'NotFound';
    throw error;
  } finally {
    tries.end(address, token, isWrong);
  }
}

/** What a container holds; what its sharer may not read is not there. */
function contents(c: Context<AppEnv>, base: string, { name, children: all = [], next }: Extract<Opened, { kind: 'container' }>): Response {
  const children = all.filter(({ readable }) => readable);
  const nodes = children.map((child) => ({
    name: child.name,
    type: child.type,
    length: child.size,
    date: formatTime(child.changed),
    ...(child.md5 === undefined ? {} : { md5: child.md5 }),
    ...(child.type === 'LinkNode' ? {} : { url: base + formatPath([child.name]) }),
  }));
  const text = JSON.stringify({ name, nodes, ...(next === undefined ? {} : { next }) });
  return c.body(text, 200, { ...PRIVATE, 'Content-Type': 'application/json' });
}

/** `start`: the `next` of the page before. */
function readListing(c: Context<AppEnv>): Listing {
  const given = query(c);
  for (const name of given.keys())
    if (name !== 'start' && name !== 'limit') throw new Fault('InvalidArgument', `${name.slice(0, 50)}: not a parameter`);
  const { limit } = readPage({ limit: given.get('limit') });
  const start = given.get('start');
  return { detail: 'min', limit, sort: 'name', descending: false, ...(start === undefined ? {} : { start }) };
}

// /nodes: createNode, getNode, setNode and deleteNode over HTTP, in XML and JSON.
import { Hono, type Context } from 'hono';
import { Fault } from '../faults.ts';
import { closeNodeJson, formatChildJson, openNodeJson, parseNodeJson } from '../model/json/node.ts';
import { MAX_EVERY } from '../model/limits.ts';
import type { Detail, Listing, NodeDocument, NodeInput, SortKey } from '../model/node.ts';
import { CORE } from '../model/property.ts';
import { formatPath, isWithin, parseVosUri, type NodePath } from '../model/vos-uri.ts';
import { createNode, deleteNode, getNode, setNode, type NodeReading } from '../service/nodes/nodes.ts';
import { protocols } from '../service/offers.ts';
import { formatProtocols, parseProtocols } from '../xml/lists.ts';
import { closeNode, formatChild, openNode, parseNode } from '../xml/node.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, isJson, nodePath, query, readText, wantsJson } from './input.ts';
import { readView } from './views.ts';

const XML = 'text/xml; charset=utf-8';
const JSON_TYPE = 'application/json';

export const nodes = new Hono<AppEnv>();

nodes.on('GET', ['/nodes', '/nodes/*'], async (c) => {
  const path = nodePath(c, '/nodes');
  const view = readView(c);
  if (view) return c.redirect(`${baseUrl(c)}/files${formatPath(path)}?view=${view}`, 303);
  const given = query(c);
  if (given.get('view') === 'data') return c.redirect(`${baseUrl(c)}/files${formatPath(path)}`, 303);
  const listing = readListing(c, path, given);
  return answer(c, await getNode(c.get('services'), path, c.get('principal'), listing, { base: baseUrl(c) }), listing.detail, 200);
});

nodes.on('PUT', ['/nodes', '/nodes/*'], async (c) => {
  const path = nodePath(c, '/nodes');
  const node = await createNode(c.get('services'), path, c.get('principal'), await readNode(c));
  return answer(c, single(node), 'max', 201);
});

nodes.on('POST', ['/nodes', '/nodes/*'], async (c) => {
  const path = nodePath(c, '/nodes');
  const text = await readText(c.req.raw);
  if (!isJson(c) && /^[^>]*<(\w+:)?protocols[\s/>]/.test(text.replace(/^\s*<\?[^>]*\?>/, ''))) {
    // Section 6.3.1: a protocols document posted to a node asks which of them the node can be reached by.
    parseProtocols(text);
    await getNode(c.var.services, path, c.var.principal, { detail: 'min', limit: 0, sort: 'name', descending: false });
    return c.body(formatProtocols(protocols(c.var.services.config)), 200, { 'Content-Type': XML });
  }
  const listing = readListing(c, path, query(c));
  return answer(
    c,
    await setNode(c.var.services, path, c.var.principal, isJson(c) ? parseNodeJson(text) : parseNode(text), listing, {
      base: baseUrl(c),
      condition: c.req.header('If-Match'),
    }),
    listing.detail,
    200,
  );
});

nodes.on('DELETE', ['/nodes', '/nodes/*'], async (c) => {
  await deleteNode(c.var.services, nodePath(c, '/nodes'), c.var.principal);
  return c.body(null, 204);
});

async function readNode(c: Context<AppEnv>): Promise<NodeInput> {
  const text = await readText(c.req.raw);
  return isJson(c) ? parseNodeJson(text) : parseNode(text);
}

function single(node: NodeDocument): NodeReading {
  return { node };
}

/** Section 6.3.1, the parameters that OpenCADC's client adds, and `every`. */
function readListing(c: Context<AppEnv>, path: NodePath, given: ReadonlyMap<string, string>): Listing {
  const detail = given.get('detail') ?? 'max';
  if (detail !== 'min' && detail !== 'max' && detail !== 'properties')
    throw new Fault('InvalidArgument', `detail=${detail.slice(0, 50)} is none of min, max, properties`);
  const limit = given.get('limit');
  if (limit !== undefined && !/^\d{1,9}$/.test(limit))
    throw new Fault('InvalidArgument', `limit=${limit.slice(0, 50)} is not a number of nodes`);
  const order = given.get('order')?.toLowerCase() ?? 'asc';
  if (order !== 'asc' && order !== 'desc') throw new Fault('InvalidArgument', `order=${order.slice(0, 50)} is neither asc nor desc`);
  const every = given.get('every');
  if (every !== undefined && !(/^\d{1,5}$/.test(every) && Number(every) >= 1 && Number(every) <= MAX_EVERY))
    throw new Fault('InvalidArgument', `every=${every.slice(0, 50)} is not a number from 1 to ${MAX_EVERY}`);
  const start = given.get('uri');
  return {
    detail: detail satisfies Detail,
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(start === undefined ? {} : { start: childName(c, path, start) }),
    sort: readSort(given.get('sort')),
    descending: order === 'desc',
    ...(detail !== 'min' && given.get('tags') === 'true' && { tags: true }),
    ...(every === undefined ? {} : { every: Number(every) }),
  };
}

function childName(c: Context<AppEnv>, path: NodePath, text: string): string {
  const uri = parseVosUri(text);
  const name = uri.path.at(-1);
  if (
    uri.authority !== c.var.services.config.authority ||
    name === undefined ||
    uri.path.length !== path.length + 1 ||
    !isWithin(uri.path, path)
  ) {
    throw new Fault('InvalidURI', `uri=${text.slice(0, 500)} is not a child of the node`);
  }
  return name;
}

function readSort(text: string | undefined): SortKey {
  if (text === undefined || text === '') return 'name';
  if (text === `${CORE}length`) return 'length';
  if (text === `${CORE}date`) return 'date';
  throw new Fault('OptionNotSupported', `sorting options not supported: ${text.slice(0, 200)}; ${CORE}length and ${CORE}date are`);
}

/** The document; children beyond the first page are read, formatted and sent as the client takes them. */
function answer(c: Context<AppEnv>, { node, children, more, tag }: NodeReading, detail: Detail, status: 200 | 201): Response {
  const json = wantsJson(c);
  const format = { detail };
  const [open, child, separator, close] = json
    ? [openNodeJson(node, format), formatChildJson, ',', closeNodeJson(node)]
    : [openNode(node, format), formatChild, '', closeNode(node)];
  const headers = {
    'Content-Type': json ? JSON_TYPE : XML,
    Vary: 'Accept, Authorization',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(tag !== undefined && { ETag: `"${tag}"` }),
  };
  const page = (documents: readonly NodeDocument[]): string => documents.map((one) => child(one, format)).join(separator);
  const start = open + page(children ?? []);
  const body = more
    ? streamPages(start, more, (documents) => (documents.length === 0 ? '' : separator) + page(documents), close)
    : start + close;
  // By hand, with its headers at once: the most frequent of all answers.
  return new Response(body, { status, headers });
}

function streamPages(
  start: string,
  pages: AsyncGenerator<readonly NodeDocument[]>,
  format: (page: readonly NodeDocument[]) => string,
  close: string,
): ReadableStream {
  const utf8 = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(utf8.encode(start));
    },
    async pull(controller) {
      const page = await pages.next();
      const text = page.done ? close : format(page.value);
      if (text !== '') controller.enqueue(utf8.encode(text));
      if (page.done) controller.close();
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
}

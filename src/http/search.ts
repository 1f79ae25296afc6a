// /search: nodes below a container by name, property, type, size, date and owner; pages with a cursor, or all as lines of JSON.
import { Hono } from 'hono';
import type { NodeDocument } from '../model/node.ts';
import { formatChildJson } from '../model/json/node.ts';
import { formatNodeListJson } from '../model/json/node-list.ts';
import { search, searchPages } from '../service/nodes/search.ts';
import { formatNodeList } from '../xml/node-list.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, wantsJson } from './input.ts';
import { ndjson } from './ndjson.ts';
import { readSearch } from './search-input.ts';

export const searches = new Hono<AppEnv>();

searches.get('/search', async (c) => {
  const { services, principal } = c.var;
  const given = c.get('url').searchParams;
  const { request, cursor } = readSearch(given, services.config.authority);
  const { detail } = request;
  if (/^application\/x-ndjson\b/i.test(c.req.header('Accept') ?? '')) {
    const pages = searchPages(services, principal, request, cursor);
    // What is refused is refused by status: the first page is read before the answer begins.
    const first = await pages.next();
    return ndjson(c, lines(first, pages), (record) => ('kind' in record ? JSON.stringify(record) : formatChildJson(record, { detail })));
  }
  const { nodes, cursor: next } = await search(services, principal, request, cursor);
  const headers = {
    'Cache-Control': 'no-store',
    Vary: 'Accept, Authorization',
    ...(next === undefined ? {} : link(baseUrl(c), given, next)),
  };
  if (!wantsJson(c)) return c.body(formatNodeList(nodes, { detail }, next), 200, { ...headers, 'Content-Type': 'text/xml; charset=utf-8' });
  const list = formatNodeListJson({ nodes, ...(next === undefined ? {} : { cursor: next }) }, detail);
  return c.body(list, 200, { ...headers, 'Content-Type': 'application/json' });
});

/** RFC 8288: where the next page is, whatever the form of this one. */
function link(base: string, given: URLSearchParams, cursor: string): { readonly Link: string } {
  const next = new URLSearchParams([...given].filter(([name]) => name.toLowerCase() !== 'cursor'));
  next.set('cursor', cursor);
  return { Link: `<${base}/search?${next.toString()}>; rel="next"` };
}

/** A line for each node, and one that says that these are all. */
async function* lines(
  first: IteratorResult<readonly NodeDocument[], void>,
  pages: AsyncGenerator<readonly NodeDocument[], void>,
): AsyncGenerator<readonly (NodeDocument | { readonly kind: 'end'; readonly nodes: number })[]> {
  let nodes = 0;
  for (let page = first; !page.done; page = await pages.next()) {
    nodes += page.value.length;
    yield page.value;
  }
  yield [{ kind: 'end', nodes }];
}

// Answers with the bytes of a node: by sending the client to the store, or through the service.
import type { Context } from 'hono';
import type { NodeState } from '../durable/space/port.ts';
import { openDownload, signDownload, type Download } from '../service/downloads/download.ts';
import { describe, etagOf, isFresh, PRIVATE, readRange } from './byte-headers.ts';
import type { AppEnv } from './context.ts';

/** Bytes that are in memory: few. */
export function answerInline(c: Context<AppEnv>, node: NodeState, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = { ...PRIVATE, ...describe(node, node.name) };
  if (isFresh(c.req.raw, node)) return c.body(null, 304, { ...PRIVATE, ETag: etagOf(node) ?? '' });
  if (c.req.method === 'HEAD') return new Response(null, { status: 200, headers });
  const range = node.size === 0 ? undefined : readRange(c.req.raw, node);
  if (!range) return new Response(bytes, { status: 200, headers });
  const { start, end } = range;
  const ranged = { 'Content-Range': `bytes ${start}-${end}/${node.size}`, 'Content-Length': String(end - start + 1) };
  return new Response(bytes.subarray(start, end + 1), { status: 206, headers: { ...headers, ...ranged } });
}

/** Conditions and HEAD are answered from the node alone. `via`: what no temp URL opens comes through the service. */
export async function answerBytes(c: Context<AppEnv>, download: Download, via: 'store' | 'service', empty: 200 | 204): Promise<Response> {
  const { node } = download;
  const headers = { ...PRIVATE, ...describe(node, download.path.at(-1) ?? '') };
  if (isFresh(c.req.raw, node)) return c.body(null, 304, { ...PRIVATE, ETag: etagOf(node) ?? '' });
  if (c.req.method === 'HEAD') return new Response(null, { status: 200, headers });
  if ((node.size === 0 || !download.key) && empty === 204) {
    const { 'Content-Length': _, ...rest } = headers;
    return c.body(null, 204, rest);
  }
  if (node.size === 0 || !download.key) return new Response(null, { status: 200, headers });
  if (via === 'store' && download.signable)
    return c.body(null, 303, { ...PRIVATE, Location: (await signDownload(c.var.services, download)).url });
  const range = readRange(c.req.raw, node);
  const body = await openDownload(c.var.services, download, range);
  const ranged = range
    ? { 'Content-Range': `bytes ${range.start}-${range.end}/${node.size}`, 'Content-Length': String(range.end - range.start + 1) }
    : {};
  // The encoding is that of the bytes as they lie: workerd would encode them once more.
  return new Response(body, { status: range ? 206 : 200, headers: { ...headers, ...ranged }, encodeBody: 'manual' });
}

// The headers that describe bytes, and those of a request that choose among them.
import { Fault } from '../faults.ts';
import { TYPE, ENCODING } from '../model/property.ts';
import type { NodeState } from '../durable/space/port.ts';
import type { ByteRange } from '../objects/port.ts';

/** Answers that hold signed URLs, or bytes that not everybody may read, stay with the client that asked. */
export const PRIVATE: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** What HEAD says, from the node alone. */
export function describe(node: NodeState, name: string): Record<string, string> {
  const property = (uri: string) => node.properties.find((one) => one.uri === uri)?.value;
  const encoding = property(ENCODING);
  const etag = etagOf(node);
  return {
    'Content-Length': String(node.size),
    'Content-Type': safeHeader(property(TYPE)) ?? 'application/octet-stream',
    ...attachmentHeaders(name),
    'Accept-Ranges': 'bytes',
    'Last-Modified': new Date(node.dataChanged).toUTCString(),
    ...(node.md5 === undefined ? {} : { Digest: `md5=${toBase64(node.md5)}` }),
    ...(etag === undefined ? {} : { ETag: etag }),
    ...(safeHeader(encoding) === undefined ? {} : { 'Content-Encoding': safeHeader(encoding) ?? '' }),
  };
}

/** On the service's own origin user bytes are never a page: saved rather than shown, not sniffed, and without any rights. */
export function attachmentHeaders(name: string): Record<string, string> {
  return {
    'Content-Disposition': disposition('attachment', name),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
}

export function etagOf(node: NodeState): string | undefined {
  return node.md5 === undefined ? undefined : `"${node.md5}"`;
}

/** Whether the client's copy is still good: If-None-Match, else If-Modified-Since (RFC 9110 section 13.2.2). */
export function isFresh(request: Request, node: NodeState): boolean {
  const etag = etagOf(node);
  const match = request.headers.get('If-None-Match');
  if (match !== null)
    return etag !== undefined && (match.trim() === '*' || match.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
  const since = Date.parse(request.headers.get('If-Modified-Since') ?? '');
  return !Number.isNaN(since) && Math.floor(node.dataChanged / 1000) * 1000 <= since;
}

/** One range; several, or a unit other than bytes, mean the whole (RFC 9110 section 14.2). Throws RangeNotSatisfiable. */
export function readRange(request: Request, node: NodeState): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('Range') ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const condition = request.headers.get('If-Range');
  if (condition !== null && condition.trim() !== etagOf(node)) return undefined;
  const start = from === '' ? Math.max(0, node.size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? node.size - 1 : Math.min(Number(to), node.size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= node.size || start > end)
    throw new Fault('RangeNotSatisfiable', `the node has ${node.size} bytes`, { 'Content-Range': `bytes */${node.size}` });
  return { start, end };
}

export function toBase64(hex: string): string {
  return btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))));
}

/** RFC 6266, with the name in RFC 8187's form where it is not plain ASCII. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const extended =
    plain === name
      ? ''
      : `; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
  return `${kind}; filename="${plain}"${extended}`;
}

function safeHeader(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x21-\x7e][\x20-\x7e]{0,200}$/.test(value) ? value : undefined;
}

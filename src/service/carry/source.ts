// Where bytes come from: a URL whose answer is pinned, so that all its parts are of one and the same state.
import type { Incoming, Outside } from './outside.ts';
import { statedDigests, type Digests } from './digests.ts';
import { abroad, answered, Trouble } from './trouble.ts';

export interface Source {
  readonly outside: Outside;
  readonly url: string;
  /** Such as Authorization; not for hosts that a redirect leads to. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** The state of a source as its first answer tells it; JSON. */
export interface Pin {
  readonly size?: number;
  /** Strong ones only: a weak one does not promise the same bytes. */
  readonly etag?: string;
  readonly modified?: string;
  readonly type?: string;
  /** It answers with parts, and can tell whether they are of this state. */
  readonly ranges: boolean;
  readonly digests: Digests;
}

export interface Opened {
  readonly pin: Pin;
  readonly incoming: Incoming;
  /** The body is everything; else it is the first `most` bytes. */
  readonly isWhole: boolean;
}

/** File formats that servers name as codings. Other codings change the bytes. */
const PLAIN: readonly string[] = ['', 'identity', 'x-gzip', 'x-compress'];

/** The first `most` bytes, or all of them where the source has no more or knows no parts. */
export async function openSource(source: Source, most: number): Promise<Opened> {
  const incoming = await ask(source, { Range: `bytes=0-${most - 1}` });
  const { response } = incoming;
  if (response.status === 200) return whole(incoming);
  const total = response.status === 206 ? rangeOf(response, 0)?.total : undefined;
  if (total !== undefined) {
    const pin = pinOf(response, total, total <= most);
    if (total <= most || pin.ranges) return { pin, incoming, isWhole: total <= most };
  } else if (response.status !== 206 && response.status !== 416) throw await refused(source, incoming);
  // An empty resource, or parts that nobody could fit together.
  await response.body?.cancel();
  const again = await ask(source, {});
  if (again.response.status !== 200) throw await refused(source, again);
  return whole(again);
}

/** Bytes from `start` to `end`, both counted in, of a source that was pinned. Trouble that lasts when it has changed. */
export async function openRange(source: Source, pin: Pin, start: number, end: number): Promise<Incoming> {
  const condition = pin.etag ?? pin.modified ?? '';
  const incoming = await ask(source, { Range: `bytes=${start}-${end}`, 'If-Range': condition });
  const { response, host } = incoming;
  const range = response.status === 206 ? rangeOf(response, start) : undefined;
  const { etag, modified } = pinOf(response, 0, false);
  if (response.status === 200 || response.status === 412 || response.status === 416 || (range && range.total !== pin.size))
    throw await changed(incoming);
  if (!range) throw await refused(source, incoming);
  if ((pin.etag !== undefined && etag !== pin.etag) || (pin.etag === undefined && modified !== pin.modified)) throw await changed(incoming);
  if (range.end !== end) {
    await response.body?.cancel();
    throw new Trouble(`${host} answers with other bytes than those that were asked for`, { lasting: true });
  }
  return incoming;
}

async function ask({ outside, url, headers, signal }: Source, more: Readonly<Record<string, string>>): Promise<Incoming> {
  const request = { method: 'GET', url, headers: { ...headers, ...more, 'Accept-Encoding': 'identity' }, signal } as const;
  const incoming = await abroad('the endpoint', () => outside.open(request));
  const coding = incoming.response.headers.get('Content-Encoding')?.trim().toLowerCase() ?? '';
  if (incoming.response.ok && !PLAIN.includes(coding)) {
    await incoming.response.body?.cancel();
    throw new Trouble(`${incoming.host} sends the bytes in a coding that was not asked for`, { lasting: true });
  }
  return incoming;
}

function whole(incoming: Incoming): Opened {
  const { headers } = incoming.response;
  const length = headers.get('Content-Length');
  const size = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  return { pin: { ...pinOf(incoming.response, size, true), ranges: false }, incoming, isWhole: true };
}

function pinOf({ headers }: Response, size: number | undefined, isWhole: boolean): Pin {
  const tag = headers.get('ETag')?.trim() ?? '';
  const etag = /^"[^"]*"$/.test(tag) ? tag : undefined;
  const modified = headers.get('Last-Modified') ?? undefined;
  const type = headers.get('Content-Type') ?? undefined;
  return {
    ...(size !== undefined && { size }),
    ...(etag !== undefined && { etag }),
    ...(modified !== undefined && { modified }),
    ...(type !== undefined && { type }),
    ranges: etag !== undefined || modified !== undefined,
    digests: statedDigests(headers, isWhole),
  };
}

function rangeOf({ headers }: Response, start: number): { readonly end: number; readonly total: number } | undefined {
  const [, from, end, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers.get('Content-Range')?.trim() ?? '') ?? [];
  return from === undefined || Number(from) !== start ? undefined : { end: Number(end), total: Number(total) };
}

async function refused({ clock }: Source, { response, host }: Incoming): Promise<Trouble> {
  await response.body?.cancel();
  return answered(host, response, clock());
}

async function changed({ response, host }: Incoming): Promise<Trouble> {
  await response.body?.cancel();
  return new Trouble(`${host} has other bytes than at the beginning: the source has changed`, { lasting: true, mismatch: true });
}

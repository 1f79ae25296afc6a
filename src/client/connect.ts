// The way in: from a URL, or from a vos:// URI and a registry, to a VOSpace.
import type { Codec } from './codec.ts';
import { Identity, type Credentials } from './credentials.ts';
import { Endpoints } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { json } from './json.ts';
import { isSameNode, readPlace } from './place.ts';
import { Wire } from './request.ts';
import { RETRY, type RetryPolicy } from './retry.ts';
import { RUNTIME, type Runtime } from './runtime.ts';
import { Session } from './session.ts';
import { Vospace } from './vospace.ts';
import { STALL } from './within.ts';

export interface ConnectOptions {
  readonly credentials?: Credentials | undefined;
  /** Default `json`, which this project's service speaks; `xml`, an import of its own, for every VOSpace. */
  readonly codec?: Codec | undefined;
  /** As in the service's vos:// URIs; absent: learnt from its root node when it is needed. */
  readonly authority?: string | undefined;
  /** Other origins that get the credentials: for a service whose resources are not all at the origin of its URL. */
  readonly origins?: readonly string[] | undefined;
  /** Lets credentials go over plain http to another host than this. */
  readonly insecure?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Milliseconds that one try for a document may take; default 60,000. Bytes may take as long as they need. */
  readonly timeout?: number | undefined;
  /** Milliseconds without a byte after which a download is resumed; default 60,000. */
  readonly stall?: number | undefined;
  /** Clock, sleep and chance, for tests. */
  readonly runtime?: Partial<Runtime> | undefined;
}

/** `url`: the service's base URL, such as https://example.org/vos, or the URL of its VOSI capabilities. Nothing is sent yet. */
export function connect(url: string | URL, options: ConnectOptions = {}): Vospace {
  const { credentials, codec = json, origins = [], insecure = false, retry, timeout = 60_000, stall = STALL, authority } = options;
  const base = String(url);
  if (!URL.canParse(base) || !/^https?:/i.test(base)) throw new VospaceError('InvalidURI', `${base} is not an http(s) URL`);
  const runtime = { ...RUNTIME, ...(options.fetch && { fetch: options.fetch }), ...options.runtime };
  const identity = new Identity(credentials, [base, ...origins], insecure);
  const wire = new Wire(runtime, identity, { ...RETRY, ...retry }, timeout, stall);
  return new Vospace(new Session(wire, new Endpoints(base, wire, codec), codec, authority));
}

/** Authority → URL of the VOSpace, as for `connect`. */
export type Registry = Readonly<Record<string, string>>;

/** The VOSpace that a vos:// URI belongs to. Throws VospaceError NotFound for an authority that is not in the registry. */
export function connectTo(uri: string, registry: Registry, options: ConnectOptions = {}): Vospace {
  const { authority } = readPlace(uri);
  if (authority === undefined) throw new VospaceError('InvalidURI', `${uri} is not a vos:// URI`);
  const [, url] = Object.entries(registry).find(([name]) => isSameNode(`vos://${name}`, `vos://${authority}`)) ?? [];
  if (url === undefined) throw new VospaceError('NotFound', `no URL is known for the VOSpace ${authority}`);
  return connect(url, { authority, ...options });
}

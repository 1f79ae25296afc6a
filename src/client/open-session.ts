// The way to one VOSpace: from its URL and the caller's credentials to a session, by which everything else is asked.
import type { Codec } from './codec.ts';
import { Identity, type Credentials } from './credentials.ts';
import { Endpoints } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { Wire } from './request.ts';
import { RETRY, type RetryPolicy } from './retry.ts';
import { RUNTIME, type Runtime } from './runtime.ts';
import { Session } from './session.ts';
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

/** What `connect` opens, without the resources that are made of it. */
export function openSession(url: string | URL, options: ConnectOptions & { readonly codec: Codec }): Session {
  const { credentials, codec, origins = [], insecure = false, retry, timeout = 60_000, stall = STALL, authority } = options;
  const base = String(url);
  if (!URL.canParse(base) || !/^https?:/i.test(base)) throw new VospaceError('InvalidURI', `${base} is not an http(s) URL`);
  const runtime = { ...RUNTIME, ...(options.fetch && { fetch: options.fetch }), ...options.runtime };
  const identity = new Identity(credentials, [base, ...origins], insecure);
  const wire = new Wire(runtime, identity, { ...RETRY, ...retry }, timeout, stall);
  return new Session(wire, new Endpoints(base, wire, codec), codec, authority);
}

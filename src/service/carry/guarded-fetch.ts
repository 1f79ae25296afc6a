// The only way out: requests to addresses that users name, each checked against the operator's list before anything is sent.
import type { Config } from '../../config.ts';
import { Fault } from '../../faults.ts';
import { checkOutgoing, type OutgoingRules } from '../../model/outgoing.ts';
import type { Flow } from '../../model/flow.ts';
import { pump } from '../../model/pump.ts';
import type { Incoming, OutgoingRequest, Outside } from './outside.ts';

/** Milliseconds until the headers of an answer, from when the request has been sent. */
const PATIENCE = 60_000;
/** Milliseconds without a byte in either direction. */
const IDLE = 60_000;
const MOST_HOPS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** What belongs to the first host alone. */
const SECRET_HEADERS: readonly string[] = ['authorization', 'cookie'];

/** `base`: the service's own URL, as the client knows it. */
export function outgoingRules({ transferHosts, registry, publicUrl, store }: Config, base: string): OutgoingRules {
  const origins = (urls: readonly (string | undefined)[]): string[] => urls.flatMap((url) => URL.parse(url ?? '')?.origin ?? []);
  const stored = store.kind === 'embedded' ? [store.url ?? `http://127.0.0.1:${store.port}`] : [];
  return { hosts: transferHosts, trusted: origins([...registry.values()]), own: origins([publicUrl, base, ...stored]) };
}

export function makeOutside(rules: OutgoingRules, send: typeof fetch): Outside {
  const open = async (request: OutgoingRequest): Promise<Incoming> => {
    let { url: text, headers = {} } = request;
    for (let hops = 0; ; hops++) {
      const url = checkOutgoing(text, rules);
      const incoming = await exchange(send, url, headers, request);
      const location = REDIRECTS.includes(incoming.response.status) ? incoming.response.headers.get('Location') : null;
      if (location === null) return incoming;
      await incoming.response.body?.cancel().catch(() => undefined);
      if (hops >= MOST_HOPS) throw new Fault('TransferFailed', `${url.host} redirects more than ${MOST_HOPS} times`);
      const next = URL.parse(location, url.href);
      if (!next) throw new Fault('TransferFailed', `${url.host} redirects to what is no URL`);
      if (url.protocol === 'https:' && next.protocol !== 'https:')
        throw new Fault('TransferFailed', `${url.host} redirects from https to ${next.host} without it`);
      // As it was written, where it is absolute: a parser would smooth out what the check is to see.
      text = /^[a-z][a-z0-9+.-]*:/i.test(location) ? location : next.href;
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.includes(name.toLowerCase())));
    }
  };
  const guarded: typeof fetch = async (input, init) => {
    const text = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const url = checkOutgoing(text, rules);
    if (typeof input !== 'string' && !(input instanceof URL)) throw new Fault('InternalFault', 'a guarded fetch takes a URL');
    return sendWatched(send, url, { ...init, redirect: 'manual' });
  };
  return { open, fetch: guarded };
}

async function exchange(
  send: typeof fetch,
  url: URL,
  headers: Readonly<Record<string, string>>,
  { method, body, told, signal }: OutgoingRequest,
): Promise<Incoming> {
  const control = new AbortController();
  const stop = (reason: unknown): void => control.abort(reason);
  const abort = (): void => stop(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const sending = body && (await body());
  const through = sending && new FixedLengthStream(sending.length);
  const flow = sending && through && pump(sending.stream, through.writable);
  const watched = watchdog(flow, told, stop);
  try {
    const init = { method, headers, redirect: 'manual' as const, signal: control.signal, ...(through && { body: through.readable }) };
    const response = await send(url.href, init);
    return { response, host: url.host, stop };
  } catch (error) {
    signal.removeEventListener('abort', abort);
    if (signal.aborted) throw error;
    if (flow?.broken) throw new Fault('ServiceBusy', 'the object store broke off while its bytes were being sent');
    throw new Fault(
      'ServiceBusy',
      `${url.host} ${control.signal.aborted ? 'did not answer in time' : 'cannot be reached, or broke the connection'}`,
    );
  } finally {
    clearInterval(watched);
  }
}

/** A body that is a stream may flow for as long as it flows; without one the caller sets the time. */
async function sendWatched(send: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  const length = Number(new Headers(init.headers).get('Content-Length') ?? Number.NaN);
  if (!(init.body instanceof ReadableStream) || !Number.isSafeInteger(length)) return send(url.href, init);
  const through = new FixedLengthStream(length);
  const flow = pump(init.body as ReadableStream<Uint8Array>, through.writable);
  const control = new AbortController();
  const watched = watchdog(flow, undefined, (reason) => control.abort(reason));
  const signal = init.signal ? AbortSignal.any([init.signal, control.signal]) : control.signal;
  try {
    return await send(url.href, { ...init, body: through.readable, signal });
  } finally {
    clearInterval(watched);
  }
}

/** Stops a request whose answer does not come: counted from the last byte that was sent. */
function watchdog(
  flow: Flow | undefined,
  told: ((bytes: number) => void) | undefined,
  stop: (reason: unknown) => void,
): ReturnType<typeof setInterval> {
  let [sent, quiet] = [0, 0];
  return setInterval(() => {
    const now = flow?.received ?? 0;
    quiet = now === sent ? quiet + 1000 : 0;
    sent = now;
    told?.(sent);
    if (quiet >= PATIENCE) stop(new Error('no answer in time'));
  }, 1000);
}

export interface Received {
  readonly body: ReadableStream<Uint8Array>;
  /** To be called with the count, by whoever reads the body; absent where it is counted already. */
  readonly counted?: (flow: Flow) => void;
  /** Undefined before the first byte has been asked for. */
  readonly flow: () => Flow | undefined;
}

export interface Receiving {
  /** Bytes; what sends more is broken off. */
  readonly most: number;
  /** Told about once a second how many bytes have come. */
  readonly told: (bytes: number) => void;
  /** Sees every byte on its way. */
  readonly tap?: (bytes: Uint8Array) => Promise<void>;
}

/** The body of an answer, watched: a source that stalls is broken off. */
export function receive({ response, stop }: Incoming, { most, told, tap }: Receiving): Received {
  const from = (response.body as ReadableStream<Uint8Array> | null) ?? new Blob([]).stream();
  let known: Flow | undefined;
  const counted = (flow: Flow): void => {
    known = flow;
    let [seen, quiet] = [0, 0];
    const watch = setInterval(() => {
      quiet = flow.received === seen ? quiet + 1000 : 0;
      seen = flow.received;
      told(seen);
      if (quiet >= IDLE || seen > most) stop(new Error('the source stalls, or sends too much'));
    }, 1000);
    void flow.settled.then(() => clearInterval(watch));
  };
  if (!tap) return { body: from, counted, flow: () => known };
  const through = new IdentityTransformStream();
  counted(pump(from, through.writable, false, tap));
  return { body: through.readable, flow: () => known };
}

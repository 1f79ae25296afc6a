// One request and its answer, tried again where that is safe. Redirects are followed here, so that credentials stay where they belong.
import { asVospaceError, refusal, VospaceError } from './error.ts';
import type { Identity } from './credentials.ts';
import { mayRepeat, readRetryAfter, repeatOf, waitFor, type Repeat, type RetryPolicy } from './retry.ts';
import type { Runtime } from './runtime.ts';
import { within } from './within.ts';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob | Uint8Array | ReadableStream<Uint8Array> | undefined;
  /** By the method where absent. */
  readonly repeat?: Repeat;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one try, from the request to the end of the answer; absent: the Wire's. Bytes have no such bound. */
  readonly timeout?: number;
  /** What a redirect names is the answer: it is not fetched. (A browser fetches it all the same.) */
  readonly stop?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from in the end, or where it leads to when the call stops at redirects. */
  readonly url: string;
  readonly text: string;
}

export interface Opened {
  readonly response: Response;
  readonly url: string;
}

/** Characters of one answer: more is refused, because it is held in memory. */
export const MAX_ANSWER = 64 * 1024 * 1024;
const MAX_REFUSAL = 64 * 1024;
const MAX_HOPS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The way to one VOSpace. */
export class Wire {
  readonly runtime: Runtime;
  readonly identity: Identity;
  readonly policy: RetryPolicy;
  /** Milliseconds that a download may be silent. */
  readonly stall: number;
  readonly #timeout: number;

  constructor(runtime: Runtime, identity: Identity, policy: RetryPolicy, timeout: number, stall: number) {
    this.stall = stall;
    this.runtime = runtime;
    this.identity = identity;
    this.policy = policy;
    this.#timeout = timeout;
  }

  /** A document asked for, as text. Throws VospaceError for every answer of 400 and above. */
  async ask(call: Call): Promise<Answer> {
    const timeout = AbortSignal.timeout.bind(AbortSignal, call.timeout ?? this.#timeout);
    return this.repeat(call, async () => {
      const signal = call.signal ? AbortSignal.any([call.signal, timeout()]) : timeout();
      const { response, url } = await this.#exchange({ ...call, signal });
      return { status: response.status, headers: response.headers, url, text: await readText(response, MAX_ANSWER) };
    });
  }

  /** One try, whose body is the caller's to read. Throws VospaceError for every answer of 400 and above. */
  async open(call: Call): Promise<Opened> {
    const ending = new AbortController();
    const signal = call.signal ? AbortSignal.any([call.signal, ending.signal]) : ending.signal;
    // To a PUT the answer comes when all bytes have gone.
    const patience = call.method === 'GET' ? this.stall : undefined;
    const opened = this.#exchange({ ...call, signal });
    return (patience === undefined ? opened : within(opened, patience, (reason) => ending.abort(reason))).catch((thrown: unknown) => {
      throw asVospaceError(thrown, nameOf(call), call.signal);
    });
  }

  /** Does `once` until it succeeds, or must not be done again. */
  async repeat<T>(call: Pick<Call, 'method' | 'url' | 'repeat' | 'signal'>, once: () => Promise<T>): Promise<T> {
    const { method, repeat = repeatOf(method), signal } = call;
    let repeated = false;
    for (let tries = 1; ; tries++) {
      try {
        return await once();
      } catch (thrown) {
        const error = asVospaceError(thrown, nameOf(call), signal);
        if (!(error instanceof VospaceError)) throw error;
        if (tries >= this.policy.tries || !mayRepeat(error, repeat)) throw repeated ? repeatedError(error) : error;
        repeated ||= !mayRepeat(error, 'unprocessed');
        await waitFor(error, tries, this.policy, this.runtime, signal);
      }
    }
  }

  async #exchange(call: Call): Promise<Opened> {
    const { browser, node, fetch, now } = this.runtime;
    let { method, url, body, headers = {} } = call;
    for (let hops = 0; ; hops++) {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...(await this.identity.headers(url)) },
        ...(body === undefined ? {} : { body }),
        ...(call.signal ? { signal: call.signal } : {}),
        // A browser shows no redirects, and drops the credentials itself where one leads to another origin (Fetch, HTTP-redirect fetch).
        ...(browser ? { redirect: 'follow', credentials: 'omit', cache: 'no-store' } : { redirect: 'manual' }),
        // Fetch, HTTP-network-or-cache fetch: without a window and with redirects refused, the body is sent itself and not a copy of it.
        ...(body instanceof ReadableStream ? { duplex: 'half', ...(node ? { redirect: 'error', window: null } : {}) } : {}),
      } as RequestInit);
      const location = REDIRECTS.includes(response.status) ? response.headers.get('Location') : null;
      if (location !== null) {
        await response.body?.cancel();
        url = new URL(location, url).href;
        if (call.stop) return { response: new Response(null, { status: 200 }), url };
        if (hops >= MAX_HOPS) throw new VospaceError('BadAnswer', `${nameOf(call)} leads in a circle`);
        if (response.status === 303 || (method === 'POST' && response.status < 303))
          [method, body, headers] = ['GET', undefined, only(headers)];
        else if (method !== 'GET' && method !== 'HEAD') throw new VospaceError('BadAnswer', `${nameOf(call)} is redirected`);
        continue;
      }
      // An empty Response.url is that of a Response made by hand.
      if (browser && response.url !== '') url = response.url;
      if (response.status < 400) return { response, url };
      // What another host writes is not repeated to people: only the VOSpace itself names its faults.
      const text = this.identity.isOwn(url) && method !== 'HEAD' ? await readText(response, MAX_REFUSAL).catch(() => '') : '';
      if (text === '') await response.body?.cancel().catch(() => undefined);
      const retryAfter = readRetryAfter(response.headers.get('Retry-After'), now());
      throw refusal(response.status, text, nameOf({ method, url }), { retryAfter });
    }
  }
}

/** Method and URL for messages, without what is secret in it. */
export function nameOf({ method, url }: Pick<Call, 'method' | 'url'>): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname.replace(/\/preauth:[^/]+/, '/preauth:…')}`;
}

/** Of a request's headers those that still mean something when it has become a GET. */
function only(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() === 'accept'));
}

function repeatedError(error: VospaceError): VospaceError {
  const { fault, detail, status, retryAfter, unsent, named, cause } = error;
  return new VospaceError(fault, detail, { status, retryAfter, unsent, named, cause, repeated: true });
}

async function readText(response: Response, most: number): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > most) {
      await reader.cancel();
      throw new VospaceError('BadAnswer', `an answer has more than ${most} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

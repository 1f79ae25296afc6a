// Talks to a Swift account with the service's token: one retry with a fresh token after 401, a time limit, and faults for what fails.
import type { SwiftConfig } from '../../config.ts';
import { Fault } from '../../faults.ts';
import type { StoreKeysPort, StoreToken } from '../keys.ts';

/** How long (milliseconds) a token that has just worked is trusted to work for a body that cannot be sent twice. */
const PROVEN_LIFE = 30_000;

/** After a body's last byte Swift has all its replicas to write, and may answer later than it does other requests. */
const STORING = 2;

const utf8 = new TextEncoder();

export interface SwiftRequest {
  readonly method: string;
  /** Below the account: '' for itself, `/container`, `/container/key`; percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as bytes, because fetch gives text a Content-Type of its own. */
  readonly body?: string;
  /** Milliseconds until the answer's headers. */
  readonly timeout?: number;
}

export interface SwiftClient {
  /** The account's URL as last learned, or as configured; undefined before the first token. */
  storageUrl(): string | undefined;
  /** The account's URL; asks for a token if need be. */
  account(): Promise<string>;
  /** Any answer below 500 but 401 is the caller's, who must read or cancel its body. */
  send(request: SwiftRequest): Promise<Response>;
  /**
   * Sends a stream, which cannot be sent again, so the token is tried before. Rejects with what `body` rejects with. A body takes as
   * long as its sender: the time limit begins when `sent` resolves, true for a body that has been sent whole.
   */
  stream(request: Omit<SwiftRequest, 'body' | 'timeout'>, body: ReadableStream<Uint8Array>, sent: Promise<boolean>): Promise<Response>;
  /** Without a token: for `/info`. */
  open(path: string): Promise<Response>;
}

export function makeSwiftClient(config: SwiftConfig, keys: StoreKeysPort, timeout: number): SwiftClient {
  // A value, never a promise: one request's pending work must not be awaited by another.
  let held: StoreToken | undefined;
  let provenAt = 0;

  const token = async (stale?: string): Promise<StoreToken> => {
    if (!held || held.token === stale || held.expires < Date.now() + PROVEN_LIFE) held = await keys.token(stale);
    return held;
  };
  const attempt = async (
    { method, path, query, headers, body, timeout: limit = timeout }: SwiftRequest,
    { token: value, storageUrl }: StoreToken,
  ) => {
    const url = `${storageUrl}${path}${query === undefined ? '' : `?${query}`}`;
    const init = {
      method,
      headers: { ...headers, 'X-Auth-Token': value },
      redirect: 'manual' as const,
      ...(body === undefined ? {} : { body: utf8.encode(body) }),
    };
    return withinTime(limit, (signal) => fetch(url, { ...init, signal }));
  };
  const refuse = async (request: SwiftRequest, answer: Response): Promise<Fault> => {
    await answer.body?.cancel();
    const why =
      answer.status === 401
        ? 'refuses the token it has just issued'
        : answer.status === 403
          ? 'forbids the configured user to do this'
          : `answers ${answer.status}`;
    return new Fault('ServiceBusy', `the object store ${why} (${request.method} ${describe(request.path)})`);
  };
  const checked = async (request: SwiftRequest, answer: Response): Promise<Response> => {
    if (answer.status >= 500 || answer.status === 401 || answer.status === 403 || answer.status === 498)
      throw await refuse(request, answer);
    provenAt = Date.now();
    return answer;
  };
  const send = async (request: SwiftRequest): Promise<Response> => {
    const first = await token();
    const answer = await attempt(request, first);
    if (answer.status !== 401) return checked(request, answer);
    await answer.body?.cancel();
    return checked(request, await attempt(request, await token(first.token)));
  };

  return {
    storageUrl: () => config.storageUrl ?? held?.storageUrl,
    account: async () => config.storageUrl ?? (held ?? (await token())).storageUrl,
    send,
    async stream(request, body, sent) {
      if (Date.now() - provenAt > PROVEN_LIFE) await (await send({ method: 'HEAD', path: '' })).body?.cancel();
      const { token: value, storageUrl } = await token();
      const headers = { ...request.headers, 'X-Auth-Token': value };
      const init = { method: request.method, headers, body, redirect: 'manual' as const };
      const answer = await answeredWithin(STORING * timeout, sent, (signal) => fetch(`${storageUrl}${request.path}`, { ...init, signal }));
      // The next request asks for another token.
      if (answer.status === 401) held = await keys.token(value);
      return checked(request, answer);
    },
    async open(path) {
      const { storageUrl } = await token();
      return withinTime(timeout, (signal) => fetch(new URL(path, storageUrl), { signal, redirect: 'manual' }));
    },
  };
}

/** As withinTime, for a request whose body is a stream: what breaks it off is told by the stream. */
async function answeredWithin(limit: number, sent: Promise<boolean>, run: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const control = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answered = false;
  void sent.then((whole) => {
    if (whole && !answered) timer = setTimeout(() => control.abort(), limit);
  });
  try {
    return await run(control.signal);
  } catch (error) {
    if (control.signal.aborted) throw new Fault('ServiceBusy', `the object store has not answered within ${limit / 1000} s`);
    throw error;
  } finally {
    answered = true;
    if (timer !== undefined) clearTimeout(timer);
  }
}

/** The limit is for the headers: a body may flow for as long as it takes. */
async function withinTime(limit: number, run: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), limit);
  try {
    return await run(control.signal);
  } catch {
    const why = control.signal.aborted ? `has not answered within ${limit / 1000} s` : 'cannot be reached';
    throw new Fault('ServiceBusy', `the object store ${why}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What a request was about, without the key: keys are capabilities. */
function describe(path: string): string {
  if (path === '') return 'account';
  return path.indexOf('/', 1) < 0 ? 'container' : 'object';
}

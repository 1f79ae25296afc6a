// Bytes to and from stores and services over connections that are kept: node:http, which takes half the time of fetch for each small file.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { refusal, VospaceError, asVospaceError } from '../../client/error.ts';
import { nameOf } from '../../client/request.ts';
import { readRetryAfter } from '../../client/retry.ts';

/** Milliseconds without a byte in either direction after which a connection is given up. */
const SILENCE = 60_000;

export interface Sent {
  /** Without quotes; undefined where the store does not tell. */
  readonly etag: string | undefined;
}

export interface Put {
  readonly url: string;
  readonly type: string;
  readonly length: number;
  /** All of it, or how to read it. */
  readonly body: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly signal: AbortSignal;
  /** The VOSpace itself is asked, which says who one is, and names its faults. */
  readonly own?: { readonly headers: Readonly<Record<string, string>> };
}

/** No credentials are sent but those that are given. */
export class StoreBytes {
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  /** `most`: connections to one store. */
  constructor(most: number) {
    const options = { keepAlive: true, maxSockets: most, maxFreeSockets: most, scheduling: 'lifo', timeout: SILENCE } as const;
    this.#http = new HttpAgent(options);
    this.#https = new HttpsAgent(options);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** Throws VospaceError: with the status for a refusal, ConnectionFailed for anything that broke. What the body throws is thrown as it is. */
  async put({ url, type, length, body, signal, own }: Put): Promise<Sent> {
    const headers = { 'Content-Type': type, 'Content-Length': String(length), ...own?.headers };
    const answer = await this.#exchange('PUT', url, headers, body, signal, own !== undefined);
    answer.resume();
    return { etag: answer.headers.etag?.replaceAll('"', '') };
  }

  /** The answer's body is the caller's to read to its end, or to destroy. `range`: the first byte, and the one after the last. */
  get(url: string, signal: AbortSignal, range?: { readonly start: number; readonly end: number }): Promise<IncomingMessage> {
    const headers = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` };
    return this.#exchange('GET', url, headers, undefined, signal);
  }

  #exchange(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Put['body'] | undefined,
    signal: AbortSignal,
    isOwn = false,
  ): Promise<IncomingMessage> {
    const name = nameOf({ method, url });
    const safe = url.startsWith('https:');
    return new Promise((resolve, reject) => {
      const request = (safe ? httpsRequest : httpRequest)(url, { method, headers, agent: safe ? this.#https : this.#http, signal });
      let own: unknown;
      request.once('timeout', () => request.destroy(new DOMException('nothing came in time', 'TimeoutError')));
      request.once('error', (error) => reject(own ?? asVospaceError(error, name, signal)));
      request.once('response', (answer) => {
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) return resolve(answer);
        // What another host writes is not repeated to people.
        const text = isOwn ? readText(answer) : Promise.resolve('');
        if (!isOwn) answer.resume();
        text.then(
          (words) =>
            reject(
              statusCode >= 400
                ? refusal(statusCode, words, name, { retryAfter: readRetryAfter(answer.headers['retry-after'] ?? null, Date.now()) })
                : new VospaceError('BadAnswer', `${name} answered ${statusCode}`),
            ),
          (thrown: unknown) => reject(asVospaceError(thrown, name, signal) as Error),
        );
      });
      if (body === undefined) request.end();
      else if (body instanceof Uint8Array) request.end(body);
      else
        write(request, body()).catch((thrown: unknown) => {
          own = thrown;
          request.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
          // A request that has its answer says nothing any more.
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        });
    });
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) if (parts.length < 100) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function write(request: ReturnType<typeof httpRequest>, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of body) {
    if (request.destroyed || request.writableEnded) return;
    if (!request.write(part)) await room(request);
  }
  request.end();
}

function room(request: ReturnType<typeof httpRequest>): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      request.off('drain', over).off('close', over);
      resolve();
    };
    request.on('drain', over).on('close', over);
  });
}

// Another site on the network, on a port of its own: serves and takes bytes as each test tells it to, and keeps what it was asked.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one path answers. Each is a list: one for each request to come, the last for all further ones. */
export interface Act {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Answers to Range with parts. */
  readonly ranges?: boolean;
  /** Breaks the connection after so many bytes of the answer's body, or of the request's. */
  readonly cut?: number;
  /** Without Content-Length. */
  readonly chunked?: boolean;
  /** Never answers. */
  readonly hangs?: boolean;
  /** Milliseconds before each MiB of the body. */
  readonly slow?: number;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  body: Buffer;
}

export class FarServer {
  readonly #acts = new Map<string, Act[]>();
  readonly #server = createServer((request, response) => void this.#answer(request, response).catch(() => response.destroy()));
  readonly asked: Asked[] = [];

  static async start(): Promise<FarServer> {
    const far = new FarServer();
    await new Promise<void>((resolve) => far.#server.listen(0, '127.0.0.1', resolve));
    return far;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  /** Answers the URL. */
  on(path: string, ...acts: readonly Act[]): string {
    this.#acts.set(path, [...acts]);
    return this.url(path);
  }

  to(path: string): readonly Asked[] {
    return this.asked.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const asked: Asked = { method, path: url, headers, body: Buffer.alloc(0) };
    this.asked.push(asked);
    const acts = this.#acts.get(url) ?? [{ status: 404 }];
    const act = (acts.length > 1 ? acts.shift() : acts[0]) ?? {};
    if (method === 'PUT') {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of request as AsyncIterable<Buffer>) {
        parts.push(part);
        size += part.length;
        if (act.cut !== undefined && size >= act.cut) return void request.destroy();
      }
      asked.body = Buffer.concat(parts);
    }
    if (act.hangs) return;
    const { status = method === 'PUT' ? 201 : 200, body = Buffer.alloc(0) } = act;
    const [from, to] = act.ranges && status === 200 ? rangeIn(headers, body, etagOf(act)) : [undefined, undefined];
    const part = from === undefined ? body : body.subarray(from, to);
    const described = act.ranges ? { 'accept-ranges': 'bytes', etag: etagOf(act) } : {};
    const ranged = from === undefined ? {} : { 'content-range': `bytes ${from}-${from + part.length - 1}/${body.length}` };
    response.writeHead(from === undefined ? status : 206, {
      'content-length': String(part.length),
      ...described,
      ...ranged,
      ...act.headers,
    });
    if (method === 'HEAD') return void response.end();
    const step = 1024 * 1024;
    for (let at = 0; at < part.length; at += step) {
      if (act.slow !== undefined) await new Promise((resolve) => setTimeout(resolve, act.slow));
      const end = Math.min(at + step, part.length, act.cut ?? Infinity);
      if (!response.write(part.subarray(at, end))) await room(response);
      if (response.destroyed) return;
      if (act.cut !== undefined && end >= act.cut) return void setTimeout(() => response.destroy(), 20);
    }
    response.end();
  }
}

function etagOf({ body = Buffer.alloc(0) }: Act): string {
  return `"${createHash('sha1').update(body).digest('hex')}"`;
}

function rangeIn(headers: IncomingMessage['headers'], body: Buffer, etag: string): readonly [number | undefined, number | undefined] {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const condition = headers['if-range'];
  if (from === undefined || (typeof condition === 'string' && condition !== etag)) return [undefined, undefined];
  return [Number(from), to === '' || to === undefined ? body.length : Math.min(Number(to) + 1, body.length)];
}

/** Until there is room again, or nobody to write to. */
function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

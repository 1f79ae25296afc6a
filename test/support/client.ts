// A plain HTTP client for tests: one service, one user; it neither follows redirects nor normalises paths.
import http from 'node:http';
import https from 'node:https';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly text: string;
  /** The header's value, repeated headers joined by a comma; undefined when absent. */
  header(name: string): string | undefined;
}

export interface Send {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body without Content-Length. */
  readonly chunked?: boolean;
  /** Breaks the connection after the body, which is then shorter than the Content-Length in `headers`. */
  readonly breakOff?: boolean;
}

const PATIENCE = 60_000;
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 32 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 32 }),
};

export class Client {
  /** The service's base URL without trailing slash, such as http://127.0.0.1:8787/vos. */
  readonly base: string;
  readonly credentials: Credentials | undefined;

  constructor(base: string, credentials?: Credentials) {
    this.base = base;
    this.credentials = credentials;
  }

  /**
   * Sends one request. `where` is a path below the base URL, sent byte for byte, or an absolute URL; credentials go only to the
   * service's own origin.
   */
  async send(method: string, where: string, send: Send = {}): Promise<Answer> {
    const base = new URL(this.base);
    const absolute = /^https?:/.test(where);
    const target = absolute ? new URL(where) : base;
    const path = absolute ? target.pathname + target.search : base.pathname.replace(/\/$/, '') + where;
    const headers: Record<string, string> = { ...send.headers };
    const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    if (this.credentials && target.origin === base.origin && !named.has('authorization')) {
      headers['authorization'] = basic(this.credentials);
    }
    const body = send.body === undefined ? undefined : Buffer.from(send.body);
    if (body && !send.chunked && !named.has('content-length')) headers['content-length'] = String(body.length);
    if (!body && method !== 'GET' && method !== 'HEAD') headers['content-length'] = '0';
    return exchange(target, { method, path, headers }, body, send);
  }

  get(where: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', where, { headers });
  }

  post(where: string, body: string, type = 'text/xml'): Promise<Answer> {
    return this.send('POST', where, { body, headers: { 'content-type': type } });
  }
}

export function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function exchange(
  target: URL,
  options: { method: string; path: string; headers: Record<string, string> },
  body: Buffer | undefined,
  send: Send,
): Promise<Answer> {
  const secure = target.protocol === 'https:';
  const protocol = secure ? 'https:' : 'http:';
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({
      ...options,
      protocol,
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      agent: send.breakOff ? false : agents[protocol],
      timeout: PATIENCE,
    });
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({
          status: response.statusCode ?? 0,
          bytes,
          text: bytes.toString('utf8'),
          header: (name) => response.headersDistinct[name.toLowerCase()]?.join(', '),
        });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${PATIENCE} ms: ${options.method} ${options.path}`)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A server may close an idle connection at the very moment it is used again; nothing has been processed then.
      if (request.reusedSocket && error.code === 'ECONNRESET') exchange(target, options, body, send).then(resolve, reject);
      else reject(error);
    });
    if (send.breakOff) request.write(body ?? Buffer.alloc(0), () => request.destroy(new Error('broken off')));
    else request.end(body);
  });
}

// The service and its store behind one origin that breaks connections, as often as a seed says.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '../../support/random.ts';

export class BreakingProxy {
  readonly #service: URL;
  readonly #random: Random;
  /** The part of requests for bytes that break. */
  share = 0;
  /** What the store is to answer instead; undefined: what it says. */
  answers: number | undefined;
  /** What the service takes is refused all the same, as if somebody else had been quicker: by how it is answered. */
  overtakes: ((asked: string) => string | undefined) | undefined;
  /** Told of what the service has answered, which goes no further: by a method and a path. */
  swallows: ((asked: string) => boolean) | undefined;
  broken = 0;
  #store = '';
  readonly #server = createServer((asked, answer) => this.#pass(asked, answer));

  private constructor(base: string, random: Random) {
    this.#service = new URL(base);
    this.#random = random;
  }

  static async start(base: string, random: Random): Promise<BreakingProxy> {
    const proxy = new BreakingProxy(base, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get base(): string {
    return `${this.#origin}${this.#service.pathname}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { url = '', method = '' } = asked;
    const isOwn = url.startsWith(this.#service.pathname);
    const hasBytes = !isOwn || url.includes('/files/');
    if (hasBytes && this.answers !== undefined) {
      asked.resume();
      answer.writeHead(this.answers, { 'content-length': 0 }).end();
      return;
    }
    const breaks = hasBytes && this.#random.chance(this.share);
    const after = breaks ? this.#random.below(method === 'GET' ? 20_000 : 8000) : Infinity;
    if (breaks) this.broken++;
    const to = new URL(url, isOwn ? this.#service : this.#store);
    const onward = request(to, { method, headers: { ...asked.headers, host: to.host } }, (found) => {
      if (isOwn && this.swallows?.(`${method} ${url.slice(this.#service.pathname.length)}`)) {
        found.resume();
        return;
      }
      const overtaken = method !== 'GET' && isOwn ? this.overtakes?.(url) : undefined;
      if (overtaken !== undefined) {
        found.resume();
        found.on('end', () => answer.writeHead(409, { 'content-type': 'application/json' }).end(overtaken));
        return;
      }
      const json = found.headers['content-type']?.includes('json') && isOwn;
      if (!json) {
        answer.writeHead(found.statusCode ?? 500, found.headers);
        let bytes = 0;
        found.on('data', (part: Buffer) => {
          bytes += part.length;
          if (method === 'GET' && bytes > after) return void asked.socket.destroy();
          return void answer.write(part);
        });
        found.on('end', () => (breaks ? asked.socket.destroy() : answer.end()));
        return;
      }
      const parts: Buffer[] = [];
      found.on('data', (part: Buffer) => parts.push(part));
      found.on('end', () => {
        // Signed URLs lead here; the signature is of the path.
        const text = Buffer.concat(parts)
          .toString()
          .replaceAll(/(https?:\/\/[^/"\\]+)(\/v1\/)/g, (_, origin: string, path: string) => {
            this.#store = origin;
            return `${this.#origin}${path}`;
          });
        const headers = { ...found.headers, 'content-length': String(Buffer.byteLength(text)) };
        delete (headers as Record<string, unknown>)['transfer-encoding'];
        answer.writeHead(found.statusCode ?? 500, headers).end(text);
      });
    });
    onward.on('error', () => answer.destroy());
    let bytes = 0;
    asked.on('data', (part: Buffer) => {
      bytes += part.length;
      if (method === 'PUT' && bytes > after) {
        onward.destroy();
        asked.socket.destroy();
      } else onward.write(part);
    });
    asked.on('end', () => onward.end());
    asked.on('error', () => onward.destroy());
  }
}

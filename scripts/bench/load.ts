// A small load generator: requests one after another on each of some kept-alive connections. It costs little, because it shares the machine.
import { connect, type Socket } from 'node:net';
import { median } from './figures.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  /** Origin. */
  readonly url: string;
  /** @param i counts from 0 over all rounds */
  readonly request: (i: number) => Request;
  readonly connections: number;
  readonly seconds: number;
}

export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly median: number;
}

/** Throws on the first answer that is not 2xx. */
export async function drive({ url, request, connections, seconds }: Load, start = 0): Promise<Round> {
  const { hostname, port } = new URL(url);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(hostname, Number(port))));
  const times: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let next = start;
  const loop = async (socket: Socket): Promise<void> => {
    while (performance.now() < end) {
      const asked = request(next++);
      const sent = performance.now();
      await exchange(socket, asked, hostname);
      times.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(sockets.map(loop));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { requests: times.length, perSecond: (times.length * 1000) / (performance.now() - begin), median: median(times) };
}

function open(hostname: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends a request and reads its answer to the end. */
function exchange(socket: Socket, { method, path, headers = {}, body = '' }: Request, host: string): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = method === 'GET' || method === 'HEAD' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}${length}\r\n${body}`);
  return new Promise((resolve, reject) => {
    const answer = new AnswerReader(method === 'HEAD');
    const finish = (error?: Error): void => {
      socket.off('data', take).off('error', finish).off('close', closed);
      if (error) reject(error);
      else resolve();
    };
    const closed = (): void => finish(new Error(`${method} ${path}: the connection was closed`));
    const take = (data: Buffer): void => {
      if (!answer.add(data)) return;
      finish(/^HTTP\/1.1 2/.test(answer.head) ? undefined : new Error(`${method} ${path}: ${answer.head.slice(0, 200)}`));
    };
    socket.on('data', take).on('error', finish).on('close', closed);
  });
}

/** Finds the end of an answer, by its length or the last chunk. */
class AnswerReader {
  head = '';
  readonly #isHead: boolean;
  #length: number | undefined;
  #received = 0;
  #tail = '';

  constructor(isHead: boolean) {
    this.#isHead = isHead;
  }

  /** Whether the answer is complete. */
  add(data: Buffer): boolean {
    let body = data;
    if (this.#length === undefined && this.#tail === '') {
      const at = data.indexOf('\r\n\r\n');
      if (at < 0) throw new Error('an answer whose head comes in pieces');
      this.head = data.toString('latin1', 0, at);
      const length = /^content-length: *(\d+)/im.exec(this.head)?.[1];
      this.#length = this.#isHead ? 0 : length === undefined ? undefined : Number(length);
      body = data.subarray(at + 4);
      if (this.#length === undefined) this.#tail = '\r\n';
    }
    this.#received += body.length;
    if (this.#length !== undefined) return this.#received >= this.#length;
    this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - 7))).slice(-7);
    return this.#tail === '\r\n0\r\n\r\n';
  }
}

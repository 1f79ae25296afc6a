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
export function drive({ url, request, connections, seconds }: Load, start = 0): Promise<Round> {
  const open = async (): Promise<Worker> => {
    const connection = await Connection.open(url);
    return { work: (i) => connection.ask(request(i)), close: () => connection.close() };
  };
  return driveWorkers({ open, workers: connections, seconds }, start);
}

/** Does one thing after another, such as requests on a connection of its own. */
export interface Worker {
  /** @param i counts from 0 over all workers and rounds */
  work(i: number): Promise<unknown>;
  close(): void;
}

export interface Answer {
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

export interface Workers {
  readonly open: () => Promise<Worker>;
  readonly workers: number;
  readonly seconds: number;
}

/** The same with workers of any kind. */
export async function driveWorkers({ open, workers, seconds }: Workers, start = 0): Promise<Round> {
  const all = await Promise.all(Array.from({ length: workers }, open));
  const times: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let next = start;
  const loop = async (worker: Worker): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await worker.work(next++);
      times.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(all.map(loop));
  } finally {
    for (const worker of all) worker.close();
  }
  return { requests: times.length, perSecond: (times.length * 1000) / (performance.now() - begin), median: median(times) };
}

/** One kept-alive connection, for one request after another. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
  }

  /** @param url origin */
  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(new Connection(socket, hostname)));
      socket.once('error', reject);
    });
  }

  /** Sends a request and reads its answer to the end; throws for one that is not 2xx. The body is empty unless it is to be kept. */
  ask({ method, path, headers = {}, body = '' }: Request, keep = false): Promise<Answer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = method === 'GET' || method === 'HEAD' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const socket = this.#socket;
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${lines.join('')}${length}\r\n${body}`);
    return new Promise((resolve, reject) => {
      const answer = new AnswerReader(method === 'HEAD', keep);
      const finish = (error?: Error): void => {
        socket.off('data', take).off('error', finish).off('close', closed);
        if (error) reject(error);
        else resolve({ head: answer.head, body: answer.body() });
      };
      const closed = (): void => finish(new Error(`${method} ${path}: the connection was closed`));
      const take = (data: Buffer): void => {
        if (!answer.add(data)) return;
        finish(/^HTTP\/1.1 2/.test(answer.head) ? undefined : new Error(`${method} ${path}: ${answer.head.slice(0, 200)}`));
      };
      socket.on('data', take).on('error', finish).on('close', closed);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Finds the end of an answer, by its length or the last chunk. */
class AnswerReader {
  head = '';
  readonly #isHead: boolean;
  readonly #kept: Buffer[] | undefined;
  #length: number | undefined;
  #received = 0;
  #tail = '';

  constructor(isHead: boolean, keep: boolean) {
    this.#isHead = isHead;
    if (keep) this.#kept = [];
  }

  /** Of an answer that was kept. */
  body(): string {
    if (!this.#kept) return '';
    const text = Buffer.concat(this.#kept);
    return (this.#length === undefined ? unchunk(text) : text).toString();
  }

  /** Whether the answer is complete. */
  add(data: Buffer): boolean {
    let body = data;
    if (this.#length === undefined && this.#tail === '') {
      const at = data.indexOf('\r\n\r\n');
      if (at < 0) throw new Error('an answer whose head comes in pieces');
      this.head = data.toString('latin1', 0, at);
      const length = /^content-length: *(\d+)/im.exec(this.head)?.[1];
      const bodiless = this.#isHead || /^HTTP\/1.1 [23]04/.test(this.head);
      this.#length = bodiless ? 0 : length === undefined ? undefined : Number(length);
      body = data.subarray(at + 4);
      if (this.#length === undefined) this.#tail = '\r\n';
    }
    this.#received += body.length;
    this.#kept?.push(body);
    if (this.#length !== undefined) return this.#received >= this.#length;
    this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - 7))).slice(-7);
    return this.#tail === '\r\n0\r\n\r\n';
  }
}

/** The body of an answer with chunked transfer encoding. */
function unchunk(text: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.toString('latin1', at, line), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(text.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

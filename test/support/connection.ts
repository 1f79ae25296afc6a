// One kept-alive connection that carries one request after another: thousands of them cost a test little.
import { connect, type Socket } from 'node:net';

export interface Answered {
  readonly status: number;
  readonly head: string;
  readonly text: string;
}

export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #waiting: { readonly resolve: (answer: Answered) => void; readonly reject: (error: Error) => void } | undefined;
  #read = '';

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    for (const event of ['error', 'close'] as const) socket.on(event, () => this.#fail(new Error('the connection is closed')));
  }

  /** To an origin. */
  static open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('connect', () => resolve(new Connection(socket, host))).once('error', reject);
    });
  }

  /** In groups: a server takes so many at a time. */
  static async openMany(url: string, count: number): Promise<Connection[]> {
    const opened: Connection[] = [];
    while (opened.length < count)
      opened.push(...(await Promise.all(Array.from({ length: Math.min(200, count - opened.length) }, () => Connection.open(url)))));
    return opened;
  }

  /** Resolves with the whole answer, whose length must be stated. Not before the last one is answered. */
  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${lines.join('')}\r\n`);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** FIN. */
  end(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#read += text;
    const at = this.#read.indexOf('\r\n\r\n');
    if (at < 0) return;
    const head = this.#read.slice(0, at);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return this.#fail(new Error(`an answer without a length: ${head.slice(0, 200)}`));
    const end = at + 4 + length;
    if (this.#read.length < end) return;
    const answer = { status: Number(head.slice(9, 12)), head, text: this.#read.slice(at + 4, end) };
    this.#read = this.#read.slice(end);
    this.#waiting?.resolve(answer);
    this.#waiting = undefined;
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

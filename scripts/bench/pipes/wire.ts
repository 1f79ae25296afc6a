// A connection to a program with a protocol of its own: what comes is collected until it can be taken.
import { connect, type Socket } from 'node:net';

export abstract class Wire {
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data]);
      this.#buffer = this.#buffer.subarray(this.take(this.#buffer));
    });
    socket.on('close', () => this.lost());
  }

  /** Of what has come and was not taken before; answers how many bytes were whole messages. */
  protected abstract take(buffer: Buffer): number;
  /** Nothing will come any more. */
  protected abstract lost(): void;

  protected send(text: string): void {
    this.#socket.write(text);
  }

  close(): void {
    this.#socket.destroy();
  }
}

export function dial<T extends Wire>(port: number, make: (socket: Socket) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(make(socket)));
    socket.once('error', reject);
  });
}

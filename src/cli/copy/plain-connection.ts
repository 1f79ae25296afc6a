// Ranges of bytes from a store into a file over one connection, in memory that is used again: node:http takes 64 KiB of it for each piece that
// comes, and what that costs to clear up is more than all else. It understands one answer only; node:http is asked for what that is not.
import { write } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { VospaceError } from '../../client/error.ts';
import { asRefusal } from './local-bytes.ts';

export interface RangeWanted {
  /** Of an open file, which stays open until then. */
  readonly fd: number;
  readonly url: string;
  /** The first byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal;
  /** Told of bytes that are in the file. */
  readonly written: (bytes: number) => void;
}

interface Exchange {
  readonly wanted: RangeWanted;
  readonly over: (isDone: boolean, thrown?: unknown) => void;
  /** Undefined when it has come. */
  head: string | undefined;
  /** The next byte of the file. */
  at: number;
}

const BUFFER = 256 * 1024;
const HEAD_MOST = 16 * 1024;
/** Milliseconds without a byte after which the connection is given up. */
const SILENCE = 60_000;

export class PlainConnection {
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER);
  #exchange: Exchange | undefined;
  #isWriting = false;
  #failure: unknown;
  /** Nothing can be asked any more. */
  isOver = false;
  /** Something has come since the last question. */
  isAnswered = false;

  constructor({ hostname, port }: URL) {
    this.#socket = connect({
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: Number(port || 80),
      noDelay: true,
      onread: { buffer: this.#buffer, callback: (length) => this.#came(length) },
    });
    this.#socket.setTimeout(SILENCE, () => this.#fail(new DOMException('nothing came in time', 'TimeoutError')));
    this.#socket.on('error', (error) => this.#fail(error));
    for (const event of ['end', 'close']) this.#socket.on(event, () => this.#fail(new Error('the connection was closed')));
    this.#socket.resume();
  }

  /** Resolves to false where the answer is another one than these bytes. Rejects with what the network, the disk or the signal says. */
  get(wanted: RangeWanted): Promise<boolean> {
    const { url, start, end, signal } = wanted;
    const { host, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      const stop = (): void => this.#fail(signal.reason);
      const over = (isDone: boolean, thrown?: unknown): void => {
        signal.removeEventListener('abort', stop);
        if (thrown === undefined) resolve(isDone);
        else reject(thrown instanceof Error ? thrown : new Error('the request was ended', { cause: thrown }));
      };
      this.isAnswered = false;
      this.#exchange = { wanted, over, head: '', at: start };
      if (signal.aborted || this.isOver) return this.#fail(signal.reason ?? new Error('the connection was closed'));
      signal.addEventListener('abort', stop, { once: true });
      this.#socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nRange: bytes=${start}-${end - 1}\r\n\r\n`);
      return undefined;
    });
  }

  close(): void {
    this.#fail(new Error('the connection is not needed any more'));
  }

  /** False: nothing more is read until what has come is written. */
  #came(length: number): boolean {
    const exchange = this.#exchange;
    this.isAnswered = true;
    if (!exchange) {
      this.close();
      return false;
    }
    const from = this.#readHead(exchange, length);
    if (from === undefined) {
      this.#end(false);
      this.close();
      return false;
    }
    if (length - from > exchange.wanted.end - exchange.at) {
      this.#fail(new VospaceError('BadAnswer', 'more bytes have come than were asked for'));
      return false;
    }
    if (from === length) return true;
    this.#isWriting = true;
    this.#write(exchange, from, length);
    return false;
  }

  /** Where the body begins in the buffer; undefined where another answer has come. */
  #readHead(exchange: Exchange, length: number): number | undefined {
    if (exchange.head === undefined) return 0;
    const before = exchange.head.length;
    exchange.head += this.#buffer.toString('latin1', 0, length);
    const end = exchange.head.indexOf('\r\n\r\n');
    if (end < 0) return before + length > HEAD_MOST ? undefined : length;
    const isMeant = isAsAsked(exchange.head.slice(0, end), exchange.wanted);
    exchange.head = undefined;
    return isMeant ? end + 4 - before : undefined;
  }

  #write(exchange: Exchange, from: number, to: number): void {
    write(exchange.wanted.fd, this.#buffer, from, to - from, exchange.at, (error, bytes) => {
      exchange.at += bytes ?? 0;
      exchange.wanted.written(bytes ?? 0);
      if (!error && !this.isOver && from + bytes < to) return this.#write(exchange, from + bytes, to);
      this.#isWriting = false;
      if (error || this.isOver) return this.#fail(error ? asRefusal(error) : this.#failure);
      if (exchange.at === exchange.wanted.end) this.#end(true);
      this.#socket.resume();
      return undefined;
    });
  }

  /** Told when nothing is being written any more: the file may be closed then. */
  #fail(thrown: unknown): void {
    this.#failure ??= thrown;
    this.isOver = true;
    this.#socket.destroy();
    if (!this.#isWriting) this.#end(false, this.#failure);
  }

  #end(isDone: boolean, thrown?: unknown): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.over(isDone, thrown);
  }
}

function isAsAsked(head: string, { start, end }: RangeWanted): boolean {
  const [status = '', ...lines] = head.split('\r\n');
  const fields = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return (
    /^HTTP\/1\.1 206\b/.test(status) &&
    fields.get('content-length') === String(end - start) &&
    fields.get('content-range')?.startsWith(`bytes ${start}-${end - 1}/`) === true &&
    !fields.has('transfer-encoding') &&
    !fields.has('content-encoding') &&
    fields.get('connection')?.toLowerCase() !== 'close'
  );
}

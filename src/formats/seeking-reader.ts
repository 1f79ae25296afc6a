// Reads bytes from any place of an object: on by what is there already, or with another range where that is cheaper.
import { ByteReader } from './byte-reader.ts';

/** Bytes over which it is cheaper to read on than to ask the store for another range. */
const READ_ON = 1024 * 1024;

export class SeekingReader {
  readonly #open: (start: number) => Promise<ReadableStream<Uint8Array>>;
  #reader: ByteReader | undefined;
  #base = 0;

  constructor(open: (start: number) => Promise<ReadableStream<Uint8Array>>) {
    this.#open = open;
  }

  /** Where the reader that `at` answered began: its position counts from there. */
  get base(): number {
    return this.#base;
  }

  /** A reader whose next byte is the one at this offset. `what`: is named where the bytes end before it. */
  async at(offset: number, what: string): Promise<ByteReader> {
    const here = this.#reader && this.#base + this.#reader.position;
    if (this.#reader && here !== undefined && offset >= here && offset - here <= READ_ON) {
      await this.#reader.skip(offset - here, what);
      return this.#reader;
    }
    await this.#reader?.cancel();
    this.#base = offset;
    this.#reader = new ByteReader(await this.#open(offset));
    return this.#reader;
  }

  async close(): Promise<void> {
    await this.#reader?.cancel();
  }
}

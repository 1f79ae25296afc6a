// Reads a stream of bytes by exact amounts or in large parts: what every parser of a binary format stands on.
import { Fault } from '../faults.ts';

/** Bytes of one read of the stream: large, because each costs a turn of the event loop. */
const PART = 256 * 1024;

export class ByteReader {
  /** Bytes that have been taken so far. */
  position = 0;

  readonly #parts: Parts;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#parts = partsOf(stream);
  }

  /** At least one and at most `most` bytes, or undefined at the end. They are only good until the next call. */
  async part(most = Infinity): Promise<Uint8Array | undefined> {
    if (this.#rest.byteLength === 0 && !(await this.#fill())) return undefined;
    const part = this.#rest.subarray(0, Math.min(most, this.#rest.byteLength));
    this.#rest = this.#rest.subarray(part.byteLength);
    this.position += part.byteLength;
    return part;
  }

  /** Exactly so many bytes, or undefined when the stream has already ended. Throws InvalidArgument when it ends among them. */
  async exactly(count: number, what: string): Promise<Uint8Array | undefined> {
    if (this.#rest.byteLength >= count) return this.part(count);
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const part = await this.part(count - filled);
      if (!part && filled === 0) return undefined;
      if (!part) throw new Fault('InvalidArgument', `the data end in the middle of ${what}`);
      bytes.set(part, filled);
      filled += part.byteLength;
    }
    return bytes;
  }

  async skip(count: number, what: string): Promise<void> {
    for (let left = count; left > 0;) {
      const part = await this.part(left);
      if (!part) throw new Fault('InvalidArgument', `the data end in the middle of ${what}`);
      left -= part.byteLength;
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#parts.cancel(reason).catch(() => undefined);
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    const part = await this.#parts.next();
    if (part) this.#rest = part;
    else this.#ended = true;
    return part !== undefined;
  }
}

interface Parts {
  next(): Promise<Uint8Array | undefined>;
  cancel(reason: unknown): Promise<void>;
}

/** workerd reads at least so many bytes at a time where the stream is one of its own. */
function partsOf(stream: ReadableStream<Uint8Array>): Parts {
  const byob = byobReader(stream);
  if (byob) {
    let buffer = new ArrayBuffer(PART);
    return {
      async next() {
        const { value } = await byob.readAtLeast(PART, new Uint8Array(buffer));
        if (!value || value.byteLength === 0) return undefined;
        buffer = value.buffer as ArrayBuffer;
        return value;
      },
      cancel: (reason) => byob.cancel(reason),
    };
  }
  const reader = stream.getReader();
  return {
    async next() {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        if (value.byteLength > 0) return value;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

interface AtLeast {
  readAtLeast(least: number, buffer: Uint8Array): Promise<{ readonly value?: Uint8Array | undefined }>;
  cancel(reason: unknown): Promise<void>;
}

function byobReader(stream: ReadableStream<Uint8Array>): AtLeast | undefined {
  try {
    const reader: object = stream.getReader({ mode: 'byob' });
    if ('readAtLeast' in reader) return reader as AtLeast;
    (reader as ReadableStreamBYOBReader).releaseLock();
  } catch {
    // A stream that was made in JavaScript may have no byte source.
  }
  return undefined;
}

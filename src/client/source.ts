// Bytes to be sent: counted, digested and reported on while they are sent, and sent again only when they can be read again.
import { md5Of } from './digest.ts';
import { VospaceError } from './error.ts';
import type { Runtime } from './runtime.ts';

/** A function is asked for a fresh stream at each try; a stream alone can be sent once. `fs.openAsBlob` makes a Blob of a file in Node. */
export type Source =
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>);

export interface Progress {
  /** Sent or received so far, in this try. */
  readonly bytes: number;
  readonly total: number | undefined;
}

export interface SourceFacts {
  /** Bytes in all; known of everything but streams. */
  readonly length?: number | undefined;
  /** Hexadecimal, if known. */
  readonly md5?: string | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
  /** A stream is sent as it is, without being counted: by a fetch that does that itself. `md5` is taken for right. */
  readonly counted?: boolean | undefined;
}

export class Outgoing {
  #source: Exclude<Source, string>;
  readonly #facts: SourceFacts;
  readonly #runtime: Pick<Runtime, 'browser' | 'md5'>;
  #used = false;
  #size: number | undefined;
  #md5: string | undefined;

  constructor(source: Source, facts: SourceFacts, runtime: Pick<Runtime, 'browser' | 'md5'>) {
    this.#runtime = runtime;
    this.#source = typeof source === 'string' ? new TextEncoder().encode(source) : source;
    this.#facts = facts;
    this.#size =
      this.#source instanceof Uint8Array ? this.#source.byteLength : this.#source instanceof Blob ? this.#source.size : facts.length;
    this.#md5 = facts.md5?.toLowerCase();
  }

  /** Undefined for a stream of unknown length, until it has been sent. */
  get size(): number | undefined {
    return this.#size;
  }

  /** Undefined until the bytes have been sent, unless it was given. */
  get md5(): string | undefined {
    return this.#md5;
  }

  /** Whether the bytes can be sent from their beginning. */
  get fresh(): boolean {
    return !this.#used || !(this.#source instanceof ReadableStream);
  }

  /** The body of one request. A browser takes it whole, as few of them send streams: it keeps a Blob where it likes. */
  async open(): Promise<Blob | Uint8Array | ReadableStream<Uint8Array>> {
    this.#used = true;
    const source = typeof this.#source === 'function' ? await this.#source() : this.#source;
    if (this.#runtime.browser) return this.#collect(source);
    if (source instanceof ReadableStream) return this.#watch(source);
    return this.#watch(source instanceof Blob ? (source.stream() as ReadableStream<Uint8Array>) : slices(source));
  }

  /** An endpoint has taken the bytes: for those who could not be told meanwhile. */
  sent(): void {
    const { progress } = this.#facts;
    if (this.#runtime.browser && this.#size !== undefined) progress?.({ bytes: this.#size, total: this.#size });
  }

  /** The digest, read from the source where sending has not shown it. */
  async digest(): Promise<string | undefined> {
    if (this.#md5 === undefined && this.#source instanceof Uint8Array) this.#md5 = this.#hash(this.#source);
    if (this.#md5 === undefined && this.#source instanceof Blob) {
      const md5 = md5Of(this.#runtime);
      const reader = (this.#source.stream() as ReadableStream<Uint8Array>).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) md5.update(part.value);
      this.#md5 = md5.hex();
    }
    return this.#md5;
  }

  async #collect(source: Uint8Array | Blob | ReadableStream<Uint8Array>): Promise<Blob | Uint8Array> {
    if (!(source instanceof ReadableStream)) return source;
    const blob = await new Response(source).blob();
    this.#check(blob.size);
    this.#size = blob.size;
    this.#source = blob;
    return blob;
  }

  #check(bytes: number): void {
    const { length } = this.#facts;
    if (length !== undefined && bytes !== length)
      throw new VospaceError('PreconditionFailed', `the source has ${bytes} bytes, not the ${length} that were stated`);
  }

  #hash(bytes: Uint8Array): string {
    const md5 = md5Of(this.#runtime);
    md5.update(bytes);
    return md5.hex();
  }

  #watch(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const { counted, progress, md5: stated } = this.#facts;
    if (counted) return stream;
    const md5 = md5Of(this.#runtime);
    const total = this.#size;
    let bytes = 0;
    const watched = stream.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (part, controller) => {
          bytes += part.byteLength;
          if (stated === undefined) md5.update(part);
          controller.enqueue(part);
          progress?.({ bytes, total });
        },
        flush: () => {
          this.#check(bytes);
          this.#size = bytes;
          this.#md5 = stated?.toLowerCase() ?? md5.hex();
        },
      }),
    );
    // Workers send a Content-Length only for such a stream.
    const { FixedLengthStream: Fixed } = globalThis as {
      readonly FixedLengthStream?: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
    };
    return Fixed && total !== undefined ? watched.pipeThrough(new Fixed(total)) : watched;
  }
}

const SLICE = 256 * 1024;

function slices(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.byteLength) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += SLICE)));
    },
  });
}

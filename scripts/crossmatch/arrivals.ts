// The other side of the crossmatch: the chunks of the reference as they arrive, found by their names.
import type { Pipe, ReadChunk } from '../../src/client/pipes.ts';

/**
 * What has come out of a pipe, by name. Reading changes nothing: a member that is started again reads the notices once more, and the bytes
 * only of what it needs.
 */
export class Arrivals {
  readonly #pipe: Pipe;
  readonly #chunks = new Map<string, ReadChunk>();
  readonly #waiting = new Set<() => void>();
  #failure: unknown;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** Until the pipe is closed and read to its end, or the signal aborts. Failures are told to whoever waits. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const chunk of this.#pipe.read({ signal })) {
        if (chunk.status === 'ready') this.#chunks.set(chunk.name, chunk);
        this.#wake();
      }
      this.#failure = new Error('the reference has ended without it');
    } catch (thrown) {
      this.#failure = thrown;
    }
    this.#wake();
  }

  /** Waits for the chunk of this name. Throws where it will not come any more. */
  async bytes(name: string, signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const chunk = this.#chunks.get(name);
      if (chunk) return this.#pipe.bytes(chunk, { signal });
      if (this.#failure !== undefined) throw new Error(`the reference has no chunk ${name}`, { cause: this.#failure });
      await this.#news(signal);
    }
  }

  #news(signal: AbortSignal): Promise<void> {
    const heard = Promise.withResolvers<void>();
    this.#waiting.add(heard.resolve);
    const end = (): void => heard.resolve();
    signal.addEventListener('abort', end);
    return heard.promise.finally(() => signal.removeEventListener('abort', end));
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

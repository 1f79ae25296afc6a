// What the benchmarks of pipes ask of anything that keeps a log: ours, a bare Durable Object, Redis, NATS, Durable Streams.
import type { Worker } from '../load.ts';

export interface Peer {
  /** As the table has it. */
  readonly name: string;
  /** A log of its own, empty. */
  log(name: string): Promise<Log>;
  close(): Promise<void>;
}

export interface Log {
  /** A connection whose i-th work is a chunk of SIZE bytes, or a list of so many in one call; done when they are accepted as durable. */
  writer(list: number): Promise<Worker>;
  /** A connection that waits at the tail. */
  reader(): Promise<Reader>;
  /** Reads so many chunks from the beginning, in pages of PAGE over one connection. Throws when there are fewer. */
  readAll(count: number): Promise<void>;
}

export interface Reader {
  /** Resolves when a chunk that was written after the call has arrived; one call after another. */
  next(): Promise<void>;
  close(): void;
}

export const SIZE = 256;
export const PAGE = 1000;
export const DATA = 'x'.repeat(SIZE);

/** Ends with what was still asked for when the connection is given up. */
export const gone = (): Error => new Error('the connection was closed');

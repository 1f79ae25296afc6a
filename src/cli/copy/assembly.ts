// The digest of a file whose ranges come in any order: that of the whole follows behind, as far as there is no gap.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import { md5OfRange, readRange } from './local-bytes.ts';
import { digestOf } from './parts-digest.ts';

interface Facts {
  readonly size: number;
  /** Bytes of each range but the last. */
  readonly range: number;
  /** Of the whole, or of ranges as parts: what is compared. */
  readonly md5: string | undefined;
  readonly digest: string | undefined;
}

export class Assembly {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #facts: Facts;
  readonly #signal: AbortSignal;
  readonly #whole = createHash('md5');
  readonly #there = new Map<number, string | undefined>();
  #next = 0;
  #following: Promise<void> | undefined;

  constructor(handle: FileHandle, path: string, facts: Facts, signal: AbortSignal) {
    this.#handle = handle;
    this.#path = path;
    this.#facts = facts;
    this.#signal = signal;
  }

  /** `md5`: of the range; absent: it came in an earlier run. */
  isThere(number: number, md5?: string): void {
    this.#there.set(number, md5);
    if (this.#facts.md5 === undefined || this.#following) return;
    this.#following = this.#follow().finally(() => (this.#following = undefined));
    // Told by end().
    this.#following.catch(() => undefined);
  }

  /** The MD5 of the whole, where it was compared. Throws Corrupted. */
  async end(): Promise<string | undefined> {
    const { size, range, md5, digest } = this.#facts;
    if (md5 !== undefined) {
      await this.#following;
      await this.#follow();
      const hex = this.#whole.digest('hex');
      if (hex !== md5) throw new VospaceError('Corrupted', `the bytes have MD5 ${hex}, the node says ${md5}`);
      return hex;
    }
    if (digest === undefined) return undefined;
    const md5s: string[] = [];
    for (let number = 0; number * range < size; number++) md5s.push(this.#there.get(number) ?? (await this.#rangeMd5(number)));
    if (digestOf(range, md5s) !== digest) throw new VospaceError('Corrupted', 'the bytes are not those that were sent to the node');
    return undefined;
  }

  async #rangeMd5(number: number): Promise<string> {
    const { size, range } = this.#facts;
    const start = number * range;
    return (await md5OfRange(this.#handle, this.#path, start, Math.min(size, start + range), this.#signal)).digest('hex');
  }

  async #follow(): Promise<void> {
    const { size, range } = this.#facts;
    while (this.#there.has(this.#next)) {
      const start = this.#next++ * range;
      for await (const block of readRange(this.#handle, this.#path, { start, end: Math.min(size, start + range), reuses: true })) {
        this.#signal.throwIfAborted();
        this.#whole.update(block);
      }
    }
  }
}

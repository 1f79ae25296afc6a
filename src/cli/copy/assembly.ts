// The digest of a file whose pieces come in any order: that of the whole follows behind, as far as there is no gap; those of its parts as they come.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import type { Digests } from '../digest/digests.ts';
import { md5OfPart, readRange } from './local-bytes.ts';
import { DigestsBehind } from './part-digests.ts';
import { digestOf } from '../../model/parts-digest.ts';
import type { Pieces } from './pieces.ts';

interface Facts {
  readonly size: number;
  readonly pieces: Pieces;
  /** Of the whole, or of its parts: what is compared. */
  readonly md5: string | undefined;
  readonly digest: string | undefined;
}

export class Assembly {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #facts: Facts;
  readonly #signal: AbortSignal;
  readonly #whole = createHash('md5');
  readonly #there = new Set<number>();
  readonly #parts: DigestsBehind;
  #next = 0;
  #following: Promise<void> | undefined;

  constructor(handle: FileHandle, path: string, facts: Facts, digests: Digests, signal: AbortSignal) {
    this.#handle = handle;
    this.#path = path;
    this.#facts = facts;
    this.#parts = new DigestsBehind((part) => md5OfPart(digests, handle, path, ...facts.pieces.part(part)));
    this.#signal = signal;
  }

  /** A piece is in the file. */
  isThere(number: number): void {
    const { pieces, md5, digest } = this.#facts;
    if (md5 === undefined && digest !== undefined) for (const part of pieces.completedBy(number, this.#there)) this.#parts.isThere(part);
    this.#there.add(number);
    if (md5 === undefined || this.#following) return;
    this.#following = this.#follow().finally(() => (this.#following = undefined));
    // Told by end().
    this.#following.catch(() => undefined);
  }

  /** The MD5 of the whole, where it was compared. Throws Corrupted. */
  async end(): Promise<string | undefined> {
    const { pieces, md5, digest } = this.#facts;
    if (md5 !== undefined) {
      await this.#following;
      await this.#follow();
      const hex = this.#whole.digest('hex');
      if (hex !== md5) throw new VospaceError('Corrupted', `the bytes have MD5 ${hex}, the node says ${md5}`);
      return hex;
    }
    if (digest === undefined) return undefined;
    const md5s = await this.#parts.end(pieces.parts);
    if (digestOf(pieces.range, md5s) !== digest) throw new VospaceError('Corrupted', 'the bytes are not those that were sent to the node');
    return undefined;
  }

  async #follow(): Promise<void> {
    const { pieces } = this.#facts;
    while (this.#there.has(this.#next)) {
      const [start, end] = pieces.piece(this.#next++);
      for await (const block of readRange(this.#handle, this.#path, { start, end, reuses: true })) {
        this.#signal.throwIfAborted();
        this.#whole.update(block);
      }
    }
  }
}

// MD5s of parts of one file, asked for by fours: the thread that digests takes four at a time in the time of one.
import { LANES } from '../digest/md5-lanes-code.ts';

/** Those of parts that are sent one after the other: with the first of four its neighbours are digested, which are sent next. */
export class DigestsAhead {
  readonly #count: number;
  readonly #digest: (part: number) => Promise<string>;
  readonly #known = new Map<number, Promise<string>>();
  readonly #begun = new Set<number>();

  /** `count`: of parts, which are counted from 0. */
  constructor(count: number, digest: (part: number) => Promise<string>) {
    this.#count = count;
    this.#digest = digest;
  }

  /** What the part has: for a second try it is read again. */
  take(part: number): Promise<string> {
    const group = Math.floor(part / LANES);
    if (!this.#begun.has(group)) {
      this.#begun.add(group);
      for (let i = group * LANES; i < Math.min(this.#count, (group + 1) * LANES); i++) this.#known.set(i, told(this.#digest(i)));
    }
    const found = this.#known.get(part) ?? told(this.#digest(part));
    this.#known.delete(part);
    return found;
  }
}

/** Those of parts that are there one after the other, in any order: a few wait for each other. */
export class DigestsBehind {
  readonly #digest: (part: number) => Promise<string>;
  readonly #known = new Map<number, Promise<string>>();
  #waiting: number[] = [];

  constructor(digest: (part: number) => Promise<string>) {
    this.#digest = digest;
  }

  isThere(part: number): void {
    this.#waiting.push(part);
    if (this.#waiting.length >= LANES) this.#begin();
  }

  /** Of parts 0 to `count` - 1, all of which are there. */
  async end(count: number): Promise<readonly string[]> {
    this.#begin();
    return Promise.all(Array.from({ length: count }, (_, part) => this.#known.get(part) ?? Promise.resolve('')));
  }

  #begin(): void {
    for (const part of this.#waiting) this.#known.set(part, told(this.#digest(part)));
    this.#waiting = [];
  }
}

/** Whoever waits for it hears of its failure, perhaps later; or nobody waits any more. */
function told(digest: Promise<string>): Promise<string> {
  digest.catch(() => undefined);
  return digest;
}

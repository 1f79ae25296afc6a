// Between two rounds of placing chunks gather, so that of a steady stream each does not cost transactions of its own. Nobody who waits is kept by that.
import { PLACE_BATCH } from '../../../model/limits.ts';
import { takenByAll } from '../chain/followed.ts';
import type { Core } from '../core.ts';

/** Milliseconds in which chunks gather in any case. */
const LEAST = 10;

/** In memory only: a Carrier whose call is lost begins again at once. */
export class Gathering {
  readonly #core: Core;
  readonly #isAwaited: () => boolean;
  readonly #most: number;
  #isFollowed = false;
  #waiting: (() => void)[] = [];

  /** `most`: milliseconds, where nobody waits for them. */
  constructor(core: Core, isAwaited: () => boolean, most: number) {
    this.#core = core;
    this.#isAwaited = isAwaited;
    this.#most = most;
  }

  /** Resolves when it is time to place what is there. */
  async wait(): Promise<void> {
    await pause(Math.min(LEAST, this.#most));
    this.#isFollowed = takenByAll(this.#core) !== undefined;
    if (this.#most <= LEAST || this.#isTime()) return;
    const woken = new Promise<void>((resolve) => this.#waiting.push(resolve));
    await Promise.race([woken, pause(this.#most - LEAST)]);
  }

  /** After each transaction, and when a reader has come. */
  look(): void {
    if (this.#waiting.length === 0 || !this.#isTime()) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #isTime(): boolean {
    const row = this.#core.find();
    if (row?.life !== 'open' || row.closed !== null || row.waiting >= PLACE_BATCH) return true;
    const { maxChunks, maxBytes } = this.#core.definition().options;
    if (row.waiting * 2 > maxChunks || row.waiting_bytes * 2 > maxBytes) return true;
    return row.waiting > 0 && (this.#isFollowed || this.#isAwaited());
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// How fast bytes go, smoothed: the figure that people read does not jump.

/** Milliseconds: what is older than a few of these hardly counts. */
const MEMORY = 4000;
const LEAST = 150;

export class Rate {
  #rate: number | undefined;
  #bytes = 0;
  #at: number | undefined;

  /** `bytes`: all that have gone so far. `now`: epoch milliseconds. */
  sample(bytes: number, now: number): void {
    if (this.#at === undefined || now < this.#at) {
      [this.#bytes, this.#at] = [bytes, now];
      return;
    }
    const passed = now - this.#at;
    if (passed < LEAST) return;
    const fresh = Math.max(0, ((bytes - this.#bytes) * 1000) / passed);
    const weight = this.#rate === undefined ? 1 : 1 - Math.exp(-passed / MEMORY);
    this.#rate = (this.#rate ?? 0) + weight * (fresh - (this.#rate ?? 0));
    [this.#bytes, this.#at] = [bytes, now];
  }

  /** Nothing goes for a while: what comes after it has nothing to do with what was before. */
  stop(): void {
    this.#rate = undefined;
    this.#at = undefined;
  }

  /** Bytes per second; undefined until there is something to tell. */
  get value(): number | undefined {
    return this.#rate;
  }

  /** Seconds; undefined where nobody can tell. */
  left(bytes: number): number | undefined {
    return this.#rate === undefined || this.#rate < 1 ? undefined : bytes / this.#rate;
  }
}

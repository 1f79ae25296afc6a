// What a pipe has done in the last minutes, second by second: made of the running counts that events tell.

/** Running counts, of all the pipe's time, and what waits at this moment. */
export interface Totals {
  readonly written: number;
  readonly visible: number;
  /** Of all chunks written. */
  readonly bytes: number;
  /** Chunks before the slowest reader or on their way. */
  readonly lag: number;
}

const SERIES = ['written', 'visible', 'bytes', 'lag'] as const;
export type Series = (typeof SERIES)[number];

/** Seconds that are remembered. */
export const REMEMBERED = 600;
/** Seconds over which a rate is an average: events come at most twice a second, and a rate that jumps cannot be read. */
const SMOOTH = 5;

export class History {
  readonly #seconds: Record<Series, Float64Array>;
  /** The second of the last bucket, since the epoch. */
  #at = 0;
  #last: Totals | undefined;
  /** The first seconds of which anything is known: of flows, and of what waits. */
  #since = Infinity;
  #told = Infinity;

  constructor() {
    const empty = (): Float64Array => new Float64Array(REMEMBERED);
    this.#seconds = { written: empty(), visible: empty(), bytes: empty(), lag: empty() };
  }

  /** The counts as they were at this moment (epoch milliseconds). The first that are told are a beginning, and no flow. */
  add(now: number, totals: Totals): void {
    this.#advance(now);
    const last = this.#last ?? totals;
    const index = this.#at % REMEMBERED;
    for (const series of ['written', 'visible', 'bytes'] as const)
      this.#seconds[series][index] = (this.#seconds[series][index] ?? 0) + Math.max(0, totals[series] - last[series]);
    this.#seconds.lag[index] = totals.lag;
    this.#last = totals;
    this.#told = Math.min(this.#told, this.#at);
    this.#since = Math.min(this.#since, this.#at);
  }

  /** Flow that was before the first counts were told, from the times of chunks (epoch milliseconds). */
  addPast(now: number, series: Exclude<Series, 'lag'>, time: number, amount: number): void {
    this.#advance(now);
    const second = Math.floor(time / 1000);
    if (second > this.#at || second <= this.#at - REMEMBERED) return;
    const index = second % REMEMBERED;
    this.#seconds[series][index] = (this.#seconds[series][index] ?? 0) + amount;
    this.#since = Math.min(this.#since, second);
  }

  /**
   * A value for each of the last seconds, the oldest first; the present second, which is not over, is left out of flows. Fewer where
   * nothing is known of what was before.
   */
  series(now: number, series: Series, seconds: number): readonly number[] {
    this.#advance(now);
    const [end, since] = series === 'lag' ? [this.#at, this.#told] : [this.#at - 1, this.#since];
    const values = this.#seconds[series];
    const first = Math.max(end - seconds + 1, since);
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => values[(first + i) % REMEMBERED] ?? 0);
  }

  /** Per second. */
  rate(now: number, series: Exclude<Series, 'lag'>): number {
    this.#advance(now);
    let sum = 0;
    for (let i = 0; i < SMOOTH; i++) sum += this.#seconds[series][(this.#at - i + REMEMBERED) % REMEMBERED] ?? 0;
    return sum / SMOOTH;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    if (this.#at === 0) this.#at = second;
    const steps = Math.min(second - this.#at, REMEMBERED);
    for (let i = 1; i <= steps; i++) {
      const index = (second - steps + i) % REMEMBERED;
      for (const series of ['written', 'visible', 'bytes'] as const) this.#seconds[series][index] = 0;
      // What waits goes on waiting until something else is told.
      this.#seconds.lag[index] = this.#last?.lag ?? 0;
    }
    if (second > this.#at) this.#at = second;
  }
}

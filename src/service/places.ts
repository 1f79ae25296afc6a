// Requests that wait in this isolate: each holds a connection, of which a process has only so many, and memory.
import { Fault } from '../faults.ts';
import { METRICS } from './metrics.ts';

export interface Place {
  /** Held for so many milliseconds from this moment. */
  renew(milliseconds: number): void;
  /** Safe to repeat. */
  free(): void;
}

export class Places {
  readonly #most: number;
  readonly #clock: () => number;
  /** Until when each is held, epoch milliseconds: where a request is cut off, nothing of it runs any more. */
  readonly #held = new Map<Place, number>();

  constructor(most: number, clock: () => number) {
    this.#most = most;
    this.#clock = clock;
  }

  get taken(): number {
    return this.#held.size;
  }

  /** Throws ServiceBusy. The place is free by itself when the time is over. */
  take(milliseconds: number): Place {
    if (this.#held.size >= this.#most) this.#clear();
    if (this.#held.size >= this.#most)
      throw new Fault('ServiceBusy', `${this.#most} requests are waiting for news already`, { 'Retry-After': '5' });
    const place: Place = {
      renew: (more) => {
        if (this.#held.has(place)) this.#held.set(place, this.#clock() + more);
      },
      free: () => {
        if (this.#held.delete(place)) METRICS.waiting.add({}, -1);
      },
    };
    this.#held.set(place, this.#clock() + milliseconds);
    METRICS.waiting.add();
    return place;
  }

  #clear(): void {
    const now = this.#clock();
    for (const [place, until] of this.#held) if (until <= now) place.free();
  }
}

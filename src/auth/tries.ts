// Slows down guessing: at most ten wrong tries a minute for one address and user, in one isolate.
import { Fault } from '../faults.ts';

const WINDOW = 60_000;
const MAX_WRONG = 10;
const MAX_KEYS = 10_000;

interface Window {
  readonly since: number;
  wrong: number;
  /** What is being checked at this moment, so that a burst of guesses is not let through before the first is judged. */
  readonly pending: Set<string>;
}

/** Tries by key. The oldest keys are forgotten when there are too many: filling the memory takes more tries than it frees. */
export class Tries {
  readonly #windows = new Map<string, Window>();
  /** Credentials that were right when they were last judged: whoever guesses cannot lock out a user who is at work. */
  readonly #proven = new Set<string>();
  readonly #clock: () => number;
  readonly #what: string;

  /** `what`: of which there were too many wrong ones. */
  constructor(clock: () => number, what = 'passwords') {
    this.#clock = clock;
    this.#what = what;
  }

  /** Call before judging a credential; throws TooManyRequests. Equal credentials at the same time count once. */
  begin(key: string, credential: string): void {
    const now = this.#clock();
    let window = this.#windows.get(key);
    if (!window || now - window.since >= WINDOW) {
      this.#windows.delete(key);
      window = { since: now, wrong: 0, pending: new Set() };
      this.#windows.set(key, window);
      if (this.#windows.size > MAX_KEYS) this.#windows.delete(this.#windows.keys().next().value ?? key);
    }
    const others = window.pending.size - (window.pending.has(credential) ? 1 : 0);
    if (window.wrong + others >= MAX_WRONG && !this.#proven.has(credential)) {
      const seconds = Math.max(1, Math.ceil((window.since + WINDOW - now) / 1000));
      throw new Fault('TooManyRequests', `too many wrong ${this.#what}`, { 'Retry-After': String(seconds) });
    }
    window.pending.add(credential);
  }

  /** Call after judging it. */
  end(key: string, credential: string, isWrong: boolean): void {
    this.#proven.delete(credential);
    if (!isWrong) this.#proven.add(credential);
    if (this.#proven.size > MAX_KEYS) this.#proven.delete(this.#proven.values().next().value ?? credential);
    const window = this.#windows.get(key);
    if (!window) return;
    window.pending.delete(credential);
    if (isWrong) window.wrong += 1;
    else if (window.wrong === 0 && window.pending.size === 0) this.#windows.delete(key);
  }
}

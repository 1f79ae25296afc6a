// Who a credential was found to be, for at most 30 seconds: what keeps authentication cheap.
import type { Principal } from '../model/principal.ts';

const KEEP = 30_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  readonly principal: Principal;
  readonly until: number;
}

/** Holds right answers only, never refusals, and ends them on time whether or not a further answer can be had. */
export class PrincipalCache {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** `key` must not be a secret. `ask` answers until when its answer holds: epoch milliseconds. */
  async get(key: string, ask: () => Promise<{ readonly principal: Principal; readonly expires: number }>): Promise<Principal> {
    const now = this.#clock();
    const entry = this.#entries.get(key);
    if (entry && now < entry.until) return entry.principal;
    this.#entries.delete(key);
    const { principal, expires } = await ask();
    // Counted from before the question, because the answer was true then.
    this.#entries.set(key, { principal, until: Math.min(now + KEEP, expires) });
    if (this.#entries.size > MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? key);
    return principal;
  }
}

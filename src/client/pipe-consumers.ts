// A group of readers who share the work: chunks are claimed under a lease, which is extended as long as somebody works on them.
import { parseClaimsJson } from '../model/json/pipe-answers.ts';
import type { ClaimedChunk } from '../model/pipe-group.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { PipeGroup } from './pipe-group.ts';
import { waitFor } from './retry.ts';
import type { Asking } from './session.ts';

export interface ClaimOptions extends Asking {
  /** Chunks claimed together; default 1. */
  readonly max?: number;
  /** Seconds until others may claim them; extended by itself while the loop runs. */
  readonly lease?: number;
  /** Seconds that one request waits for something to claim; default 20. */
  readonly timeout?: number;
  /** `tail`: ends when nothing is left to claim. Default: goes on until the signal. */
  readonly until?: 'tail';
}

/** Why a chunk is given back. */
export interface GivenBack {
  /** What the list of dead chunks says where it was given out for the last time; at most 500 characters. */
  readonly reason?: string;
  /** False: nobody has tried it; that it was given out does not count. */
  readonly counted?: boolean;
}

/** What one claim has brought. `closed`: the pipe is, and the group has done everything in it. */
export interface Claims {
  readonly claims: readonly Claim[];
  readonly closed: boolean;
}

const SPARE = 20_000;

/** A chunk that is this reader's until it is acknowledged, given back, or lost. */
export class Claim {
  readonly chunk: ClaimedChunk;
  readonly #lost = new AbortController();
  readonly #settle: (action: 'ack' | 'nack', fence: string, more: object) => Promise<void>;
  #settled = false;

  constructor(chunk: ClaimedChunk, settle: (action: 'ack' | 'nack', fence: string, more: object) => Promise<void>) {
    this.chunk = chunk;
    this.#settle = settle;
  }

  /** Aborts when somebody else may have the chunk: work on it is in vain. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  get settled(): boolean {
    return this.#settled || this.#lost.signal.aborted;
  }

  /** The work is done. Throws VospaceError Fenced when the lease has ended and somebody else has it. */
  ack(): Promise<void> {
    this.#settled = true;
    return this.#settle('ack', this.chunk.fence, {});
  }

  /** Gives it back, to be claimed again after so many seconds. */
  nack(delay = 0, why: GivenBack = {}): Promise<void> {
    this.#settled = true;
    return this.#settle('nack', this.chunk.fence, { delay, ...why });
  }

  /** A write that names it as `consumed` has acknowledged it. */
  consumed(): void {
    this.#settled = true;
  }

  lose(reason: unknown): void {
    this.#lost.abort(reason);
  }
}

export class PipeConsumers extends PipeGroup {
  /** What can be claimed, up to `max`; empty when nothing came within `timeout`. The caller acknowledges, gives back or extends each. */
  async claim(options: ClaimOptions = {}): Promise<readonly Claim[]> {
    return (await this.claimSome(options)).claims;
  }

  /** The same, and whether anything is still to come. */
  async claimSome({ max = 1, lease, timeout = 20, signal }: ClaimOptions = {}): Promise<Claims> {
    const body = { max, timeout, ...(lease !== undefined && { lease }) };
    const answer = await this.ask({ method: 'POST', path: '/claim', body, repeat: 'never', timeout: timeout * 1000 + SPARE, signal });
    const { chunks, closed } = readAs(parseClaimsJson, answer);
    return { closed, claims: chunks.map((chunk) => new Claim(chunk, (action, fence, more) => this.#settle(action, fence, more))) };
  }

  /** False: somebody else may have it. */
  async extend({ chunk }: Claim, { lease, signal }: ClaimOptions = {}): Promise<boolean> {
    try {
      const body = { fences: [chunk.fence], ...(lease !== undefined && { lease }) };
      await this.ask({ method: 'POST', path: '/extend', body, repeat: 'always', signal });
      return true;
    } catch (thrown) {
      if (thrown instanceof VospaceError && thrown.fault === 'Fenced') return false;
      throw thrown;
    }
  }

  /**
   * One chunk after the other, extended while the loop's body works on it. What the body leaves without ack or nack is given back when the
   * loop ends, and else acknowledged when the next is asked for. Ends when the pipe is closed and everything in it is done by the group; goes on
   * through broken connections and restarts of the service.
   */
  async *claims(options: ClaimOptions = {}): AsyncGenerator<Claim, void, undefined> {
    const { wire } = this.session;
    const { signal, until } = options;
    for (let failures = 0; ;) {
      let claims: readonly Claim[] = [];
      try {
        const got = await this.claimSome({ ...options, timeout: until === 'tail' ? 0 : (options.timeout ?? 20) });
        failures = 0;
        if (got.closed || (got.claims.length === 0 && until === 'tail')) return;
        ({ claims } = got);
      } catch (thrown) {
        signal?.throwIfAborted();
        if (!(thrown instanceof VospaceError) || !thrown.transient) throw thrown;
        await waitFor(thrown, Math.min((failures += 1), 20), wire.policy, wire.runtime, signal);
      }
      const over = new AbortController();
      const extending = this.keep(claims, over.signal, options.lease);
      try {
        for (const claim of claims) {
          yield claim;
          if (!claim.settled) await claim.ack();
        }
      } finally {
        over.abort();
        await extending;
        for (const claim of claims) if (!claim.settled) await claim.nack().catch(() => undefined);
      }
    }
  }

  /** Extends claims until `over` aborts or they are settled; one that somebody else may have is lost: see its signal. Never rejects. */
  async keep(claims: readonly Claim[], over: AbortSignal, lease?: number): Promise<void> {
    const { now, sleep } = this.session.wire.runtime;
    const ends = Math.min(...claims.map(({ chunk }) => Date.parse(chunk.leaseEnds)));
    const pause = Math.max(100, (lease === undefined ? ends - now() : lease * 1000) / 3);
    let open = claims;
    while (open.length > 0) {
      await sleep(pause, over).catch(() => undefined);
      if (over.aborted) return;
      open = open.filter((claim) => !claim.settled);
      for (const claim of open) {
        // What fails for another reason is tried again after the next pause: the lease is three times as long.
        const extended = await this.extend(claim, { ...(lease !== undefined && { lease }), signal: over }).catch(() => true);
        if (!extended && !claim.settled) claim.lose(new VospaceError('Fenced', `the claim of chunk ${claim.chunk.seq} has ended`));
      }
    }
  }

  async #settle(action: 'ack' | 'nack', fence: string, more: object): Promise<void> {
    await this.ask({ method: 'POST', path: `/${action}`, body: { fences: [fence], ...more }, repeat: 'always' });
  }
}

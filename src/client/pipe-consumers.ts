// A group of readers who share the work: chunks are claimed under a lease, which is extended as long as somebody works on them.
import { memberPath, optional, parseJson, readCount, readList, readRecord, readString, readToken, required } from '../model/json/value.ts';
import { readNotice, type PipeGroupDocument } from '../model/json/pipe-answers.ts';
import type { ChunkNotice } from '../model/pipe.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { askPipes, type PipeCall } from './pipe-calls.ts';
import { waitFor } from './retry.ts';
import type { Asking, Session } from './session.ts';

export interface GroupOptions extends Asking {
  /** `single`: one claim at a time, in order. `shared`: any number, in parallel. */
  readonly mode?: 'single' | 'shared';
  /** A state; absent: the first chunk; `now`: what becomes visible from now on. */
  readonly start?: string;
  /** Claims of one chunk before it is dead for this group. */
  readonly maxDeliveries?: number;
  /** Seconds without a call of anybody after which the group ends. */
  readonly expiresAfterIdle?: number;
}

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

interface Claimed {
  readonly fence: string;
  readonly chunk: ChunkNotice;
  readonly deliveries: number;
}

const SPARE = 20_000;
const LEASE = 60;

/** A chunk that is this reader's until it is acknowledged, given back, or lost. */
export class Claim {
  readonly chunk: ChunkNotice;
  readonly fence: string;
  /** How often it has been claimed so far, this time included. */
  readonly deliveries: number;
  readonly #lost = new AbortController();
  readonly #settle: (action: 'ack' | 'nack', claim: Claim, more: object) => Promise<void>;
  #settled = false;

  constructor({ chunk, fence, deliveries }: Claimed, settle: (action: 'ack' | 'nack', claim: Claim, more: object) => Promise<void>) {
    this.chunk = chunk;
    this.fence = fence;
    this.deliveries = deliveries;
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
    return this.#settle('ack', this, {});
  }

  /** Gives it back, to be claimed again after so many seconds. */
  nack(delay = 0): Promise<void> {
    this.#settled = true;
    return this.#settle('nack', this, { delay });
  }

  lose(reason: unknown): void {
    this.#lost.abort(reason);
  }
}

export class PipeConsumers {
  readonly name: string;
  readonly #session: Session;
  readonly #path: string;

  constructor(session: Session, path: string, name: string) {
    this.#session = session;
    this.#path = path;
    this.name = name;
  }

  /** Safe to repeat: a group that is there stays where it is. */
  async create({ signal, ...body }: GroupOptions = {}): Promise<PipeGroupDocument> {
    const answer = await this.#ask({ method: 'PUT', path: '', body, signal });
    return readAs(readGroup, answer.text, answer.url);
  }

  async describe({ signal }: Asking = {}): Promise<PipeGroupDocument> {
    const answer = await this.#ask({ method: 'GET', path: '', signal });
    return readAs(readGroup, answer.text, answer.url);
  }

  async delete({ signal }: Asking = {}): Promise<void> {
    await this.#ask({ method: 'DELETE', path: '', signal });
  }

  /** What can be claimed, up to `max`; empty when nothing came within `timeout`. The caller acknowledges, gives back or extends each. */
  async claim({ max = 1, lease = LEASE, timeout = 20, signal }: ClaimOptions = {}): Promise<readonly Claim[]> {
    const body = { max, lease, timeout };
    const answer = await this.#ask({ method: 'POST', path: '/claim', body, timeout: timeout * 1000 + SPARE, signal });
    const claims = readAs(readClaims, answer.text, answer.url);
    return claims.map((claimed) => new Claim(claimed, (action, { fence, chunk }, more) => this.#settle(action, chunk.seq, fence, more)));
  }

  /** False: somebody else may have it. */
  async extend({ chunk, fence }: Claim, { lease = LEASE, signal }: ClaimOptions = {}): Promise<boolean> {
    try {
      const body = { seq: chunk.seq, fence, lease };
      await this.#ask({ method: 'POST', path: '/extend', body, repeat: 'always', signal });
      return true;
    } catch (thrown) {
      if (thrown instanceof VospaceError && thrown.fault === 'Fenced') return false;
      throw thrown;
    }
  }

  /**
   * One chunk after the other, extended while the loop's body works on it. What the body leaves without ack or nack is given back when the
   * loop ends, and else acknowledged when the next is asked for. Goes on through broken connections and restarts of the service.
   */
  async *claims(options: ClaimOptions = {}): AsyncGenerator<Claim, void, undefined> {
    const { wire } = this.#session;
    const { signal, until, lease = LEASE } = options;
    for (let failures = 0; ;) {
      let claims: readonly Claim[] = [];
      try {
        claims = await this.claim({ ...options, timeout: until === 'tail' ? 0 : (options.timeout ?? 20) });
        failures = 0;
      } catch (thrown) {
        signal?.throwIfAborted();
        if (!(thrown instanceof VospaceError) || !thrown.transient) throw thrown;
        await waitFor(thrown, Math.min((failures += 1), 20), wire.policy, wire.runtime, signal);
      }
      if (claims.length === 0 && failures === 0 && until === 'tail') return;
      const over = new AbortController();
      const extending = this.#extendAll(claims, lease, over.signal);
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

  async #extendAll(claims: readonly Claim[], lease: number, over: AbortSignal): Promise<void> {
    const pause = (lease * 1000) / 3;
    let open = claims;
    while (open.length > 0) {
      await this.#session.wire.runtime.sleep(pause, over).catch(() => undefined);
      if (over.aborted) return;
      open = open.filter((claim) => !claim.settled);
      for (const claim of open) {
        // What fails for another reason is tried again after the next pause: the lease is three times as long.
        const extended = await this.extend(claim, { lease, signal: over }).catch(() => true);
        if (!extended && !claim.settled) claim.lose(new VospaceError('Fenced', `the claim of chunk ${claim.chunk.seq} has ended`));
      }
    }
  }

  async #settle(action: 'ack' | 'nack', seq: number, fence: string, more: object): Promise<void> {
    await this.#ask({ method: 'POST', path: `/${action}`, body: { seq, fence, ...more }, repeat: 'always' });
  }

  #ask({ path, ...call }: PipeCall) {
    return askPipes(this.#session, { ...call, path: this.#path + path });
  }
}

function readGroup(text: string): PipeGroupDocument {
  const object = readRecord(parseJson(text), '$');
  required(object, '$', 'group', readToken);
  return object as unknown as PipeGroupDocument;
}

function readClaims(text: string): readonly Claimed[] {
  const document = readRecord(parseJson(text, Infinity), '$');
  const readOne = (value: unknown, path: string): Claimed => {
    const object = readRecord(value, path);
    return {
      fence: required(object, path, 'fence', readString),
      deliveries: optional(object, path, 'deliveries', readCount).deliveries ?? 1,
      chunk: required(object, path, 'chunk', (chunk, at) => readNotice(chunk, at)),
    };
  };
  return required(document, '$', 'claims', (list) => readList(list, memberPath('$', 'claims'), readOne, Infinity));
}

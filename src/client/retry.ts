// When a request may be sent again, and how long to wait before: what a repeat could do twice is never repeated.
import type { VospaceError } from './error.ts';
import type { Runtime } from './runtime.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly tries: number;
  /** Milliseconds: the first wait is shorter than this, each further one shorter than twice the bound before. */
  readonly base: number;
  /** Milliseconds: no bound is longer. */
  readonly most: number;
  /** Milliseconds: a service that asks for more patience by Retry-After is not waited for. */
  readonly patience: number;
}

export const RETRY: RetryPolicy = { tries: 5, base: 250, most: 15_000, patience: 120_000 };

/**
 * `always`: the request may take effect twice (idempotent methods, RFC 9110 section 9.2.2). `unprocessed`: only when it certainly took
 * none, because nothing was sent, or the service was too busy and said when to come again. `never`: a body that can be read only once.
 */
export type Repeat = 'always' | 'unprocessed' | 'never';

export function repeatOf(method: string): Repeat {
  return ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'].includes(method) ? 'always' : 'unprocessed';
}

export function mayRepeat(error: VospaceError, repeat: Repeat): boolean {
  if (repeat === 'always') return error.transient;
  if (repeat === 'never') return false;
  return error.unsent || ((error.status === 503 || error.status === 429) && error.retryAfter !== undefined);
}

/** Waits before try number `next` (1 = the second). Rejects with the error itself when the service wants more patience than there is. */
export async function waitFor(
  error: VospaceError,
  next: number,
  policy: RetryPolicy,
  { sleep, random }: Pick<Runtime, 'sleep' | 'random'>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (error.retryAfter !== undefined && error.retryAfter > policy.patience) throw error;
  // Full jitter: clients that failed together do not come back together.
  const jitter = random() * Math.min(policy.most, policy.base * 2 ** (next - 1));
  await sleep((error.retryAfter ?? 0) + jitter, signal);
}

/** Retry-After, in seconds or as a date (RFC 9110 section 10.2.3), in milliseconds from `now`; undefined when absent or neither. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

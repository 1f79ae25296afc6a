// What goes wrong at the other end of a transfer: whether it may pass, and what may be said of it.
import { readRetryAfter } from '../../client/retry.ts';
import { VospaceError } from '../../client/error.ts';
import { asFault, Fault } from '../../faults.ts';

export interface TroubleFacts {
  /** The same request will not work later. */
  readonly lasting: boolean;
  /** Milliseconds that the other end asks to wait. */
  readonly retryAfter?: number | undefined;
  /** Of the answer. */
  readonly status?: number | undefined;
  /** What has come so far is of no use: the next try begins anew. */
  readonly startsAgain?: boolean;
}

/** `message` is for the owner of the job: it names the host, and repeats nothing of what the host has answered. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly lasting: boolean;
  readonly retryAfter: number | undefined;
  readonly status: number | undefined;
  readonly startsAgain: boolean;

  constructor(message: string, { lasting, retryAfter, status, startsAgain = false }: TroubleFacts) {
    super(message);
    this.lasting = lasting;
    this.retryAfter = retryAfter;
    this.status = status;
    this.startsAgain = startsAgain;
  }

  /** Another try with a fresh negotiation may get in. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** Too late, too many, or a failure that others get, too. */
const PASSING: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** An answer that is not what was asked for. */
export function answered(host: string, response: Response, now: number): Trouble {
  const { status, headers } = response;
  const retryAfter = readRetryAfter(headers.get('Retry-After'), now);
  return new Trouble(`${host} answers ${status}`, { lasting: !PASSING.includes(status), retryAfter, status });
}

/** Does what speaks to another host, and turns what it throws into trouble with that host. */
export async function abroad<T>(who: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw troubleOf(who, error) ?? error;
  }
}

function troubleOf(who: string, error: unknown): Trouble | undefined {
  if (error instanceof VospaceError) {
    const { transient, retryAfter, status, fault, cause } = error;
    // The guard's own refusals may be told as they are; what another service writes may not.
    const told = asFault(cause)?.detail ?? `${who}: ${fault}`;
    return new Trouble(told, { lasting: !transient, retryAfter, status });
  }
  if (!(error instanceof Fault)) return undefined;
  return new Trouble(error.detail, { lasting: error.fault !== 'ServiceBusy' });
}

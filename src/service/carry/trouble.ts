// What goes wrong at the other end of a transfer: whether it may pass, and what may be said of it.
import { readRetryAfter } from '../../client/retry.ts';
import { VospaceError, type ClientFault } from '../../client/error.ts';
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
  /** The bytes are not those that were stated, or that were there first. */
  readonly mismatch?: boolean;
  /** What the other end's client calls it. */
  readonly fault?: ClientFault;
  /** The fault that another VOSpace has named, with its text: for those whom its owner has sent there. */
  readonly answer?: string | undefined;
}

/** `message` is for the owner of the job: it names the host, and repeats nothing of what the host has answered. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly lasting: boolean;
  readonly retryAfter: number | undefined;
  readonly status: number | undefined;
  readonly startsAgain: boolean;
  readonly mismatch: boolean;
  readonly fault: ClientFault | undefined;
  readonly answer: string | undefined;

  constructor(message: string, { lasting, retryAfter, status, startsAgain = false, mismatch = false, fault, answer }: TroubleFacts) {
    super(message);
    this.lasting = lasting;
    this.retryAfter = retryAfter;
    this.status = status;
    this.startsAgain = startsAgain;
    this.mismatch = mismatch;
    this.fault = fault;
    this.answer = answer;
  }

  /** Another try with a fresh negotiation may get in. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** Too late, too many, or a failure that others get, too. */
const PASSING: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Of a job there: it has a fault, and no status. */
const REFUSALS: Readonly<Partial<Record<ClientFault, number>>> = { NotAuthenticated: 401, PermissionDenied: 403 };
/** Characters of another VOSpace's text. */
const ANSWER = 300;

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
    const { transient, retryAfter, status, fault, cause, named, detail } = error;
    // The guard's own refusals may be told as they are; what another service writes may not.
    const told = asFault(cause)?.detail ?? `${who}: ${fault}`;
    const answer = named ? `${fault} ${detail}`.replace(/[^\P{C} ]+/gu, ' ').slice(0, ANSWER) : undefined;
    return new Trouble(told, { lasting: !transient, retryAfter, status: status ?? REFUSALS[fault], fault, answer });
  }
  if (!(error instanceof Fault)) return undefined;
  return new Trouble(error.detail, { lasting: error.fault !== 'ServiceBusy' });
}

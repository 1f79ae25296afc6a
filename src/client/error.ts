// The one error of the client: what was refused or failed, by whom, whether it may work later, and what to do about it.
import { asFault, faultNamed, type FaultName } from '../faults.ts';
import { ADVICE } from './advice.ts';

/**
 * A fault of the standard, or what only a client sees. ConnectionFailed: no answer, or one that broke off. BadAnswer: an answer that is not
 * what the standard says. Corrupted: the bytes are not those that the node has, or were to have.
 */
export type ClientFault = FaultName | 'ConnectionFailed' | 'BadAnswer' | 'Corrupted';

export interface ErrorFacts {
  readonly status?: number | undefined;
  /** Milliseconds to wait before the next try, as the service asked. */
  readonly retryAfter?: number | undefined;
  /** Nothing of the request reached the other side. */
  readonly unsent?: boolean;
  /** The service itself has named the fault: `detail` is its text. */
  readonly named?: boolean;
  readonly cause?: unknown;
}

/**
 * Everything the client throws, except the caller's own reason when the caller aborts. `message` names method and URL, without query:
 * signed URLs stay secret.
 */
export class VospaceError extends Error {
  override readonly name = 'VospaceError';
  readonly fault: ClientFault;
  /** What the service says is wrong: a URI, a header, a parameter. */
  readonly detail: string;
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly unsent: boolean;
  readonly named: boolean;
  /** An earlier try of the same request may have taken effect, although this one was refused. */
  readonly repeated: boolean;

  constructor(fault: ClientFault, detail: string, facts: ErrorFacts & { readonly repeated?: boolean } = {}) {
    super(detail === '' ? fault : `${fault}: ${detail}`, facts.cause === undefined ? {} : { cause: facts.cause });
    this.fault = fault;
    this.detail = detail;
    this.status = facts.status;
    this.retryAfter = facts.retryAfter;
    this.unsent = facts.unsent ?? false;
    this.named = facts.named ?? false;
    this.repeated = facts.repeated ?? false;
  }

  /** What the caller may do, in one sentence. */
  get advice(): string {
    return ADVICE[this.fault];
  }

  /** Whether the same may work a little later, without anyone changing anything. */
  get transient(): boolean {
    if (this.fault === 'ConnectionFailed' || this.fault === 'ServiceBusy' || this.fault === 'TooManyRequests') return true;
    return this.status !== undefined && [408, 429, 500, 502, 503, 504].includes(this.status);
  }
}

/** The names of services that do not use the standard's table; VOSpace 2.1 has three of them in other sections. */
const ALIASES: Readonly<Record<string, FaultName>> = {
  LinkFoundFault: 'LinkFound',
  DuplicateFault: 'DuplicateNode',
  DuplicateNodeFault: 'DuplicateNode',
  UnreadableLinkTarget: 'NodeNotFound',
  InvalidToken: 'InvalidArgument',
};
const BY_STATUS: Readonly<Record<number, FaultName>> = {
  401: 'NotAuthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
  405: 'OperationNotSupported',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  416: 'RangeNotSatisfiable',
  423: 'NodeLocked',
  429: 'TooManyRequests',
  502: 'ServiceBusy',
  503: 'ServiceBusy',
  504: 'ServiceBusy',
};

/** A fault's name as services spell it (`NodeNotFound`, `NodeNotFound:`, `Node Not Found`); undefined when it is none. */
export function readFaultName(text: string): FaultName | undefined {
  const name = text.trim().replace(/[.:]$/, '');
  return faultNamed(name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined);
}

/**
 * The refusal in an answer: `{"fault", "detail"}`, or the fault's name, white space and details (VOSpace 2.1 section 5, notes), else what
 * its status says.
 */
export function refusal(status: number, body: string, where: string, facts: ErrorFacts = {}): VospaceError {
  const { fault, detail } = readBody(body);
  const named = fault ?? BY_STATUS[status] ?? (status >= 500 ? 'InternalFault' : 'InvalidArgument');
  return new VospaceError(named, `${detail === '' ? '' : `${detail} `}(${where} answered ${status})`, {
    ...facts,
    status,
    named: fault !== undefined,
  });
}

function readBody(body: string): { readonly fault: FaultName | undefined; readonly detail: string } {
  try {
    const { fault, detail } = JSON.parse(body) as { readonly fault?: unknown; readonly detail?: unknown };
    if (typeof fault === 'string') return { fault: readFaultName(fault), detail: typeof detail === 'string' ? detail : fault };
  } catch {
    // Text, as the standard has it.
  }
  const [, first = '', rest = ''] = /^\s*(\S*)\s*([^]*)$/.exec(body) ?? [];
  const fault = readFaultName(first);
  // A page in HTML says nothing to a person on a terminal.
  const text = (fault ? rest : body).trim();
  return { fault, detail: text.startsWith('<') ? '' : text.slice(0, 500) };
}

/** What a call threw, as the client's own error; the caller's abort stays what it is. `where` is the method and the URL. */
export function asVospaceError(thrown: unknown, where: string, signal: AbortSignal | undefined): unknown {
  if (thrown instanceof VospaceError) return thrown;
  if (signal?.aborted) return signal.reason;
  // What a body's own stream refused, as fetch passes it on.
  if (thrown instanceof Error && thrown.cause instanceof VospaceError) return thrown.cause;
  // A guarded fetch refuses addresses so; a parser refuses documents so.
  const fault = asFault(thrown);
  if (fault) return new VospaceError(fault.fault, fault.detail, { cause: thrown });
  return new VospaceError('ConnectionFailed', `${where}: ${describe(thrown)}`, { cause: thrown, unsent: isUnsent(thrown) });
}

/** Node's names for what happens before a connection is there. Browsers do not tell. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

function isUnsent(thrown: unknown): boolean {
  const code = codeOf(thrown) ?? (thrown instanceof Error ? codeOf(thrown.cause) : undefined);
  return code !== undefined && UNSENT.includes(code);
}

function codeOf(thrown: unknown): string | undefined {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'no answer in time';
  const cause = thrown.cause instanceof Error ? thrown.cause.message || codeOf(thrown.cause) : undefined;
  return cause ?? thrown.message;
}

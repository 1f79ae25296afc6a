// The one table from fault name to HTTP status, and the one error class for expected refusals.

/** Fault names: VOSpace 2.1 sections 5 and 6, UWS 1.1, OpenCADC's additions, and those of pipes (docs/pipes.md). */
export const FAULTS = {
  InvalidURI: 400,
  InvalidArgument: 400,
  TypeNotSupported: 400,
  ViewNotSupported: 400,
  ProtocolNotSupported: 400,
  OptionNotSupported: 400,
  LinkFound: 400,
  NotAuthenticated: 401,
  PermissionDenied: 403,
  NodeNotFound: 404,
  ContainerNotFound: 404,
  NotFound: 404,
  PipeNotFound: 404,
  ChunkNotFound: 404,
  GroupNotFound: 404,
  InvalidState: 400,
  OperationNotSupported: 405,
  DuplicateNode: 409,
  NodeBusy: 409,
  Conflict: 409,
  ChunkMismatch: 409,
  ChunkNameInUse: 409,
  Fenced: 409,
  PipeClosed: 409,
  PipeLoop: 409,
  PipeNotDrained: 409,
  AuthRequired: 409,
  PipeDestroyed: 410,
  StateTrimmed: 410,
  PreconditionFailed: 412,
  RequestEntityTooLarge: 413,
  QuotaExceeded: 413,
  RangeNotSatisfiable: 416,
  NodeLocked: 423,
  TooManyRequests: 429,
  PipeFull: 429,
  InternalFault: 500,
  TransferFailed: 502,
  /** A space at the other end of a pipe has refused: the detail has its fault's name and text. */
  VOSpaceFault: 502,
  ServiceBusy: 503,
} as const;

export type FaultName = keyof typeof FAULTS;

/** As a UWS errorSummary says it: `Node Not Found`. */
export function faultWords(fault: FaultName): string {
  return fault.replace(/[a-z](?=[A-Z])/g, '$& ');
}

/** The fault that is called so, in one word or in several; undefined when it is none. */
export function faultNamed(text: string): FaultName | undefined {
  const name = text.replaceAll(' ', '');
  return Object.hasOwn(FAULTS, name) ? (name as FaultName) : undefined;
}

/**
 * An expected refusal. It crosses the RPC border of a Durable Object with its own fields, but not with its class: recognise it by
 * `asFault`, never by `instanceof`.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly fault: FaultName;
  /** What is wrong, for the client's eyes: the URI, header or parameter concerned. Never a secret, never a signed URL. */
  readonly detail: string;
  /** Headers that the answer must carry, for example Retry-After. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(fault: FaultName, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(`${fault} ${detail}`);
    this.fault = fault;
    this.detail = detail;
    this.headers = headers;
  }
}

/** The Fault in a thrown value, whether thrown here or on the other side of an RPC call; undefined for anything else. */
export function asFault(thrown: unknown): Fault | undefined {
  if (thrown instanceof Fault) return thrown;
  if (!(thrown instanceof Error) || thrown.name !== 'Fault') return undefined;
  const { fault, detail, headers } = thrown as Partial<Fault>;
  if (typeof fault !== 'string' || !(fault in FAULTS)) return undefined;
  return new Fault(fault, detail ?? '', headers ?? {});
}

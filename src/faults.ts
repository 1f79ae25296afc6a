// The one table from fault name to HTTP status, and the one error class for expected refusals.

/** Fault names: VOSpace 2.1 sections 5 and 6, UWS 1.1, OpenCADC's additions, and those of pipes (docs/pipes.md). `job` is the text for a UWS errorSummary. */
export const FAULTS = {
  InvalidURI: { status: 400, job: 'Invalid URI' },
  InvalidArgument: { status: 400, job: 'Invalid Argument' },
  TypeNotSupported: { status: 400, job: 'Type Not Supported' },
  ViewNotSupported: { status: 400, job: 'View Not Supported' },
  ProtocolNotSupported: { status: 400, job: 'Protocol Not Supported' },
  OptionNotSupported: { status: 400, job: 'Option Not Supported' },
  LinkFound: { status: 400, job: 'Link Found' },
  NotAuthenticated: { status: 401, job: 'Not Authenticated' },
  PermissionDenied: { status: 403, job: 'Permission Denied' },
  NodeNotFound: { status: 404, job: 'Node Not Found' },
  ContainerNotFound: { status: 404, job: 'Container Not Found' },
  NotFound: { status: 404, job: 'Not Found' },
  PipeNotFound: { status: 404, job: 'Pipe Not Found' },
  ChunkNotFound: { status: 404, job: 'Chunk Not Found' },
  GroupNotFound: { status: 404, job: 'Group Not Found' },
  InvalidState: { status: 400, job: 'Invalid State' },
  OperationNotSupported: { status: 405, job: 'Operation Not Supported' },
  DuplicateNode: { status: 409, job: 'Duplicate Node' },
  NodeBusy: { status: 409, job: 'Node Busy' },
  Conflict: { status: 409, job: 'Conflict' },
  ChunkMismatch: { status: 409, job: 'Chunk Mismatch' },
  ChunkNameInUse: { status: 409, job: 'Chunk Name In Use' },
  Fenced: { status: 409, job: 'Fenced' },
  PipeClosed: { status: 409, job: 'Pipe Closed' },
  PipeLoop: { status: 409, job: 'Pipe Loop' },
  PipeNotDrained: { status: 409, job: 'Pipe Not Drained' },
  AuthRequired: { status: 409, job: 'Authorisation Required' },
  PipeDestroyed: { status: 410, job: 'Pipe Destroyed' },
  StateTrimmed: { status: 410, job: 'State Trimmed' },
  PreconditionFailed: { status: 412, job: 'Precondition Failed' },
  RequestEntityTooLarge: { status: 413, job: 'Request Entity Too Large' },
  QuotaExceeded: { status: 413, job: 'Quota Exceeded' },
  RangeNotSatisfiable: { status: 416, job: 'Range Not Satisfiable' },
  NodeLocked: { status: 423, job: 'Node Locked' },
  TooManyRequests: { status: 429, job: 'Too Many Requests' },
  PipeFull: { status: 429, job: 'Pipe Full' },
  InternalFault: { status: 500, job: 'Internal Fault' },
  TransferFailed: { status: 502, job: 'Transfer Failed' },
  /** A space at the other end of a pipe has refused: the detail has its fault's name and text. */
  VOSpaceFault: { status: 502, job: 'VOSpace Fault' },
  ServiceBusy: { status: 503, job: 'Service Busy' },
} as const;

export type FaultName = keyof typeof FAULTS;

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

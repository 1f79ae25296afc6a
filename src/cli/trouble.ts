// What went wrong, in words for the person at the terminal, and as an exit code.
import { VospaceError, type ClientFault } from '../client/error.ts';
import { EXIT, type Exit } from './exit.ts';

/** What the command line itself refuses or cannot do. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly exit: Exit;
  /** What to do about it, in one sentence. */
  readonly advice: string | undefined;

  constructor(message: string, { exit = EXIT.failed, advice }: { readonly exit?: Exit; readonly advice?: string } = {}) {
    super(message);
    this.exit = exit;
    this.advice = advice;
  }
}

/** What programs know the command line's own errors by. */
const BY_EXIT: Readonly<Partial<Record<Exit, string>>> = {
  [EXIT.usage]: 'UsageError',
  [EXIT.notFound]: 'NotFound',
  [EXIT.denied]: 'PermissionDenied',
  [EXIT.conflict]: 'Conflict',
  [EXIT.unavailable]: 'Unavailable',
  [EXIT.interrupted]: 'Interrupted',
};

/** The command was not understood; `command` is the one whose help says more. */
export class UsageTrouble extends Trouble {
  constructor(message: string, command = '') {
    const name = command === '' ? '' : ` ${command}`;
    super(message, { exit: EXIT.usage, advice: `vopipe${name} --help says how it is used.` });
  }
}

export interface Explained {
  readonly fault: string;
  /** For people: the fault first, where it is one of the service or the client. */
  readonly message: string;
  /** Without the fault. */
  readonly detail: string;
  readonly advice: string | undefined;
  readonly exit: Exit;
}

const BY_FAULT: Partial<Record<ClientFault, Exit>> = {
  NodeNotFound: EXIT.notFound,
  ContainerNotFound: EXIT.notFound,
  NotFound: EXIT.notFound,
  PipeNotFound: EXIT.notFound,
  ChunkNotFound: EXIT.notFound,
  GroupNotFound: EXIT.notFound,
  PipeDestroyed: EXIT.notFound,
  StateTrimmed: EXIT.notFound,
  NotAuthenticated: EXIT.denied,
  PermissionDenied: EXIT.denied,
  AuthRequired: EXIT.denied,
  DuplicateNode: EXIT.conflict,
  Conflict: EXIT.conflict,
  PreconditionFailed: EXIT.conflict,
  NodeLocked: EXIT.conflict,
  NodeBusy: EXIT.conflict,
  PipeNotDrained: EXIT.conflict,
  PipeClosed: EXIT.conflict,
  PipeLoop: EXIT.conflict,
  ChunkMismatch: EXIT.conflict,
  ChunkNameInUse: EXIT.conflict,
  Fenced: EXIT.conflict,
  ConnectionFailed: EXIT.unavailable,
  ServiceBusy: EXIT.unavailable,
  TooManyRequests: EXIT.unavailable,
  PipeFull: EXIT.unavailable,
};

/** Where a command does what the library can only ask for. */
const ADVICE: Partial<Record<ClientFault, string>> = {
  ContainerNotFound: 'One that it would lie in is missing: vopipe mkdir -p makes it.',
  PipeNotDrained: 'vopipe pipe show tells what is left to do; --force destroys the pipe all the same.',
  NotAuthenticated: 'Check user and password: vopipe login URL signs in; vopipe doctor says where you are known.',
};

/** Any thrown value. What is no error of the client or of the command line is a mistake in the program, and says so. */
export function explain(thrown: unknown): Explained {
  if (thrown instanceof Trouble) {
    const { message, advice, exit } = thrown;
    return { fault: BY_EXIT[exit] ?? 'Failed', message, detail: message, advice, exit };
  }
  if (thrown instanceof VospaceError) {
    const { fault, message, detail, advice, status } = thrown;
    // A name that cannot be one is not even sent.
    const exit = fault === 'InvalidURI' && status === undefined ? EXIT.usage : BY_FAULT[fault];
    return { fault, message, detail, advice: ADVICE[fault] ?? advice, exit: exit ?? EXIT.failed };
  }
  const system = ofSystem(thrown);
  if (system) return system;
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { fault: 'InternalFault', message, detail: message, advice: 'This is a mistake in vopipe itself.', exit: EXIT.failed };
}

const SYSTEM: Readonly<Record<string, readonly [string, Exit]>> = {
  ENOENT: ['there is no such file or folder', EXIT.notFound],
  EACCES: ['permission denied', EXIT.denied],
  EPERM: ['not permitted', EXIT.denied],
  EISDIR: ['is a folder', EXIT.failed],
  ENOTDIR: ['is not a folder', EXIT.failed],
  EEXIST: ['is there already', EXIT.conflict],
  ENOSPC: ['no space left on the disk', EXIT.failed],
  EROFS: ['the disk cannot be written', EXIT.denied],
  EDQUOT: ['no space left of what you may use of the disk', EXIT.failed],
  EFBIG: ['is larger than a file may be', EXIT.failed],
  EIO: ['the disk does not work as it ought to', EXIT.failed],
  ELOOP: ['its links lead in a circle', EXIT.failed],
  ENAMETOOLONG: ['the name is too long', EXIT.failed],
  ENOTEMPTY: ['is not empty', EXIT.conflict],
  EBUSY: ['is in use', EXIT.conflict],
  ETXTBSY: ['is a program that runs', EXIT.conflict],
  EMFILE: ['too many files are open', EXIT.unavailable],
  ENFILE: ['too many files are open', EXIT.unavailable],
  E2BIG: ['too many arguments', EXIT.failed],
};

/** What this computer's system refuses; what is not in the table says so in its own words. */
function ofSystem(thrown: unknown): Explained | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code = '', path, syscall, message: own } = thrown as NodeJS.ErrnoException;
  if (!Object.hasOwn(SYSTEM, code) && (syscall === undefined || !/^E[A-Z0-9]+$/.test(code))) return undefined;
  const [words, exit] = SYSTEM[code] ?? [own.replace(/^\w+: /, '').replace(/,.*$/s, ''), EXIT.failed];
  const message = path === undefined ? words : `${path}: ${words}`;
  return { fault: code, message, detail: message, advice: undefined, exit };
}

// A UWS job as documents carry it: UWS 1.1 section 2.
import type { FaultName } from '../faults.ts';
import type { PropertyInput } from './node.ts';
import { sha256Hex } from './secret.ts';
import type { Transfer } from './transfer.ts';

export const PHASES = [
  'PENDING',
  'QUEUED',
  'EXECUTING',
  'COMPLETED',
  'ERROR',
  'ABORTED',
  'UNKNOWN',
  'HELD',
  'SUSPENDED',
  'ARCHIVED',
] as const;
export type Phase = (typeof PHASES)[number];

/** "a job in one of these phases will not change any more" (UWS 1.1 section 2.1.3). */
export const ENDED: readonly Phase[] = ['COMPLETED', 'ERROR', 'ABORTED', 'ARCHIVED'];

/** The job lists of the service: the standard's transfers, and those for whole trees, as OpenCADC has them. */
export const JOB_LISTS = ['transfers', 'async-delete', 'async-setprops', 'async-size', 'async-adopt'] as const;
export type JobList = (typeof JOB_LISTS)[number];
/** Those for everybody: only administrators adopt. */
export const USER_LISTS = JOB_LISTS.filter((list) => list !== 'async-adopt');
export type UserList = (typeof USER_LISTS)[number];

export type JobId = string & { readonly __brand: 'JobId' };

/** Characters of a JobQueue's name. */
export const QUEUE_NAME = 12;

/** The name of an owner's JobQueue. */
export async function queueOf(owner: string): Promise<string> {
  return (await sha256Hex(`jobs of ${owner}`)).slice(0, QUEUE_NAME);
}

/** The name of the JobQueue that holds the job: the beginning of its id. */
export function queueIn(id: JobId): string {
  return id.slice(0, QUEUE_NAME);
}

export interface JobResult {
  readonly id: string;
  readonly href: string;
}

/** What a job is asked to do. */
export type JobRequest =
  | { readonly kind: 'transfer'; readonly transfer: Transfer }
  /** The node and everything below it, as far as the caller's rights go. */
  | { readonly kind: 'delete'; readonly target: string }
  /** The header of a file becomes properties of its node. */
  | { readonly kind: 'extract'; readonly target: string }
  /** The same properties for the node and everything below it. */
  | { readonly kind: 'setprops'; readonly target: string; readonly properties: readonly PropertyInput[] }
  /** Counts nodes and bytes, as far as the caller may read. */
  | { readonly kind: 'size'; readonly target: string }
  | AdoptRequest;

/** Makes a container of the store that was there before into nodes below the target. */
export interface AdoptRequest {
  readonly kind: 'adopt';
  readonly target: string;
  /** The Swift container. */
  readonly container: string;
  /** Its objects are deleted when their last node has been. */
  readonly owned: boolean;
  /** A temp URL key of somebody else may be replaced. */
  readonly replacesKeys: boolean;
  /** Nodes whose objects are gone are removed. */
  readonly removesVanished: boolean;
}

/** What is counted. `errors`: nodes that were refused or failed, where a job goes on without them. */
export const COUNTS = ['nodes', 'totalNodes', 'bytes', 'totalBytes', 'errors'] as const;
/** How far a job has come. Totals are absent while nobody knows them. */
export type Progress = { readonly [name in (typeof COUNTS)[number]]?: number };

/** Times are epoch milliseconds. */
export interface Job {
  readonly id: JobId;
  readonly list: JobList;
  readonly owner: string | undefined;
  readonly phase: Phase;
  readonly runId?: string;
  readonly created: number;
  readonly started?: number;
  readonly ended?: number;
  /** Seconds; 0 = unlimited. */
  readonly executionDuration: number;
  readonly destruction: number;
  readonly parameters: readonly { readonly id: string; readonly value: string }[];
  readonly results: readonly JobResult[];
  readonly error?: { readonly fault: FaultName; readonly detail: string };
  /** What a job that went on without them says of the first few nodes that were refused: a fault's name and a path. */
  readonly notes?: readonly string[];
  readonly progress?: Progress;
  /** When `progress` was told. */
  readonly progressed?: number;
  /** The request; a transfer is shown in jobInfo. */
  readonly request: JobRequest;
}

/** A job as a client reads it: another service may leave out the request, and times that it does not keep. */
export type JobDocument = Omit<Job, 'list' | 'request' | 'created' | 'destruction'> &
  Partial<Pick<Job, 'created' | 'destruction'>> & {
    readonly transfer?: Transfer;
    /** Only this project's service tells. */
    readonly subject?: JobSubject;
    /** Of UWS: from 1.1 on, WAIT holds the answer back until something changes (section 2.2.1). */
    readonly version?: string;
  };

/** Per second since the job began: of bytes where they are counted, else of nodes. Undefined before there is something to divide. */
export function rateOf({ started, progress, progressed }: Job): number | undefined {
  const done = progress?.bytes ?? progress?.nodes;
  if (started === undefined || progressed === undefined || done === undefined || progressed <= started) return undefined;
  return (done * 1000) / (progressed - started);
}

/** When a job that goes on as it did will end, epoch milliseconds; undefined where the whole is not known. UWS calls it the quote. */
export function estimateOf(job: Job): number | undefined {
  const { progress, progressed } = job;
  const rate = rateOf(job);
  const [done, total] = progress?.bytes === undefined ? [progress?.nodes, progress?.totalNodes] : [progress.bytes, progress.totalBytes];
  if (job.phase !== 'EXECUTING' || !rate || progressed === undefined || done === undefined || total === undefined) return undefined;
  return progressed + (Math.max(0, total - done) * 1000) / rate;
}

/** What a job is about, in short. */
export interface JobSubject {
  readonly kind: JobRequest['kind'];
  /** URI of the node; of a transfer that names several, the first. */
  readonly target: string;
  /** Of a transfer: one of DIRECTIONS, or where a copy or a move goes. */
  readonly direction?: string;
  /** Of a copy, true. */
  readonly keepBytes?: boolean;
}

export function subjectOf(request: JobRequest): JobSubject {
  if (request.kind !== 'transfer') return { kind: request.kind, target: request.target };
  const { targets, direction, keepBytes } = request.transfer;
  return { kind: 'transfer', target: targets[0] ?? '', direction, ...(keepBytes !== undefined && { keepBytes }) };
}

/** A line in a list of jobs. Other services than this project's tell less. */
export interface JobReference {
  readonly id: string;
  /** Absolute, or empty where the service gives none. */
  readonly href: string;
  readonly phase: Phase;
  readonly runId?: string;
  readonly owner?: string;
  readonly created?: number;
  readonly started?: number;
  readonly ended?: number;
  readonly subject?: JobSubject;
  readonly progress?: Progress;
  /** When `progress` was told. */
  readonly progressed?: number;
  /** Why it ended in ERROR. */
  readonly error?: { readonly fault: FaultName; readonly detail: string };
}

// What a JobQueue offers to the service.
import type { FaultName } from '../../faults.ts';
import type { NodeChange, PipeChange } from '../../model/event.ts';
import type { Job, JobId, JobList, JobResult, Phase, Progress } from '../../model/job.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Transfer } from '../../model/transfer.ts';

/** The upload whose outcome is the job's. */
export interface AwaitedUpload {
  readonly space: SpaceId;
  readonly upload: string;
}

export interface StoredJob {
  readonly job: Job;
  /** The transfer with its endpoints: for the owner's eyes, because they are signed. Undefined while there are none. */
  readonly details: Transfer | undefined;
  readonly awaits: AwaitedUpload | undefined;
  /** What is done when that upload has been committed; the job ends with it. */
  readonly follows?: Work | undefined;
  /** It has begun: that the upload has been committed may be told again. */
  readonly followed?: boolean;
}

/** What a job has to have done, in steps that a Carrier takes. */
export interface Work {
  /** The name of a kind in service/jobs/kinds.ts. */
  readonly kind: string;
  /** With whose rights. */
  readonly principal: Principal;
  /** Of a type that the kind knows; JSON. */
  readonly input: unknown;
  /** Over in a moment: does not wait for its turn behind the owner's other jobs. */
  readonly light: boolean;
}

/** One attempt's right to go on with a job, until its lease ends. */
export interface Assignment {
  readonly job: Job;
  readonly work: Work;
  /** What the last step that was reported came to; undefined before the first. */
  readonly checkpoint: unknown;
  /** True: the job has ended, and what it made so far is to be taken back. */
  readonly undo: boolean;
}

/** What a step has come to. */
export type Step<Checkpoint> =
  /** There is more to do: after `pause` milliseconds, by another Carrier perhaps; absent: at once. */
  | { readonly kind: 'more'; readonly checkpoint: Checkpoint; readonly progress?: Progress; readonly pause?: number }
  | {
      readonly kind: 'done';
      readonly results?: readonly JobResult[];
      readonly details?: Transfer;
      readonly progress?: Progress;
      readonly notes?: readonly string[];
    }
  /** The rest is the client's, who has the endpoints in `details`: the job ends with this upload. */
  | {
      readonly kind: 'awaiting';
      readonly awaits: AwaitedUpload;
      readonly details: Transfer;
      readonly results: readonly JobResult[];
      /** Done when the upload has been committed; the job ends with it. */
      readonly follows?: Work;
    };

/** What a Carrier reports of a step. */
export type Report =
  | Step<unknown>
  | {
      readonly kind: 'failed';
      readonly fault: FaultName;
      readonly detail: string;
      /** True: the same step may work later, after `retryAfter` milliseconds where that is known. */
      readonly transient: boolean;
      readonly retryAfter?: number;
    }
  /** Everything has been taken back. */
  | { readonly kind: 'undone' };

/** UWS 1.1 section 2.2.2.1: the kinds of filter are joined by AND, several phases by OR. */
export interface JobFilter {
  readonly list: JobList;
  /** Empty: every phase. */
  readonly phases: readonly Phase[];
  /** Only jobs created later than this, epoch milliseconds. */
  readonly after: number;
  /** At most so many. */
  readonly last: number;
}

export interface Ending {
  readonly phase: Extract<Phase, 'COMPLETED' | 'ERROR' | 'ABORTED'>;
  readonly error?: { readonly fault: FaultName; readonly detail: string };
}

/** A pipe in its owner's list. */
export interface OwnedPipe {
  readonly pipe: PipeId;
  readonly source: string;
  readonly destination: string;
  /** Epoch milliseconds. */
  readonly created: number;
}

/** Only pipes with these ends, by their URIs. */
export interface PipeFilter {
  readonly source?: string;
  readonly destination?: string;
}

export interface JobsPort {
  /** Keeps a job; one with the same id is left as it is. Throws TooManyRequests when too many of the owner's have not ended. */
  add(stored: StoredJob, work?: Work): Promise<void>;
  get(id: JobId): Promise<StoredJob | undefined>;
  /** A PENDING job becomes QUEUED, and EXECUTING when its turn has come. Jobs in other phases are left. The job as it is then. */
  start(id: JobId): Promise<StoredJob | undefined>;
  /**
   * Ends a job that is under way; a job that has ended stays as it ended. What it has made is taken back, unless it is complete. A job whose
   * upload is to be followed by work goes on with that instead of being complete.
   */
  end(id: JobId, ending: Ending): Promise<StoredJob | undefined>;
  /** Sets what UWS lets a client set: times in epoch milliseconds and seconds. */
  change(id: JobId, times: { readonly destruction?: number; readonly executionDuration?: number }): Promise<StoredJob | undefined>;
  /** The owner's jobs, the latest first. */
  list(filter: JobFilter): Promise<readonly Job[]>;
  /** Ends the job if it is under way, and forgets it. */
  remove(id: JobId): Promise<void>;

  /** Safe to repeat. Throws TooManyRequests. */
  addPipe(pipe: OwnedPipe): Promise<void>;
  removePipe(pipe: PipeId): Promise<void>;
  /** The owner's pipes, the latest first. */
  pipes(filter: PipeFilter): Promise<readonly OwnedPipe[]>;

  /** News of nodes, or of a pipe, for the owner's live stream. Whether anybody listens. */
  tell(changes: readonly NodeChange[], more: number, pipe?: PipeChange): Promise<boolean>;

  /** What the attempt has to do; undefined when it has been overtaken. */
  begin(id: JobId, attempt: number): Promise<Assignment | undefined>;
  /** False: stop, the attempt has been overtaken or the job has ended. */
  report(id: JobId, attempt: number, report: Report): Promise<boolean>;
  /** A sign of life in the middle of a step. False: stop. */
  renew(id: JobId, attempt: number, progress?: Progress): Promise<boolean>;
  /** Lets the work wait for its turn again, for a Carrier that has run long enough. */
  yield(id: JobId, attempt: number): Promise<void>;
}

// What a JobQueue offers to the service.
import type { FaultName } from '../../faults.ts';
import type { Job, JobId, Phase } from '../../model/job.ts';
import type { Transfer } from '../../model/transfer.ts';
import type { SpaceId } from '../../model/space-id.ts';

/** The upload whose outcome is the job's. */
export interface AwaitedUpload {
  readonly space: SpaceId;
  readonly upload: string;
}

export interface StoredJob {
  readonly job: Job;
  /** The transfer with its endpoints: for the owner's eyes, because they are signed. */
  readonly details: Transfer;
  readonly awaits: AwaitedUpload | undefined;
}

/** UWS 1.1 section 2.2.2.1: the kinds of filter are joined by AND, several phases by OR. */
export interface JobFilter {
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

export interface JobsPort {
  /** Keeps a job; one with the same id is left as it is. */
  add(stored: StoredJob): Promise<void>;
  get(id: JobId): Promise<StoredJob | undefined>;
  /** Ends a job that is under way; a job that has ended stays as it ended. The job as it is then. */
  end(id: JobId, ending: Ending): Promise<StoredJob | undefined>;
  /** The owner's jobs, the latest first. */
  list(filter: JobFilter): Promise<readonly Job[]>;
  remove(id: JobId): Promise<void>;
}

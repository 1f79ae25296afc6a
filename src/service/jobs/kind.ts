// What a kind of job is: steps that a Carrier takes one after the other, each safe to repeat.
import type { Job, Progress } from '../../model/job.ts';
import type { Principal } from '../../model/principal.ts';
import type { Step } from '../../durable/job-queue/port.ts';
import type { Services } from '../services.ts';

export interface JobContext<Input, Checkpoint> {
  readonly services: Services;
  /** Its id names, unguessably and once, whatever the job makes: a repeated step finds what the first has made. */
  readonly job: Job;
  readonly principal: Principal;
  readonly input: Input;
  /** What the last step came to; undefined before the first. */
  readonly checkpoint: Checkpoint | undefined;
  /** Aborted when the job has ended or another attempt has taken over: stop, and leave what is there. */
  readonly signal: AbortSignal;
  /** Tells how far the step has come; passed on a few times a minute. */
  readonly tell: (progress: Progress) => void;
}

/**
 * A step does a bounded piece of work: at most 64 MiB or some seconds. It may be cut off at any line, and taken again from the same
 * checkpoint, even while a lost attempt still runs. A Fault that it throws ends the job, but for ServiceBusy and TooManyRequests, which
 * have it repeated with growing pauses (Retry-After is obeyed) up to twelve times in a row.
 */
export interface JobKind<Input, Checkpoint> {
  readonly step: (context: JobContext<Input, Checkpoint>) => Promise<Step<Checkpoint>>;
  /** Takes back what a job that has failed or been aborted has made. Repeated until it succeeds. */
  readonly undo?: (context: JobContext<Input, Checkpoint>) => Promise<void>;
}

/** A kind as the table of all kinds has it. Input and checkpoint come from rows that only the kind itself has written. */
export type AnyKind = JobKind<unknown, unknown>;

export function jobKind<Input, Checkpoint>(kind: JobKind<Input, Checkpoint>): AnyKind {
  return kind as unknown as AnyKind;
}

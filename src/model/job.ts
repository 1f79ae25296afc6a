// A UWS job as documents carry it: UWS 1.1 section 2.
import type { FaultName } from '../faults.ts';
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

export type JobId = string & { readonly __brand: 'JobId' };

export interface JobResult {
  readonly id: string;
  readonly href: string;
}

/** Times are epoch milliseconds. */
export interface Job {
  readonly id: JobId;
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
  /** The request, shown in jobInfo. */
  readonly transfer: Transfer;
}

// What the owner's live stream tells: hints that something has changed, to be read again where it matters. They may be lost, never wrong.
import type { Job, JobId, JobList, Phase, Progress } from './job.ts';
import type { ConsumedGroup } from './pipe-standing.ts';
import type { Lag, PipeCondition, PipeGroup, PipeId } from './pipe.ts';

export interface NodeChange {
  /** As in the audit trail: create, set, write, delete, move … */
  readonly action: string;
  /** From the top-level container on, with a leading slash, not percent-encoded. */
  readonly path: string;
  readonly by: string;
}

export interface JobChange {
  readonly jobId: JobId;
  readonly list: JobList;
  readonly phase: Phase;
  readonly progress?: Progress;
}

/** How a group of a pipe's readers stands: see its description. */
export interface PipeGroupChange {
  readonly group: PipeGroup;
  readonly lag: Lag;
  readonly claimed: number;
  readonly acked: number;
  readonly dead: number;
}

export const MOST_GROUPS_TOLD = 10;

/** How a pipe stands: see its description. */
export interface PipeChange {
  readonly pipe: PipeId;
  /** URIs of its ends. */
  readonly src: string;
  readonly dest: string;
  readonly condition: PipeCondition;
  readonly written: number;
  readonly visible: number;
  /** Of all chunks written. */
  readonly bytes: number;
  /** What is written and not visible. */
  readonly lag: Lag;
  readonly dead: number;
  /** Dead at this moment, counted up to 1,000. */
  readonly missing: number;
  /** Why it does not go on, where it does not. */
  readonly reason?: string;
  /** Groups of other pipes whose readers write here what they make of their chunks. */
  readonly consumes?: readonly ConsumedGroup[];
  /** The first of its groups, at most MOST_GROUPS_TOLD. */
  readonly groups?: readonly PipeGroupChange[];
  /** Pages read since the event before. */
  readonly reads: number;
}

export type LiveEvent =
  /** The stream begins, or something may have been missed: read again what is on show. */
  | { readonly event: 'resync' }
  | { readonly event: 'job'; readonly jobs: readonly JobChange[] }
  /** `more`: changes that were left out. */
  | { readonly event: 'nodes'; readonly changes: readonly NodeChange[]; readonly more: number }
  | { readonly event: 'pipe'; readonly pipes: readonly PipeChange[] };

export function jobChange({ id, list, phase, progress }: Job): JobChange {
  return { jobId: id, list, phase, ...(progress && { progress }) };
}

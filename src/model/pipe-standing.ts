// How a pipe stands at a moment: what its object tells, and every description of it says.
import type { GroupDescription } from './pipe-group.ts';
import type { Credit, Lag, PipeGroup, PipeId } from './pipe.ts';

export interface PipeStanding {
  /** Chunks ever accepted, visible, on their way, holes (shown, or to be shown if nothing is done), and trimmed away. */
  readonly counts: {
    readonly written: number;
    readonly visible: number;
    readonly waiting: number;
    readonly dead: number;
    /** Dead at this moment, and neither skipped nor on their way again; counted up to 1,000. */
    readonly missing: number;
    readonly trimmed: number;
  };
  readonly bytes: { readonly written: number; readonly visible: number };
  /** What was accepted and is not visible yet. */
  readonly lag: Lag;
  readonly credit: Credit;
  /** For who may read the pipe. */
  readonly groups?: readonly GroupDescription[];
  /** The pipes that it follows. */
  readonly upstreams?: readonly Upstream[];
  /** Groups of other pipes whose readers write here what they make of their chunks. */
  readonly consumes?: readonly ConsumedGroup[];
  /** States of the first chunk that can still be read, and of the tail. */
  readonly earliest: string;
  readonly tail: string;
}

/** A pipe that this one follows. */
export interface Upstream {
  readonly pipe: PipeId;
  /** Entries of its log that have been taken, and that there are as far as it has told. */
  readonly taken: number;
  readonly known: number;
  /** Entries that were trimmed before they were taken, and chunks whose name has other bytes here already. */
  readonly lost: number;
  readonly conflicts: number;
}

/** Readers of another pipe who write here what they make of its chunks. */
export interface ConsumedGroup {
  readonly pipe: PipeId;
  readonly group: PipeGroup;
}

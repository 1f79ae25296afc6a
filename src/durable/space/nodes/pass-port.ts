// What a pass over a tree is asked, and what it answers: see below.ts.
import type { JobId } from '../../../model/job.ts';
import type { PropertyInput } from '../../../model/node.ts';

/** What is done to each node of a tree. */
export type Action =
  | { readonly kind: 'remove' }
  | { readonly kind: 'set'; readonly properties: readonly PropertyInput[] }
  | { readonly kind: 'count' };

/** Which pass of a job it is: a pass that changes something is made once, and a repeat is told what the first came to. */
export interface Turn {
  readonly job: JobId;
  /** Counted from 0. */
  readonly number: number;
}

/** What one pass came to. */
export interface Passed {
  /** Give it to the next pass: the names from the head to the last node that was visited; absent when the head has had its turn. */
  readonly cursor?: readonly string[];
  readonly nodes: number;
  readonly bytes: number;
  /** Nodes that were refused, and the first few with the reason. */
  readonly errors: number;
  readonly refused: readonly string[];
}

// A stage: what it reads, what it does with each chunk, and where the results go. Without a terminal: whoever runs it hears what happens.
import type { Pipe } from '../../client/pipe.ts';
import type { GroupDescription } from '../../model/pipe-group.ts';
import type { Destination } from './deliver.ts';
import type { Feeder } from './closing.ts';
import type { Work } from './task.ts';

export interface Stage {
  readonly input: Pipe;
  /** The group as a member of which it reads; it is there: see `ensureGroup`. */
  readonly group: string;
  /** How that stands at the beginning: what members have done before. */
  readonly stood?: Pick<GroupDescription, 'acked' | 'dead' | 'lag'> | undefined;
  readonly work: Work;
  /** Absent: a chunk is acknowledged when the work has ended well. */
  readonly to?: Destination | undefined;
  /** Chunks worked on at a time. */
  readonly parallel: number;
  /** Seconds of a claim, extended while the work goes on; absent: the group's. */
  readonly lease?: number | undefined;
  /** closed: the input is closed and the group has done everything. tail: the group has done everything that is there. once: nothing is to be claimed. */
  readonly until: 'closed' | 'tail' | 'once';
  /** Seconds before a chunk that failed is tried again, after so many deliveries; default doubles from 1 to 300. */
  readonly pause?: (deliveries: number) => number;
  /** Where its temporary files go; default below the directory for them. */
  readonly scratch?: string | undefined;
  /** At its end the output is closed if these are done as well: the other groups that write there. */
  readonly closes?: (() => Promise<readonly Feeder[]>) | undefined;
  /** Aborts when it is to end: nothing more is claimed. */
  readonly signal: AbortSignal;
  /** Seconds that work under way has then to come to its end; what has not is given back. Default 10. */
  readonly grace?: number;
  readonly tell?: (event: StageEvent) => void;
}

interface OfChunk {
  readonly seq: number;
  readonly name: string;
}

export type StageEvent =
  /** The first: chunks that the group has acknowledged before, that are to be done, and that are dead for it. */
  | { readonly kind: 'group'; readonly group: string; readonly acked: number; readonly todo: number; readonly dead: number }
  | (OfChunk & { readonly kind: 'begun'; readonly deliveries: number })
  | (OfChunk & { readonly kind: 'done'; readonly outputs: readonly string[]; readonly bytes: number; readonly seconds: number })
  /** `again`: seconds until it is tried again; absent: it is dead for the group. */
  | (OfChunk & { readonly kind: 'failed'; readonly reason: string; readonly again?: number })
  /** Somebody else may have it. */
  | (OfChunk & { readonly kind: 'lost' })
  | (OfChunk & { readonly kind: 'returned' })
  /** A chunk that did not arrive in the pipe that is read. */
  | (OfChunk & { readonly kind: 'hole'; readonly reason: string })
  /** A service does not answer, and is asked again. */
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'closed' };

export interface Tally {
  readonly done: number;
  /** Tries that failed, and chunks that are dead by them. */
  readonly failed: number;
  readonly dead: number;
  readonly lost: number;
  readonly holes: number;
  /** Chunks that the group had acknowledged, and given up, when this began. */
  readonly before: { readonly acked: number; readonly dead: number };
  readonly ended: 'closed' | 'tail' | 'stopped';
}

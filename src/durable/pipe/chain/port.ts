// The messages by which pipes follow each other: what comes out of one goes into the next, each chunk once.
import type { FaultName } from '../../../faults.ts';
import type { Lineage } from '../../../model/lineage.ts';
import type { ChunkNotice, PipeId } from '../../../model/pipe.ts';
import type { NewChunk } from '../port.ts';

/** What a pipe tells those that follow it. */
export interface UpstreamNews {
  readonly pipe: PipeId;
  /** The URI of its destination. */
  readonly destination: string;
  /** Its last entry. */
  readonly pos: number;
  /** closed: nothing comes after `pos`, and nothing is missing. gone: nothing comes, because the pipe has been destroyed. */
  readonly end?: 'closed' | 'gone';
}

/** Entries of the log, as they are. */
export interface LogPart {
  readonly notices: readonly ChunkNotice[];
  /** The pos of the last one, or how far there is nothing. */
  readonly to: number;
  /** Entries after the asked pos that have been trimmed away. */
  readonly lost: number;
}

/** A chunk of the pipe that is followed, as it goes on: with its bytes, or with what keeps it from going on. */
export type Passed = {
  /** In the log of the pipe that is followed. */
  readonly pos: number;
  readonly lineage: Lineage;
} & (
  | { readonly kind: 'chunk'; readonly chunk: NewChunk }
  | {
      readonly kind: 'dead';
      readonly chunk: Pick<NewChunk, 'name' | 'size' | 'md5' | 'type'>;
      readonly fault: FaultName;
      readonly detail: string;
    }
);

export interface PipeChainPort {
  /** From here on that pipe is told what comes out of this one, from the first entry on. Safe to repeat. */
  addFollower(pipe: PipeId): Promise<void>;
  /** False: this pipe does not follow, and is not to be told any more. Safe to repeat, and to tell late. Throws ServiceBusy. */
  upstreamHas(news: UpstreamNews): Promise<boolean>;
  /** From a pipe that follows: it has taken entries up to this pos. Safe to repeat, and to tell late. */
  followerHas(pipe: PipeId, pos: number): Promise<void>;
  /** For pipes that follow; also from the tombstone. Throws PipeNotFound. */
  logAfter(pos: number, max: number): Promise<LogPart>;
}

// The messages about groups and dead chunks that a pipe's object takes.
import type { DeadClaim, GroupAnswer, GroupDescription, GroupWish } from '../../../model/pipe-group.ts';
import type { ChunkName, ChunkNotice, DeadChunk, PipeGroup } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';

/** Chunks and bytes of a claim, of which the first chunk always fits; seconds of its lease where that is not the group's. */
export interface ClaimBounds {
  readonly max: number;
  readonly maxBytes: number;
  readonly lease?: number;
}

/** What is to become of chunks that are claimed; times are milliseconds. */
export type Settling =
  | { readonly kind: 'ack' }
  /** After so many milliseconds the chunk is given out again; `reason` is what the list of dead chunks says. Not counted: as if it had not been. */
  | { readonly kind: 'nack'; readonly delay: number; readonly reason?: string; readonly counted?: boolean }
  /** The lease ends so many milliseconds from this moment; without one, as long as the group's leases are. */
  | { readonly kind: 'extend'; readonly lease?: number };

/** `{chunks, closed, lag, credit}` in JSON: ClaimPage. */
export interface ClaimText {
  readonly body: string;
  readonly chunks: number;
  readonly closed: boolean;
  /** Something comes back at this moment, epoch milliseconds; absent where only others can bring something about. */
  readonly next?: number;
}

/** What a live fence holds. `isHeld`: not acknowledged yet. */
export interface HeldChunk {
  readonly isHeld: boolean;
  /** Of the lease, epoch milliseconds. */
  readonly ends: number;
  readonly seq: number;
  readonly name: ChunkName;
  readonly md5?: string;
  readonly lineage?: ChunkNotice['lineage'];
}

export interface Paged<Item> {
  readonly items: readonly Item[];
  /** The seq after which the next page begins; absent on the last one. */
  readonly next?: number;
}

/**
 * Who may manage the pipe makes, changes and deletes its groups, because they decide what it keeps; who may read it may be one of a group's readers.
 * All throw PipeNotFound, PermissionDenied and NotAuthenticated; those that name a group GroupNotFound.
 */
export interface PipeGroupsPort {
  /** Makes the group, or changes what may be changed. Throws Conflict for another mode or start, StateTrimmed and InvalidState. */
  putGroup(principal: Principal, name: PipeGroup, wish: GroupWish): Promise<{ readonly made: boolean; readonly group: GroupDescription }>;
  getGroup(principal: Principal, name: PipeGroup): Promise<GroupDescription>;
  listGroups(principal: Principal): Promise<readonly GroupDescription[]>;
  /** What only this group had not acknowledged is released. */
  dropGroup(principal: Principal, name: PipeGroup): Promise<void>;

  /** Throws TooManyRequests and Conflict where the group has too much claimed, or dead. */
  claim(principal: Principal, name: PipeGroup, bounds: ClaimBounds): Promise<ClaimText>;
  /** Each fence by itself: throws Fenced, which names the chunks, after the others have been done. */
  settleClaims(principal: Principal, name: PipeGroup, fences: readonly string[], what: Settling): Promise<GroupAnswer>;
  /** Throws Fenced. Asked by a pipe into which somebody writes what he has made of the chunk. */
  claimed(principal: Principal, name: PipeGroup, fence: string): Promise<HeldChunk>;

  deadOfGroup(principal: Principal, name: PipeGroup, after: number, limit: number): Promise<Paged<DeadClaim>>;
  /** `retry` gives it out again, `drop` forgets it. Throws ChunkNotFound, and Conflict where it is under way again. */
  mendOfGroup(principal: Principal, name: PipeGroup, seq: number, how: 'retry' | 'drop'): Promise<GroupDescription>;

  deadChunks(principal: Principal, after: number, limit: number): Promise<Paged<DeadChunk>>;
  /** For who may manage the pipe. `retry` has it carried again; `skip` gives it up. Safe to repeat. Throws ChunkNotFound, StateTrimmed, Conflict. */
  mendChunk(principal: Principal, seq: number, how: 'retry' | 'skip'): Promise<void>;
}

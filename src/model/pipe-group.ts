// Groups of readers that share the chunks of a pipe: each chunk goes to one of them, under a lease, until it is acknowledged.
import type { ChunkName, ChunkNotice, Credit, Lag, PipeGroup } from './pipe.ts';

/** What may be changed later, but for `mode`. */
export interface GroupSettings {
  /** single: in order, one claim at a time, and nothing beyond what is not settled. shared: any number of claims at a time. */
  readonly mode: 'single' | 'shared';
  /** A chunk that was given out so often and not acknowledged is dead for the group; 0: never. */
  readonly maxDeliveries: number;
  /** Seconds that a claim lasts where it does not say. */
  readonly lease: number;
  /** Seconds without any call of its readers after which the group is deleted. */
  readonly expiresAfterIdle: number;
}

/** A chunk whose reader was killed is soon somebody else's. */
export const DEFAULT_GROUP: GroupSettings = { mode: 'shared', maxDeliveries: 5, lease: 30, expiresAfterIdle: 7 * 86_400 };

/** PUT of a group. `start`: `earliest`, `now`, or a state; only for a group that is not there yet. */
export type GroupWish = Partial<GroupSettings> & { readonly start?: string };

/** Times are ISO 8601. */
export interface GroupDescription extends GroupSettings {
  readonly group: PipeGroup;
  readonly start: string;
  readonly created: string;
  /** When it is deleted unless one of its readers calls before. */
  readonly expires: string;
  /** Everything up to here is settled: acknowledged, or dead for the group. */
  readonly state: string;
  /** What is not settled, whether given out or not. */
  readonly lag: Lag;
  /** Chunks under a lease, to be given out again, and dead for the group. */
  readonly claimed: number;
  readonly waiting: number;
  readonly dead: number;
  /** Acknowledgements ever. */
  readonly acked: number;
}

/** A chunk that is given out. A chunk of the pipe that is dead is given out, too, as the hole that readers see, and is to be acknowledged. */
export interface ClaimedChunk extends ChunkNotice {
  /** For ack, nack and extend: whoever has it has the chunk. */
  readonly fence: string;
  readonly leaseEnds: string;
  /** How often the chunk has been given out, this time included. */
  readonly deliveries: number;
}

export interface ClaimPage {
  readonly chunks: readonly ClaimedChunk[];
  /** The pipe is closed and everything in it is settled for this group. */
  readonly closed: boolean;
  readonly lag: Lag;
  readonly credit: Credit;
}

/** The answer to ack, nack and extend: chunks concerned, the repeats among them included. */
export interface GroupAnswer {
  readonly chunks: number;
  readonly lag: Lag;
  readonly credit: Credit;
}

/** A chunk that a group has given up. Its bytes are kept until it is retried or dropped, or the group ends, whatever the pipe retains. */
export interface DeadClaim {
  readonly seq: number;
  readonly pos: number;
  readonly name: ChunkName;
  readonly deliveries: number;
  readonly reason: string;
  readonly since: string;
}

/** Groups of one pipe; chunks that one group has under lease, and that may be dead for it before it gets nothing more. */
export const MAX_GROUPS = 100;
export const MAX_CLAIMED = 20_000;
export const MAX_DEAD_CLAIMS = 10_000;
/** Chunks in one claim, and fences in one call. */
export const MAX_CLAIM = 1000;
/** Seconds that a lease, or the delay of a nack, lasts at most. */
export const MAX_LEASE = 12 * 3600;
/** Characters of the reason that a reader gives with a nack. */
export const MAX_REASON = 500;
/** Milliseconds for which a repeated ack or nack of a claim that is over is recognised. */
export const CLAIM_MEMORY = 5 * 60_000;

/** What a fence says: the pos of its chunk, the claim's number, and what nobody can guess. */
export interface Fence {
  readonly pos: number;
  readonly claim: number;
  readonly secret: string;
}

export function formatFence({ pos, claim, secret }: Fence): string {
  return `${pos}.${claim}.${secret}`;
}

/** Undefined for what cannot be a fence. */
export function parseFence(text: string): Fence | undefined {
  const [, pos = '', claim = '', secret = ''] = /^(\d{1,15})\.(\d{1,15})\.([A-Za-z0-9_-]{16})$/.exec(text) ?? [];
  return secret === '' ? undefined : { pos: Number(pos), claim: Number(claim), secret };
}

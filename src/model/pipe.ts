// A pipe: what it joins, how it behaves, and what its readers are told of a chunk.
import type { GroupUri, PathScope, Principal, UserId } from './principal.ts';

/** One URL-safe path segment, unguessable; made only by `Tickets.makePipeId`. Also the name of the pipe's Durable Object. */
export type PipeId = string & { readonly __brand: 'PipeId' };
/** The name of a group of readers: 1-128 characters of letters, digits, `_`, `.` and `-`; made only by `parsePipeGroup`. */
export type PipeGroup = string & { readonly __brand: 'PipeGroup' };
/** A chunk's name: a relative path below the pipe's containers, percent-encoded; made only by `parseChunkName`. */
export type ChunkName = string & { readonly __brand: 'ChunkName' };

/** A container at one end of a pipe. */
export type PipeEnd =
  | { readonly kind: 'local'; readonly uri: string }
  /** In another VOSpace. `endpoint`: its service's base URL, where the caller gave one instead of the registry's. */
  | { readonly kind: 'foreign'; readonly uri: string; readonly endpoint?: string };

/** How long a chunk stays readable once it is visible; `age` in seconds. */
export type Retention =
  | { readonly kind: 'age'; readonly seconds: number }
  /** Until every group has acknowledged it; needs a group. */
  | { readonly kind: 'acked' }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'forever' };

export interface PipeOptions {
  /** write: chunk n is visible only after every earlier chunk is ready or dead. ready: as they complete. */
  readonly order: 'write' | 'ready';
  /** What happens where a destination name is taken by other bytes. */
  readonly onConflict: 'fail' | 'overwrite';
  /** show: readers see a dead chunk as a hole. halt: nothing becomes visible behind it until it is retried or skipped. */
  readonly onDead: 'show' | 'halt';
  /** Chunks and bytes not yet released: beyond them WriteChunk is refused. */
  readonly maxChunks: number;
  readonly maxBytes: number;
  readonly retain: Retention;
  /** A destination node goes when its chunk is trimmed, if it still has the pipe's bytes. */
  readonly reclaim: boolean;
  /** Inline chunks become destination nodes, too. */
  readonly materialise: boolean;
  /** Chunks that are carried to or from another VOSpace at a time. */
  readonly parallel: number;
  /** Chunks that another pipe brings into the source container are forwarded by themselves. */
  readonly follow: boolean;
}

export const DEFAULT_OPTIONS: PipeOptions = {
  order: 'write',
  onConflict: 'fail',
  onDead: 'show',
  maxChunks: 10_000,
  maxBytes: 1024 ** 4,
  retain: { kind: 'age', seconds: 7 * 86_400 },
  reclaim: false,
  materialise: false,
  parallel: 4,
  follow: true,
};

/** Who may do what with a pipe. Its owner and administrators may everything; who manages may write and read, who writes may not read by that. */
export interface PipeAccess {
  readonly owner: UserId;
  readonly write: readonly GroupUri[];
  readonly read: readonly GroupUri[];
  readonly manage: readonly GroupUri[];
}

export type PipeAction = 'read' | 'write' | 'manage';

export function mayPipe(access: PipeAccess, principal: Principal, action: PipeAction): boolean {
  if (principal.kind === 'anonymous') return false;
  if (principal.admin || principal.id === access.owner) return true;
  const isIn = (groups: readonly GroupUri[]): boolean => principal.groups.some((group) => groups.includes(group));
  return isIn(access.manage) || (action !== 'manage' && isIn(access[action]));
}

/** What CreatePipe has fixed; `options` and `access` alone may be changed later. */
export interface PipeDefinition {
  readonly id: PipeId;
  readonly source: PipeEnd;
  readonly destination: PipeEnd;
  readonly options: PipeOptions;
  readonly access: PipeAccess;
  /** The service's own base URL as its creator knows it: the pipe never goes out to there. */
  readonly base: string;
  /** Of the token that it was created with: the pipe never does more than that could. */
  readonly scopes?: readonly PathScope[];
  /** Once it has been destroyed: what it has delivered goes with a destination that was made for it. */
  readonly purge?: boolean;
  /** Epoch milliseconds. */
  readonly created: number;
}

/**
 * creating: its containers and registrations are being made. open. closed: nothing more is written. authRequired: the owner has lost a right, or a
 * credential has run out: nothing is carried until that is mended. destroying: a tombstone that still has to clear away. destroyed: one that has done so.
 */
export type PipeCondition = 'creating' | 'open' | 'closed' | 'authRequired' | 'destroying' | 'destroyed';

/** How much lies before a reader: chunks and bytes accepted and not read yet, and for how many seconds the oldest of them has been waiting. */
export interface Lag {
  readonly chunks: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Room left before the pipe is full. */
export interface Credit {
  readonly chunks: number;
  readonly bytes: number;
}

/** A chunk as readers see it. Once visible it never changes; `url` and `expires` are made for each answer. Times are ISO 8601. */
export interface ChunkNotice {
  readonly seq: number;
  readonly pos: number;
  readonly name: ChunkName;
  /** Of the node at the destination; absent for an inline chunk that has none, and for a dead one. */
  readonly uri?: string;
  readonly size: number;
  /** Lower-case hex; absent where nobody knows it. */
  readonly md5?: string;
  readonly type?: string;
  readonly status: 'ready' | 'dead';
  /** Why it is dead: a fault's name and text. */
  readonly reason?: string;
  /** How the bytes were checked where not by their MD5. */
  readonly verified?: 'length-only';
  /** The pos of the dead entry that this one makes good. */
  readonly replaces?: number;
  /** Base64: the bytes of an inline chunk. */
  readonly data?: string;
  /** The pipes that it has passed before this one, the first first. */
  readonly lineage?: readonly { readonly pipe: PipeId; readonly seq: number; readonly name: ChunkName; readonly md5?: string }[];
  readonly written: string;
  readonly ready?: string;
  /** Opens the pinned bytes until `expires`. */
  readonly url?: string;
  readonly expires?: string;
}

/** A chunk of the pipe that is dead: a hole that readers see (`pos`), or one that stands in their way. */
export interface DeadChunk {
  readonly seq: number;
  readonly name: ChunkName;
  readonly size: number;
  readonly md5?: string;
  readonly reason: string;
  readonly pos?: number;
  readonly written: string;
}

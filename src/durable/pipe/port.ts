// What a pipe's Durable Object offers to the service: the messages that cross the RPC border.
import type { FaultName } from '../../faults.ts';
import type { Lineage } from '../../model/lineage.ts';
import type { ChunkName, Credit, Lag, PipeAction, PipeCondition, PipeDefinition, PipeGroup, PipeId } from '../../model/pipe.ts';
import type { GroupDescription } from '../../model/pipe-group.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Authority } from '../../model/vos-uri.ts';
import type { ObjectKey } from '../../objects/port.ts';
import type { ConsumedGroup, Passed, PipeChainPort, UpstreamState } from './chain/port.ts';
import type { HeldThere, PipeEndingPort } from './ending/port.ts';
import type { PipeSettingsPort } from './settings-port.ts';
import type { PipeGroupsPort } from './groups/port.ts';

/** Bytes that a chunk is pinned to: they lie in the store container of `home`, and `space` holds them for the pipe under `holder`. */
export interface Pinned {
  readonly space: SpaceId;
  readonly home: SpaceId;
  readonly key: ObjectKey;
  readonly holder: string;
}

/** A chunk as it comes in. */
export interface NewChunk {
  readonly name: ChunkName;
  readonly size: number;
  /** Lower-case hex. */
  readonly md5?: string;
  readonly type?: string;
  /**
   * Where its bytes are: pinned in this service, in the call itself (base64), or in another VOSpace, pinned by what is stated here.
   * `sized`: the caller has stated the size; else `size` is 0 until the chunk has been delivered.
   */
  readonly bytes:
    | { readonly kind: 'pinned'; readonly pinned: Pinned }
    | { readonly kind: 'inline'; readonly data: string }
    | { readonly kind: 'foreign'; readonly sized: boolean };
  /** The pipes that it has passed before this one. */
  readonly lineage?: Lineage;
}

/** What a user entrusts to the pipe for one other VOSpace, sealed for this pipe by service/pipes/credentials.ts; nothing of it is ever answered. */
export interface SealedCredential {
  readonly authority: Authority;
  readonly sealed: string;
}

/** The claimed chunk of another pipe that these chunks are made of. */
export interface ConsumedChunk {
  readonly pipe: PipeId;
  readonly group: PipeGroup;
  readonly seq: number;
  readonly fence: string;
  /** Which of the outputs of that chunk this is: the first under this name wins. */
  readonly output: string;
  /** The claim is acknowledged when the chunks are durable. */
  readonly ack: boolean;
  /** It was not acknowledged before. */
  readonly isHeld: boolean;
}

export interface Append {
  readonly principal: Principal;
  /** Accepted together, or none. Repeats of a name in it keep the first seq. */
  readonly chunks: readonly NewChunk[];
  /** Bytes whose hold was asked for before this are not taken any more, epoch milliseconds: their Space may have let them go. Absent where nothing is pinned. */
  readonly pinnedAt?: number;
  /** The Idempotency-Key, with a digest of the request: another request under the same key is Conflict. */
  readonly key?: { readonly text: string; readonly digest: string };
  readonly consumed?: ConsumedChunk;
  /** Nothing is written after these. `total`: chunks that there are then, checked against the seq of the last one. */
  readonly final?: { readonly total?: number };
}

export interface Appended {
  readonly chunks: readonly { readonly name: ChunkName; readonly seq: number; readonly duplicate: boolean }[];
  readonly credit: Credit;
}

export interface ReadRequest {
  readonly principal: Principal;
  /** As the client sent it. */
  readonly state: string | undefined;
  /** Chunks and bytes of a page. The first chunk always fits. */
  readonly max: number;
  readonly maxBytes: number;
  /** Whether the chunks have signed URLs. */
  readonly urls: boolean;
}

/** A page as it goes to the client: `{chunks, state, upToDate, closed, lag}` in JSON. */
export interface Page {
  readonly body: string;
  readonly state: string;
  readonly chunks: number;
  readonly upToDate: boolean;
  /** Nothing more will come after this page. */
  readonly closed: boolean;
}

/** A visible chunk's bytes: in the store, or in the pipe itself (base64). */
export interface ChunkBytes {
  readonly name: string;
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
  /** Epoch milliseconds. */
  readonly ready: number;
  readonly bytes:
    | { readonly kind: 'stored'; readonly home: SpaceId; readonly key: ObjectKey }
    | { readonly kind: 'inline'; readonly data: string };
}

/** What a Worker may believe for CACHE_LIFE: the pipe checks everything again. */
export interface Glance {
  readonly definition: PipeDefinition;
  readonly condition: PipeCondition;
}

export interface PipeDescription extends Glance {
  /** Why it is authRequired or destroying; the dead chunk that halts it. */
  readonly reason?: string;
  /** Chunks ever accepted, visible, on their way, holes (shown, or to be shown if nothing is done), and trimmed away. */
  readonly counts: {
    readonly written: number;
    readonly visible: number;
    readonly waiting: number;
    readonly dead: number;
    readonly trimmed: number;
  };
  readonly bytes: { readonly written: number; readonly visible: number };
  /** What was accepted and is not visible yet. */
  readonly lag: Lag;
  readonly credit: Credit;
  /** For who may read the pipe. */
  readonly groups?: readonly GroupDescription[];
  /** The pipes that it follows. */
  readonly upstreams?: readonly UpstreamState[];
  /** Groups of other pipes whose readers write here what they make of their chunks. */
  readonly consumes?: readonly ConsumedGroup[];
  /** States of the first entry that can still be read, and of the tail. */
  readonly earliest: string;
  readonly tail: string;
}

/** Who made the pipe's containers: what DestroyPipe takes away again. */
export interface Founding {
  readonly definition: PipeDefinition;
  /** Who creates it, and with whose rights the creation is gone on with. */
  readonly principal: Principal;
  /** The creation must be over by then, or it is taken up again; epoch milliseconds. */
  readonly deadline: number;
  readonly credentials?: readonly SealedCredential[];
}

/** The same methods with what they take and answer as JSON. */
export interface PipeTextPort {
  appendText(append: string): Promise<string>;
}

/** Throws PipeNotFound for a pipe that was never made, and PipeDestroyed where that has just happened to someone who waits. */
export interface PipePort extends PipeChainPort, PipeEndingPort, PipeSettingsPort, PipeGroupsPort {
  /**
   * The first half of CreatePipe. A repeat finds what is there; Conflict when that is another definition, ServiceBusy while an earlier try is being
   * taken back.
   */
  found(founding: Founding): Promise<PipeDescription>;
  /** The second half: the containers and registrations are there. */
  opened(): Promise<PipeDescription>;
  glance(): Promise<Glance | undefined>;
  /** Throws PermissionDenied unless the principal may at least read. */
  describe(principal: Principal): Promise<PipeDescription>;
  /** Throws PermissionDenied, and PipeDestroyed or PipeNotFound. */
  check(principal: Principal, action: PipeAction): Promise<Glance>;

  /** Throws ChunkNameInUse, PipeFull, PipeClosed, AuthRequired, Conflict. Durable when it answers. */
  append(append: Append): Promise<Appended>;
  /** What was answered under this key before. */
  repeated(principal: Principal, key: NonNullable<Append['key']>): Promise<Appended | undefined>;
  /** Closes: nothing is written any more. Safe to repeat. */
  close(principal: Principal, final: NonNullable<Append['final']>): Promise<PipeDescription>;
  /** In place of those that it has for the same authorities. What waits for them (authRequired) goes on at once. For who may manage the pipe. */
  setCredentials(principal: Principal, credentials: readonly SealedCredential[]): Promise<PipeDescription>;
  read(request: ReadRequest): Promise<Page>;
  /** Throws ChunkNotFound for a chunk that is not visible, dead, or trimmed away. */
  chunk(principal: Principal, seq: number): Promise<ChunkBytes>;
  /** To the Space that holds bytes under these names: which of the keys are to be kept of each. Nothing is added under a name from then on. */
  askHolders(asked: readonly { readonly holder: string; readonly keys: readonly string[] }[]): Promise<readonly (readonly string[])[]>;

  /** What the attempt has to do; undefined when it has been overtaken. */
  begin(id: string, attempt: number): Promise<PipeTask | undefined>;
  /** False: stop, the attempt has been overtaken. */
  report(id: string, attempt: number, report: TaskReport): Promise<boolean>;
  /** A sign of life in the middle of a task. False: stop. */
  renew(id: string, attempt: number): Promise<boolean>;
  yield(id: string, attempt: number): Promise<void>;
}

/** A chunk on its way, as the Carrier needs it. */
export interface TravelChunk {
  readonly seq: number;
  readonly name: ChunkName;
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
  readonly bytes: NewChunk['bytes'];
}

/** What a Carrier does for a pipe, under the id of a row of `work`. */
export type PipeTask = {
  readonly definition: PipeDefinition;
  /** When its lease ends, epoch milliseconds: what comes later is fenced off. */
  readonly until: number;
  readonly credentials: readonly SealedCredential[];
} & (
  | /** `place`: the destination gets nodes of bytes that are in this service already. */ {
      readonly kind: 'place';
      readonly chunks: readonly TravelChunk[];
    }
  /** `chunk:SEQ`: bytes that come from or go to another VOSpace. */
  | { readonly kind: 'carry'; readonly chunk: TravelChunk; readonly attempt: number; readonly checkpoint: unknown }
  /** `chunk:SEQ`: the chunk is dead or its pipe is being destroyed. What its attempts have left half done is taken back. */
  | { readonly kind: 'clear'; readonly chunk: TravelChunk; readonly checkpoint: unknown }
  /** `create`: the creation is gone on with. */
  | { readonly kind: 'create'; readonly principal: Principal }
  /** `destroy`: what is held is let go; when nothing is, the containers and lists are told. */
  | { readonly kind: 'destroy'; readonly held: readonly HeldThere[] }
  /** `link`: pipes that this one follows, or that follow it, are looked for. */
  | { readonly kind: 'link' }
  /** `follow:PIPE`: entries of another pipe's log after this pos are taken; `known`: as many as it has told of. */
  | { readonly kind: 'follow'; readonly upstream: PipeId; readonly after: number; readonly known: number }
);

/** How one chunk has ended, or that it is to be tried again. */
export type Delivery =
  | {
      readonly kind: 'ready';
      readonly seq: number;
      /** Of the bytes as they are at the destination; where the source is foreign, what is known from here on. */
      readonly size?: number;
      readonly md5?: string;
      readonly type?: string;
      readonly verified?: 'length-only';
      /** Where they are read from, unless that is where the chunk was pinned. */
      readonly pinned?: Pinned;
    }
  | { readonly kind: 'dead'; readonly seq: number; readonly fault: FaultName; readonly detail: string }
  /** Not its fault: it stays where it is in the queue. */
  | { readonly kind: 'later'; readonly seq: number };

export type TaskReport =
  /** `place` goes on with the next chunks; a carried chunk has ended. */
  | { readonly kind: 'delivered'; readonly deliveries: readonly Delivery[] }
  /** `proves`: bytes have moved, so that no right is lacking. */
  | { readonly kind: 'more'; readonly checkpoint: unknown; readonly pause?: number; readonly proves?: true }
  /**
   * The task may work later, after `retryAfter` milliseconds where that is known. After the last attempt the chunk is dead. `checkpoint`: what
   * the next attempt begins with, if not the last one's.
   */
  | {
      readonly kind: 'failed';
      readonly fault: FaultName;
      readonly detail: string;
      readonly retryAfter?: number;
      readonly checkpoint?: unknown;
    }
  /** The owner has no right any more: the pipe is authRequired, and no attempt is used up. */
  | { readonly kind: 'authRequired'; readonly detail: string }
  /** Everything has been taken back, or cleared away, or is linked. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'letGo'; readonly holders: readonly string[] }
  /** What there is in another pipe's log after `after` and up to `to`; the bytes were pinned not before `pinnedAt`, epoch milliseconds. */
  | {
      readonly kind: 'followed';
      readonly after: number;
      readonly to: number;
      readonly lost: number;
      readonly pinnedAt: number;
      readonly passed: readonly Passed[];
    };

// What a pipe's Durable Object offers to the service: the messages that cross the RPC border.
import type { ChunkRequest } from '../../model/json/pipe-write.ts';
import type { Lineage } from '../../model/lineage.ts';
import type { ChunkName, Credit, PipeAction, PipeCondition, PipeDefinition, PipeGroup, PipeId } from '../../model/pipe.ts';
import type { PipeStanding } from '../../model/pipe-standing.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Authority } from '../../model/vos-uri.ts';
import type { ObjectKey } from '../../objects/port.ts';
import type { Call } from '../space/port.ts';
import type { PipeChainPort } from './chain/port.ts';
import type { PipeEndingPort } from './ending/port.ts';
import type { PipeSettingsPort } from './settings-port.ts';
import type { PipeGroupsPort } from './groups/port.ts';
import type { PipeWorkPort } from './work/port.ts';

/** Bytes that a chunk is pinned to: they lie in the store container of `home`, and `space` holds them for the pipe under `holder`. */
export interface Pinned {
  readonly space: SpaceId;
  readonly home: SpaceId;
  readonly key: ObjectKey;
  readonly holder: string;
}

/** What a writer says of a chunk that is to be found. `md5` in lower-case hex. */
export type Stated = Pick<NewChunk, 'name' | 'md5'> & { readonly size?: number };

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

/** Chunks that are nodes of a source in this service. */
export interface NodeWrite {
  readonly append: Omit<Append, 'chunks' | 'pinnedAt'>;
  readonly wanted: readonly ChunkRequest[];
  readonly lineage?: Lineage;
  /** The Space of the source container, how the writer calls it, and the pipe's owner, who must be able to read there, too. */
  readonly source: { readonly space: SpaceId; readonly call: Call; readonly owner: Principal };
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

export interface PipeDescription extends Glance, PipeStanding {
  /** Why it is authRequired or destroying; the dead chunk that halts it. */
  readonly reason?: string;
}

/** What CreatePipe begins with. */
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
  /** An empty text stands for undefined. */
  writeNodesText(write: string): Promise<string>;
}

/** Throws PipeNotFound for a pipe that was never made, and PipeDestroyed where that has just happened to someone who waits. */
export interface PipePort extends PipeChainPort, PipeEndingPort, PipeSettingsPort, PipeGroupsPort, PipeWorkPort {
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
  /**
   * Throws PermissionDenied, and PipeDestroyed or PipeNotFound; where the pipe is not closed ChunkNameInUse, if other bytes than are stated went
   * through under a name.
   */
  check(principal: Principal, action: PipeAction, stated?: readonly Stated[]): Promise<Glance>;

  /** Throws ChunkNameInUse, PipeFull, PipeClosed, AuthRequired, Conflict. Durable when it answers. */
  append(append: Append): Promise<Appended>;
  /**
   * Pins what these names have, and appends it. Undefined: nothing has been taken, because what is to be pinned is to be looked at, or refused, by
   * the caller.
   */
  writeNodes(write: NodeWrite): Promise<Appended | undefined>;
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
}

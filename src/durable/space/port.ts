// What a Space offers to the service: the messages that cross the RPC border.
import type { Listing, NodeType, PropertyInput } from '../../model/node.ts';
import type { JobId } from '../../model/job.ts';
import type { Access } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { ObjectInfo, ObjectKey, StoreContainer } from '../../objects/port.ts';
import type { AdoptPort } from './adopt/port.ts';
import type { Action, Passed, Turn } from './nodes/pass-port.ts';
import type { OperatorPort } from './operator/port.ts';
import type { PipeEndRecord, SpacePipesPort } from './pipes/port.ts';
import type { RelocationPort } from './relocation/port.ts';
import type { SearchPort } from './search/port.ts';
import type { Asked, PartsPort } from './uploads/parts-port.ts';
import type { SpaceSharesPort } from './nodes/shares-port.ts';

/** Every call says under which name the caller found the Space, so that a stale cache is noticed: the Space throws an Error named Moved. */
export interface Call {
  readonly name: string;
  readonly path: readonly string[];
  /** The URI the client used: the only thing a refusal may show. */
  readonly uri: string;
  readonly principal: Principal;
}

export interface Quota {
  readonly bytes: number;
  readonly used: number;
  readonly reserved: number;
}

/** A node as it stands in the Space. */
export interface NodeState {
  readonly name: string;
  readonly type: NodeType;
  /** False: the caller may see that it is there, and nothing else. */
  readonly readable: boolean;
  readonly writable: boolean;
  readonly access: Access;
  readonly immutable: boolean;
  readonly locked: boolean;
  readonly target: string | undefined;
  readonly size: number;
  readonly md5: string | undefined;
  readonly created: number;
  readonly dataChanged: number;
  readonly changed: number;
  readonly busy: boolean;
  /** No bytes have ever been committed, and an upload is to bring the first. */
  readonly pending: boolean;
  readonly properties: readonly { readonly uri: string; readonly value: string }[];
  readonly quota: Quota | undefined;
  /** In the root Space: where the container really lives. */
  readonly mount: SpaceId | undefined;
}

export interface Reading {
  readonly node: NodeState;
  /** Absent for other types than containers, and when the listing has limit 0. */
  readonly children?: readonly NodeState[];
  /** The name that the next page begins with; absent on the last one. */
  readonly next?: string;
  /** What it is sorted by, unless that is the name. */
  readonly nextKey?: number;
  /** The key of its bytes, where they are an object that was adopted. */
  readonly adopted?: ObjectKey;
  /** Of a container at an end of pipes. */
  readonly pipes?: readonly PipeEndRecord[];
  /** Uploads under way on the node itself that are worth a look in the store, because a client has asked for the node. */
  readonly uploads: readonly string[];
}

export interface Creation {
  readonly type: NodeType;
  readonly properties: readonly PropertyInput[];
  readonly target?: string;
  /** Another owner than the caller: for the container that a user gets. */
  readonly owner?: string;
}

/** Bytes to be read: where they are, and what the headers of the answer say. */
export type Located =
  | {
      readonly kind: 'bytes';
      readonly node: NodeState;
      readonly container: StoreContainer;
      readonly key: ObjectKey | undefined;
      /** The Space in whose store container the bytes lie, where that is another than this one's. */
      readonly home?: SpaceId;
      readonly uploads: readonly string[];
    }
  /** A link stands in the way: `rest` is what follows it in the path. */
  | { readonly kind: 'link'; readonly target: string; readonly rest: readonly string[] };

/** A node of a tree; `path` is relative to the tree's top, with names joined by `/`, and empty for the top itself. */
export type TreeEntry =
  | {
      readonly path: string;
      readonly type: NodeType;
      readonly omitted?: undefined;
      /** Of the bytes, or of the entry where there are none. */
      readonly modified: number;
      readonly size: number;
      readonly key: ObjectKey | undefined;
      /** The Space in whose store container the bytes lie, where that is another than this one's. */
      readonly home?: SpaceId;
      readonly target: string | undefined;
    }
  /** The caller may not read it, or no bytes of it have been committed yet. */
  | { readonly path: string; readonly type: NodeType; readonly omitted: 'denied' | 'pending' };

export type Tree =
  | {
      readonly kind: 'tree';
      readonly container: StoreContainer;
      readonly entries: readonly TreeEntry[];
      /** Some of the uploads under way in it. */
      readonly uploads: readonly string[];
    }
  | { readonly kind: 'link'; readonly target: string; readonly rest: readonly string[] };

export interface Reserve {
  readonly id: string;
  readonly key: ObjectKey;
  /** True: the client gets a signed URL for the key, so its bytes must be sealed. */
  readonly signed: boolean;
  readonly length: number | undefined;
  /** The node's properties are cleared at commit (VOSpace 2.1 section 6.4.1.2). */
  readonly clears: boolean;
  /** False: the caller's token lets it make nodes, but not replace what is there. */
  readonly replaces: boolean;
  readonly asked?: Asked;
  /** RFC 9110 section 13.1: entity tags without quotes, or `*`. Checked against the bytes now, and once more at commit. */
  readonly condition?: { readonly match?: readonly string[]; readonly noneMatch?: readonly string[] };
  /** Epoch milliseconds: the end of the signed URL, and of a ticket for the same upload. */
  readonly expires: number;
  /** Told how the upload ends. */
  readonly job?: JobId | undefined;
  /** The same id asks for the same upload again, and it waits a day for its bytes, or longer once they come: a job's steps bring them. */
  readonly named?: string | undefined;
}

export type Reserved =
  /** The path is a container's: the bytes may go inside, to a name of their own. */
  | { readonly kind: 'container' }
  | {
      readonly kind: 'reserved';
      readonly container: StoreContainer;
      readonly prepared: boolean;
      readonly path: readonly string[];
      readonly created: boolean;
      /** There was such an upload already; `path` is where it leads, from the top-level container on. */
      readonly repeats?: boolean;
    }
  | { readonly kind: 'link'; readonly target: string; readonly rest: readonly string[] };

/** The right to settle an upload, for as long as the lease lasts. */
export type Claim =
  | {
      readonly kind: 'claimed';
      readonly attempt: number;
      readonly container: StoreContainer;
      readonly key: ObjectKey;
      readonly sealed: boolean;
      readonly sealTo: ObjectKey;
      readonly last: boolean;
      /** The sweep knows of `sealTo` already: there is no need for beginSeal. */
      readonly sealing: boolean;
      readonly asked: Asked;
    }
  | { readonly kind: 'closed'; readonly outcome: Outcome }
  | { readonly kind: 'waiting' };

/** What an upload's bytes have become in the store. */
export interface Sealed extends ObjectInfo {
  /** It refers to the bytes under the key of the upload, which stay. */
  readonly keeps: boolean;
  /** Of its parts, see model/parts-digest.ts; becomes a property of the node with the bytes. */
  readonly digest?: string;
}

export interface Outcome {
  /** `committed`, or the name of the fault that ended the upload. */
  readonly result:
    | 'committed'
    | 'PreconditionFailed'
    | 'NodeBusy'
    | 'QuotaExceeded'
    | 'NodeNotFound'
    | 'TransferFailed'
    | 'PermissionDenied'
    | 'NodeLocked';
  readonly detail: string;
}

export interface AuditEntry {
  readonly id: number;
  readonly time: number;
  readonly principal: string;
  readonly action: string;
  readonly path: string;
  readonly detail: string;
}

/** `read`, `create` and `pinChunks` by JSON: a list of their arguments in, the answer out. */
export interface TextPort {
  readText(asked: string): Promise<string>;
  createText(asked: string): Promise<string>;
  pinText(asked: string): Promise<string>;
}

export interface SpacePort extends AdoptPort, OperatorPort, RelocationPort, SearchPort, SpaceSharesPort, PartsPort, SpacePipesPort {
  /** Makes the Space under a name. It expects to be attached to the root before `deadline`, else it removes itself. */
  found(id: SpaceId, name: string, owner: string, creation: Creation, quota: number | undefined, deadline: number): Promise<NodeState>;
  /** The root leads to it: it stays, and tells the root which properties its nodes have. */
  attached(): Promise<void>;
  /**
   * The node, and a page of its children. This and what follows with a Call throw the standard's faults in the order of the path:
   * PermissionDenied or NotAuthenticated at the first container that the caller may not read, LinkFound at a link on the way, NodeNotFound.
   */
  read(call: Call, listing: Listing): Promise<Reading>;
  /** Throws ContainerNotFound, DuplicateNode, InvalidArgument for a property's value, NodeLocked. */
  create(call: Call, creation: Creation): Promise<{ readonly node: NodeState; readonly name: string }>;
  /**
   * Changes properties, permissions, quota or target; the type is only compared. Throws InvalidArgument, NodeLocked, and PreconditionFailed
   * if the node's description has none of `tags`.
   */
  update(call: Call, creation: Creation, tags?: readonly string[]): Promise<NodeState>;
  /** With all that hangs below it, or not at all. Throws PermissionDenied and NodeLocked for what is below, too. */
  remove(call: Call): Promise<void>;
  /** Does the same to every node of a tree, in batches: see `passBelow`. */
  pass(call: Call, cursor: readonly string[] | undefined, action: Action, turn?: Turn): Promise<Passed>;
  /** Within this Space, one transaction however much hangs below the node. Done at most once under one token. */
  move(call: Call, to: Call, token?: string): Promise<void>;

  /** Where a node's bytes are; a link on the way or at the end is answered, not followed. */
  locate(call: Call): Promise<Located>;
  /** Everything below a node at one moment. Throws RequestEntityTooLarge for more than `most` nodes. */
  tree(call: Call, most: number): Promise<Tree>;
  /** Begins an upload. Throws QuotaExceeded, PreconditionFailed, TooManyRequests, NodeLocked. */
  reserve(call: Call, request: Reserve): Promise<Reserved>;
  /** The store container is there, with temp URL keys of this epoch. */
  prepared(epoch: number): Promise<void>;
  /**
   * The right to look for the upload's bytes and to seal and commit them, for one attempt at a time. `insists`: whoever asks knows that
   * the bytes have arrived, and does not wait because somebody has just looked in vain.
   */
  claim(upload: string, insists?: boolean): Promise<Claim>;
  /** As claim, for a request that is about to stream the bytes itself, to `sealTo`. */
  take(upload: string): Promise<Claim>;
  /** Before anything is sealed: false when the attempt has been overtaken. */
  beginSeal(upload: string, attempt: number): Promise<boolean>;
  /** To be called every few minutes while bytes are being streamed: a stream that has died is noticed within ten. */
  renew(upload: string, attempt: number): Promise<void>;
  /** The node swings to the bytes, or the upload ends with a fault. Throws NodeBusy when another attempt has taken over. */
  commit(upload: string, attempt: number, sealed: Sealed): Promise<Outcome>;
  /** The attempt found nothing yet, or could not reach the store. */
  release(upload: string, attempt: number): Promise<void>;
  /** The upload cannot succeed: what it brought is swept. */
  fail(upload: string, outcome: Outcome): Promise<Outcome>;

  /** Root only: the Space that a top-level name leads to. */
  mountOf(name: string): Promise<SpaceId | undefined>;
  /** Root only: whether any name leads to this Space. */
  isMounted(mount: SpaceId): Promise<boolean>;
  /**
   * Root only: the name leads to the Space from here on. Throws DuplicateNode; ServiceBusy while a backup is being restored, unless `backup`
   * is the one; Conflict after `before`, epoch milliseconds.
   */
  attach(call: Call, mount: SpaceId, state: NodeState, backup?: string, before?: number): Promise<void>;
  /** Root only: cuts the container off; the Space is then destroyed through the outbox. */
  detach(call: Call): Promise<void>;
  /** Root only: what listings show of a top-level container. */
  project(mount: SpaceId, revision: number, state: NodeState): Promise<void>;
  /** Root only: the Space hears of it through the outbox, if not at once. Done at most once under one token. Throws DuplicateNode. */
  rename(call: Call, to: string, token?: string): Promise<void>;
  /** The root has given the Space another name; an older revision than the last changes nothing. */
  renamed(name: string, revision: number): Promise<void>;
  /** Throws what would stop the caller from deleting this whole Space. */
  checkDestroyable(call: Call): Promise<void>;

  /** These leftovers have been deleted from the store; some come due once more. */
  swept(keys: readonly string[]): Promise<void>;
  /** Which of these keys no row knows. */
  unknown(keys: readonly string[]): Promise<readonly string[]>;
  /** Dooms those that still no row knows, and answers them. Throws Conflict in a restored Space that is not confirmed. */
  discard(keys: readonly string[]): Promise<readonly string[]>;
  /** Where its bytes lie in the store; undefined: there is no Space of this id. */
  container(): Promise<StoreContainer | undefined>;
  /** Dooms all that is in it. It vanishes when the last of its bytes have been swept. */
  destroy(): Promise<void>;
  /** Root only: the property URIs that a Space's nodes have. An older revision than the last changes nothing, nor does a Space without a name. */
  noteProperties(space: SpaceId, revision: number, uris: readonly string[]): Promise<void>;
  /** The property URIs of its nodes; of the root: those of all Spaces. At most 2,000. */
  usedProperties(): Promise<readonly string[]>;
  /** Entries after the one numbered `after`, at most `limit`, oldest first; with `path` those of this name alone. */
  audit(after: number, limit: number, path?: string): Promise<readonly AuditEntry[]>;
}

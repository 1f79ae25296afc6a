// What Spaces offer for copies and moves of trees: a tree departs from one Space and arrives, page by page and unseen, in another or in the same.
import type { NodeType } from '../../../model/node.ts';
import type { Access } from '../../../model/permission.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { Call, NodeState } from '../port.ts';

export type RelocationKind = 'copy' | 'move';

/** A node on its way. What a copy takes from its new place is absent there: permissions, times, flags and quotas. */
export interface TravelNode {
  /** Of a container in the Space it comes from: what its children are asked for with. */
  readonly id?: number;
  readonly name: string;
  readonly type: NodeType;
  readonly target?: string;
  readonly size: number;
  readonly md5?: string;
  /** Index in the page's `objects`. */
  readonly object?: number;
  /** Index in the page's `access`. */
  readonly access?: number;
  readonly immutable?: true;
  readonly locked?: true;
  readonly created?: number;
  readonly dataChanged?: number;
  readonly changed?: number;
  readonly quota?: number;
  /** Pairs of an index in the page's `uris` and a value. */
  readonly properties?: readonly (readonly [number, string])[];
}

/** Bytes that nodes on their way refer to. `source`: the uploaded key that must live as long as this one. */
export interface TravelBytes {
  readonly key: string;
  readonly source: string | null;
  readonly size: number;
  /** The Space in whose store container they lie. */
  readonly home: SpaceId;
}

export interface Page {
  readonly access: readonly Access[];
  readonly uris: readonly string[];
  readonly objects: readonly TravelBytes[];
  /** Children by container, in the order in which they were asked for. `last`: there may be more of this container, after this name. */
  readonly groups: readonly { readonly origin: number; readonly nodes: readonly TravelNode[]; readonly last?: string }[];
}

export interface DepartRequest {
  readonly kind: RelocationKind;
  /** Under which the bytes are held for another Space; absent within one Space. */
  readonly holder?: string;
}

export interface PageRequest extends DepartRequest {
  /** The head of the tree. */
  readonly origin: number;
  /** Containers whose children are to be read, and after which name in the first of them. */
  readonly containers: readonly number[];
  readonly after: string;
  readonly limit: number;
}

export interface ArriveRequest {
  readonly token: string;
  readonly kind: RelocationKind;
  readonly source: SpaceId;
  /** The tree becomes this whole Space, which is not below the root yet. */
  readonly whole: boolean;
}

/** How far an arrival is. */
export interface ArrivalState {
  /** gone: it was given up, and nothing of it will be seen. */
  readonly state: 'open' | 'attached' | 'gone';
  /** Every page has come. */
  readonly whole: boolean;
  readonly nodes: number;
  readonly bytes: number;
  /** The page was outdated when it came: bytes in it had been removed meanwhile. */
  readonly outdated?: true;
}

export interface RelocationPort {
  /** Its number; undefined: it was begun before under this token, and has been given up. Begins an arrival below the call's parent: nothing is visible before `attachArrival`. Throws what creating the node would. */
  arrive(call: Call, request: ArriveRequest): Promise<number | undefined>;
  /** The head of the tree, from `depart`. Repeats are recognised. */
  begin(arrival: number, head: string): Promise<void>;
  /** Asks the source for the next page, at most so many nodes, and writes it. `from` is the tree's call at its Space. Safe to repeat, also at the same time. */
  pull(arrival: number, from: Call, most?: number): Promise<ArrivalState>;
  arrivalState(arrival: number): Promise<ArrivalState>;
  /** The commit point. Throws what creating the node would, and QuotaExceeded; nothing is visible then. */
  attachArrival(arrival: number, to: Call): Promise<ArrivalState>;
  /** Gives the arrival up unless it is attached; the answer says which. */
  revoke(arrival: number): Promise<ArrivalState>;

  /** Throws Moved when the Space does not have the call's name. */
  checkName(call: Call): Promise<void>;
  /** Throws InvalidArgument when something in the Space would have a path that is too long under this name. */
  checkRename(call: Call, to: string): Promise<void>;
  /** The head of a tree that is to be copied or moved, as a Page in JSON. A move to another Space freezes the tree for a while. */
  depart(call: Call, request: DepartRequest): Promise<string>;
  /** Nodes below, as a Page in JSON; their bytes are held for the holder from then on. */
  page(call: Call, request: PageRequest): Promise<string>;
  /** The tree that has arrived in another Space under this holder's name is no longer here; or it never will be. */
  departed(holder: string, origin: number, arrived: boolean): Promise<void>;

  /** Holds bytes that lie here for a holder elsewhere. Those that are not there any more are answered, and the others held. */
  keep(holder: string, keys: readonly string[]): Promise<readonly string[]>;
  /** Nothing is added to the holder any more; without `keeps` everything is let go. */
  close(holder: string, keeps: boolean): Promise<void>;
  letGo(holder: string, keys: readonly string[]): Promise<void>;
  /** To a holder: what has become of the arrival, and which of these keys it has by it. Gives the arrival up unless it is attached or at work. */
  askArrival(
    arrival: number,
    origin: number | undefined,
    keys: readonly string[],
  ): Promise<{
    readonly state: ArrivalState['state'];
    readonly held: readonly string[];
  }>;
  /** After a restore: what the bytes elsewhere that nodes here refer to are held for again, and where. */
  reclaim(): Promise<readonly SpaceId[]>;
  /** The same at the home: makes what is missing there. */
  reclaimed(id: SpaceId, holder: string, objects: readonly TravelBytes[]): Promise<void>;

  /** Root only: the container that lived in this Space has arrived elsewhere. */
  left(mount: SpaceId): Promise<void>;
  /** Root only: Spaces that have no name any more and still hold bytes for others. */
  ghosts(): Promise<readonly SpaceId[]>;
  noteGhost(space: SpaceId, isThere: boolean): Promise<void>;
  /** For a Space that is made of an arrival. */
  top(): Promise<NodeState>;
}

// What a Space offers to operators: its state, what a backup holds of it, and the way back from a backup.
import type { NodeType } from '../../../model/node.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { StoreContainer } from '../../../objects/port.ts';
import type { NodeState, Quota } from '../port.ts';

export interface SpaceStatus {
  readonly name: string;
  readonly container: StoreContainer;
  /** Of the top-level container. */
  readonly quota: Quota | undefined;
  /** Uploads under way. */
  readonly uploads: number;
  /** Keys that wait for their removal from the store. */
  readonly leftovers: number;
  /** Since when this restored Space removes nothing from the store, epoch milliseconds; undefined: it sweeps. */
  readonly paused: number | undefined;
  /** The id of the backup that is being restored into it. */
  readonly restoring: string | undefined;
  /** Number of the last entry of the audit trail: two equal ones mean that nothing has changed in between. */
  readonly revision: number;
}

/** A node as a backup holds it. Ids are those of one Space; `parent` null is the Space's own root. Times are epoch milliseconds. */
export interface NodeRecord {
  readonly id: number;
  readonly parent: number | null;
  readonly name: string;
  readonly type: NodeType;
  readonly owner: string;
  readonly public?: true;
  readonly inherit?: true;
  readonly groupRead?: readonly string[];
  readonly groupWrite?: readonly string[];
  readonly immutable?: true;
  readonly locked?: true;
  readonly target?: string;
  readonly created: number;
  readonly dataChanged: number;
  readonly changed: number;
  readonly properties?: Readonly<Record<string, string>>;
  /** Bytes that may lie below a container. */
  readonly quota?: number;
  /** Where the committed bytes are; absent: none have ever been committed. `source` must live as long as `key`. */
  readonly object?: {
    readonly key: string;
    readonly source?: string;
    /** The Space in whose store container they lie, where that is another one. */
    readonly home?: SpaceId;
    /** An adopted object that goes with its last node. */
    readonly owned?: true;
    readonly size: number;
    readonly md5?: string;
    readonly generation: number;
  };
}

export interface NodePage {
  /** With the path below the Space's root, for people who read the backup. */
  readonly nodes: readonly (NodeRecord & { readonly path: string })[];
  /** Give it as `after` for the next page; absent on the last one. */
  readonly next?: number;
}

export interface Imported {
  readonly nodes: number;
  /** Nodes whose container was not in the backup, because it was removed while the backup was made. */
  readonly dropped: number;
  readonly state: NodeState;
}

export interface OperatorPort {
  /** Undefined: there is no Space of this id, or it has been destroyed. */
  status(): Promise<SpaceStatus | undefined>;
  /** A page is consistent in itself. Nodes without committed bytes whose first upload is under way are left out. */
  exportNodes(after: number): Promise<NodePage>;
  /**
   * Makes the Space for a backup's content; it removes nothing from the store until `confirm`. `wanted` is false when this backup has
   * been imported whole before. Throws Conflict for a Space that is in use; for the root, when anything is below it.
   */
  importBegin(id: SpaceId, name: string, backup: string): Promise<{ readonly wanted: boolean }>;
  /** A node that comes again replaces the earlier one, by id and by name. Throws InvalidArgument. */
  importNodes(nodes: readonly NodeRecord[]): Promise<void>;
  /** Counts quotas and drops what hangs nowhere. Safe to repeat. */
  importEnd(): Promise<Imported>;
  /** A restored Space sweeps again. */
  confirm(): Promise<void>;
}

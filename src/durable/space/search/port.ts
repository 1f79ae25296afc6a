// What a Space offers to searches.
import type { Detail } from '../../../model/node.ts';
import type { NodeFilter, SearchPlace } from '../../../model/search.ts';
import type { Call, NodeState } from '../port.ts';

export interface SearchQuery {
  readonly filter: NodeFilter;
  /** Most nodes in the answer. */
  readonly limit: number;
  readonly detail: Detail;
  /** Where the answer before ended. */
  readonly from?: SearchPlace;
}

export interface Found {
  readonly nodes: readonly {
    /** Names below the base. */
    readonly path: readonly string[];
    readonly state: NodeState;
  }[];
  /** Where to go on; absent: there is nothing more. */
  readonly next?: SearchPlace;
  /** The part of the work that one answer may cost, 0 to 1. */
  readonly spent: number;
}

export interface SearchPort {
  /**
   * Nodes below the container of the call that its caller may read. Fewer than `limit`, or none at all, do not mean that there are no
   * more: an answer ends when it has cost enough. What that is depends only on what its caller may see.
   */
  search(call: Call, query: SearchQuery): Promise<Found>;
}

// What a Space offers to shares: a node is named by its id, wherever it is by now.
import type { Listing, NodeType } from '../../../model/node.ts';
import type { Principal } from '../../../model/principal.ts';
import type { Call, Located, Reading } from '../port.ts';

export interface SharedCall {
  readonly node: number;
  /** Names below it. */
  readonly rest: readonly string[];
  /** Who made the share. */
  readonly principal: Principal;
  /** For a container. */
  readonly listing: Listing;
}

export type Shared =
  | { readonly kind: 'container'; readonly path: readonly string[]; readonly reading: Reading }
  | { readonly kind: 'bytes'; readonly path: readonly string[]; readonly located: Extract<Located, { readonly kind: 'bytes' }> };

export interface SpaceSharesPort {
  /** A node that its caller may read, by its id. */
  pin(call: Call): Promise<{ readonly node: number; readonly type: NodeType }>;
  /**
   * What is at a shared node or below it, as its maker may read it now; `path` is where that is now, with the name of the Space. Links are
   * not followed: who may write below the node could make them lead to anything that its maker may read.
   */
  shared(call: SharedCall): Promise<Shared>;
}

// What the directory keeps of shares: URLs by which others read a node with the rights of whoever made them.
import type { GroupUri, UserId } from '../model/principal.ts';
import type { SpaceId } from '../model/space-id.ts';
import type { Actor, Page } from './directory-port.ts';

/** Times are epoch milliseconds. */
export interface ShareRecord {
  /** In the order in which they were made. */
  readonly id: string;
  /** Where the node was when the share was made. */
  readonly uri: string;
  readonly created: number;
  readonly expires: number;
}

export interface NewShare {
  /** SHA-256 of the token, lower-case hexadecimal: the token itself is in its URL only. */
  readonly hash: string;
  readonly space: SpaceId;
  /** The node's id in that Space: the share follows it wherever it is moved inside. */
  readonly node: number;
  readonly uri: string;
  readonly expires: number;
}

/** What a token opens, with the rights that its maker has at this moment. */
export interface OpenShare {
  readonly space: SpaceId;
  readonly node: number;
  readonly maker: UserId;
  readonly groups: readonly GroupUri[];
}

export interface SharePort {
  /** Those that the service itself knows of: not what a token claims. */
  groupsOf(user: UserId): Promise<readonly GroupUri[]>;
  /** The same; undefined: the user has been deleted, or was never there. */
  memberOf(user: UserId): Promise<{ readonly groups: readonly GroupUri[] } | undefined>;
  /** Throws Conflict above 1,000 shares of one user. */
  addShare(user: UserId, share: NewShare): Promise<ShareRecord>;
  /** Those of the user that have not ended. */
  listShares(user: UserId, after?: string, limit?: number): Promise<Page<ShareRecord>>;
  /** Ends it at once: the maker's own, for an administrator anybody's. Throws NotFound. */
  removeShare(by: Actor, id: string): Promise<void>;
  /** Undefined: there is none, it has ended, or its maker has been deleted. */
  openShare(hash: string): Promise<OpenShare | undefined>;
}

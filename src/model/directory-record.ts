// What a backup holds of the directory: one record per user, password, group and membership. Times are epoch milliseconds.

export type DirectoryRecord =
  | {
      readonly kind: 'user';
      readonly id: string;
      readonly created: number;
      readonly disabled?: number;
      readonly issuer?: string;
      readonly home?: number;
    }
  /** `hash` is the SHA-256 of the secret's text: with 256 random bits in the text it cannot be turned back, and it is a secret all the same. */
  | {
      readonly kind: 'password';
      readonly pwid: string;
      readonly user: string;
      readonly hash: string;
      readonly label: string;
      readonly created: number;
      readonly used?: number;
    }
  /** Without `owner`: the group of a token issuer. */
  | { readonly kind: 'group'; readonly name: string; readonly owner?: string; readonly created: number; readonly deleted?: number }
  | { readonly kind: 'member'; readonly group: string; readonly user: string }
  /** `hash` is that of the URL's token, as for passwords. `node` is the id of a node in the Space. */
  | {
      readonly kind: 'share';
      readonly id: string;
      readonly user: string;
      readonly hash: string;
      readonly space: string;
      readonly node: number;
      readonly uri: string;
      readonly created: number;
      readonly expires: number;
    };

export const DIRECTORY_KINDS = ['user', 'password', 'group', 'member', 'share'] as const satisfies readonly DirectoryRecord['kind'][];

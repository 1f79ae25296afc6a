// What the service tells of its store, and of the servers behind it.

export interface StoreFacts {
  readonly kind: 'swift' | 'embedded';
  /** Of Swift. */
  readonly version?: string;
  readonly origin: string;
  /** Bytes of the largest object that one PUT can make. */
  readonly maxPut: number;
  /** Of one assembled object. */
  readonly maxSegments: number;
  /** What Swift offers beside; each as it says so itself. */
  readonly tempUrl?: { readonly methods: readonly string[]; readonly digests: readonly string[] };
  readonly staticLargeObjects?: boolean;
  readonly bulkDelete?: boolean;
  /** Whose quotas Swift keeps. */
  readonly quotas?: readonly ('account' | 'container')[];
  /** For administrators. */
  readonly account?: AccountUse;
}

export interface AccountUse {
  readonly containers: number;
  readonly objects: number;
  readonly bytes: number;
  /** Bytes. */
  readonly quota?: number;
}

export const SERVER_KINDS = ['proxy', 'account', 'container', 'object'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** A server of Swift as its recon middleware (a proxy: its healthcheck) tells of it. */
export interface ServerState {
  readonly kind: ServerKind;
  readonly url: string;
  /** Absent: it answers. */
  readonly trouble?: string;
  /** By the name of the report, such as `replication`, what Swift answers. A report that it does not have is left out. */
  readonly reports: Readonly<Record<string, unknown>>;
}

// The documents of pipes as tables, from which their XML is read and written and docs/vopipe.xsd is made.
//
// One rule: a member of the JSON document is an element of the same name, and a list has its items as elements inside.

export type Shape =
  | 'text'
  /** Base64; white space in it does not count. */
  | 'bytes'
  | 'number'
  | 'boolean'
  | Members
  /** A list, whose items have this name. */
  | { readonly item: string; readonly of: Shape };

/** A type by itself, so that Shape may refer to it. */
export interface Members {
  readonly members: Readonly<Record<string, Shape>>;
}

const COUNTED = { chunks: 'number', bytes: 'number' } as const;
const LAG: Members = { members: { ...COUNTED, seconds: 'number' } };
const GROUPS = { item: 'group', of: 'text' } as const;
const RETAIN: Members = { members: { kind: 'text', seconds: 'number', bytes: 'number' } };
const OPTIONS: Members = {
  members: {
    order: 'text',
    onConflict: 'text',
    onDead: 'text',
    maxChunks: 'number',
    maxBytes: 'number',
    retain: RETAIN,
    reclaim: 'boolean',
    materialise: 'boolean',
    parallel: 'number',
    follow: 'boolean',
  },
};
const ACCESS: Members = { members: { write: GROUPS, read: GROUPS, manage: GROUPS } };
const CREDENTIAL: Members = { members: { authority: 'text', token: 'text', user: 'text', password: 'text' } };
const SETTINGS = { options: OPTIONS, access: ACCESS, credentials: { item: 'credential', of: CREDENTIAL } } as const;

const NEW_CHUNK = { name: 'text', size: 'number', md5: 'text', type: 'text', data: 'bytes' } as const;
const CONSUMED: Members = { members: { pipe: 'text', group: 'text', seq: 'number', fence: 'text', output: 'text', ack: 'boolean' } };

const PASSED: Members = { members: { pipe: 'text', seq: 'number', name: 'text', md5: 'text' } };
const CHUNK = {
  seq: 'number',
  pos: 'number',
  name: 'text',
  uri: 'text',
  size: 'number',
  md5: 'text',
  type: 'text',
  status: 'text',
  reason: 'text',
  verified: 'text',
  replaces: 'number',
  data: 'bytes',
  lineage: { item: 'passed', of: PASSED },
  written: 'text',
  ready: 'text',
  url: 'text',
  expires: 'text',
} as const;
const CHUNKS = { item: 'chunk', of: { members: CHUNK } } as const;

const GROUP_WISH = { mode: 'text', start: 'text', maxDeliveries: 'number', lease: 'number', expiresAfterIdle: 'number' } as const;
const GROUP: Members = {
  members: {
    group: 'text',
    ...GROUP_WISH,
    created: 'text',
    expires: 'text',
    state: 'text',
    lag: LAG,
    claimed: 'number',
    waiting: 'number',
    dead: 'number',
    acked: 'number',
  },
};
const FENCES = { item: 'fence', of: 'text' } as const;
const CREDIT: Members = { members: COUNTED };
const CLAIM: Members = { members: { ...CHUNK, fence: 'text', leaseEnds: 'text', deliveries: 'number' } };
const DEAD: Members = {
  members: {
    seq: 'number',
    pos: 'number',
    name: 'text',
    size: 'number',
    md5: 'text',
    deliveries: 'number',
    reason: 'text',
    written: 'text',
    since: 'text',
  },
};
const UPSTREAM: Members = { members: { pipe: 'text', taken: 'number', known: 'number', lost: 'number', conflicts: 'number' } };
const PIPE: Members = {
  members: {
    pipe: 'text',
    condition: 'text',
    reason: 'text',
    src: 'text',
    dest: 'text',
    srcEndpoint: 'text',
    destEndpoint: 'text',
    sourceContainerNode: 'text',
    destinationContainerNode: 'text',
    owner: 'text',
    access: ACCESS,
    options: OPTIONS,
    created: 'text',
    counts: { members: { written: 'number', visible: 'number', waiting: 'number', dead: 'number', missing: 'number', trimmed: 'number' } },
    bytes: { members: { written: 'number', visible: 'number' } },
    lag: LAG,
    credit: CREDIT,
    upstreams: { item: 'upstream', of: UPSTREAM },
    consumes: { item: 'consumed', of: { members: { pipe: 'text', group: 'text' } } },
    earliest: 'text',
    tail: 'text',
    groups: { item: 'group', of: GROUP },
  },
};
const WRITTEN = { name: 'text', seq: 'number', duplicate: 'boolean' } as const;

/** The root element of each document, and what is in it. */
export const DOCUMENTS = {
  createPipe: { members: { src: 'text', dest: 'text', srcEndpoint: 'text', destEndpoint: 'text', ...SETTINGS } },
  settings: { members: SETTINGS },
  writeChunk: {
    members: {
      ...NEW_CHUNK,
      names: { item: 'name', of: 'text' },
      chunks: { item: 'chunk', of: { members: NEW_CHUNK } },
      final: 'boolean',
      total: 'number',
      wait: 'number',
      consumed: CONSUMED,
    },
  },
  close: { members: { total: 'number' } },
  putGroup: { members: GROUP_WISH },
  claim: { members: { max: 'number', maxBytes: 'number', lease: 'number', timeout: 'number' } },
  ack: { members: { fences: FENCES } },
  nack: { members: { fences: FENCES, delay: 'number', reason: 'text', counted: 'boolean' } },
  extend: { members: { fences: FENCES, lease: 'number' } },

  pipe: PIPE,
  pipes: { members: { pipes: { item: 'pipe', of: PIPE }, next: 'text' } },
  written: {
    members: { ...WRITTEN, chunks: { item: 'chunk', of: { members: WRITTEN } }, credit: CREDIT },
  },
  chunks: { members: { chunks: CHUNKS, state: 'text', upToDate: 'boolean', closed: 'boolean', total: 'number', lag: LAG } },
  dead: { members: { chunks: { item: 'chunk', of: DEAD }, next: 'number' } },
  group: GROUP,
  groups: { members: { groups: { item: 'group', of: GROUP } } },
  claims: { members: { chunks: { item: 'chunk', of: CLAIM }, closed: 'boolean', lag: LAG, credit: CREDIT } },
  settled: { members: { chunks: 'number', lag: LAG, credit: CREDIT } },
  destroyed: {
    members: { kept: { item: 'container', of: { members: { uri: 'text', why: 'text' } } } },
  },
  fault: { members: { fault: 'text', detail: 'text' } },
} as const satisfies Readonly<Record<string, Members>>;

export type PipeDocumentName = keyof typeof DOCUMENTS;

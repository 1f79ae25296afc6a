// The tables of a pipe. A migration is never edited once it has been deployed; a further one is appended.
import { GROUP_TABLES } from './groups/schema.ts';

export const MIGRATIONS: readonly string[] = [
  `
  -- The pipe itself: one row. Times are epoch milliseconds.
  CREATE TABLE pipe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    definition TEXT NOT NULL,                -- JSON of PipeDefinition
    life TEXT NOT NULL,                      -- creating, open, destroying, destroyed
    reason TEXT,                             -- why it is being destroyed, or was not created
    auth TEXT,                               -- which right or credential is lacking; NULL: none
    closed INTEGER,                          -- when
    due INTEGER,                             -- creating, destroying, destroyed: when it is looked at again
    seqs INTEGER NOT NULL DEFAULT 0,         -- the last seq given
    bytes INTEGER NOT NULL DEFAULT 0,        -- of all these chunks
    waiting INTEGER NOT NULL DEFAULT 0,      -- chunks that are neither ready nor dead
    waiting_bytes INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,       -- chunks that are, and stand behind one that is not
    hidden_bytes INTEGER NOT NULL DEFAULT 0,
    shown INTEGER NOT NULL DEFAULT 0,        -- order=write: up to this seq every chunk is visible
    pos INTEGER NOT NULL DEFAULT 0,          -- the last pos given
    sum INTEGER NOT NULL DEFAULT 0,          -- of the bytes of all visible entries
    text INTEGER NOT NULL DEFAULT 0,         -- of the characters of their inline bytes
    dead INTEGER NOT NULL DEFAULT 0,         -- entries that are holes, and chunks that will be such if nothing is done
    trimmed INTEGER NOT NULL DEFAULT 0,      -- entries up to this pos are gone
    attempts INTEGER NOT NULL DEFAULT 0      -- no attempt at a row of work that is gone had a higher number
  );

  -- A chunk, for the life of the pipe: its name is remembered.
  CREATE TABLE chunk (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    md5 TEXT,
    type TEXT,
    state TEXT NOT NULL,                     -- queued, carried, ready, dead, skipped, visible
    bytes TEXT,                              -- JSON of NewChunk's: where its bytes are; NULL: nowhere any more
    holder TEXT,                             -- under which its bytes are held in their Space
    outcome TEXT,                            -- JSON of what its Delivery says besides
    written INTEGER NOT NULL,
    ready INTEGER
  );
  CREATE INDEX chunk_state ON chunk (state, seq) WHERE state <> 'visible';
  CREATE INDEX chunk_holder ON chunk (holder) WHERE holder IS NOT NULL;

  -- What readers see: append-only, in the order of pos, without a gap.
  CREATE TABLE log (
    pos INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    sum INTEGER NOT NULL,                    -- bytes of all entries up to this one
    text INTEGER NOT NULL,                   -- characters of inline bytes up to this one
    written INTEGER NOT NULL,
    shown INTEGER NOT NULL,                  -- when it became visible
    home TEXT,                               -- the Space in whose store container the bytes lie
    key TEXT,                                -- NULL: no bytes to be signed for
    body TEXT NOT NULL                       -- the notice as it is read, but for its URL
  );

  -- The answers to requests with an Idempotency-Key.
  CREATE TABLE answered (key TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX answered_due ON answered (due);

  -- For other VOSpaces, sealed.
  CREATE TABLE credential (authority TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

  -- Calls owed to other objects: repeated until answered.
  CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, payload TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX outbox_due ON outbox (due);

  -- What a Carrier has to do, as in a JobQueue: 'place' and 'chunk:SEQ'.
  CREATE TABLE work (
    job TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    light INTEGER NOT NULL,
    state TEXT NOT NULL,
    checkpoint TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    since INTEGER,
    due INTEGER,
    ends INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX work_due ON work (state, due);
  CREATE INDEX work_ends ON work (ends) WHERE ends IS NOT NULL;
  `,
  `
  -- The creation, for whoever goes on with it. wish: what a repeat must ask for; principal: JSON of whose rights.
  CREATE TABLE founding (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wish TEXT NOT NULL,
    principal TEXT NOT NULL,
    state TEXT NOT NULL,
    followed INTEGER NOT NULL DEFAULT 0      -- chunks that have come by following other pipes
  );

  -- Pipes that follow this one, and up to which pos they have been told what comes out. due: when they are told again; NULL: they know.
  CREATE TABLE follower (
    pipe TEXT PRIMARY KEY,
    told INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,        -- as it has said
    due INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  -- Pipes that this one follows: read up to which pos, which there are, and whether that is all (closed, gone).
  CREATE TABLE upstream (
    pipe TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL DEFAULT 0,
    known INTEGER NOT NULL,
    "end" TEXT,
    taken INTEGER NOT NULL DEFAULT 0,        -- chunks
    lost INTEGER NOT NULL DEFAULT 0,         -- entries that were trimmed before they were read
    conflicts INTEGER NOT NULL DEFAULT 0     -- chunks whose name has other bytes here
  ) WITHOUT ROWID;

  -- What has been made of claimed chunks of other pipes: the first answer of each.
  CREATE TABLE output (
    pipe TEXT NOT NULL, "group" TEXT NOT NULL, seq INTEGER NOT NULL, output TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (pipe, "group", seq, output)
  ) WITHOUT ROWID;
  `,
  GROUP_TABLES,
  `
  -- While a right or a credential is lacking: when that is tried again.
  CREATE TABLE lacking (id INTEGER PRIMARY KEY CHECK (id = 1), tries INTEGER NOT NULL, due INTEGER NOT NULL);
  `,
  `
  -- The pos of a chunk's last entry; NULL: it was never visible.
  ALTER TABLE chunk ADD COLUMN pos INTEGER;
  UPDATE chunk SET pos = entry.pos FROM (SELECT seq, max(pos) AS pos FROM log GROUP BY seq) AS entry WHERE entry.seq = chunk.seq;
  -- Names that may be forgotten.
  CREATE INDEX chunk_trimmed ON chunk (seq) WHERE trimmed = 1;

  -- How many chunks the pipe had then: an output is remembered as long as names are.
  ALTER TABLE output ADD COLUMN seqs INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX output_seqs ON output (seqs);

  -- When a pipe is looked at again is said by its rows of work.
  ALTER TABLE pipe DROP COLUMN due;
  `,
  `
  -- Holes are counted from the moment on in which their chunks are dead, and not only when they are shown.
  UPDATE pipe SET dead = dead + (SELECT count(*) FROM chunk WHERE state IN ('dead', 'skipped'));
  `,
  `
  -- Characters of all answers up to this one; NULL: of before that was noted.
  ALTER TABLE answered ADD COLUMN sum INTEGER;
  CREATE INDEX answered_sum ON answered (sum) WHERE sum IS NOT NULL;
  `,
  `
  -- What only a group that is gone had not settled is released step by step: up to which pos it is (NULL: all of it), and the last of the groups that
  -- were there then.
  ALTER TABLE leaving ADD COLUMN after INTEGER;
  ALTER TABLE leaving ADD COLUMN among INTEGER;
  -- Under which number the runs of what is released are in settled: no group has it, and no set of before.
  ALTER TABLE released ADD COLUMN grp INTEGER NOT NULL DEFAULT 0;
  `,
];

// The tables of a pipe's groups, and what its bounds and its retention keep: a migration of the pipe.

export const GROUP_TABLES = `
  -- A group of readers. Entries of the log up to \`floor\` are settled: acknowledged, or dead for the group.
  CREATE TABLE reader_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL,
    start TEXT NOT NULL,                     -- as it was asked for
    max_deliveries INTEGER NOT NULL,
    lease INTEGER NOT NULL,                  -- seconds, as is idle
    idle INTEGER NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER NOT NULL,                   -- the last call, as far as it matters for idle
    next INTEGER NOT NULL,                   -- everything up to this pos has been given out once
    floor INTEGER NOT NULL,
    settled INTEGER NOT NULL,                -- entries, those before its start included; and their bytes
    settled_bytes INTEGER NOT NULL,
    claimed INTEGER NOT NULL DEFAULT 0,      -- entries under a lease
    waiting INTEGER NOT NULL DEFAULT 0,      -- rows of \`again\`
    failed INTEGER NOT NULL DEFAULT 0,       -- rows of \`failed\`, and those of them that are dead
    dead INTEGER NOT NULL DEFAULT 0,
    acked INTEGER NOT NULL DEFAULT 0
  );

  -- What is settled beyond the floor, as runs that do not touch. The number in released stands for what all groups have settled.
  CREATE TABLE settled (grp INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (grp, first)) WITHOUT ROWID;

  -- One row while there is a group; without one everything visible is released.
  CREATE TABLE released (id INTEGER PRIMARY KEY CHECK (id = 1), floor INTEGER NOT NULL, chunks INTEGER NOT NULL, bytes INTEGER NOT NULL);

  -- What was given out in one answer. Runs are JSON: [first, last, deliveries, end of the lease], [first, last] and [first, last, why].
  CREATE TABLE claim (
    id INTEGER PRIMARY KEY,
    grp INTEGER NOT NULL,
    secret TEXT NOT NULL,
    given TEXT NOT NULL,
    held TEXT NOT NULL,                      -- neither settled nor given back
    lost TEXT NOT NULL,                      -- given back, or taken away when the lease ended
    due INTEGER NOT NULL                     -- the first end of a lease; nothing held: when it is forgotten
  );
  CREATE INDEX claim_due ON claim (due);

  -- To be given out again, not before due.
  CREATE TABLE again (
    grp INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (grp, pos)
  ) WITHOUT ROWID;
  CREATE INDEX again_due ON again (grp, due, pos);

  -- Given up by a group: the entry is kept while the row is there, also when it is being tried again (dead = 0).
  CREATE TABLE failed (
    grp INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    PRIMARY KEY (grp, seq)
  ) WITHOUT ROWID;
  CREATE INDEX failed_pos ON failed (pos);

  -- Groups that are gone and whose rows are not, yet.
  CREATE TABLE leaving (grp INTEGER PRIMARY KEY);
  -- Entries before the trim point that were kept for a group and are not needed any more.
  CREATE TABLE loose (pos INTEGER PRIMARY KEY);

  -- The pos of the dead entry that readers see of this chunk; and whether its entry has been trimmed.
  ALTER TABLE chunk ADD COLUMN hole INTEGER;
  ALTER TABLE chunk ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX chunk_hole ON chunk (seq) WHERE hole IS NOT NULL;
`;

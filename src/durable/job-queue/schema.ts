// The tables of a JobQueue. A migration is never edited once it has been deployed; a further one is appended.

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE job (
    id TEXT PRIMARY KEY,
    phase TEXT NOT NULL,
    created INTEGER NOT NULL,
    destruction INTEGER NOT NULL,           -- the row's deadline
    body TEXT NOT NULL                      -- JSON of StoredJob
  ) WITHOUT ROWID;
  CREATE INDEX job_destruction ON job (destruction);
  CREATE INDEX job_created ON job (created, id);
  `,
  `
  -- Jobs of the first version have no place in the lists.
  DELETE FROM job;
  DROP INDEX job_created;
  ALTER TABLE job ADD COLUMN list TEXT NOT NULL DEFAULT 'transfers';
  CREATE INDEX job_list ON job (list, created, id);
  CREATE INDEX job_open ON job (phase) WHERE phase IN ('PENDING', 'QUEUED', 'EXECUTING');

  -- What a Carrier has to do for a job. Outlives the job's own row until everything has been taken back.
  CREATE TABLE work (
    job TEXT PRIMARY KEY,
    body TEXT NOT NULL,                     -- JSON of Work and of the job, as far as an undo needs it
    light INTEGER NOT NULL,
    state TEXT NOT NULL,                    -- held (PENDING), waiting, running, undo (waiting for it), undoing
    checkpoint TEXT,                        -- JSON
    attempt INTEGER NOT NULL DEFAULT 0,     -- the fence: what an older attempt reports is not heard
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    since INTEGER,                          -- of the first of them
    due INTEGER,                            -- waiting: not before; running: end of the lease
    ends INTEGER                            -- by the execution duration
  ) WITHOUT ROWID;
  CREATE INDEX work_due ON work (state, due);
  CREATE INDEX work_ends ON work (ends) WHERE ends IS NOT NULL;
  `,
  `
  -- The pipes that the owner has made.
  CREATE TABLE pipe (pipe TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
  `,
];

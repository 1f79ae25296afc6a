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
];

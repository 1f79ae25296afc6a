// The tables of StoreKeys. A migration is never edited once it has been deployed; a further one is appended.

export const MIGRATIONS: readonly string[] = [
  // One row per thing that the service keeps about its store. The table is older than the count of migrations.
  `CREATE TABLE IF NOT EXISTS item (
     name TEXT PRIMARY KEY,    -- 'secret', 'epoch' or 'token'
     value TEXT NOT NULL       -- hex digits; a number; JSON of a StoreToken
   ) WITHOUT ROWID;`,
];

// The tables of StoreKeys.

/** Idempotent: run at each construction. `item` holds one row per thing that the service keeps about its store. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS item (
  name TEXT PRIMARY KEY,    -- 'secret', 'epoch' or 'token'
  value TEXT NOT NULL       -- hex digits; a number; JSON of a StoreToken
) WITHOUT ROWID;
`;

// The tables of the directory. A migration is never edited once it has been deployed; a further one is appended.

export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users (
     id TEXT PRIMARY KEY,
     created INTEGER NOT NULL,
     disabled INTEGER,            -- when the user was deleted; the row stays and keeps the name taken
     issuer TEXT,                 -- whose tokens may name this user
     home INTEGER                 -- when the user's own container was made
   ) WITHOUT ROWID;
   CREATE TABLE passwords (
     pwid TEXT PRIMARY KEY,
     user TEXT NOT NULL,
     hash TEXT NOT NULL,          -- SHA-256 of the secret's text, hexadecimal
     label TEXT NOT NULL,
     created INTEGER NOT NULL,
     revoked INTEGER,
     used INTEGER                 -- written at most once an hour
   ) WITHOUT ROWID;
   CREATE INDEX passwords_user ON passwords (user, created);
   CREATE TABLE groups (
     name TEXT PRIMARY KEY,
     owner TEXT,                  -- NULL: a group of a token issuer
     created INTEGER NOT NULL,
     deleted INTEGER              -- the row stays: permissions may still name the group
   ) WITHOUT ROWID;
   CREATE INDEX groups_owner ON groups (owner, name);
   CREATE TABLE members (
     name TEXT NOT NULL,
     user TEXT NOT NULL,
     PRIMARY KEY (name, user)
   ) WITHOUT ROWID;
   CREATE INDEX members_user ON members (user, name);`,
  `CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     time INTEGER NOT NULL,
     principal TEXT NOT NULL,     -- who did it
     action TEXT NOT NULL,
     path TEXT NOT NULL,          -- what it was done to: /users/ada, /groups/stars
     detail TEXT NOT NULL
   );`,
  `CREATE TABLE shares (
     id TEXT PRIMARY KEY,         -- in the order of their making
     user TEXT NOT NULL,          -- whose rights count
     hash TEXT NOT NULL UNIQUE,   -- SHA-256 of the token, hexadecimal
     space TEXT NOT NULL,
     node INTEGER NOT NULL,
     uri TEXT NOT NULL,           -- of the node when it was shared
     created INTEGER NOT NULL,
     expires INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX shares_user ON shares (user, id);
   CREATE INDEX shares_expires ON shares (expires);`,
];

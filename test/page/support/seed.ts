// A container with very many children, written into the database of a service that is stopped: one statement instead of a request for each.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const COLUMNS = 'parent, name, type, access, size, md5, created, data_changed, changed';

/**
 * Data nodes `file-0000000` and so on in a container directly below a user's own, of sizes and times that go round.
 * @param stateDir of a service that does not run
 */
export function seedChildren(stateDir: string, user: string, container: string, count: number): void {
  const database = openSpace(stateDir, user);
  try {
    database.exec('PRAGMA synchronous = OFF');
    database
      .prepare(
        `WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n + 1 < ?)
         INSERT INTO node (${COLUMNS})
         SELECT home.id, printf('file-%07d', n), 'DataNode', home.access, n * 7919 % 1000003, NULL, home.created + n, home.created + n, home.created + n
         FROM i, (SELECT id, access, created FROM node WHERE parent = 1 AND name = ?) AS home`,
      )
      .run(count, container);
  } finally {
    database.close();
  }
}

/** That of the user's top-level container: each Space has a database of its own. */
function openSpace(stateDir: string, user: string): DatabaseSync {
  for (const file of readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(stateDir, file));
    if (isSpaceOf(database, user)) return database;
    database.close();
  }
  throw new Error(`no Space of ${user} below ${stateDir}`);
}

function isSpaceOf(database: DatabaseSync, user: string): boolean {
  try {
    return database.prepare("SELECT 1 FROM meta WHERE key = 'name' AND value = ?").get(user) !== undefined;
  } catch {
    // The database of something else.
    return false;
  }
}

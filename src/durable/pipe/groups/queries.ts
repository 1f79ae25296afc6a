// The SQL of groups and of what they have released.
import { statement } from '../../sql.ts';

export interface GroupRow {
  readonly id: number;
  readonly name: string;
  readonly mode: 'single' | 'shared';
  readonly start: string;
  readonly max_deliveries: number;
  readonly lease: number;
  readonly idle: number;
  readonly created: number;
  readonly used: number;
  readonly next: number;
  readonly floor: number;
  readonly settled: number;
  readonly settled_bytes: number;
  readonly claimed: number;
  readonly waiting: number;
  readonly failed: number;
  readonly dead: number;
  readonly acked: number;
}
export interface ClaimRow {
  readonly id: number;
  readonly grp: number;
  readonly secret: string;
  readonly given: string;
  readonly held: string;
  readonly lost: string;
  readonly due: number;
}
export interface AgainRow {
  readonly pos: number;
  readonly deliveries: number;
  readonly due: number;
}
export interface FailedRow {
  readonly pos: number;
  readonly seq: number;
  readonly deliveries: number;
  readonly reason: string;
  readonly since: number;
  readonly dead: number;
}
export interface LeavingRow {
  readonly grp: number;
  readonly after: number | null;
  readonly among: number | null;
}
export interface Entry {
  readonly pos: number;
  readonly seq: number;
  readonly body: string;
  readonly home: string | null;
  readonly key: string | null;
}

// reader_group
export const ADD_GROUP = statement<{ id: number }>(
  `INSERT INTO reader_group (name, mode, start, max_deliveries, lease, idle, created, used, next, floor, settled, settled_bytes)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
);
export const GROUP = statement<GroupRow>('SELECT * FROM reader_group WHERE id = ?');
export const GROUP_NAMED = statement<GroupRow>('SELECT * FROM reader_group WHERE name = ?');
export const GROUPS = statement<GroupRow>('SELECT * FROM reader_group ORDER BY name');
export const FIRST_GROUPS = statement<GroupRow>('SELECT * FROM reader_group ORDER BY name LIMIT ?');
export const FLOORS = statement<{ id: number; floor: number }>('SELECT id, floor FROM reader_group WHERE id <> ?');
export const FLOORS_UP_TO = statement<{ id: number; floor: number }>('SELECT id, floor FROM reader_group WHERE id <= ?');
export const LAST_GROUP = statement<{ id: number | null }>('SELECT max(id) AS id FROM reader_group');
export const LOWEST_FLOOR = statement<{ floor: number | null }>('SELECT min(floor) AS floor FROM reader_group');
export const SET_GROUP = statement(
  `UPDATE reader_group SET max_deliveries = ?, lease = ?, idle = ?, used = ?, next = ?, floor = ?, settled = ?, settled_bytes = ?, claimed = ?,
     waiting = ?, failed = ?, dead = ?, acked = ? WHERE id = ?`,
);
export const DROP_GROUP = statement('DELETE FROM reader_group WHERE id = ?');
export const IDLE_GROUPS = statement<GroupRow>('SELECT * FROM reader_group WHERE used + idle * 1050 <= ? LIMIT 10');

// settled and released
export const RUNS_DOWN = statement<{ first: number; last: number }>(
  'SELECT first, last FROM settled WHERE grp = ? AND first <= ? ORDER BY first DESC',
);
/** The last run that does not begin behind a position, and the first that does. */
export const RUN_AT = statement<{ first: number; last: number }>(
  'SELECT first, last FROM settled WHERE grp = ? AND first <= ? ORDER BY first DESC LIMIT 1',
);
export const RUN_AFTER = statement<{ first: number; last: number }>(
  'SELECT first, last FROM settled WHERE grp = ? AND first > ? ORDER BY first LIMIT 1',
);
export const ADD_RUN = statement('INSERT INTO settled VALUES (?, ?, ?)');
export const DROP_RUN = statement('DELETE FROM settled WHERE grp = ? AND first = ?');
export const DROP_RUNS = statement(
  'DELETE FROM settled WHERE grp = ?1 AND first IN (SELECT first FROM settled WHERE grp = ?1 ORDER BY first LIMIT ?2)',
);
export const GET_RELEASED = statement<{ floor: number; chunks: number; bytes: number; grp: number }>(
  'SELECT floor, chunks, bytes, grp FROM released',
);
export const ADD_RELEASED = statement('INSERT INTO released (id, floor, chunks, bytes, grp) VALUES (1, ?, ?, ?, ?)');
export const SET_RELEASED = statement('UPDATE released SET floor = ?, chunks = ?, bytes = ?');
export const DROP_RELEASED = statement('DELETE FROM released');

// claim
export const ADD_CLAIM = statement<{ id: number }>(
  "INSERT INTO claim (grp, secret, given, held, lost, due) VALUES (?, ?, ?, ?, '[]', ?) RETURNING id",
);
export const GET_CLAIM = statement<ClaimRow>('SELECT * FROM claim WHERE id = ? AND grp = ? AND secret = ?');
export const SET_CLAIM = statement('UPDATE claim SET held = ?, lost = ?, due = ? WHERE id = ?');
export const DROP_CLAIM = statement('DELETE FROM claim WHERE id = ?');
export const DUE_CLAIMS = statement<ClaimRow>('SELECT * FROM claim WHERE due <= ? ORDER BY due LIMIT ?');

// again
export const ADD_AGAIN = statement('INSERT INTO again VALUES (?, ?, ?, ?)');
export const DROP_AGAIN = statement('DELETE FROM again WHERE grp = ? AND pos = ?');
export const AGAIN_IN_ORDER = statement<AgainRow>('SELECT pos, deliveries, due FROM again WHERE grp = ? ORDER BY pos LIMIT ?');
export const AGAIN_DUE = statement<AgainRow>('SELECT pos, deliveries, due FROM again WHERE grp = ? AND due <= ? ORDER BY due, pos LIMIT ?');
/** At most 1,000 of those that are due. */
export const COUNT_AGAIN = statement<{ count: number }>(
  'SELECT count(*) AS count FROM (SELECT 1 FROM again WHERE grp = ? AND due <= ? LIMIT 1000)',
);
export const NEXT_AGAIN = statement<{ due: number | null }>('SELECT min(due) AS due FROM again WHERE grp = ?');
export const DROP_ALL_AGAIN = statement(
  'DELETE FROM again WHERE grp = ?1 AND pos IN (SELECT pos FROM again WHERE grp = ?1 ORDER BY pos LIMIT ?2)',
);

// failed
export const SET_FAILED = statement(
  `INSERT INTO failed (grp, pos, seq, deliveries, reason, since, dead) VALUES (?, ?, ?, ?, ?, ?, 1)
   ON CONFLICT DO UPDATE SET pos = excluded.pos, deliveries = excluded.deliveries, reason = excluded.reason, since = excluded.since, dead = 1`,
);
export const GET_FAILED = statement<FailedRow>('SELECT * FROM failed WHERE grp = ? AND seq = ?');
export const LIST_DEAD = statement<FailedRow>('SELECT * FROM failed WHERE grp = ? AND dead = 1 AND seq > ? ORDER BY seq LIMIT ?');
export const SET_RETRIED = statement('UPDATE failed SET dead = 0 WHERE grp = ? AND seq = ?');
export const DROP_FAILED = statement('DELETE FROM failed WHERE grp = ? AND seq = ?');
export const FAILED_AT = statement<{ grp: number; pos: number; seq: number }>('SELECT grp, pos, seq FROM failed WHERE pos BETWEEN ? AND ?');
export const SOME_FAILED = statement<{ pos: number; seq: number }>('SELECT pos, seq FROM failed WHERE grp = ? LIMIT ?');

// leaving and loose
export const ADD_LEAVING = statement('INSERT INTO leaving (grp, after, among) VALUES (?, ?, ?)');
export const SET_LEAVING = statement('UPDATE leaving SET after = ? WHERE grp = ?');
/** What holds up room first. */
export const LEAVING = statement<LeavingRow>('SELECT grp, after, among FROM leaving ORDER BY after IS NULL, grp LIMIT 1');
export const DROP_LEAVING = statement('DELETE FROM leaving WHERE grp = ?');
export const ADD_LOOSE = statement('INSERT INTO loose VALUES (?) ON CONFLICT DO NOTHING');

/** The earliest of what groups owe: the end of a lease or of a memory, the end of an idle group, rows of one that is gone. */
export const NEXT_DUE = statement<{ due: number | null }>(
  `SELECT min(due) AS due FROM (
     SELECT min(due) AS due FROM claim
     UNION ALL SELECT min(used + idle * 1050) FROM reader_group
     UNION ALL SELECT 0 FROM leaving)`,
);

// log
export const ENTRIES_AT = statement<Entry>('SELECT pos, seq, body, home, key FROM log WHERE pos BETWEEN ? AND ? ORDER BY pos');
/** Of one entry: its bytes, and the characters of those that are in its notice. */
export const SIZE_AT = statement<{ size: number; text: number }>(
  "SELECT body ->> '$.size' AS size, coalesce(length(body ->> '$.data'), 0) AS text FROM log WHERE pos = ?",
);

// Every statement of the directory, each with the type of its rows. Times are epoch milliseconds.
import { statement } from '../sql.ts';

export interface UserRow {
  readonly id: string;
  readonly created: number;
  readonly disabled: number | null;
  readonly issuer: string | null;
  readonly home: number | null;
}
export interface PasswordRow {
  readonly pwid: string;
  readonly user: string;
  readonly hash: string;
  readonly label: string;
  readonly created: number;
  readonly used: number | null;
}
export interface GroupRow {
  readonly name: string;
  readonly owner: string | null;
  readonly created: number;
  readonly deleted: number | null;
}
interface NameRow {
  readonly name: string;
}
interface MemberRow {
  readonly user: string;
}
interface MembershipRow {
  readonly name: string;
  readonly user: string;
}
interface CountRow {
  readonly count: number;
}
interface AuditRow {
  readonly id: number;
  readonly time: number;
  readonly principal: string;
  readonly action: string;
  readonly path: string;
  readonly detail: string;
}

export const USER = statement<UserRow>('SELECT id, created, disabled, issuer, home FROM users WHERE id = ?');
export const USERS_AFTER = statement<UserRow>(
  'SELECT id, created, disabled, issuer, home FROM users WHERE id > ? AND disabled IS NULL ORDER BY id LIMIT ?',
);
export const INSERT_USER = statement('INSERT INTO users (id, created, issuer) VALUES (?, ?, ?)');
export const ENABLE_USER = statement('UPDATE users SET disabled = NULL, issuer = ? WHERE id = ?');
export const DISABLE_USER = statement('UPDATE users SET disabled = ? WHERE id = ?');
export const SET_HOME = statement('UPDATE users SET home = ? WHERE id = ? AND home IS NULL');

export const INSERT_PASSWORD = statement('INSERT INTO passwords (pwid, user, hash, label, created) VALUES (?, ?, ?, ?, ?)');
export const PASSWORDS_OF = statement<PasswordRow>(
  'SELECT pwid, user, hash, label, created, used FROM passwords WHERE user = ? AND revoked IS NULL ORDER BY created, pwid',
);
export const PASSWORD = statement<PasswordRow>(
  'SELECT pwid, user, hash, label, created, used FROM passwords WHERE pwid = ? AND user = ? AND revoked IS NULL',
);
export const REVOKE = statement('UPDATE passwords SET revoked = ? WHERE pwid = ? AND user = ? AND revoked IS NULL');
export const REVOKE_ALL = statement('UPDATE passwords SET revoked = ? WHERE user = ? AND revoked IS NULL');
export const TOUCH = statement('UPDATE passwords SET used = ? WHERE pwid = ?');
export const COUNT_PASSWORDS = statement<CountRow>('SELECT count(*) AS count FROM passwords WHERE user = ? AND revoked IS NULL');

export const GROUP = statement<GroupRow>('SELECT name, owner, created, deleted FROM groups WHERE name = ?');
export const INSERT_GROUP = statement(`INSERT INTO groups (name, owner, created) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, created = excluded.created, deleted = NULL`);
export const CLOSE_GROUP = statement('UPDATE groups SET deleted = ? WHERE name = ?');
export const COUNT_GROUPS = statement<CountRow>('SELECT count(*) AS count FROM groups WHERE owner = ? AND deleted IS NULL');
export const GROUPS_AFTER = statement<GroupRow>(
  'SELECT name, owner, created, deleted FROM groups WHERE name > ? AND deleted IS NULL ORDER BY name LIMIT ?',
);
export const OWN_GROUPS_AFTER = statement<GroupRow>(`SELECT name, owner, created, deleted FROM groups
  WHERE name > ?1 AND deleted IS NULL AND (owner = ?2 OR name IN (SELECT name FROM members WHERE user = ?2)) ORDER BY name LIMIT ?3`);

export const INSERT_MEMBER = statement('INSERT OR IGNORE INTO members (name, user) VALUES (?, ?)');
export const DELETE_MEMBER = statement('DELETE FROM members WHERE name = ? AND user = ?');
export const DELETE_MEMBERS = statement('DELETE FROM members WHERE name = ?');
export const DELETE_MEMBERSHIPS = statement('DELETE FROM members WHERE user = ?');
export const MEMBERS = statement<MemberRow>('SELECT user FROM members WHERE name = ? ORDER BY user');
export const IS_MEMBER = statement<MemberRow>('SELECT user FROM members WHERE name = ? AND user = ?');
export const COUNT_MEMBERS = statement<CountRow>('SELECT count(*) AS count FROM members WHERE name = ?');
export const GROUPS_OF = statement<NameRow>('SELECT name FROM members WHERE user = ? ORDER BY name');

export const ADD_AUDIT = statement('INSERT INTO audit (time, principal, action, path, detail) VALUES (?, ?, ?, ?, ?)');
export const AUDIT_AFTER = statement<AuditRow>(
  'SELECT id, time, principal, action, path, detail FROM audit WHERE id > ? ORDER BY id LIMIT ?',
);
// The oldest come first, so a look at a few of them is enough.
export const TRIM_AUDIT = statement(
  'DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, time FROM audit ORDER BY id LIMIT 100) WHERE time < ?)',
);

export const OTHER_USER = statement<NameRow>('SELECT id AS name FROM users WHERE id <> ? UNION ALL SELECT name FROM groups LIMIT 1');
export const EVERY_USER = statement<UserRow>('SELECT id, created, disabled, issuer, home FROM users WHERE id > ? ORDER BY id LIMIT ?');
export const EVERY_PASSWORD = statement<PasswordRow>(
  'SELECT pwid, user, hash, label, created, used FROM passwords WHERE pwid > ? AND revoked IS NULL ORDER BY pwid LIMIT ?',
);
export const EVERY_GROUP = statement<GroupRow>('SELECT name, owner, created, deleted FROM groups WHERE name > ? ORDER BY name LIMIT ?');
export const EVERY_MEMBER = statement<MembershipRow>(
  'SELECT name, user FROM members WHERE (name, user) > (?, ?) ORDER BY name, user LIMIT ?',
);
export const PUT_USER = statement('INSERT OR REPLACE INTO users (id, created, disabled, issuer, home) VALUES (?, ?, ?, ?, ?)');
export const PUT_PASSWORD = statement(
  'INSERT OR REPLACE INTO passwords (pwid, user, hash, label, created, used) VALUES (?, ?, ?, ?, ?, ?)',
);
export const PUT_GROUP = statement('INSERT OR REPLACE INTO groups (name, owner, created, deleted) VALUES (?, ?, ?, ?)');

// Every statement of the directory, each with the type of its rows. Times are epoch milliseconds.

// A type, because SqlStorage asks for index signatures, which interfaces lack.
export type UserRow = { id: string; created: number; disabled: number | null; issuer: string | null; home: number | null };
export type PasswordRow = { pwid: string; user: string; hash: string; label: string; created: number; used: number | null };
export type GroupRow = { name: string; owner: string | null; created: number; deleted: number | null };
type NameRow = { name: string };
type MemberRow = { user: string };
type MembershipRow = { name: string; user: string };
type CountRow = { count: number };
type AuditRow = { id: number; time: number; principal: string; action: string; path: string; detail: string };

const USER = 'SELECT id, created, disabled, issuer, home FROM users WHERE id = ?';
const USERS_AFTER = 'SELECT id, created, disabled, issuer, home FROM users WHERE id > ? AND disabled IS NULL ORDER BY id LIMIT ?';
const INSERT_USER = 'INSERT INTO users (id, created, issuer) VALUES (?, ?, ?)';
const ENABLE_USER = 'UPDATE users SET disabled = NULL, issuer = ? WHERE id = ?';
const DISABLE_USER = 'UPDATE users SET disabled = ? WHERE id = ?';
const SET_HOME = 'UPDATE users SET home = ? WHERE id = ? AND home IS NULL';

const INSERT_PASSWORD = 'INSERT INTO passwords (pwid, user, hash, label, created) VALUES (?, ?, ?, ?, ?)';
const PASSWORDS_OF =
  'SELECT pwid, user, hash, label, created, used FROM passwords WHERE user = ? AND revoked IS NULL ORDER BY created, pwid';
const PASSWORD = 'SELECT pwid, user, hash, label, created, used FROM passwords WHERE pwid = ? AND user = ? AND revoked IS NULL';
const REVOKE = 'UPDATE passwords SET revoked = ? WHERE pwid = ? AND user = ? AND revoked IS NULL';
const REVOKE_ALL = 'UPDATE passwords SET revoked = ? WHERE user = ? AND revoked IS NULL';
const TOUCH = 'UPDATE passwords SET used = ? WHERE pwid = ?';
const COUNT_PASSWORDS = 'SELECT count(*) AS count FROM passwords WHERE user = ? AND revoked IS NULL';

const GROUP = 'SELECT name, owner, created, deleted FROM groups WHERE name = ?';
const INSERT_GROUP = `INSERT INTO groups (name, owner, created) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, created = excluded.created, deleted = NULL`;
const CLOSE_GROUP = 'UPDATE groups SET deleted = ? WHERE name = ?';
const COUNT_GROUPS = 'SELECT count(*) AS count FROM groups WHERE owner = ? AND deleted IS NULL';
const GROUPS_AFTER = 'SELECT name, owner, created, deleted FROM groups WHERE name > ? AND deleted IS NULL ORDER BY name LIMIT ?';
const OWN_GROUPS_AFTER = `SELECT name, owner, created, deleted FROM groups
  WHERE name > ?1 AND deleted IS NULL AND (owner = ?2 OR name IN (SELECT name FROM members WHERE user = ?2)) ORDER BY name LIMIT ?3`;

const INSERT_MEMBER = 'INSERT OR IGNORE INTO members (name, user) VALUES (?, ?)';
const DELETE_MEMBER = 'DELETE FROM members WHERE name = ? AND user = ?';
const DELETE_MEMBERS = 'DELETE FROM members WHERE name = ?';
const DELETE_MEMBERSHIPS = 'DELETE FROM members WHERE user = ?';
const MEMBERS = 'SELECT user FROM members WHERE name = ? ORDER BY user';
const IS_MEMBER = 'SELECT user FROM members WHERE name = ? AND user = ?';
const COUNT_MEMBERS = 'SELECT count(*) AS count FROM members WHERE name = ?';
const GROUPS_OF = 'SELECT name FROM members WHERE user = ? ORDER BY name';

const ADD_AUDIT = 'INSERT INTO audit (time, principal, action, path, detail) VALUES (?, ?, ?, ?, ?)';
const AUDIT_AFTER = 'SELECT id, time, principal, action, path, detail FROM audit WHERE id > ? ORDER BY id LIMIT ?';
// The oldest come first, so a look at a few of them is enough.
const TRIM_AUDIT = 'DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, time FROM audit ORDER BY id LIMIT 100) WHERE time < ?)';

const OTHER_USER = 'SELECT id AS name FROM users WHERE id <> ? UNION ALL SELECT name FROM groups LIMIT 1';
const EVERY_USER = 'SELECT id, created, disabled, issuer, home FROM users WHERE id > ? ORDER BY id LIMIT ?';
const EVERY_PASSWORD =
  'SELECT pwid, user, hash, label, created, used FROM passwords WHERE pwid > ? AND revoked IS NULL ORDER BY pwid LIMIT ?';
const EVERY_GROUP = 'SELECT name, owner, created, deleted FROM groups WHERE name > ? ORDER BY name LIMIT ?';
const EVERY_MEMBER = 'SELECT name, user FROM members WHERE (name, user) > (?, ?) ORDER BY name, user LIMIT ?';
const PUT_USER = 'INSERT OR REPLACE INTO users (id, created, disabled, issuer, home) VALUES (?, ?, ?, ?, ?)';
const PUT_PASSWORD = 'INSERT OR REPLACE INTO passwords (pwid, user, hash, label, created, used) VALUES (?, ?, ?, ?, ?, ?)';
const PUT_GROUP = 'INSERT OR REPLACE INTO groups (name, owner, created, deleted) VALUES (?, ?, ?, ?)';

/** The statements bound to one database. */
export function makeQueries(sql: SqlStorage) {
  const count = (query: string, key: string): number => sql.exec<CountRow>(query, key).one().count;
  return {
    user: (id: string) => sql.exec<UserRow>(USER, id).toArray()[0],
    usersAfter: (after: string, limit: number) => sql.exec<UserRow>(USERS_AFTER, after, limit).toArray(),
    insertUser: (id: string, at: number, issuer: string | null) => void sql.exec(INSERT_USER, id, at, issuer),
    enableUser: (id: string, issuer: string | null) => void sql.exec(ENABLE_USER, issuer, id),
    disableUser: (id: string, at: number) => void sql.exec(DISABLE_USER, at, id),
    setHome: (id: string, at: number) => void sql.exec(SET_HOME, at, id),

    insertPassword: (row: Omit<PasswordRow, 'used'>) =>
      void sql.exec(INSERT_PASSWORD, row.pwid, row.user, row.hash, row.label, row.created),
    passwordsOf: (user: string) => sql.exec<PasswordRow>(PASSWORDS_OF, user).toArray(),
    password: (user: string, pwid: string) => sql.exec<PasswordRow>(PASSWORD, pwid, user).toArray()[0],
    revoke: (user: string, pwid: string, at: number) => void sql.exec(REVOKE, at, pwid, user),
    revokeAll: (user: string, at: number) => void sql.exec(REVOKE_ALL, at, user),
    touch: (pwid: string, at: number) => void sql.exec(TOUCH, at, pwid),
    countPasswords: (user: string) => count(COUNT_PASSWORDS, user),

    group: (name: string) => sql.exec<GroupRow>(GROUP, name).toArray()[0],
    insertGroup: (name: string, owner: string | null, at: number) => void sql.exec(INSERT_GROUP, name, owner, at),
    closeGroup: (name: string, at: number) => void sql.exec(CLOSE_GROUP, at, name),
    countGroups: (owner: string) => count(COUNT_GROUPS, owner),
    groupsAfter: (after: string, limit: number) => sql.exec<GroupRow>(GROUPS_AFTER, after, limit).toArray(),
    ownGroupsAfter: (user: string, after: string, limit: number) => sql.exec<GroupRow>(OWN_GROUPS_AFTER, after, user, limit).toArray(),

    insertMember: (name: string, user: string) => void sql.exec(INSERT_MEMBER, name, user),
    deleteMember: (name: string, user: string) => void sql.exec(DELETE_MEMBER, name, user),
    deleteMembers: (name: string) => void sql.exec(DELETE_MEMBERS, name),
    deleteMemberships: (user: string) => void sql.exec(DELETE_MEMBERSHIPS, user),
    members: (name: string) =>
      sql
        .exec<MemberRow>(MEMBERS, name)
        .toArray()
        .map((row) => row.user),
    isMember: (name: string, user: string) => sql.exec<MemberRow>(IS_MEMBER, name, user).toArray().length > 0,
    countMembers: (name: string) => count(COUNT_MEMBERS, name),
    groupsOf: (user: string) =>
      sql
        .exec<NameRow>(GROUPS_OF, user)
        .toArray()
        .map((row) => row.name),

    addAudit: (at: number, principal: string, action: string, path: string, detail: string) =>
      void sql.exec(ADD_AUDIT, at, principal, action, path, detail),
    auditAfter: (after: number, limit: number) => sql.exec<AuditRow>(AUDIT_AFTER, after, limit).toArray(),
    trimAudit: (before: number) => void sql.exec(TRIM_AUDIT, before),

    hasOthers: (than: string) => sql.exec<NameRow>(OTHER_USER, than).toArray().length > 0,
    everyUser: (after: string, limit: number) => sql.exec<UserRow>(EVERY_USER, after, limit).toArray(),
    everyPassword: (after: string, limit: number) => sql.exec<PasswordRow>(EVERY_PASSWORD, after, limit).toArray(),
    everyGroup: (after: string, limit: number) => sql.exec<GroupRow>(EVERY_GROUP, after, limit).toArray(),
    everyMember: (group: string, user: string, limit: number) => sql.exec<MembershipRow>(EVERY_MEMBER, group, user, limit).toArray(),
    putUser: (...row: [string, number, number | null, string | null, number | null]) => void sql.exec(PUT_USER, ...row),
    putPassword: (...row: [string, string, string, string, number, number | null]) => void sql.exec(PUT_PASSWORD, ...row),
    putGroup: (...row: [string, string | null, number, number | null]) => void sql.exec(PUT_GROUP, ...row),
  };
}

export type Queries = ReturnType<typeof makeQueries>;

// Every SQL statement of a Space, with the type of its rows.
import { statement } from '../sql.ts';

export interface NodeRow {
  readonly id: number;
  readonly parent: number | null;
  readonly name: string;
  readonly type: string;
  readonly access: number;
  readonly immutable: number;
  readonly locked: number;
  readonly target: string | null;
  readonly mount: string | null;
  readonly mount_revision: number;
  readonly object: number | null;
  readonly size: number;
  readonly md5: string | null;
  readonly created: number;
  readonly data_changed: number;
  readonly changed: number;
  readonly pending: number;
  readonly uploads: number;
  readonly generation: number;
  readonly next_generation: number;
}
export interface AccessRow {
  readonly owner: string;
  readonly public: number;
  readonly inherit: number;
  readonly group_read: string;
  readonly group_write: string;
}
export interface UploadRow {
  readonly id: string;
  readonly node: number;
  readonly generation: number;
  readonly principal: string;
  readonly key: string;
  readonly sealed: number;
  readonly clears: number;
  readonly expects: number | null;
  readonly job: string | null;
  readonly length: number | null;
  readonly reserved: number;
  readonly created: number;
  readonly expires: number;
  readonly deadline: number;
  readonly attempt: number;
  readonly lease: number;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly part_size: number | null;
  readonly type: string | null;
  readonly md5: string | null;
}
export interface QuotaRow {
  readonly bytes: number;
  readonly used: number;
  readonly reserved: number;
}
export interface ObjectRow {
  readonly id: number;
  readonly key: string;
  readonly source: string | null;
  readonly size: number;
  /** The Space in whose store container they lie; null: this one. */
  readonly home: string | null;
  readonly owned: number;
}

// meta
export const GET_META = statement<{ value: string }>('SELECT value FROM meta WHERE key = ?');
export const SET_META = statement('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');

// access
export const GET_ACCESS = statement<AccessRow>('SELECT owner, public, inherit, group_read, group_write FROM access WHERE id = ?');
export const FIND_ACCESS = statement<{ id: number }>(
  'SELECT id FROM access WHERE owner = ? AND public = ? AND inherit = ? AND group_read = ? AND group_write = ?',
);
export const ADD_ACCESS = statement<{ id: number }>(
  'INSERT INTO access (owner, public, inherit, group_read, group_write) VALUES (?, ?, ?, ?, ?) RETURNING id',
);
/** Every table that refers to permissions must be asked here. */
export const PRUNE_ACCESS = statement('DELETE FROM access WHERE id NOT IN (SELECT access FROM node UNION SELECT access FROM arrival)');
export const ACCESS_EXTENT = statement<{ count: number; last: number | null }>('SELECT count(*) AS count, max(id) AS last FROM access');
export const OWE_PRUNE = statement(
  `INSERT INTO outbox (kind, payload, due) SELECT 'access', '{"kind":"access"}', ? WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE kind = 'access')`,
);
export const ALL_ACCESS = statement<AccessRow & { id: number }>('SELECT id, owner, public, inherit, group_read, group_write FROM access');

// node
export const GET_NODE = statement<NodeRow>('SELECT * FROM node WHERE id = ?');
export const GET_CHILD = statement<NodeRow>('SELECT * FROM node WHERE parent = ? AND name = ?');
/** In the order of names. */
export const NEXT_CHILD = statement<NodeRow>('SELECT * FROM node WHERE parent = ? AND name > ? ORDER BY name LIMIT 1');
export const GET_MOUNT = statement<NodeRow>('SELECT * FROM node WHERE mount = ?');
export const HAS_CHILDREN = statement<{ found: number }>('SELECT 1 AS found FROM node WHERE parent = ? LIMIT 1');
export const ADD_NODE = statement<NodeRow>(
  'INSERT INTO node (parent, name, type, access, immutable, locked, target, mount, created, data_changed, changed, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *',
);
export const SET_NODE = statement('UPDATE node SET access = ?, immutable = ?, locked = ?, target = ?, changed = ? WHERE id = ?');
export const NAME_NODE = statement('UPDATE node SET parent = ?, name = ?, changed = ? WHERE id = ?');
export const TOUCH_NODE = statement('UPDATE node SET changed = ? WHERE id = ?');
export const DETACH_NODE = statement('UPDATE node SET parent = NULL WHERE id = ?');
export const DROP_NODE = statement('DELETE FROM node WHERE id = ?');
export const SET_BYTES = statement(
  'UPDATE node SET object = ?, size = ?, md5 = ?, data_changed = ?, changed = ?, pending = 0, generation = ? WHERE id = ?',
);
export const NEXT_GENERATION = statement('UPDATE node SET next_generation = next_generation + 1, uploads = uploads + 1 WHERE id = ?');
export const END_UPLOAD = statement('UPDATE node SET uploads = max(0, uploads - 1) WHERE id = ?');
export const SET_SIZE = statement('UPDATE node SET size = ? WHERE id = ?');
export const SET_MOUNT = statement(
  'UPDATE node SET access = ?, immutable = ?, locked = ?, size = ?, changed = ?, created = ?, mount_revision = ? WHERE id = ?',
);

// listings: a page begins at a key, inclusive
const PAGE_OF = 'SELECT * FROM node WHERE parent = ?';
export const CHILDREN_OF = statement<NodeRow>('SELECT * FROM node WHERE parent = ? ORDER BY name LIMIT ?');
export const LIST_NAME_ASC = statement<NodeRow>(`${PAGE_OF} AND name >= ? ORDER BY name LIMIT ?`);
export const LIST_NAME_DESC = statement<NodeRow>(`${PAGE_OF} ORDER BY name DESC LIMIT ?`);
export const LIST_NAME_DESC_FROM = statement<NodeRow>(`${PAGE_OF} AND name <= ? ORDER BY name DESC LIMIT ?`);
export const LIST_SIZE_ASC = statement<NodeRow>(`${PAGE_OF} AND (size, name) >= (?, ?) ORDER BY size, name LIMIT ?`);
export const LIST_SIZE_DESC = statement<NodeRow>(`${PAGE_OF} ORDER BY size DESC, name DESC LIMIT ?`);
export const LIST_SIZE_DESC_FROM = statement<NodeRow>(`${PAGE_OF} AND (size, name) <= (?, ?) ORDER BY size DESC, name DESC LIMIT ?`);
export const LIST_DATE_ASC = statement<NodeRow>(`${PAGE_OF} AND (changed, name) >= (?, ?) ORDER BY changed, name LIMIT ?`);
export const LIST_DATE_DESC = statement<NodeRow>(`${PAGE_OF} ORDER BY changed DESC, name DESC LIMIT ?`);
export const LIST_DATE_DESC_FROM = statement<NodeRow>(`${PAGE_OF} AND (changed, name) <= (?, ?) ORDER BY changed DESC, name DESC LIMIT ?`);

// sizes of containers
export const GROW_CONTAINERS = statement(
  `UPDATE node SET size = size + ?2 WHERE id IN (
     WITH RECURSIVE above (id) AS (SELECT ?1 UNION ALL SELECT node.parent FROM above JOIN node ON node.id = above.id WHERE node.parent IS NOT NULL)
     SELECT id FROM above)`,
);
/** Top-level containers, in the root, have the size that their Spaces tell. */
export const MEASURE_CONTAINERS = statement(
  `UPDATE node SET size = (
     WITH RECURSIVE below (id) AS (
       SELECT node.id UNION ALL SELECT child.id FROM below JOIN node AS child ON child.parent = below.id WHERE child.type = 'ContainerNode')
     SELECT coalesce(sum(child.size), 0) FROM below JOIN node AS child
       ON child.parent = below.id AND (child.type <> 'ContainerNode' OR child.mount IS NOT NULL))
   WHERE type = 'ContainerNode' AND mount IS NULL`,
);

// what a deletion must look at
export const FIXED_NODES = statement<{ id: number; parent: number | null; locked: number }>(
  'SELECT id, parent, locked FROM node WHERE immutable = 1 OR locked = 1',
);
export const PARENT_OF = statement<{ parent: number | null }>('SELECT parent FROM node WHERE id = ?');
export const CONTAINER_ACCESS_BELOW = statement<{ access: number }>(
  `WITH RECURSIVE below (id, access) AS (
     SELECT id, access FROM node WHERE id = ?
     UNION ALL SELECT node.id, node.access FROM below JOIN node ON node.parent = below.id WHERE node.type = 'ContainerNode')
   SELECT DISTINCT access FROM below`,
);

// properties
export const PROPERTIES = statement<{ uri: string; value: string }>(
  'SELECT property_name.uri AS uri, value FROM property JOIN property_name ON property_name.id = property.name WHERE node = ?',
);
export const PROPERTIES_OF = statement<{ node: number; uri: string; value: string }>(
  'SELECT node, property_name.uri AS uri, value FROM property JOIN property_name ON property_name.id = property.name WHERE node IN (SELECT value FROM json_each(?))',
);
export const FIND_PROPERTY_NAME = statement<{ id: number }>('SELECT id FROM property_name WHERE uri = ?');
export const ADD_PROPERTY_NAME = statement<{ id: number }>('INSERT INTO property_name (uri) VALUES (?) RETURNING id');
export const HAS_PROPERTY = statement<{ found: number }>('SELECT 1 AS found FROM property WHERE node = ? AND name = ?');
export const COUNT_PROPERTIES = statement<{ count: number; bytes: number | null }>(
  'SELECT count(*) AS count, sum(octet_length(value)) AS bytes FROM property WHERE node = ?',
);
export const SET_PROPERTY = statement('INSERT INTO property VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
export const DROP_PROPERTY = statement('DELETE FROM property WHERE node = ? AND name = ?');
export const PROPERTY_USES = statement<{ uses: number }>('UPDATE property_name SET uses = uses + ? WHERE id = ? RETURNING uses');
export const PROPERTY_NAMES_OF = statement<{ name: number }>('SELECT name FROM property WHERE node = ?');
export const DROP_PROPERTIES = statement('DELETE FROM property WHERE node = ?');
export const USED_PROPERTIES = statement<{ uri: string }>(
  'SELECT uri FROM property_name WHERE uses > 0 UNION SELECT uri FROM space_property ORDER BY uri LIMIT ?',
);
export const DROP_SPACE_PROPERTIES = statement('DELETE FROM space_property WHERE space = ?');
export const TOLD_REVISION = statement<{ revision: number }>('SELECT revision FROM space_told WHERE space = ?');
export const SET_TOLD = statement('INSERT INTO space_told VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision');
export const DROP_TOLD = statement('DELETE FROM space_told WHERE space = ?');
export const ADD_SPACE_PROPERTY = statement('INSERT INTO space_property VALUES (?, ?) ON CONFLICT DO NOTHING');

// quotas
export const GET_QUOTA = statement<QuotaRow>(
  'SELECT bytes, size AS used, reserved FROM quota JOIN node ON node.id = quota.node WHERE quota.node = ?',
);
export const ANY_QUOTA = statement<{ found: number }>('SELECT 1 AS found FROM quota LIMIT 1');
export const SET_QUOTA = statement('INSERT INTO quota VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes');
export const DROP_QUOTA = statement('DELETE FROM quota WHERE node = ?');
export const CHARGE_QUOTA = statement('UPDATE quota SET reserved = max(0, reserved + ?) WHERE node = ?');
export const RESERVED_BELOW = statement<{ bytes: number | null }>(
  `WITH RECURSIVE below (id) AS (
     SELECT id FROM node WHERE id = ?
     UNION ALL SELECT node.id FROM below JOIN node ON node.parent = below.id)
   SELECT sum(reserved) AS bytes FROM upload WHERE outcome IS NULL AND node IN (SELECT id FROM below)`,
);

// objects
export const GET_OBJECT = statement<ObjectRow>('SELECT id, key, source, size, home, owned FROM object WHERE id = ?');
export const ADD_OBJECT = statement<{ id: number }>('INSERT INTO object (key, source, size) VALUES (?, ?, ?) RETURNING id');
export const DROP_OBJECT = statement('DELETE FROM object WHERE id = ?');
export const OBJECT_USED = statement<{ found: number }>(
  'SELECT 1 AS found FROM node WHERE object = ?1 UNION ALL SELECT 1 FROM hold WHERE object = ?1 LIMIT 1',
);

// uploads
export const ADD_UPLOAD = statement(
  `INSERT INTO upload (id, node, generation, principal, key, sealed, clears, length, reserved, created, expires, deadline, due, expects, job)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
export const GET_UPLOAD = statement<UploadRow>('SELECT * FROM upload WHERE id = ?');
export const UPLOADS_OF = statement<UploadRow>('SELECT * FROM upload WHERE node = ? AND outcome IS NULL ORDER BY generation');
export const OPEN_UPLOADS = statement<{ count: number }>('SELECT count(*) AS count FROM upload WHERE principal = ? AND outcome IS NULL');
export const LEASE_UPLOAD = statement('UPDATE upload SET attempt = attempt + 1, lease = ?, due = ? WHERE id = ?');
export const RENEW_UPLOAD = statement('UPDATE upload SET lease = ?, deadline = ?, due = ? WHERE id = ?');
export const RELEASE_UPLOAD = statement('UPDATE upload SET lease = ?, due = min(due, ?) WHERE id = ?');
export const CLOSE_UPLOAD = statement('UPDATE upload SET outcome = ?, detail = ?, reserved = 0, lease = 0, due = ? WHERE id = ?');
export const DUE_UPLOADS = statement<UploadRow>('SELECT * FROM upload WHERE due <= ? ORDER BY due LIMIT ?');
export const DELAY_UPLOAD = statement('UPDATE upload SET due = ? WHERE id = ?');
export const DROP_UPLOAD = statement('DELETE FROM upload WHERE id = ?');

// leftovers
export const ADD_LEFTOVER = statement(
  'INSERT INTO leftover VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET due = excluded.due, again = excluded.again',
);
export const DUE_LEFTOVERS = statement<{ key: string }>('SELECT key FROM leftover WHERE due <= ? ORDER BY due LIMIT ?');
export const DELAY_LEFTOVER = statement('UPDATE leftover SET due = ? WHERE key = ?');
export const REPEAT_LEFTOVER = statement('UPDATE leftover SET due = again, again = NULL WHERE key = ? AND again IS NOT NULL');
export const DROP_LEFTOVER = statement('DELETE FROM leftover WHERE key = ?');
export const KEY_KNOWN = statement<{ found: number }>(
  `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM object WHERE (key = ?1 OR source = ?1) AND home IS NULL)
     OR EXISTS (SELECT 1 FROM upload WHERE key = ?1 AND outcome IS NULL) OR EXISTS (SELECT 1 FROM leftover WHERE key = ?1)`,
);

// purges
export const ADD_PURGE = statement('INSERT INTO purge VALUES (?, ?, ?)');
export const NEXT_PURGE = statement<{ node: number; charged: string }>('SELECT node, charged FROM purge ORDER BY due, node LIMIT 1');
export const PURGE_OF = statement<{ charged: string }>('SELECT charged FROM purge WHERE node = ?');
export const FORGET_CHARGED = statement(
  `UPDATE purge SET charged = (SELECT json_group_array(value) FROM json_each(charged) WHERE value <> ?1)
   WHERE EXISTS (SELECT 1 FROM json_each(charged) WHERE value = ?1)`,
);
export const DROP_PURGE = statement('DELETE FROM purge WHERE node = ?');
export const CHILDREN_TO_PURGE = statement<NodeRow>('SELECT * FROM node WHERE parent = ? LIMIT ?');

// outbox
export const ADD_OUTBOX = statement('INSERT INTO outbox (kind, payload, due) VALUES (?, ?, ?)');
export const DUE_OUTBOX = statement<{ id: number; kind: string; payload: string; attempts: number }>(
  'SELECT id, kind, payload, attempts FROM outbox WHERE due <= ? ORDER BY id LIMIT ?',
);
export const DELAY_OUTBOX = statement('UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ?');
export const PROJECTION_WAITS = statement<{ found: number }>("SELECT 1 AS found FROM outbox WHERE kind = 'project' AND attempts = 0");
export const DROP_OUTBOX_KIND = statement('DELETE FROM outbox WHERE kind = ?');
export const DROP_OUTBOX = statement('DELETE FROM outbox WHERE id = ?');

// audit
export const ADD_AUDIT = statement('INSERT INTO audit (time, principal, action, path, detail) VALUES (?, ?, ?, ?, ?)');
/** ?1: a JSON list of [path, detail]. */
export const ADD_AUDITS = statement(
  'INSERT INTO audit (time, principal, action, path, detail) SELECT ?2, ?3, ?4, value ->> 0, value ->> 1 FROM json_each(?1)',
);
export const TRIM_AUDIT = statement('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE time < ? LIMIT 10000)');
export const LIST_AUDIT = statement<{ id: number; time: number; principal: string; action: string; path: string; detail: string }>(
  'SELECT id, time, principal, action, path, detail FROM audit WHERE id > ?1 AND (?3 IS NULL OR path = ?3) ORDER BY id LIMIT ?2',
);

// deadlines, see also due-queries.ts
export const NEXT_UPLOAD = statement<{ due: number | null }>('SELECT min(due) AS due FROM upload');
export const NEXT_LEFTOVER = statement<{ due: number | null }>('SELECT min(due) AS due FROM leftover');
export const PURGE_DUE = statement<{ due: number | null }>('SELECT min(due) AS due FROM purge');
export const NEXT_OUTBOX = statement<{ due: number | null }>('SELECT min(due) AS due FROM outbox');
export const OLDEST_AUDIT = statement<{ time: number | null }>('SELECT time FROM audit ORDER BY id LIMIT 1');

// operators: state, backup and restore
export const DROP_META = statement('DELETE FROM meta WHERE key = ?');
export const COUNT_UPLOADS = statement<{ count: number }>('SELECT count(*) AS count FROM upload WHERE outcome IS NULL');
export const COUNT_LEFTOVERS = statement<{ count: number }>('SELECT count(*) AS count FROM leftover');
export const COUNT_NODES = statement<{ count: number }>('SELECT count(*) AS count FROM node');
export const LAST_AUDIT = statement<{ id: number }>('SELECT id FROM audit ORDER BY id DESC LIMIT 1');
export const NODES_AFTER = statement<NodeRow>('SELECT * FROM node WHERE id > ? ORDER BY id LIMIT ?');
export const NODES_IN_PLACE = statement<{ id: number }>(
  'SELECT id FROM node WHERE id = ? UNION SELECT id FROM node WHERE parent = ? AND name = ?',
);
export const FIND_OBJECT = statement<{ id: number }>('SELECT id FROM object WHERE key = ?');
export const IMPORT_NODE = statement(
  `INSERT INTO node (id, parent, name, type, access, immutable, locked, target, object, size, md5, created, data_changed, changed, generation, next_generation)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
export const UNREACHABLE_NODES = statement<{ id: number }>(
  `WITH RECURSIVE reached (id) AS (SELECT 1 UNION ALL SELECT node.id FROM reached JOIN node ON node.parent = reached.id)
   SELECT id FROM node WHERE id NOT IN (SELECT id FROM reached)`,
);
export const DROP_UNUSED_OBJECTS = statement(
  'DELETE FROM object WHERE id NOT IN (SELECT object FROM node WHERE object IS NOT NULL) AND id NOT IN (SELECT object FROM hold)',
);
export const WIPE_NODES = ['node', 'property', 'property_name', 'quota', 'object'].map((table) => statement(`DELETE FROM ${table}`));

// The SQL of adopted containers.
import { statement } from '../../sql.ts';
import type { NodeRow, ObjectRow } from '../queries.ts';

export const FIND_ADOPTED = statement<ObjectRow>('SELECT id, key, source, size, home, owned FROM object WHERE key = ?');
export const ADD_ADOPTED = statement<{ id: number }>('INSERT INTO object (key, size, owned, seen) VALUES (?, ?, ?, ?) RETURNING id');
/** Of a list of keys. A job that began earlier does not hide what a later one has seen. */
export const SEE_OBJECTS = statement(
  'UPDATE object SET seen = max(coalesce(seen, 0), ?2), owned = ?3 WHERE key IN (SELECT value FROM json_each(?1))',
);
export const RESIZE_OBJECT = statement('UPDATE object SET size = ? WHERE id = ?');
export const DISOWN_OBJECT = statement('UPDATE object SET owned = 0 WHERE id = ?');
export const NODES_OF_OBJECT = statement<NodeRow>('SELECT * FROM node WHERE object = ?');
export const UNSEEN_OBJECTS = statement<ObjectRow>(
  `SELECT id, key, source, size, home, owned FROM object WHERE key > ? AND key < ? AND seen < ? ORDER BY key LIMIT ?`,
);

export const DISOWN_ADOPTED = statement('UPDATE object SET owned = 0 WHERE key > ? AND key < ?');
export const DROP_DOOMED = statement('DELETE FROM leftover WHERE key > ? AND key < ?');
export const COUNT_ADOPTED = statement<{ count: number }>('SELECT count(*) AS count FROM object WHERE key > ? AND key < ?');
export const NODE_OF_ADOPTED = statement<{ id: number }>(
  'SELECT node.id FROM object JOIN node ON node.object = object.id WHERE object.key > ? AND object.key < ? LIMIT 1',
);
export const COUNT_DOOMED = statement<{ count: number }>('SELECT count(*) AS count FROM leftover WHERE key > ? AND key < ?');

// in the root
export interface AdoptionRow {
  readonly container: string;
  readonly space: string;
  readonly owned: number;
  readonly epoch: number;
}
export const GET_ADOPTION = statement<AdoptionRow>('SELECT * FROM adoption WHERE container = ?');
export const ALL_ADOPTIONS = statement<AdoptionRow>('SELECT * FROM adoption ORDER BY container');
export const SET_ADOPTION = statement(
  'INSERT INTO adoption VALUES (?1, ?2, ?3, 0) ON CONFLICT DO UPDATE SET space = excluded.space, owned = excluded.owned',
);
export const DROP_ADOPTION = statement('DELETE FROM adoption WHERE container = ?');
export const SET_ADOPTION_EPOCH = statement('UPDATE adoption SET epoch = ? WHERE container = ?');

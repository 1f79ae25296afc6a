// The SQL of pipes in a Space: chunks that are pinned and placed, and the containers at their ends.
import { statement } from '../../sql.ts';

export interface EndRow {
  readonly node: number;
  readonly pipe: string;
  readonly role: string;
  readonly made: number;
}
/** A name and what has it. `place`: its index in the list. */
export interface FoundRow {
  readonly place: number;
  readonly id: number;
  readonly type: string;
  readonly access: number;
  readonly uploads: number;
  readonly size: number;
  readonly md5: string | null;
  readonly object: number | null;
  readonly key: string | null;
  readonly home: string | null;
  readonly media: string | null;
}

// pins
/** ?1: a JSON list of names. ?2: the container. ?3: the URI of the property that has the type. CROSS: SQLite would go through all children for each name. */
export const FIND_CHUNKS = statement<FoundRow>(
  `SELECT json_each.key AS place, node.id AS id, node.type AS type, node.access AS access, node.uploads AS uploads, node.size AS size, node.md5 AS md5,
     object.id AS object, object.key AS key, object.home AS home,
     (SELECT value FROM property WHERE property.node = node.id AND property.name = (SELECT id FROM property_name WHERE uri = ?3)) AS media
   FROM json_each(?1) CROSS JOIN node ON node.parent = ?2 AND node.name = json_each.value LEFT JOIN object ON object.id = node.object`,
);
/** Of a JSON list of ids. */
export const HOLD_OBJECTS = statement('INSERT INTO hold SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING');
export const LENT = statement<{ id: number; key: string; source: string | null; size: number }>(
  'SELECT id, key, source, size FROM object WHERE home IS NULL AND key IN (SELECT value FROM json_each(?))',
);

// placed
export const NOTE_PLACED = statement(
  'INSERT INTO placed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET pipe = excluded.pipe, object = excluded.object',
);
/** ?1: a JSON list of [node, object]. None of the nodes was placed before. */
export const NOTE_ALL_PLACED = statement('INSERT INTO placed SELECT value ->> 0, ?2, value ->> 1 FROM json_each(?1)');
/** ?1: a JSON list of [name, key]. ?2: the container. `place`: the index in the list. */
export const FIND_PLACES = statement<{ place: number; node: number | null; object: number | null }>(
  `SELECT json_each.key AS place, node.id AS node, object.id AS object FROM json_each(?1)
   LEFT JOIN node ON node.parent = ?2 AND node.name = json_each.value ->> 0 LEFT JOIN object ON object.key = json_each.value ->> 1`,
);
/** ?1: a JSON list of [name, object, size, md5]. Nodes with their first bytes. */
export const ADD_PLACES = statement<{ id: number; name: string }>(
  `INSERT INTO node (parent, name, type, access, object, size, md5, created, data_changed, changed, generation, next_generation)
   SELECT ?2, value ->> 0, 'DataNode', ?3, value ->> 1, value ->> 2, value ->> 3, ?4, ?4, ?4, 1, 2 FROM json_each(?1) RETURNING id, name`,
);
export const GET_PLACED = statement<{ pipe: string; object: number | null }>('SELECT pipe, object FROM placed WHERE node = ?');
export const DROP_PLACED = statement('DELETE FROM placed WHERE node = ?');
/** The node swings to the bytes, as a later generation than every upload that has begun. */
export const SWING = statement<{ generation: number }>(
  `UPDATE node SET object = ?, size = ?, md5 = ?, data_changed = ?, changed = ?, pending = 0, generation = next_generation,
     next_generation = next_generation + 1 WHERE id = ? RETURNING generation`,
);
/** Something in the container that is not the pipe's alone, or may not be removed. */
export const OTHERS_BELOW = statement<{ id: number }>(
  `WITH RECURSIVE below (id) AS (
     SELECT id FROM node WHERE parent = ?1 UNION ALL SELECT node.id FROM below JOIN node ON node.parent = below.id)
   SELECT node.id AS id FROM below JOIN node ON node.id = below.id LEFT JOIN placed ON placed.node = node.id
   WHERE placed.pipe IS NOT ?2 OR placed.object IS NOT node.object OR node.uploads > 0 OR node.immutable = 1 OR node.locked = 1
     OR EXISTS (SELECT 1 FROM pipe_end WHERE pipe_end.node = node.id) LIMIT 1`,
);

// ends
export const ADD_END = statement('INSERT INTO pipe_end VALUES (?, ?, ?, ?)');
export const GET_END = statement<EndRow>('SELECT * FROM pipe_end WHERE pipe = ? AND role = ?');
export const ENDS_OF = statement<EndRow>('SELECT * FROM pipe_end WHERE node = ?');
export const ALL_ENDS = statement<EndRow>('SELECT * FROM pipe_end ORDER BY pipe, role');
export const DROP_END = statement('DELETE FROM pipe_end WHERE pipe = ? AND role = ?');
export const END_AT = statement<{ pipe: string }>('SELECT pipe FROM pipe_end WHERE node = ? LIMIT 1');
/** A pipe that ends at the container or below it. */
export const END_BELOW = statement<{ pipe: string }>(
  `WITH RECURSIVE up (id, pipe) AS (
     SELECT node, pipe FROM pipe_end UNION SELECT parent, pipe FROM up JOIN node ON node.id = up.id WHERE parent IS NOT NULL)
   SELECT pipe FROM up WHERE id = ? LIMIT 1`,
);

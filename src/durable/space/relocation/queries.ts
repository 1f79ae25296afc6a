// The SQL of trees on their way between Spaces, and of bytes that one Space holds for another.
import { statement } from '../../sql.ts';
import type { NodeRow } from '../queries.ts';

export interface ArrivalRow {
  readonly id: number;
  readonly token: string;
  readonly kind: string;
  readonly source: string;
  readonly whole: number;
  readonly origin: number | null;
  readonly head: number | null;
  readonly access: number;
  readonly after: string;
  readonly nodes: number;
  readonly bytes: number;
  readonly state: string;
  readonly name: string;
  readonly told: number;
  readonly due: number;
  readonly path_bytes: number;
}
export interface HolderRow {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly due: number | null;
}
export interface DepartureRow {
  readonly node: number;
  readonly holder: string;
  readonly principal: string;
  readonly due: number;
}

// holders and what they hold here
export const GET_HOLDER = statement<HolderRow>('SELECT * FROM holder WHERE name = ?');
/** Nothing where the name is there. */
export const ADD_HOLDER = statement<{ id: number }>(
  'INSERT INTO holder (name, state, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
);
export const SET_HOLDER = statement('UPDATE holder SET state = ?, due = ? WHERE id = ?');
export const RENEW_HOLDER = statement('UPDATE holder SET due = ? WHERE name = ?');
export const DROP_HOLDER = statement('DELETE FROM holder WHERE id = ?');
export const DUE_HOLDERS = statement<HolderRow>('SELECT * FROM holder WHERE due <= ? ORDER BY due LIMIT 500');
export const NEXT_HOLDER = statement<{ due: number | null }>('SELECT min(due) AS due FROM holder WHERE due IS NOT NULL');
export const ADD_HOLD = statement('INSERT INTO hold VALUES (?, ?) ON CONFLICT DO NOTHING');
/** Of the objects of these nodes, a JSON list of ids. */
export const HOLD_FOR_NODES = statement(
  `INSERT INTO hold SELECT DISTINCT node.object, ?2 FROM json_each(?1) JOIN node ON node.id = json_each.value JOIN object ON object.id = node.object
   WHERE object.home IS NULL ON CONFLICT DO NOTHING`,
);
export const DROP_HOLD = statement('DELETE FROM hold WHERE object = ? AND holder = ?');
export const HOLDS_OF = statement<{ object: number; key: string }>(
  'SELECT hold.object AS object, key FROM hold JOIN object ON object.id = hold.object WHERE holder = ? AND hold.object > ? ORDER BY hold.object LIMIT ?',
);
export const ANY_HOLD = statement<{ found: number }>('SELECT 1 AS found FROM hold LIMIT 1');
export const HOLDS_ANY = statement<{ found: number }>('SELECT 1 AS found FROM hold WHERE holder = ? LIMIT 1');

// bytes that lie elsewhere
/** From a JSON list of [key, source, size, home]. */
export const ADD_FOREIGN = statement(
  'INSERT INTO object (key, source, size, home) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)',
);
export const OBJECTS_BY_KEY = statement<{ id: number; key: string }>(
  'SELECT id, key FROM object WHERE key IN (SELECT value FROM json_each(?))',
);
export const ADD_HELD = statement('INSERT INTO held SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING');
export const HELD_BY = statement<{ arrival: number }>('SELECT arrival FROM held WHERE object = ?');
export const DROP_HELD = statement('DELETE FROM held WHERE object = ?');
export const HELD_KEYS = statement<{ key: string }>(
  'SELECT key FROM object JOIN held ON held.object = object.id WHERE arrival = ? AND key IN (SELECT value FROM json_each(?))',
);
export const FOREIGN_AFTER = statement<{ id: number; key: string; source: string | null; size: number; home: string }>(
  'SELECT id, key, source, size, home FROM object WHERE id > ? AND home IS NOT NULL ORDER BY id LIMIT ?',
);
export const DROP_UNUSED_HELD = statement('DELETE FROM held WHERE object NOT IN (SELECT id FROM object)');
export const WIPE_HELD = statement('DELETE FROM held');
export const ADD_LET_GO = statement('INSERT INTO let_go VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
export const NEXT_LET_GO = statement<{ home: string; arrival: number; key: string }>(
  'SELECT * FROM let_go ORDER BY home, arrival, key LIMIT ?',
);
export const DROP_LET_GO = statement('DELETE FROM let_go WHERE home = ? AND arrival = ? AND key = ?');

// arrivals
export const ADD_ARRIVAL = statement<{ id: number }>(
  'INSERT INTO arrival (token, kind, source, whole, head, access, state, name, told, due, path_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
);
export const GET_ARRIVAL = statement<ArrivalRow>('SELECT * FROM arrival WHERE id = ?');
export const FIND_ARRIVAL = statement<ArrivalRow>('SELECT * FROM arrival WHERE token = ?');
export const OPEN_ARRIVALS = statement<ArrivalRow>("SELECT * FROM arrival WHERE state = 'open'");
export const WHOLE_ARRIVAL = statement<ArrivalRow>('SELECT * FROM arrival WHERE whole = 1');
export const SET_ORIGIN = statement('UPDATE arrival SET origin = ?, nodes = nodes + ?, bytes = bytes + ?, due = ? WHERE id = ?');
export const ADVANCE_ARRIVAL = statement('UPDATE arrival SET after = ?, nodes = nodes + ?, bytes = bytes + ?, due = ? WHERE id = ?');
export const RENEW_ARRIVAL = statement('UPDATE arrival SET due = ? WHERE id = ?');
export const CLOSE_ARRIVAL = statement('UPDATE arrival SET state = ?, head = NULL, name = ?, told = ?, due = ? WHERE id = ?');
export const MARK_ATTACHING = statement("UPDATE arrival SET state = 'attaching', due = ? WHERE id = ?");
export const REOPEN_ARRIVAL = statement("UPDATE arrival SET state = 'open', due = ? WHERE id = ?");
export const MARK_TOLD = statement('UPDATE arrival SET told = 1, due = ? WHERE id = ?');
export const DROP_ARRIVAL = statement('DELETE FROM arrival WHERE id = ?');
export const DUE_ARRIVALS = statement<ArrivalRow>('SELECT * FROM arrival WHERE due <= ? ORDER BY due LIMIT 100');
export const NEXT_ARRIVAL = statement<{ due: number | null }>('SELECT min(due) AS due FROM arrival');
export const ANY_UNTOLD = statement<{ found: number }>('SELECT 1 AS found FROM arrival WHERE told = 0 LIMIT 1');
export const ADD_ARRIVING = statement('INSERT INTO arriving (arrival, node, origin, path_bytes) VALUES (?, ?, ?, ?)');
export const NEXT_ARRIVING = statement<{ node: number; origin: number; path_bytes: number }>(
  'SELECT node, origin, path_bytes FROM arriving WHERE arrival = ? ORDER BY node LIMIT ?',
);
export const DROP_ARRIVING = statement('DELETE FROM arriving WHERE arrival = ? AND node = ?');
export const DROP_ALL_ARRIVING = statement('DELETE FROM arriving WHERE arrival = ?');
export const ADD_HOME = statement('INSERT INTO arrival_home VALUES (?, ?) ON CONFLICT DO NOTHING');
export const HOMES_OF = statement<{ home: string }>('SELECT home FROM arrival_home WHERE arrival = ?');
export const DROP_HOMES = statement('DELETE FROM arrival_home WHERE arrival = ?');

/**
 * Rows from a JSON list of [parent, name, type, access, immutable, locked, target, object, size, md5, created, data_changed, changed].
 * Ids count up from the second parameter; with null the first row's id is given by the table.
 */
export const ADD_NODES = statement<{ id: number }>(
  `INSERT INTO node (id, parent, name, type, access, immutable, locked, target, object, size, md5, created, data_changed, changed)
   SELECT CASE WHEN ?2 IS NULL THEN NULL ELSE ?2 + key END, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
     value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
   FROM json_each(?1) RETURNING id`,
);
/** Triples of a node, the id of a property's name and a value. */
export const ADD_PROPERTIES = statement('INSERT INTO property SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)');
export const SET_WHOLE = statement(
  'UPDATE node SET access = ?, immutable = ?, locked = ?, created = ?, data_changed = ?, changed = ? WHERE id = ?',
);

// departures
export const ADD_DEPARTURE = statement('INSERT INTO departure VALUES (?, ?, ?, ?)');
export const DEPARTURES = statement<DepartureRow>('SELECT * FROM departure');
export const DEPARTURE_OF = statement<DepartureRow>('SELECT * FROM departure WHERE holder = ?');
export const RENEW_DEPARTURE = statement('UPDATE departure SET due = ? WHERE node = ?');
export const DROP_DEPARTURE = statement('DELETE FROM departure WHERE node = ?');
export const DROP_DEPARTURES = statement('DELETE FROM departure');
export const DUE_DEPARTURES = statement<DepartureRow>('SELECT * FROM departure WHERE due <= ? LIMIT 100');
export const NEXT_DEPARTURE = statement<{ due: number | null }>('SELECT min(due) AS due FROM departure');
/** Whether uploads are under way at the node or below it. */
export const UPLOADS_BELOW = statement<{ found: number }>(
  `WITH RECURSIVE up (id) AS (
     SELECT node FROM upload WHERE outcome IS NULL
     UNION SELECT parent FROM up JOIN node ON node.id = up.id WHERE parent IS NOT NULL)
   SELECT 1 AS found FROM up WHERE id = ?`,
);
export const CHILDREN_AFTER = statement<
  NodeRow & { readonly key: string | null; readonly source: string | null; readonly home: string | null }
>(
  `SELECT node.*, object.key AS key, object.source AS source, object.home AS home FROM node LEFT JOIN object ON object.id = node.object
   WHERE node.parent = ? AND node.name > ? ORDER BY node.name LIMIT ?`,
);
export const ONE_NODE = statement<NodeRow & { readonly key: string | null; readonly source: string | null; readonly home: string | null }>(
  `SELECT node.*, object.key AS key, object.source AS source, object.home AS home FROM node LEFT JOIN object ON object.id = node.object
   WHERE node.id = ?`,
);

// ghosts (root)
export const GHOSTS = statement<{ space: string }>('SELECT space FROM ghost');
export const ADD_GHOST = statement('INSERT INTO ghost VALUES (?) ON CONFLICT DO NOTHING');
export const DROP_GHOST = statement('DELETE FROM ghost WHERE space = ?');

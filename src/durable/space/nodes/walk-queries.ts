// The statement behind every path: from a Space's root down to a node.
import { statement } from '../../sql.ts';
import type { NodeRow } from '../queries.ts';

/** A node on the way; `properties` are those of the node at the depth asked for. */
export interface Step extends NodeRow {
  readonly depth: number;
  readonly properties: readonly { readonly uri: string; readonly value: string }[] | null;
}

const COLUMNS = Object.keys({
  id: 1,
  parent: 1,
  name: 1,
  type: 1,
  access: 1,
  immutable: 1,
  locked: 1,
  target: 1,
  mount: 1,
  mount_revision: 1,
  object: 1,
  size: 1,
  md5: 1,
  created: 1,
  data_changed: 1,
  changed: 1,
  pending: 1,
  uploads: 1,
  generation: 1,
  next_generation: 1,
} satisfies Record<keyof NodeRow, 1>);

/**
 * Down a path given as a JSON list of names, as far as there are nodes, in any order. All in one column, a JSON list of Step: reading
 * twenty columns of each row would cost as much as finding the rows.
 */
export const WALK = statement<{ readonly steps: string }>(
  `WITH RECURSIVE step (depth, id) AS (
     SELECT 0, 1
     UNION ALL SELECT depth + 1, node.id FROM step JOIN node ON node.parent = step.id AND node.name = json_extract(?, '$[' || depth || ']'))
   SELECT json_group_array(json_object(${COLUMNS.map((name) => `'${name}', node.${name}`).join(', ')}, 'depth', depth,
       'properties', CASE WHEN depth = ? THEN (
         SELECT json_group_array(json_object('uri', property_name.uri, 'value', value))
         FROM property JOIN property_name ON property_name.id = property.name WHERE property.node = node.id) END)) AS steps
     FROM step JOIN node ON node.id = step.id`,
);

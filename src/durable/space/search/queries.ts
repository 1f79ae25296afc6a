// The statements of searches. Conditions are put together from fixed texts; what a client sent is always bound.
import { toSqlite } from '../../../model/glob.ts';
import type { NodeFilter, PropertyTest, Range } from '../../../model/search.ts';
import { isLonger } from '../../../model/text.ts';
import { statement, type Statement } from '../../sql.ts';
import type { AccessRow, NodeRow } from '../queries.ts';

export interface Condition {
  readonly text: string;
  readonly values: readonly (string | number)[];
}
/** A test with the row id of its property's name. */
export interface KnownTest extends PropertyTest {
  readonly id: number;
}
export interface ContainerRow {
  readonly id: number;
  readonly name: string;
  readonly access: number;
  /** Whether it holds containers. */
  readonly inner: number;
}

/** Names in the order of the index, from a name on. */
export const CONTAINERS_IN = statement<ContainerRow>(
  `SELECT id, name, access, EXISTS (SELECT 1 FROM node AS below WHERE below.parent = node.id AND below.type = 'ContainerNode') AS inner
   FROM node WHERE parent = ? AND type = 'ContainerNode' AND name >= ? ORDER BY name LIMIT ?`,
);
export const FIND_NAME = statement<{ id: number }>('SELECT id FROM property_name WHERE uri = ?');
export const SOME_ACCESS = statement<AccessRow & { id: number }>(
  'SELECT id, owner, public, inherit, group_read, group_write FROM access LIMIT ?',
);
export const NODES_ABOVE = statement<{ id: number; parent: number | null; name: string; access: number }>(
  'SELECT id, parent, name, access FROM node WHERE id IN (SELECT value FROM json_each(?))',
);

// A batch: the children of several containers, given as a JSON list of ids, in the order of that list and then by name. The loops run in
// this order because the join is CROSS and its index is named; a sorter would read everything before the first row.
const BATCH = `FROM json_each(?) AS list CROSS JOIN node INDEXED BY node_child ON node.parent = list.value
  WHERE node.name >= iif(list.key = 0, ?, ?) AND node.name < `;
/** How many names there are to look at, counted up to a number. */
export const COUNT_CHILDREN = statement<{ count: number }>(`SELECT count(*) AS count FROM (SELECT 1 ${BATCH} ? LIMIT ?)`);
/** The child that is as many further in the batch: up to it, this many names are looked at. */
export const CHILD_FURTHER_ON = statement<{ place: number; name: string }>(
  `SELECT list.key AS place, node.name AS name ${BATCH} ? LIMIT 1 OFFSET ?`,
);
/** To a child of one container of the batch, exclusive. No text is greater than a blob. */
export function childrenIn({ text }: Condition): Statement<NodeRow & { readonly place: number }> {
  return statement(`SELECT list.key AS place, node.* ${BATCH} iif(list.key = ?, ?, ?) AND list.key <= ? ${text}`);
}
export function nodesAmong({ text }: Condition): Statement<NodeRow> {
  return statement(`SELECT node.* FROM node WHERE node.id IN (SELECT value FROM json_each(?)) ${text}`);
}

/** Children whose size or date is in a range, as many as are worth looking at one by one. */
export const SIZES_IN = statement<{ id: number }>(
  'SELECT id FROM node INDEXED BY node_size WHERE parent = ? AND size BETWEEN ? AND ? LIMIT ?',
);
export const DATES_IN = statement<{ id: number }>(
  'SELECT id FROM node INDEXED BY node_changed WHERE parent = ? AND changed BETWEEN ? AND ? LIMIT ?',
);
/** Nodes that have a property, or have it with a value. */
export const HAVING = statement<{ id: number }>('SELECT node AS id FROM property INDEXED BY property_find WHERE name = ? LIMIT ?');
export const HAVING_VALUE = statement<{ id: number }>(
  `SELECT node AS id FROM property INDEXED BY property_find
   WHERE name = ?1 AND substr(value, 1, 64) = substr(?2, 1, 64) AND value = ?2 LIMIT ?3`,
);

/** Bytes of a pattern that workerd lets SQLite take. */
const MAX_GLOB = 50;

/** Begins with AND; `readable` are the permissions that let the caller read, where they are known. Names come first: they are in the index, and most nodes need no look at their row. */
export function conditionOf(filter: NodeFilter, tests: readonly KnownTest[], readable: readonly number[] | undefined): Condition {
  const texts: string[] = [];
  const values: (string | number)[] = [];
  const add = (text: string, ...bound: readonly (string | number)[]): void => {
    texts.push(`AND ${text}`);
    values.push(...bound);
  };
  if (filter.name?.isExact === false) {
    const name = filter.name.ignoresCase ? 'lower(node.name)' : 'node.name';
    for (const piece of filter.name.pieces) add(`instr(${name}, ?) > 0`, piece);
    const pattern = toSqlite(filter.name);
    if (!isLonger(pattern, MAX_GLOB)) add(`${name} GLOB ?`, pattern);
  }
  if (readable) add('node.access IN (SELECT value FROM json_each(?))', JSON.stringify(readable));
  if (filter.types.length > 0) add(`node.type IN (${filter.types.map(() => '?').join(', ')})`, ...filter.types);
  if (filter.size) {
    add("node.type IN ('DataNode', 'UnstructuredDataNode', 'StructuredDataNode')");
    add('node.size BETWEEN ? AND ?', ...ends(filter.size));
  }
  if (filter.date) add('node.changed BETWEEN ? AND ?', ...ends(filter.date));
  if (filter.md5 !== undefined) add('node.md5 = ?', filter.md5);
  if (filter.owner !== undefined) add('node.access IN (SELECT id FROM access WHERE owner = ?)', filter.owner);
  for (const { id, test, value } of tests) {
    const has = 'EXISTS (SELECT 1 FROM property WHERE property.node = node.id AND property.name = ?';
    if (test === 'exists') add(`${has})`, id);
    else if (test === 'is') add(`${has} AND property.value = ?)`, id, value);
    else add(`${has} AND instr(property.value, ?) > 0)`, id, value);
  }
  return { text: texts.join(' '), values };
}

export function ends({ from, to }: Range): readonly [number, number] {
  return [from ?? 0, to ?? Number.MAX_SAFE_INTEGER];
}

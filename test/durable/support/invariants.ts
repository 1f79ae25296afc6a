// What holds of a Space's rows at all times, and its tree as a list for comparison.
import { expect } from 'vitest';
import { readAdoptedKey } from '../../../src/model/adopted.ts';
import type { FakeStore } from './fake-store.ts';

const NOTHING: Record<string, string> = {
  'a node whose parent is missing or no container': `SELECT node.id FROM node LEFT JOIN node AS parent ON parent.id = node.parent
     WHERE node.parent IS NOT NULL AND (parent.id IS NULL OR parent.type <> 'ContainerNode')`,
  'a head that is neither the top nor being purged':
    'SELECT id FROM node WHERE parent IS NULL AND id <> 1 AND id NOT IN (SELECT node FROM purge) AND id NOT IN (SELECT head FROM arrival WHERE head IS NOT NULL)',
  'a purge without its node': 'SELECT node FROM purge WHERE node NOT IN (SELECT id FROM node)',
  'a property without its node': 'SELECT node FROM property WHERE node NOT IN (SELECT id FROM node)',
  'a property without its name': 'SELECT node FROM property WHERE name NOT IN (SELECT id FROM property_name)',
  'a quota without its node': 'SELECT node FROM quota WHERE node NOT IN (SELECT id FROM node)',
  'an upload under way without its node': 'SELECT id FROM upload WHERE outcome IS NULL AND node NOT IN (SELECT id FROM node)',
  'a closed upload that still reserves': 'SELECT id FROM upload WHERE outcome IS NOT NULL AND reserved <> 0',
  'an object that no node refers to':
    'SELECT id FROM object WHERE id NOT IN (SELECT object FROM node WHERE object IS NOT NULL UNION SELECT object FROM hold)',
  'bytes elsewhere that are not held there': 'SELECT id FROM object WHERE home IS NOT NULL AND id NOT IN (SELECT object FROM held)',
  'what is held without bytes': 'SELECT object FROM held WHERE object NOT IN (SELECT id FROM object WHERE home IS NOT NULL)',
  'a hold without its bytes': 'SELECT object FROM hold WHERE object NOT IN (SELECT id FROM object)',
  'what was placed without its node': 'SELECT node FROM placed WHERE node NOT IN (SELECT id FROM node)',
  'an end of a pipe without its container':
    "SELECT node FROM pipe_end WHERE node NOT IN (SELECT id FROM node WHERE type = 'ContainerNode')",
  'a hold without its holder': 'SELECT object FROM hold WHERE holder NOT IN (SELECT id FROM holder)',
  'a container that is waited for without its arrival':
    "SELECT node FROM arriving WHERE arrival NOT IN (SELECT id FROM arrival WHERE state = 'open')",
  'a departure without its node': 'SELECT node FROM departure WHERE node NOT IN (SELECT id FROM node)',
  'a node whose object is missing': 'SELECT id FROM node WHERE object IS NOT NULL AND object NOT IN (SELECT id FROM object)',
  'a node of another size than its object':
    'SELECT node.id FROM node JOIN object ON object.id = node.object WHERE node.size <> object.size',
  'a pending node that nothing is to fill': 'SELECT id FROM node WHERE pending = 1 AND uploads = 0',
  'a count of uploads that is wrong':
    'SELECT id FROM node WHERE uploads <> (SELECT count(*) FROM upload WHERE upload.node = node.id AND outcome IS NULL)',
  'a count of uses that is wrong':
    'SELECT id FROM property_name WHERE uses <> (SELECT count(*) FROM property WHERE property.name = property_name.id)',
  'a leftover that is referred to':
    'SELECT key FROM leftover WHERE key IN (SELECT key FROM object UNION SELECT source FROM object WHERE source IS NOT NULL)',
  'a leftover that an upload is to bring': 'SELECT key FROM leftover WHERE key IN (SELECT key FROM upload WHERE outcome IS NULL)',
  'a node that is served from a signed key': "SELECT key FROM object WHERE key LIKE 'in/%' AND key NOT LIKE 'in/%@%'",
  'a container of another size than what is below it': `WITH RECURSIVE tree (id) AS (SELECT 1 UNION ALL SELECT node.id FROM tree JOIN node ON node.parent = tree.id)
     SELECT id, size FROM node AS container WHERE type = 'ContainerNode' AND mount IS NULL AND id IN (SELECT id FROM tree) AND size <> (
       WITH RECURSIVE below (id) AS (SELECT container.id UNION ALL SELECT node.id FROM below JOIN node ON node.parent = below.id)
       SELECT coalesce(sum(size), 0) FROM node WHERE id IN (SELECT id FROM below) AND (type <> 'ContainerNode' OR mount IS NOT NULL))`,
  'a negative number': 'SELECT node FROM quota WHERE reserved < 0 UNION SELECT id FROM node WHERE size < 0',
};

export function checkRows(sql: SqlStorage, store: FakeStore, container: string): void {
  const wrong = Object.entries(NOTHING).flatMap(([what, query]) =>
    sql
      .exec(query)
      .toArray()
      .map((row) => `${what}: ${JSON.stringify(row)}`),
  );
  // From the top and the heads of trees that are being purged every node is reached, once.
  const reached = sql
    .exec(
      'WITH RECURSIVE tree (id) AS (SELECT id FROM node WHERE parent IS NULL UNION ALL SELECT node.id FROM tree JOIN node ON node.parent = tree.id) SELECT count(*) AS n FROM tree',
    )
    .one()['n'];
  if (reached !== sql.exec('SELECT count(*) AS n FROM node').one()['n']) wrong.push('nodes that are not in the tree');
  for (const { key, home } of sql.exec<{ key: string; home: string | null }>('SELECT key, home FROM object'))
    // Others may take an adopted object away.
    if (!readAdoptedKey(key) && store.readable(home === null ? container : `vos-${home}`, key) === undefined)
      wrong.push(`bytes are gone: ${key}`);
  expect(wrong).toEqual([]);
}

export interface Content {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly [more: string]: unknown;
}

/** Every node that can be reached, with everything that matters of it. */
export function contents(sql: SqlStorage): Content[] {
  const rows = sql.exec<Record<string, string | number | null>>(
    `WITH RECURSIVE tree (id) AS (SELECT 1 UNION ALL SELECT node.id FROM tree JOIN node ON node.parent = tree.id)
     SELECT node.*, access.owner, public, inherit, group_read, group_write, bytes, node.size AS used, reserved,
       (SELECT value FROM property JOIN property_name ON property_name.id = property.name WHERE property.node = node.id AND uri LIKE '%#title') AS title,
       (SELECT count(*) FROM node AS child WHERE child.parent = node.id) AS children
     FROM tree JOIN node ON node.id = tree.id JOIN access ON access.id = node.access LEFT JOIN quota ON quota.node = node.id`,
  );
  return [...rows].map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    owner: row['owner'],
    access: [row['public'] === 1, row['inherit'] === 1, row['group_read'], row['group_write'], row['immutable'] === 1, row['locked'] === 1],
    title: row['title'],
    size: Number(row['size']),
    pending: row['pending'] === 1,
    uploads: row['uploads'],
    quota: row['bytes'] === null ? null : { bytes: row['bytes'], used: row['used'], reserved: row['reserved'] },
    children: row['children'],
  }));
}

// A Space's nodes as a backup holds them, page by page in the order of their ids.
import type { NodeType } from '../../../model/node.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, first } from '../../sql.ts';
import { accessOf, propertiesOf, type Core } from '../core.ts';
import type { NodePage, NodeRecord } from './port.ts';
import * as q from '../queries.ts';

/** Nodes per page, and characters of properties after which a page ends early: a message between objects has at most 32 MiB. */
const PAGE_NODES = 1000;
const PAGE_CHARACTERS = 4_000_000;

export function exportNodes(core: Core, after: number): NodePage {
  const rows = all(core.sql, q.NODES_AFTER, after, PAGE_NODES);
  const paths = new Map<number, string | undefined>();
  const nodes: NodePage['nodes'][number][] = [];
  let characters = 0;
  for (const row of rows) {
    const path = pathOf(core, row, paths);
    // What hangs nowhere waits for its purge; mounts are Spaces of their own; a pending node has nothing to come back to.
    if (path === undefined || row.mount !== null || row.pending === 1) continue;
    const properties = propertiesOf(core, row.id);
    nodes.push({ ...toRecord(core, row, properties), path });
    characters += properties.reduce((sum, { uri, value }) => sum + uri.length + value.length, 0);
    if (characters > PAGE_CHARACTERS) return { nodes, next: row.id };
  }
  const last = rows.at(-1);
  return rows.length === PAGE_NODES && last ? { nodes, next: last.id } : { nodes };
}

/** Below the Space's root, which is ''; undefined for a node that has been cut off. */
function pathOf(core: Core, row: q.NodeRow, known: Map<number, string | undefined>): string | undefined {
  if (known.has(row.id)) return known.get(row.id);
  const parent = row.parent === null ? undefined : first(core.sql, q.GET_NODE, row.parent);
  const above = parent && pathOf(core, parent, known);
  const path = row.parent === null ? (row.id === 1 ? '' : undefined) : above === undefined ? undefined : `${above}/${row.name}`;
  if (row.type === 'ContainerNode') known.set(row.id, path);
  return path;
}

function toRecord(core: Core, row: q.NodeRow, properties: readonly { readonly uri: string; readonly value: string }[]): NodeRecord {
  const { owner, isPublic, inherit, groupRead, groupWrite } = accessOf(core, row.access);
  const object = row.object === null ? undefined : first(core.sql, q.GET_OBJECT, row.object);
  const quota = row.type === 'ContainerNode' ? first(core.sql, q.GET_QUOTA, row.id) : undefined;
  return {
    id: row.id,
    parent: row.parent,
    name: row.name,
    type: row.type as NodeType,
    owner,
    ...(isPublic ? { public: true } : {}),
    ...(inherit ? { inherit: true } : {}),
    ...(groupRead.length > 0 ? { groupRead } : {}),
    ...(groupWrite.length > 0 ? { groupWrite } : {}),
    ...(row.immutable === 1 ? { immutable: true } : {}),
    ...(row.locked === 1 ? { locked: true } : {}),
    ...(row.target === null ? {} : { target: row.target }),
    created: row.created,
    dataChanged: row.data_changed,
    changed: row.changed,
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties.map(({ uri, value }) => [uri, value])) } : {}),
    ...(quota ? { quota: quota.bytes } : {}),
    ...(object
      ? {
          object: {
            key: object.key,
            ...(object.source === null ? {} : { source: object.source }),
            ...(object.home === null ? {} : { home: object.home as SpaceId }),
            ...(object.owned === 1 ? { owned: true } : {}),
            size: object.size,
            ...(row.md5 === null ? {} : { md5: row.md5 }),
            generation: row.generation,
          },
        }
      : {}),
  };
}

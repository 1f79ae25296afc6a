// All that lies below a node, at one moment: what an archive of it is made of.
import { Fault } from '../../../faults.ts';
import { hasBytes, type NodeType } from '../../../model/node.ts';
import { allows, refusal } from '../../../model/permission.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { ObjectKey } from '../../../objects/port.ts';
import { all, first } from '../../sql.ts';
import { accessOf, type Core } from '../core.ts';
import type { Call, Tree, TreeEntry } from '../port.ts';
import * as q from '../queries.ts';
import { storeContainer } from '../uploads/uploads.ts';
import { lastOf, walk } from './walk.ts';

/** A call to a Durable Object answers at most 32 MiB; an entry takes so many bytes beside its path and target. */
const MOST_BYTES = 28 * 1024 * 1024;
const ENTRY = 160;
/** Uploads under way that are worth a look before the tree is read. */
const MOST_UPLOADS = 20;

/**
 * The node and everything below it, containers before what is in them, children by name. What the caller may not read is named and said to
 * be so; nothing below it is. Throws RequestEntityTooLarge for more than `most` nodes.
 */
export function readTree(core: Core, call: Call, most: number): Tree {
  const walked = walk(core, call);
  const top = lastOf(walked.chain);
  if (walked.missing.length > 0 && !walked.stoppedAtLink) throw new Fault('NodeNotFound', call.uri);
  if (!allows(accessOf(core, top.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  if (top.type === 'LinkNode') return { kind: 'link', target: top.target ?? '', rest: walked.missing };
  if (call.name === '') throw new Fault('OperationNotSupported', `${call.uri}: the top of the service is in many places`);
  const entries: TreeEntry[] = [];
  const uploads: string[] = [];
  let bytes = 0;
  const add = (row: q.NodeRow, path: string): void => {
    const readable = allows(accessOf(core, row.access), call.principal, 'read');
    bytes += ENTRY + sizeOf(path) + sizeOf(row.target ?? '');
    if (entries.length >= most || bytes > MOST_BYTES)
      throw new Fault('RequestEntityTooLarge', `${call.uri} has more than ${entries.length} nodes, too many for one archive`);
    if (row.uploads > 0 && readable && uploads.length < MOST_UPLOADS)
      uploads.push(...all(core.sql, q.UPLOADS_OF, row.id).map((upload) => upload.id));
    entries.push(readable ? readEntry(core, row, path) : { path, type: row.type as NodeType, omitted: 'denied' });
    if (!readable || row.type !== 'ContainerNode') return;
    for (const child of all(core.sql, q.CHILDREN_OF, row.id, most - entries.length + 1))
      add(child, path === '' ? child.name : `${path}/${child.name}`);
  };
  add(top, '');
  return { kind: 'tree', container: storeContainer(core), entries, uploads };
}

function readEntry(core: Core, row: q.NodeRow, path: string): TreeEntry {
  const type = row.type as NodeType;
  if (row.pending === 1) return { path, type, omitted: 'pending' };
  const object = row.object === null ? undefined : first(core.sql, q.GET_OBJECT, row.object);
  return {
    path,
    type,
    modified: hasBytes(type) ? row.data_changed : row.changed,
    size: object ? row.size : 0,
    key: object?.key as ObjectKey | undefined,
    ...(object?.home ? { home: object.home as SpaceId } : {}),
    target: row.target ?? undefined,
  };
}

/** Bytes of a text as it crosses the border of an object. */
function sizeOf(text: string): number {
  return /[^\u0020-\u00ff]/.test(text) ? 2 * text.length : text.length;
}

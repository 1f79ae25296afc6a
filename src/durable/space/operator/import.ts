// A Space made from a backup: its nodes with their ids, references to bytes that are in the store already, sizes counted at the end.
import { Fault } from '../../../faults.ts';
import { readAdoptedKey } from '../../../model/adopted.ts';
import { MAX_PROPERTIES } from '../../../model/property.ts';
import type { GroupUri } from '../../../model/principal.ts';
import { ROOT, type SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { addForeign, holdForeign, RESTORED } from '../relocation/elsewhere.ts';
import { internAccess, dropMeta, meta, present, setMeta, TOP, type Core } from '../core.ts';
import { pauseSweep } from './pause.ts';
import type { Imported, NodeRecord } from './port.ts';
import { dropProperties, writeProperties } from '../nodes/properties.ts';
import * as a from '../adopt/queries.ts';
import * as q from '../queries.ts';
import * as r from '../relocation/queries.ts';
import { measureContainers } from '../nodes/sizes.ts';

/** `importing` names the backup while its lines come in, `imported` when they all have. */
export function importBegin(core: Core, id: SpaceId, name: string, backup: string): { wanted: boolean } {
  if (meta(core, 'imported') === backup) return { wanted: false };
  if (meta(core, 'importing') !== backup) {
    const isFree =
      id === ROOT ? !first(core.sql, q.HAS_CHILDREN, TOP) : meta(core, 'id') === undefined || meta(core, 'importing') !== undefined;
    if (!isFree)
      throw new Fault(
        'Conflict',
        id === ROOT ? 'there are top-level containers: a backup is restored into an empty service' : `Space ${id} is in use`,
      );
    // A part of another backup, never attached.
    if (id !== ROOT) for (const wipe of [...q.WIPE_NODES, r.WIPE_HELD]) run(core.sql, wipe);
  }
  setMeta(core, 'id', id);
  setMeta(core, 'name', name);
  setMeta(core, 'importing', backup);
  pauseSweep(core);
  return { wanted: true };
}

export function importNodes(core: Core, records: readonly NodeRecord[]): void {
  if (meta(core, 'importing') === undefined) throw new Fault('Conflict', 'the Space is not being restored');
  for (const record of records) importNode(core, record);
}

function importNode(core: Core, record: NodeRecord): void {
  // The backup's pages are of different moments: of two nodes in one place the later line is right.
  for (const { id } of all(core.sql, q.NODES_IN_PLACE, record.id, record.parent, record.name)) dropNode(core, id);
  const { object } = record;
  const access = {
    owner: record.owner,
    isPublic: record.public === true,
    inherit: record.inherit === true,
    groupRead: (record.groupRead ?? []) as readonly GroupUri[],
    groupWrite: (record.groupWrite ?? []) as readonly GroupUri[],
  };
  const row = object && importBytes(core, object);
  const generation = object?.generation ?? 0;
  run(
    core.sql,
    q.IMPORT_NODE,
    record.id,
    record.parent,
    record.name,
    record.type,
    internAccess(core, access),
    record.immutable ? 1 : 0,
    record.locked ? 1 : 0,
    record.target ?? null,
    row ?? null,
    object?.size ?? 0,
    object?.md5 ?? null,
    record.created,
    record.dataChanged,
    record.changed,
    generation,
    generation + 1,
  );
  if (record.properties)
    writeProperties(
      core,
      record.id,
      Object.entries(record.properties).map(([uri, value]) => ({ uri, value })),
      // A node may have one more than its writers could set: the type that its bytes brought.
      MAX_PROPERTIES + 1,
    );
  if (record.quota !== undefined) run(core.sql, q.SET_QUOTA, record.id, record.quota, 0);
}

/** What lies in another Space is held there when all of them are back. */
function importBytes(core: Core, { key, size, home, ...more }: NonNullable<NodeRecord['object']>): number {
  const source = more.source ?? null;
  const known = first(core.sql, q.FIND_OBJECT, key);
  if (known) return known.id;
  // seen at no time: the next adoption that does not find it says that it has vanished.
  if (home === undefined && readAdoptedKey(key))
    return present(first(core.sql, a.ADD_ADOPTED, key, size, more.owned ? 1 : 0, 0), 'object').id;
  if (home === undefined) return present(first(core.sql, q.ADD_OBJECT, key, source, size), 'object').id;
  addForeign(core, [{ key, source, size, home }]);
  const { id } = present(first(core.sql, q.FIND_OBJECT, key), 'object');
  holdForeign(core, RESTORED, [id]);
  return id;
}

function dropNode(core: Core, id: number): void {
  dropProperties(core, id);
  run(core.sql, q.DROP_QUOTA, id);
  run(core.sql, q.DROP_NODE, id);
}

/** `state` is the root node's; the caller reads it. */
export function importEnd(core: Core): Omit<Imported, 'state'> {
  if (meta(core, 'importing') !== undefined) {
    if (!first(core.sql, q.GET_NODE, TOP))
      throw new Fault('InvalidArgument', `Space ${meta(core, 'id') ?? ''} has no root node (id ${TOP})`);
    const lost = all(core.sql, q.UNREACHABLE_NODES);
    for (const { id } of lost) dropNode(core, id);
    run(core.sql, q.DROP_UNUSED_OBJECTS);
    run(core.sql, r.DROP_UNUSED_HELD);
    measureContainers(core);
    setMeta(core, 'imported', present(meta(core, 'importing'), 'backup'));
    setMeta(core, 'dropped', String(lost.length));
    dropMeta(core, 'importing');
  }
  return { nodes: first(core.sql, q.COUNT_NODES)?.count ?? 0, dropped: Number(meta(core, 'dropped') ?? 0) };
}

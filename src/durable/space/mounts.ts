// The root Space's part: top-level names, each mounted on a Space of its own, and what listings show of them.
import { Fault } from '../../faults.ts';
import { first, run } from '../sql.ts';
import { audit, internAccess, meta, present, propertiesOf, setMeta, TOP, type Core } from './core.ts';
import { checkRemovable, insertNode, touch } from './nodes/nodes.ts';
import type { Call, Creation, NodeState } from './port.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { owe, oweOnce, oweProjection } from './outbox.ts';
import { dropProperties, writeProperties } from './nodes/properties.ts';
import * as q from './queries.ts';
import { removeNode } from './nodes/removal.ts';
import { grow } from './nodes/sizes.ts';
import { checkChangeable, findParent } from './nodes/walk.ts';

/** Makes the root node of this Space. For the root Space itself everybody may read, and administrators write. */
export function foundSpace(core: Core, id: SpaceId, name: string, owner: string, creation: Creation, quota: number | undefined): void {
  if (meta(core, 'id') !== undefined) return;
  setMeta(core, 'id', id);
  setMeta(core, 'name', name);
  const access = { owner, isPublic: id === ROOT, inherit: false, groupRead: [], groupWrite: [] };
  insertNode(
    core,
    null,
    name,
    creation,
    access,
    { properties: creation.properties, access, immutable: false, locked: false, quota },
    false,
  );
}

export function mountOf(core: Core, name: string): SpaceId | undefined {
  return (first(core.sql, q.GET_CHILD, TOP, name)?.mount ?? undefined) as SpaceId | undefined;
}

/** The row of the top-level container that lives in this Space. */
export function rowOf(core: Core, mount: SpaceId): q.NodeRow | undefined {
  return first(core.sql, q.GET_MOUNT, mount);
}

/** The commit point of making a top-level container: from here on the name leads to the Space. Refused after `before`, epoch milliseconds. */
export function attachMount(core: Core, call: Call, mount: SpaceId, state: NodeState, backup?: string, before = Infinity): void {
  const importing = meta(core, 'importing');
  if (importing !== undefined && importing !== backup) throw new Fault('ServiceBusy', 'the service is being restored from a backup');
  const { parent, chain, name } = findParent(core, call);
  checkChangeable(call, chain);
  const existing = first(core.sql, q.GET_CHILD, parent.id, name);
  if (existing?.mount === mount) return;
  if (core.clock() > before) throw new Fault('Conflict', `${call.uri}: it took too long to make it`);
  if (existing) throw new Fault('DuplicateNode', call.uri);
  const now = core.clock();
  const { id } = present(
    first(
      core.sql,
      q.ADD_NODE,
      parent.id,
      name,
      'ContainerNode',
      internAccess(core, state.access),
      state.immutable ? 1 : 0,
      state.locked ? 1 : 0,
      null,
      mount,
      state.created,
      now,
      now,
      0,
    ),
    'node',
  );
  run(core.sql, q.SET_SIZE, state.size, id);
  grow(core, parent.id, state.size);
  mirrorQuota(core, id, state);
  writeProperties(core, id, state.properties);
  touch(core, parent.id);
  audit(core, call.principal, 'create', [name], `top-level container in Space ${mount}`);
}

export function detachMount(core: Core, call: Call): void {
  const { parent, chain, name } = findParent(core, call);
  const node = first(core.sql, q.GET_CHILD, parent.id, name);
  if (!node?.mount) throw new Fault('NodeNotFound', call.uri);
  checkChangeable(call, chain);
  checkChangeable(call, [node]);
  removeNode(core, node, []);
  forgetProperties(core, node.mount as SpaceId);
  owe(core, { kind: 'destroy', space: node.mount as SpaceId }, core.clock());
  touch(core, parent.id);
  audit(core, call.principal, 'delete', [name], `Space ${node.mount}`);
}

function forgetProperties(core: Core, space: SpaceId): void {
  run(core.sql, q.DROP_SPACE_PROPERTIES, space);
  run(core.sql, q.DROP_TOLD, space);
}

/** The tree of the Space has arrived elsewhere: its name here goes. */
export function leaveMount(core: Core, mount: SpaceId): void {
  const node = rowOf(core, mount);
  if (!node) return;
  removeNode(core, node, []);
  forgetProperties(core, mount);
  touch(core, TOP);
  audit(core, 'system', 'move', [node.name], `Space ${mount} into another`);
}

/** Brings what listings show up to date. An older revision than the last changes nothing. */
export function projectMount(core: Core, mount: SpaceId, revision: number, state: NodeState): void {
  const node = rowOf(core, mount);
  if (!node || revision <= node.mount_revision) return;
  run(
    core.sql,
    q.SET_MOUNT,
    internAccess(core, state.access),
    state.immutable ? 1 : 0,
    state.locked ? 1 : 0,
    state.size,
    state.changed,
    state.created,
    revision,
    node.id,
  );
  grow(core, node.parent, state.size - node.size);
  mirrorQuota(core, node.id, state);
  if (JSON.stringify(propertiesOf(core, node.id)) === JSON.stringify(state.properties)) return;
  dropProperties(core, node.id);
  writeProperties(core, node.id, state.properties);
}

/** For the listing: nothing below the root is charged to it. */
function mirrorQuota(core: Core, id: number, { quota }: NodeState): void {
  run(core.sql, q.DROP_QUOTA, id);
  if (quota) run(core.sql, q.SET_QUOTA, id, quota.bytes, quota.reserved);
}

/** Gives a top-level container another name: one row here, and one in its Space, which is told until it knows. */
export function renameMount(core: Core, call: Call, to: string): void {
  const { parent, chain, name } = findParent(core, call);
  const node = first(core.sql, q.GET_CHILD, parent.id, name);
  if (!node?.mount) throw new Fault('NodeNotFound', call.uri);
  checkChangeable(call, [...chain, node]);
  if (first(core.sql, q.GET_CHILD, parent.id, to)) throw new Fault('DuplicateNode', to);
  run(core.sql, q.NAME_NODE, parent.id, to, core.clock(), node.id);
  owe(core, { kind: 'rename', space: node.mount as SpaceId, name: to, revision: nextRevision(core) }, core.clock());
  audit(core, call.principal, 'move', [name], to);
}

/** Takes over the name that the root gave, unless a later one is known or the Space is gone. */
export function setName(core: Core, name: string, revision: number): void {
  if (meta(core, 'id') === undefined || meta(core, 'destroyed') !== undefined) return;
  if (revision <= Number(meta(core, 'name_revision') ?? 0)) return;
  setMeta(core, 'name_revision', String(revision));
  setMeta(core, 'name', name);
  const top = present(first(core.sql, q.GET_NODE, TOP), 'root node');
  run(core.sql, q.NAME_NODE, null, name, core.clock(), top.id);
  oweProjection(core);
}

/** A tree with nodes that its caller may not remove stays whole. */
export function checkDestroyable(core: Core, call: Call): void {
  const top = present(first(core.sql, q.GET_NODE, TOP), 'root node');
  checkChangeable(call, [top]);
  checkRemovable(core, call, top);
}

/** A revision for the next projection, or for the next name. */
export function nextRevision(core: Core): number {
  const revision = Number(meta(core, 'revision') ?? 0) + 1;
  setMeta(core, 'revision', String(revision));
  return revision;
}

/** The root leads to this Space. What was told before, it had no place for. */
export function acknowledge(core: Core): void {
  run(core.sql, q.DROP_OUTBOX_KIND, 'confirm');
  if (first(core.sql, q.USED_PROPERTIES, 1)) oweOnce(core, { kind: 'properties' }, core.clock());
}

/** Root only: replaces what is known of a Space's property URIs, unless a later revision has. Of a Space without a name nothing is known. */
export function noteProperties(core: Core, space: SpaceId, revision: number, uris: readonly string[]): void {
  const there = rowOf(core, space) !== undefined;
  if (there && revision <= (first(core.sql, q.TOLD_REVISION, space)?.revision ?? 0)) return;
  forgetProperties(core, space);
  if (!there) return;
  run(core.sql, q.SET_TOLD, space, revision);
  for (const uri of uris) run(core.sql, q.ADD_SPACE_PROPERTY, space, uri);
}

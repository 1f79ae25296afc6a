// createNode, getNode, setNode and deleteNode inside one Space. Each write is one transaction with its audit entry.
import { Fault } from '../../../faults.ts';
import { readAdoptedKey } from '../../../model/adopted.ts';
import { descriptionTag } from '../../../model/description-tag.ts';
import type { Listing } from '../../../model/node.ts';
import { allows, refusal, type Access } from '../../../model/permission.ts';
import type { ObjectKey } from '../../../objects/port.ts';
import { all, first, run } from '../../sql.ts';
import { readChanges, sameAccess, type Changes } from './changes.ts';
import { accessOf, audit, internAccess, moved, nodeState, present, propertiesOf, TOP, userOf, type Core } from '../core.ts';
import { checkNoPipes, endsOf } from '../pipes/fixed.ts';
import { checkStays, checkTreeStays } from '../relocation/frozen.ts';
import { listChildren } from './listing.ts';
import type { Call, Creation, NodeState, Reading } from '../port.ts';
import { oweProjection } from '../outbox.ts';
import { writeProperties } from './properties.ts';
import * as q from '../queries.ts';
import { limited, setQuota } from './quotas.ts';
import { removeNode } from './removal.ts';
import { checkChangeable, find, findParent, lastOf, type Walk } from './walk.ts';

export function readNode(core: Core, call: Call, listing: Listing): Reading {
  const { node, properties } = find(core, call, false, listing.detail !== 'min');
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  const state = nodeState(core, node, call.principal, properties);
  const uploads = node.uploads > 0 ? all(core.sql, q.UPLOADS_OF, node.id).map((upload) => upload.id) : [];
  if (node.object !== null) return { node: state, uploads, ...adoptedKey(core, node.object) };
  if (node.type !== 'ContainerNode') return { node: state, uploads };
  const pipes = listing.detail === 'max' && listing.start === undefined ? endsOf(core, node.id) : [];
  const container = { node: state, uploads, ...(pipes.length > 0 && { pipes }) };
  return listing.limit === 0 ? container : { ...container, ...listChildren(core, call, node.id, listing) };
}

function adoptedKey(core: Core, object: number): Pick<Reading, 'adopted'> {
  const key = first(core.sql, q.GET_OBJECT, object)?.key;
  return key !== undefined && readAdoptedKey(key) ? { adopted: key as ObjectKey } : {};
}

export function createNode(core: Core, call: Call, creation: Creation): { node: NodeState; name: string } {
  const { parent, chain, name, child } = findParent(core, call);
  checkChangeable(call, chain);
  if (child) throw new Fault('DuplicateNode', call.uri);
  const owner = userOf(call.principal, call.uri);
  const { access, changes } = firstChanges(call, creation, inherited(accessOf(core, parent.access), owner));
  const made = insertNode(core, parent.id, name, creation, access, changes, false);
  touch(core, parent.id);
  audit(core, call.principal, 'create', [call.name, ...call.path], creation.type);
  const properties = creation.properties.length === 0 ? [] : propertiesOf(core, made.id);
  return { node: nodeState(core, made, call.principal, properties), name };
}

/** What a document says of a node that is about to be made, over what it takes from its container. */
export function firstChanges(call: Call, creation: Creation, access: Access): { access: Access; changes: Changes } {
  const facts = {
    type: creation.type,
    access,
    readable: true,
    writable: true,
    immutable: false,
    locked: false,
    size: 0,
    md5: undefined,
    created: 0,
    dataChanged: 0,
    changed: 0,
    quota: undefined,
  };
  const admin = call.principal.kind === 'user' && call.principal.admin;
  const changes = readChanges(creation.properties, facts, { own: true, admin }, true);
  return { access: changes.access, changes };
}

export function insertNode(
  core: Core,
  parent: number | null,
  name: string,
  creation: Creation,
  access: Access,
  changes: Changes,
  pending: boolean,
): q.NodeRow {
  const now = core.clock();
  const made = present(
    first(
      core.sql,
      q.ADD_NODE,
      parent,
      name,
      creation.type,
      internAccess(core, access),
      changes.immutable ? 1 : 0,
      changes.locked ? 1 : 0,
      creation.target ?? null,
      null,
      now,
      now,
      now,
      pending ? 1 : 0,
    ),
    'node',
  );
  if (changes.properties.length > 0)
    writeProperties(
      core,
      made.id,
      changes.properties.filter((property) => property.value !== null),
    );
  if (typeof changes.quota === 'number') setQuota(core, made.id, changes.quota);
  return made;
}

export function updateNode(core: Core, call: Call, creation: Creation, tags?: readonly string[]): NodeState {
  const { node, chain } = find(core, call, true);
  if (tags) checkTags(core, call, node, tags);
  changeNode(core, call, chain, creation);
  audit(core, call.principal, 'set', [call.name, ...call.path], creation.properties.map((property) => property.uri).join(' '));
  return nodeState(core, present(first(core.sql, q.GET_NODE, node.id), 'node'), call.principal, propertiesOf(core, node.id));
}

/** Whoever may not change the node hears that, and nothing of its tag. */
function checkTags(core: Core, call: Call, node: q.NodeRow, tags: readonly string[]): void {
  if (!allows(accessOf(core, node.access), call.principal, 'write')) throw refusal(call.principal, call.uri);
  const described = { ...nodeState(core, node, call.principal, []), properties: propertiesOf(core, node.id) };
  if (!tags.includes('*') && !tags.includes(descriptionTag(described)))
    throw new Fault('PreconditionFailed', `${call.uri} has been changed: its description is not the one that If-Match names`);
}

/** The change alone, of the last node of the chain. */
export function changeNode(core: Core, call: Call, chain: Walk['chain'], creation: Creation): void {
  const node = lastOf(chain);
  const access = accessOf(core, node.access);
  if (!allows(access, call.principal, 'write')) throw refusal(call.principal, call.uri);
  checkStays(core, call, chain);
  if (creation.type !== 'Node' && creation.type !== node.type)
    throw new Fault('InvalidArgument', `${call.uri} is a ${node.type}, and its type cannot be changed to ${creation.type}`);
  const before = nodeState(core, node, call.principal, []);
  const admin = call.principal.kind === 'user' && call.principal.admin;
  const changes = readChanges(creation.properties, before, { own: allows(access, call.principal, 'own'), admin }, false);
  const target = node.type === 'LinkNode' ? (creation.target ?? node.target) : null;
  if (target !== node.target) checkChangeable(call, chain);
  // A lock keeps everything but itself. Clients lock and unlock by sending the whole document back: what it repeats is no change.
  if (node.locked === 1 && changes.locked && changesSomething(core, node.id, changes, before))
    throw new Fault('NodeLocked', `${call.uri} is locked`);
  run(
    core.sql,
    q.SET_NODE,
    internAccess(core, changes.access),
    changes.immutable ? 1 : 0,
    changes.locked ? 1 : 0,
    target,
    core.clock(),
    node.id,
  );
  writeProperties(core, node.id, changes.properties);
  if (changes.quota !== undefined) setQuota(core, node.id, changes.quota);
}

export function deleteNode(core: Core, call: Call): void {
  const { parent, chain, name, child } = findParent(core, call);
  if (!child) throw new Fault('NodeNotFound', call.uri);
  if (child.mount !== null) throw moved(name);
  checkChangeable(call, chain);
  checkChangeable(call, [child]);
  checkRemovable(core, call, child);
  removeNode(core, child, limited(core, parent.id));
  touch(core, parent.id);
  audit(core, call.principal, 'delete', [call.name, ...call.path], child.type);
}

/** A tree goes only if the caller may write in each container of it, and nothing in it is immutable or locked: all or nothing. */
export function checkRemovable(core: Core, call: Call, head: q.NodeRow): void {
  checkTreeStays(core, call, head);
  if (head.type !== 'ContainerNode' || !first(core.sql, q.HAS_CHILDREN, head.id)) return checkNoPipes(core, call, head);
  const mayWrite = (id: number): boolean => allows(accessOf(core, id), call.principal, 'write');
  const everywhere = all(core.sql, q.ALL_ACCESS).every((row) => mayWrite(row.id));
  if (!everywhere && !all(core.sql, q.CONTAINER_ACCESS_BELOW, head.id).every((row) => mayWrite(row.access))) {
    throw new Fault('PermissionDenied', `${call.uri} holds containers that you may not write to`);
  }
  for (const fixed of all(core.sql, q.FIXED_NODES)) {
    for (let id: number | null = fixed.id; id !== null; id = first(core.sql, q.PARENT_OF, id)?.parent ?? null) {
      if (id === head.id)
        throw new Fault(
          fixed.locked === 1 ? 'NodeLocked' : 'PermissionDenied',
          `${call.uri} holds a node that is ${fixed.locked === 1 ? 'locked' : 'immutable'}`,
        );
    }
  }
  checkNoPipes(core, call, head);
}

export function inherited(parent: Access, owner: string): Access {
  if (!parent.inherit) return { owner, isPublic: false, inherit: false, groupRead: [], groupWrite: [] };
  return { ...parent, owner };
}

function changesSomething(core: Core, node: number, changes: Changes, before: NodeState): boolean {
  const current = new Map(propertiesOf(core, node).map(({ uri, value }) => [uri, value]));
  const differs = changes.properties.some(({ uri, value }) => (value ?? undefined) !== current.get(uri));
  return differs || changes.quota !== undefined || changes.immutable !== before.immutable || !sameAccess(changes.access, before.access);
}

/** A container changes when a child comes or goes. */
export function touch(core: Core, container: number): void {
  run(core.sql, q.TOUCH_NODE, core.clock(), container);
  if (container === TOP) oweProjection(core);
}

// What every part of a Space works with: its database, its clock, its name, and the rows' way into and out of the model.
import { Fault } from '../../faults.ts';
import type { NodeChange } from '../../model/event.ts';
import type { NodeType } from '../../model/node.ts';
import { allows, type Access } from '../../model/permission.ts';
import type { GroupUri, Principal } from '../../model/principal.ts';
import { all, first, run } from '../sql.ts';
import type { NodeState } from './port.ts';
import * as q from './queries.ts';

export interface Core {
  readonly sql: SqlStorage;
  readonly clock: () => number;
  /** Permissions by row id: rows of `access` never change, so a copy in memory stays true. */
  readonly accessCache: Map<number, Access>;
  /** The same for the ids of permissions, and for what the Space is. All three are emptied when a transaction is rolled back. */
  readonly accessIds: Map<string, number>;
  readonly metaCache: Map<string, string | undefined>;
  /** What the present transaction has noted in the audit trail, for who listens. */
  readonly news: NodeChange[];
}

/** What is remembered of a transaction that has been rolled back, and of rows that may not be there any more. */
export function forget(core: Core): void {
  core.accessCache.clear();
  core.accessIds.clear();
  core.metaCache.clear();
}

/** Characters of what an entry of the audit trail says beyond who did what to which node. */
const AUDIT_DETAIL = 1000;

/** Permissions that may be kept without a node that has them. */
export const SPARE_ACCESS = 1000;
/** Milliseconds until they are looked for when there may be more. */
const PRUNE_WITHIN = 60_000;

/** The id of a Space's own root node. */
export const TOP = 1;

export function meta(core: Core, key: string): string | undefined {
  if (!core.metaCache.has(key)) core.metaCache.set(key, first(core.sql, q.GET_META, key)?.value);
  return core.metaCache.get(key);
}

export function setMeta(core: Core, key: string, value: string): void {
  run(core.sql, q.SET_META, key, value);
  core.metaCache.set(key, value);
}

export function dropMeta(core: Core, key: string): void {
  run(core.sql, q.DROP_META, key);
  core.metaCache.delete(key);
}

export function accessOf(core: Core, id: number): Access {
  const cached = core.accessCache.get(id);
  if (cached) return cached;
  const row = first(core.sql, q.GET_ACCESS, id);
  if (!row) throw new Error(`access ${id} is missing`);
  const access: Access = {
    owner: row.owner,
    isPublic: row.public === 1,
    inherit: row.inherit === 1,
    groupRead: splitGroups(row.group_read),
    groupWrite: splitGroups(row.group_write),
  };
  if (core.accessCache.size > 10_000) core.accessCache.clear();
  core.accessCache.set(id, access);
  return access;
}

/** The row id of these permissions, made if no node has had them before. */
export function internAccess(core: Core, access: Access): number {
  const values = [
    access.owner,
    access.isPublic ? 1 : 0,
    access.inherit ? 1 : 0,
    access.groupRead.join(' '),
    access.groupWrite.join(' '),
  ] as const;
  const key = JSON.stringify(values);
  const known = core.accessIds.get(key);
  if (known !== undefined) return known;
  const found = first(core.sql, q.FIND_ACCESS, ...values);
  const { id } = present(found ?? first(core.sql, q.ADD_ACCESS, ...values), 'access');
  if (!found && id > Number(meta(core, 'access_limit') ?? SPARE_ACCESS)) run(core.sql, q.OWE_PRUNE, core.clock() + PRUNE_WITHIN);
  if (core.accessIds.size > 1000) core.accessIds.clear();
  core.accessIds.set(key, id);
  return id;
}

export function nodeState(core: Core, row: q.NodeRow, principal: Principal, properties: NodeState['properties']): NodeState {
  const access = accessOf(core, row.access);
  const quota = row.type === 'ContainerNode' ? first(core.sql, q.GET_QUOTA, row.id) : undefined;
  const readable = allows(access, principal, 'read');
  return {
    name: row.name,
    type: row.type as NodeType,
    readable,
    writable: allows(access, principal, 'write'),
    access,
    immutable: row.immutable === 1,
    locked: row.locked === 1,
    target: row.target ?? undefined,
    size: row.size,
    md5: row.md5 ?? undefined,
    created: row.created,
    dataChanged: row.data_changed,
    changed: row.changed,
    busy: row.uploads > 0,
    pending: row.pending === 1,
    properties: readable ? properties : [],
    quota,
    mount: (row.mount ?? undefined) as NodeState['mount'],
  };
}

export function propertiesOf(core: Core, node: number): NodeState['properties'] {
  return all(core.sql, q.PROPERTIES, node);
}

export function audit(core: Core, principal: Principal | string, action: string, path: readonly string[], detail = ''): void {
  const by = typeof principal === 'string' ? principal : nameOf(principal);
  core.news.push({ action, path: '/' + path.join('/'), by });
  run(core.sql, q.ADD_AUDIT, core.clock(), by, action, '/' + path.join('/'), detail.slice(0, AUDIT_DETAIL));
}

/** Many entries of one caller, in one statement. */
export function auditEach(
  core: Core,
  principal: Principal,
  action: string,
  entries: readonly { readonly path: readonly string[]; readonly detail: string }[],
): void {
  const by = nameOf(principal);
  const rows = entries.map(({ path, detail }) => ['/' + path.join('/'), detail.slice(0, AUDIT_DETAIL)] as const);
  core.news.push(...rows.map(([path]) => ({ action, path, by })));
  run(core.sql, q.ADD_AUDITS, JSON.stringify(rows), core.clock(), by, action);
}

function nameOf(principal: Principal): string {
  return principal.kind === 'user' ? principal.id : 'anonymous';
}

/** What a caller is told that looks for a container in the wrong Space: look again where it is. */
export function moved(name: string): Error {
  return Object.assign(new Error(`not ${name}`), { name: 'Moved' });
}

/** A row that must exist, because this object's own transactions keep it so. */
export function present<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Error(`${what} is missing`);
  return row;
}

export function userOf(principal: Principal, uri: string): string {
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', uri);
  return principal.id;
}

function splitGroups(text: string): readonly GroupUri[] {
  return text === '' ? [] : (text.split(' ') as GroupUri[]);
}

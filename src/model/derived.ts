// The properties that are computed from a node's facts rather than stored: what the service, and only the service, says of it.
import { hasBytes, type NodeType } from './node.ts';
import type { Access } from './permission.ts';
import {
  AVAILABLE_SPACE,
  BTIME,
  CREATOR,
  CTIME,
  DATE,
  formatTime,
  GROUP_READ,
  GROUP_WRITE,
  IMMUTABLE,
  INHERIT,
  IS_PUBLIC,
  LENGTH,
  LOCKED,
  MD5,
  MTIME,
  PUBLIC_READ,
  QUOTA,
  READABLE,
  setterOf,
  WRITABLE,
} from './property.ts';

export interface Facts {
  readonly type: NodeType;
  readonly access: Access;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly immutable: boolean;
  readonly locked: boolean;
  readonly size: number;
  readonly md5: string | undefined;
  readonly created: number;
  readonly dataChanged: number;
  readonly changed: number;
  readonly quota: { readonly bytes: number; readonly used: number; readonly reserved: number } | undefined;
}

/** URI and value of every derived property that this node has, in a fixed order. */
export function derivedProperties(facts: Facts): readonly (readonly [string, string])[] {
  const list: [string, string][] = [
    [DATE, formatTime(facts.changed)],
    [BTIME, formatTime(facts.created)],
    [CTIME, formatTime(facts.changed)],
    [CREATOR, facts.access.owner],
    [PUBLIC_READ, String(facts.access.isPublic)],
    [IS_PUBLIC, String(facts.access.isPublic)],
  ];
  if (facts.access.groupRead.length > 0) list.push([GROUP_READ, facts.access.groupRead.join(' ')]);
  if (facts.access.groupWrite.length > 0) list.push([GROUP_WRITE, facts.access.groupWrite.join(' ')]);
  if (facts.access.inherit) list.push([INHERIT, 'true']);
  if (facts.immutable) list.push([IMMUTABLE, 'true']);
  if (facts.locked) list.push([LOCKED, 'true']);
  if (hasBytes(facts.type)) {
    list.push([LENGTH, String(facts.size)], [MTIME, formatTime(facts.dataChanged)]);
    if (facts.md5 !== undefined) list.push([MD5, facts.md5]);
  }
  // Of what is below it: OpenCADC's `vls -S` wants one of every container.
  if (facts.type === 'ContainerNode') list.push([LENGTH, String(facts.size)]);
  if (facts.quota) {
    list.push(
      [QUOTA, String(facts.quota.bytes)],
      [AVAILABLE_SPACE, String(Math.max(0, facts.quota.bytes - facts.quota.used - facts.quota.reserved))],
    );
  }
  return list;
}

/** What OpenCADC's client asks detail=max for: whether the caller may read and write the node. */
export function callerProperties(facts: Facts): readonly (readonly [string, string])[] {
  return [
    [READABLE, String(facts.readable)],
    [WRITABLE, String(facts.writable)],
  ];
}

/** The properties that no node has a row for. */
export const DERIVED_PROPERTIES: ReadonlySet<string> = new Set([
  DATE,
  BTIME,
  CTIME,
  MTIME,
  CREATOR,
  PUBLIC_READ,
  IS_PUBLIC,
  GROUP_READ,
  GROUP_WRITE,
  INHERIT,
  IMMUTABLE,
  LOCKED,
  LENGTH,
  MD5,
  QUOTA,
  AVAILABLE_SPACE,
  READABLE,
  WRITABLE,
]);

/** Whether a document shows the property as read-only: only the service or an administrator sets it. */
export function isReadOnly(uri: string): boolean {
  const setter = setterOf(uri);
  return setter === 'service' || setter === 'admin';
}

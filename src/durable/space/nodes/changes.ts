// What a node document asks to change: sorts its properties by who may set them, and checks that this caller may.
import { Fault } from '../../../faults.ts';
import { callerProperties, derivedProperties, type Facts } from '../../../model/derived.ts';
import type { PropertyInput } from '../../../model/node.ts';
import { parseGroups, type Access } from '../../../model/permission.ts';
import {
  AVAILABLE_SPACE,
  CTIME,
  DATE,
  GROUP_READ,
  GROUP_WRITE,
  IMMUTABLE,
  INHERIT,
  IS_PUBLIC,
  LENGTH,
  LOCKED,
  MAX_PROPERTIES,
  MAX_PROPERTY_VALUE,
  MTIME,
  parseFlag,
  PUBLIC_READ,
  QUOTA,
  setterOf,
} from '../../../model/property.ts';
import { isLonger } from '../../../model/text.ts';

export interface Changes {
  /** Rows to set, or with null to delete. */
  readonly properties: readonly PropertyInput[];
  readonly access: Access;
  readonly immutable: boolean;
  readonly locked: boolean;
  /** undefined: as it is. null: no quota. */
  readonly quota: number | null | undefined;
}

export interface Rights {
  readonly own: boolean;
  readonly admin: boolean;
}

/**
 * Throws PermissionDenied for a property that the caller may not set, "if the property is read only" included, unless the value is
 * the one the node already has: clients send whole documents back. `creating`: values that the service sets are ignored.
 */
export function readChanges(inputs: readonly PropertyInput[], facts: Facts, rights: Rights, creating: boolean): Changes {
  if (inputs.length > MAX_PROPERTIES) throw new Fault('InvalidArgument', `more than ${MAX_PROPERTIES} properties`);
  let current: ReadonlyMap<string, string> | undefined;
  const valueOf = (uri: string): string | undefined =>
    (current ??= new Map([...derivedProperties(facts), ...callerProperties(facts)])).get(uri);
  const properties: PropertyInput[] = [];
  let { access, immutable, locked } = facts;
  let quota: number | null | undefined;
  for (const input of inputs) {
    const setter = setterOf(input.uri);
    if (input.value !== null && isLonger(input.value, MAX_PROPERTY_VALUE))
      throw new Fault('InvalidArgument', `property ${input.uri} is longer than ${MAX_PROPERTY_VALUE} bytes`);
    if (setter === 'writer') properties.push(input);
    else if (setter === 'service') {
      if (!creating && input.value?.trim() !== valueOf(input.uri) && !isStale(input, facts))
        throw new Fault('PermissionDenied', `property ${input.uri} is read-only`);
    } else if (setter === 'admin') {
      if ((input.value ?? '').trim() === (valueOf(input.uri) ?? '')) continue;
      if (!rights.admin) throw new Fault('PermissionDenied', `property ${input.uri} is set by administrators`);
      quota = parseQuota(input, facts);
    } else {
      const value = input.value ?? '';
      if (input.uri === PUBLIC_READ || input.uri === IS_PUBLIC) {
        // One flag under two names: a document that was read and sent back changed has the old value under the other.
        if (parseFlag(input.uri, value) !== facts.access.isPublic) access = { ...access, isPublic: !facts.access.isPublic };
      } else if (input.uri === INHERIT) access = { ...access, inherit: parseFlag(input.uri, value) };
      else if (input.uri === GROUP_READ) access = { ...access, groupRead: parseGroups(input.uri, value) };
      else if (input.uri === GROUP_WRITE) access = { ...access, groupWrite: parseGroups(input.uri, value) };
      else if (input.uri === IMMUTABLE) immutable = parseFlag(input.uri, value);
      else if (input.uri === LOCKED) locked = parseFlag(input.uri, value);
    }
  }
  if (!rights.own && (immutable !== facts.immutable || locked !== facts.locked || !sameAccess(access, facts.access))) {
    throw new Fault('PermissionDenied', 'permissions, locks and immutability are set by the owner');
  }
  return { properties, access, immutable, locked, quota };
}

/** A time or an amount that the node may have had when the client read it: other clients may have changed it since. */
function isStale({ uri, value }: PropertyInput, facts: Facts): boolean {
  const text = value?.trim() ?? '';
  if (uri === DATE || uri === CTIME || uri === MTIME) {
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? Date.parse(`${text}Z`) : NaN;
    return time >= facts.created && time <= facts.changed;
  }
  return facts.type === 'ContainerNode' && (uri === LENGTH || uri === AVAILABLE_SPACE) && /^\d+$/.test(text);
}

export function sameAccess(a: Access, b: Access): boolean {
  return (
    a.owner === b.owner &&
    a.isPublic === b.isPublic &&
    a.inherit === b.inherit &&
    a.groupRead.join(' ') === b.groupRead.join(' ') &&
    a.groupWrite.join(' ') === b.groupWrite.join(' ')
  );
}

function parseQuota(input: PropertyInput, facts: Facts): number | null {
  const text = (input.value ?? '').trim();
  if (text === '') return null;
  if (facts.type !== 'ContainerNode') throw new Fault('InvalidArgument', `property ${QUOTA}: only containers have a quota`);
  const bytes = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(bytes))
    throw new Fault('InvalidArgument', `property ${QUOTA}: ${JSON.stringify(text.slice(0, 100))} is not a number of bytes`);
  return bytes;
}

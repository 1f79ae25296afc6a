// Objects of Swift containers that the service did not make: how the nodes' rows name one, and which node its own name stands for.
import { Fault } from '../faults.ts';
import type { SpaceId } from './space-id.ts';
import { AUTO, NULL, parseSegment, type Segment } from './vos-uri.ts';

/** Names of Swift containers that are the service's own begin so. */
export const OWN_CONTAINERS = 'vos-';

const SCHEME = 'adopted';

export interface AdoptedKey {
  /** The Space that adopted it. */
  readonly space: SpaceId;
  readonly container: string;
  /** The object's name in that container. */
  readonly name: string;
}

/** One text for the object, in the place of a key. It has no slash, and so is never taken for a range of keys. */
export function formatAdoptedKey({ space, container, name }: AdoptedKey): string {
  return `${SCHEME}:${space}:${encodeURIComponent(container)}:${encodeURIComponent(name)}`;
}

/** Undefined for the key of an object that the service has made. */
export function readAdoptedKey(key: string): AdoptedKey | undefined {
  const [scheme, space, container, name] = key.split(':');
  if (scheme !== SCHEME || space === undefined || container === undefined || name === undefined) return undefined;
  return { space: space as SpaceId, container: decodeURIComponent(container), name: decodeURIComponent(name) };
}

/** Between which texts the keys of a container lie: more than `from`, and less than `before`. */
export function adoptedKeysOf(space: SpaceId, container: string): { readonly from: string; readonly before: string } {
  const prefix = `${SCHEME}:${space}:${encodeURIComponent(container)}`;
  // The semicolon follows the colon in the order of characters.
  return { from: `${prefix}:`, before: `${prefix};` };
}

/**
 * The path below the adopting container: slashes part names. `marksFolder`: it ends in one, as markers of pseudo-directories do. Throws
 * InvalidURI for what no node can be called.
 */
export function readObjectName(name: string): { readonly path: readonly Segment[]; readonly marksFolder: boolean } {
  const marksFolder = name.endsWith('/');
  const path = (marksFolder ? name.slice(0, -1) : name).split('/').map((part) => {
    if (!part.isWellFormed()) throw new Fault('InvalidURI', 'lone surrogate');
    return parseSegment(encodeURIComponent(part));
  });
  const last = path.at(-1);
  if (last === AUTO || last === NULL) throw new Fault('InvalidURI', `${last} is a reserved name`);
  return { path, marksFolder };
}

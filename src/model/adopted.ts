// Objects of Swift containers that the service did not make: how the nodes' rows name one, and which node its own name stands for.
import { Fault } from '../faults.ts';
import type { SpaceId } from './space-id.ts';
import { AUTO, NULL, parseSegment, type Segment } from './vos-uri.ts';

/** Names of Swift containers that are the service's own begin so. */
export const OWN_CONTAINERS = 'vos-';

const SCHEME = 'adopted';
/** Keys of adopted objects begin so, and no others. */
export const ADOPTED_KEYS = `${SCHEME}:`;
const utf8 = new TextEncoder();

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

/** Undefined for the key of an object that the service has made, and for what only looks like the other kind: an object has one such text. */
export function readAdoptedKey(key: string): AdoptedKey | undefined {
  const [scheme, space, container, name] = key.split(':');
  if (scheme !== SCHEME || space === undefined || container === undefined || name === undefined) return undefined;
  const read = { space: space as SpaceId, container: decode(container), name: decode(name) };
  return space !== '' && read.container !== '' && read.name !== '' && formatAdoptedKey(read) === key ? read : undefined;
}

/** '' for what is not encoded as it should be. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Throws InvalidArgument for names that no Swift container has, and for the service's own. */
export function checkContainerName(name: string): void {
  const isName =
    name !== '' && name !== '.' && name !== '..' && !name.includes('/') && name.isWellFormed() && utf8.encode(name).length <= 256;
  if (!isName) throw new Fault('InvalidArgument', `container: ${JSON.stringify(name.slice(0, 100))} is not the name of a Swift container`);
  if (name.startsWith(OWN_CONTAINERS)) throw new Fault('InvalidArgument', `container: ${OWN_CONTAINERS}… is a container of the service`);
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

// Where things lie in the embedded store's bucket, and how versions of a key are named.
import type { ObjectKey } from '../port.ts';

/*
 * c/<container>                     the container: custom metadata `epoch`, and `records` if all its keys have one
 * v/<container>/<key>!<version>     one upload to <key>, never changed; the newest sorts first
 * b/<container>/<key>!<version>     the bytes of an upload whose length was not known, written before the version of that name
 * r/<container>/<key>               the record of a key: the names of its versions (records.ts)
 *
 * A key that ends in !<version> names exactly that upload, for ever; a key without it names the newest. So a sealed key is one
 * that ends in a version, and a later upload to the same URL is another version, which nobody reads. Of all characters in keys `!` sorts first, so the bucket's order is the order of bare keys.
 */

/** The one account of the store: the first part of a path after `/v1/`. */
export const ACCOUNT = 'AUTH_local';

/** The two places where a container has what its keys stand for. */
export const VERSIONS = 'v';
export const BLOBS = 'b';
/** And the one where it has the records of its keys. */
export const RECORDS = 'r';
export type Kind = typeof VERSIONS | typeof BLOBS;

const VERSIONED = /^(.+)![0-9a-f]{26}$/;
const MAX_TIME = 0xfff_ffff_ffff;
const MAX_COUNT = 0xfff;

export function containerKey(container: string): string {
  return `c/${container}`;
}

/** Where the bytes of a version lie that were written before it. */
export function blobKey(version: string): string {
  return `${BLOBS}${version.slice(VERSIONS.length)}`;
}

/** Where the versions of a bare key are recorded. */
export function recordKey(container: string, key: string): string {
  return `${prefixOf(container, RECORDS)}${key}`;
}

/** The part of a version's bucket key that tells it from the others of its bare key. */
export function versionName(at: string): string {
  return at.slice(-26);
}

/** Before everything in the container. */
export function prefixOf(container: string, kind: Kind | typeof RECORDS): string {
  return `${kind}/${container}/`;
}

/** The bucket's key of a version, from a key that names one; undefined for a bare key. */
export function exactVersion(container: string, key: string, kind: Kind = VERSIONS): string | undefined {
  return VERSIONED.test(key) ? `${kind}/${container}/${key}` : undefined;
}

/** Before every version of the bare key. */
export function versionsOf(container: string, key: string, kind: Kind = VERSIONS): string {
  return `${kind}/${container}/${key}!`;
}

/** The key that names exactly this version, and the bare key. */
export function keysOf(container: string, bucketKey: string): { readonly exact: ObjectKey; readonly bare: ObjectKey } | undefined {
  const exact = bucketKey.slice(prefixOf(container, VERSIONS).length);
  const bare = VERSIONED.exec(exact)?.[1];
  return bare === undefined ? undefined : { exact: exact as ObjectKey, bare: bare as ObjectKey };
}

let last = 0;
let count = 0;

/** A name for a version that begins at this moment; it sorts before those of every earlier moment. */
export function nextVersion(container: string, key: string): string {
  const time = Math.max(Date.now(), last);
  count = time === last ? count + 1 : 0;
  last = count > MAX_COUNT ? time + 1 : time;
  if (count > MAX_COUNT) count = 0;
  const random = crypto.getRandomValues(new Uint8Array(6)).reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');
  const moment = (MAX_TIME - last).toString(16).padStart(11, '0') + (MAX_COUNT - count).toString(16).padStart(3, '0');
  return `${versionsOf(container, key)}${moment}${random}`;
}

/** Epoch milliseconds at which the version began. */
export function versionTime(bucketKey: string): number {
  return MAX_TIME - Number.parseInt(bucketKey.slice(-26, -15), 16);
}

// Deletes keys of the embedded store with all that they stand for, however many: by their records, and at most one search for all the others.
import type { ObjectKey } from '../port.ts';
import { BLOBS, blobKey, exactVersion, keysOf, prefixOf, recordKey, VERSIONS, versionsOf, type Kind } from './layout.ts';
import { hasRecords, recorded, strike } from './records.ts';
import { attempt, type VersionMetadata } from './stored.ts';

const DELETED_AT_ONCE = 1000;

/** A version, or a bare key with all its versions; missing ones are fine. */
export async function removeKeys(bucket: R2Bucket, container: string, keys: readonly ObjectKey[]): Promise<void> {
  if (keys.length === 0) return;
  const bare = new Set(keys.filter((key) => exactVersion(container, key) === undefined));
  const exact = [...new Set(keys)].filter((key) => !bare.has(key));
  await removeBare(bucket, container, [...bare]);
  const versions = exact.flatMap((key) => {
    const at = exactVersion(container, key);
    const of = at === undefined ? undefined : keysOf(container, at)?.bare;
    return at === undefined || of === undefined || bare.has(of) ? [] : [{ at, of }];
  });
  const found = await Promise.all(versions.map(async ({ at }) => [blobKey(at), ...bytesOf(await attempt(() => bucket.head(at))), at]));
  await deleteAll(bucket, found.flat());
  // After the bytes: a kill between the two leaves a name of nothing.
  for (const { at, of } of versions) await strike(bucket, { container, key: of, at });
}

async function removeBare(bucket: R2Bucket, container: string, keys: readonly ObjectKey[]): Promise<void> {
  if (keys.length === 0) return;
  const complete = await hasRecords(bucket, container);
  const found = await Promise.all(keys.map(async (key) => ({ key, versions: await recorded(bucket, container, key) })));
  // A key without a record has nothing, or what an older release wrote, or an upload that a kill cut off.
  const sought = complete ? found.filter(({ versions }) => versions === undefined).map(({ key }) => key) : keys;
  const others = sought.length === 0 ? [] : await searchFor(bucket, container, sought, !complete);
  const known = found.flatMap(({ key, versions }) =>
    versions === undefined ? [] : [...versions.flatMap((at) => [blobKey(at), at]), recordKey(container, key)],
  );
  // The record goes last: what a kill leaves is found by it.
  await deleteAll(bucket, [...new Set([...others, ...known])]);
}

/** One pass over the part of the container in which these keys lie; bytes before the versions that name them. */
async function searchFor(bucket: R2Bucket, container: string, keys: readonly ObjectKey[], isOld: boolean): Promise<readonly string[]> {
  const wanted = new Set<string>(keys);
  const blobs = await search(bucket, container, wanted, BLOBS, false);
  // Bytes that older releases wrote lie where only their version says.
  const versions = await search(bucket, container, wanted, VERSIONS, isOld);
  return [...blobs.map(({ key }) => key), ...versions.flatMap((object) => [...bytesOf(object), object.key])];
}

async function search(
  bucket: R2Bucket,
  container: string,
  keys: ReadonlySet<string>,
  kind: Kind,
  include: boolean,
): Promise<readonly R2Object[]> {
  const places = [...keys].map((key) => versionsOf(container, key, kind)).sort();
  const first = places.at(0) ?? '';
  const end = `${places.at(-1) ?? ''}~`;
  const prefix = places.length === 1 ? first : prefixOf(container, kind);
  const found: R2Object[] = [];
  for (let startAfter: string | undefined = first; startAfter !== undefined && startAfter < end;) {
    const after: string = startAfter;
    const page: R2Objects = await attempt(() =>
      bucket.list({ prefix, startAfter: after, ...(include ? { include: ['customMetadata'] } : {}) }),
    );
    found.push(...page.objects.filter(({ key }) => keys.has(keysOf(container, key)?.bare ?? '')));
    startAfter = page.truncated ? page.objects.at(-1)?.key : undefined;
  }
  return found;
}

function bytesOf(object: R2Object | null): string[] {
  const { blob }: VersionMetadata = object?.customMetadata ?? {};
  return blob === undefined ? [] : [blob];
}

/** Everything whose bucket key starts with `prefix`. */
export async function removeEverything(bucket: R2Bucket, prefix: string): Promise<void> {
  for (;;) {
    const page = await attempt(() => bucket.list({ prefix }));
    await deleteAll(
      bucket,
      page.objects.map(({ key }) => key),
    );
    if (!page.truncated) return;
  }
}

async function deleteAll(bucket: R2Bucket, keys: readonly string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += DELETED_AT_ONCE) await attempt(() => bucket.delete(keys.slice(i, i + DELETED_AT_ONCE)));
}

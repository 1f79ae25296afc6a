// Finds what a key of the embedded store names: by name where the key has a record, and by a listing only in containers of older releases.
import { exactVersion, versionsOf } from './layout.ts';
import { hasRecords, recorded } from './records.ts';
import { attempt, toStored, type Stored } from './stored.ts';

/** The version that a key names: that one, or the newest; undefined when there is none, or its life is over. */
export async function findStored(bucket: R2Bucket, container: string, key: string): Promise<Stored | undefined> {
  const exact = exactVersion(container, key);
  const found = exact === undefined ? await findNewest(bucket, container, key) : await attempt(() => bucket.head(exact));
  if (!found) return undefined;
  const stored = toStored(found);
  return stored.expires !== undefined && stored.expires <= Date.now() ? undefined : stored;
}

async function findNewest(bucket: R2Bucket, container: string, key: string): Promise<R2Object | undefined> {
  // Versions of older releases, which no record names, are older than all that one names.
  for (const at of (await recorded(bucket, container, key)) ?? []) {
    const found = await attempt(() => bucket.head(at));
    if (found) return found;
  }
  if (await hasRecords(bucket, container)) return undefined;
  const include: ('httpMetadata' | 'customMetadata')[] = ['httpMetadata', 'customMetadata'];
  const listed = await attempt(() => bucket.list({ prefix: versionsOf(container, key), limit: 1, include }));
  return listed.objects[0];
}

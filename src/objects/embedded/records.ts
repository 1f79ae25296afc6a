// The record of a bare key: the names of all versions that it has or may get, found by one look-up where a listing would search every key.
import { Fault } from '../../faults.ts';
import { containerKey, recordKey, versionName, versionsOf } from './layout.ts';
import { attempt } from './stored.ts';

/*
 * The first version is recorded after it is written, and not there for readers before; later ones, and bytes that lie before their
 * version, are recorded before. What a kill leaves without a record is listed, and a key without a record is searched for when it is
 * deleted: so the sweep finds it and takes it away. The record is the custom metadata, which a HEAD answers; the content says the same,
 * so that the entity tag changes with it.
 */

/** Where one version lies. */
export interface VersionPlace {
  readonly container: string;
  readonly key: string;
  /** Its key in the bucket. */
  readonly at: string;
}

/** R2 keeps 2,048 bytes of custom metadata. */
const MAX_NAMES = 64;
const MAX_TRIES = 64;

interface KeyRecord {
  /** The newest first. */
  readonly names: readonly string[];
  readonly etag: string;
}

async function readRecord(bucket: R2Bucket, container: string, key: string): Promise<KeyRecord | undefined> {
  const found = await attempt(() => bucket.head(recordKey(container, key)));
  return found ? { names: (found.customMetadata?.['versions'] ?? '').split(',').filter(Boolean), etag: found.etag } : undefined;
}

/** The bucket's keys of the versions that the bare key has or may get, the newest first; undefined where nothing is recorded. */
export async function recorded(bucket: R2Bucket, container: string, key: string): Promise<readonly string[] | undefined> {
  return (await readRecord(bucket, container, key))?.names.map((name) => `${versionsOf(container, key)}${name}`);
}

/** Whether every key of the container has a record; those of a container that was made before there were records need a listing. */
export async function hasRecords(bucket: R2Bucket, container: string): Promise<boolean> {
  const marker = await attempt(() => bucket.head(containerKey(container)));
  return !marker || marker.customMetadata?.['records'] !== undefined;
}

/** Most keys have one version only: the record is made without a look at first. ServiceBusy for more than MAX_NAMES. */
export async function enlist(bucket: R2Bucket, { container, key, at }: VersionPlace): Promise<void> {
  const name = versionName(at);
  if (await write(bucket, recordKey(container, key), [name], undefined)) return;
  await change(bucket, container, key, (names) => (names.includes(name) ? names : [...names, name].sort()));
}

/** After a version is gone for good. */
export function strike(bucket: R2Bucket, { container, key, at }: VersionPlace): Promise<void> {
  const name = versionName(at);
  return change(bucket, container, key, (names) => (names.includes(name) ? names.filter((other) => other !== name) : names));
}

async function change(
  bucket: R2Bucket,
  container: string,
  key: string,
  edit: (names: readonly string[]) => readonly string[],
): Promise<void> {
  const at = recordKey(container, key);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const held = await readRecord(bucket, container, key);
    const before = held?.names ?? [];
    const names = edit(before);
    if (names === before) return;
    if (names.length > MAX_NAMES) throw new Fault('ServiceBusy', 'too many uploads to one key');
    if (names.length === 0) return attempt(() => bucket.delete(at));
    if (await write(bucket, at, names, held)) return;
  }
  throw new Fault('ServiceBusy', 'too many uploads to one key at a time');
}

/** False where another upload to the key was faster. */
async function write(bucket: R2Bucket, at: string, names: readonly string[], held: KeyRecord | undefined): Promise<boolean> {
  const versions = names.join(',');
  const onlyIf = held ? { etagMatches: held.etag } : new Headers({ 'If-None-Match': '*' });
  const put: R2Object | null = await attempt(() => bucket.put(at, versions, { customMetadata: { versions }, onlyIf }));
  return put !== null;
}

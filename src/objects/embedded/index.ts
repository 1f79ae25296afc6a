// The embedded store: Objects on an R2 bucket (local disk under miniflare), signed for its own entry point.
import { Fault } from '../../faults.ts';
import { toHex } from '../../model/secret.ts';
import type { ObjectInfo, ObjectKey, Objects, Segment, StoreContainer } from '../port.ts';
import { formatTempUrl } from '../temp-url-format.ts';
import { containerKey as tempUrlKey } from '../temp-url.ts';
import { findStored } from './find.ts';
import { ACCOUNT, BLOBS, containerKey, exactVersion, keysOf, nextVersion, prefixOf, RECORDS, VERSIONS } from './layout.ts';
import { list } from './listing.ts';
import { openSpan, readParts } from './read.ts';
import { enlist, hasRecords, recorded } from './records.ts';
import { removeEverything, removeKeys } from './remove.ts';
import { attempt, toInfo, toStored, type Part, type Stored, type VersionMetadata } from './stored.ts';
import { writeVersion } from './write.ts';

export interface EmbeddedPorts {
  readonly bucket: R2Bucket;
  /** The master secret of the temp URL keys: StoreKeys.secret. */
  readonly secret: () => Promise<string>;
  /** Largest object that one PUT can make, in bytes; default DEFAULT_MAX_PUT. */
  readonly maxPut?: number;
}

export interface EmbeddedOptions extends EmbeddedPorts {
  /** The origin on which the entry answers. */
  readonly origin: string;
}

/** What R2 takes in one piece. */
export const DEFAULT_MAX_PUT = 5 * 1024 ** 3;
const MAX_SEGMENTS = 1000;
/** Below the body that Cloudflare lets through to a Worker, on the smallest plan 100 MB. */
const GOOD_PART = 64 * 1024 * 1024;

/**
 * Keys that `seal` answers end in a version and have `keeps` = true: the bare key, when it is deleted, takes all its versions along.
 * `list` names bare keys, each once, with what its newest version has.
 */
export function makeEmbeddedObjects({ bucket, origin, secret, maxPut = DEFAULT_MAX_PUT }: EmbeddedOptions): Objects {
  let known: string | undefined;
  const find = (container: StoreContainer, key: ObjectKey) => findStored(bucket, container.name, key);

  return {
    kind: 'embedded',
    origin,
    maxPut,
    limits: () => Promise.resolve({ maxPut, maxSegments: MAX_SEGMENTS, goodPart: GOOD_PART }),
    async prepare({ name, epoch }) {
      // A container of an older release stays what it is.
      const records = (await hasRecords(bucket, name)) ? { records: 'all' } : {};
      await attempt(() => bucket.put(containerKey(name), new Uint8Array(0), { customMetadata: { epoch: String(epoch), ...records } }));
    },
    async drop({ name }) {
      const left = await attempt(() => bucket.list({ prefix: prefixOf(name, VERSIONS), limit: 1 }));
      if (left.objects.length > 0) throw new Fault('Conflict', 'the store container is not empty');
      // No version names them any more.
      await removeEverything(bucket, prefixOf(name, BLOBS));
      await removeEverything(bucket, prefixOf(name, RECORDS));
      await attempt(() => bucket.delete(containerKey(name)));
    },
    async sign(request) {
      if (request.method === 'PUT' && exactVersion(request.container.name, request.key) !== undefined)
        throw new Fault('InvalidArgument', 'a sealed key takes no upload');
      const key = await tempUrlKey((known ??= await secret()), request.container.name, request.container.epoch);
      return formatTempUrl(`${origin}/v1/${ACCOUNT}`, key, request);
    },
    async head(container, key) {
      const stored = await find(container, key);
      return stored && toInfo(key, stored);
    },
    async put(container, key, { body, length, type, md5, counted }) {
      if (exactVersion(container.name, key) !== undefined) throw new Fault('InvalidArgument', 'a sealed key takes no upload');
      if (!(await attempt(() => bucket.head(containerKey(container.name))))) throw new Fault('NotFound', 'no such store container');
      const http = type === undefined ? {} : { contentType: type };
      return toInfo(key, await writeVersion(bucket, container.name, key, { body, length, maxPut, md5, http, expires: undefined, counted }));
    },
    async get(container, key, range) {
      const stored = await find(container, key);
      if (!stored) throw new Fault('NotFound', 'no such object');
      if (range && range.start >= stored.size) throw new Fault('RangeNotSatisfiable', 'the range lies outside the object');
      const span = range ? { start: range.start, end: Math.min(range.end + 1, stored.size) } : { start: 0, end: stored.size };
      return openSpan(bucket, await readParts(bucket, stored), span);
    },
    async seal(container, from, _to, expected) {
      const stored = check(from, await find(container, from), { key: from, etag: expected.etag, size: expected.size });
      const keys = keysOf(container.name, stored.bucketKey);
      if (!keys) throw new Fault('InternalFault', 'a version without a name');
      return { ...toInfo(keys.exact, stored), keeps: true };
    },
    assemble: (container, to, segments, type) => assemble(bucket, container, to, segments, type),
    delete: (container, keys) => removeKeys(bucket, container.name, keys),
    list: (container, prefix, after) => list(bucket, container, prefix, after),
    facts: () => Promise.resolve({ kind: 'embedded', origin, maxPut, maxSegments: MAX_SEGMENTS }),
    async health() {
      await attempt(() => bucket.head('health'));
      return { detail: `embedded store at ${origin}` };
    },
  };
}

/** The version if it is what was expected and will stay. */
function check(key: ObjectKey, stored: Stored | undefined, expected: Segment): Stored {
  if (!stored || stored.etag !== expected.etag || stored.size !== expected.size)
    throw new Fault('PreconditionFailed', `${key} is not what was expected`);
  if (stored.expires !== undefined)
    throw new Fault('PreconditionFailed', 'the uploaded object carries an expiry (X-Delete-At, X-Delete-After)');
  if (stored.layout.kind === 'parts') throw new Fault('PreconditionFailed', 'the uploaded object is a manifest, not bytes');
  return stored;
}

/** Writes a manifest that names the exact versions: uploads that come later to the segments' URLs do not touch it. */
async function assemble(
  bucket: R2Bucket,
  container: StoreContainer,
  to: ObjectKey,
  segments: readonly Segment[],
  type: string | undefined,
): Promise<ObjectInfo> {
  if (segments.length > MAX_SEGMENTS) throw new Fault('InvalidArgument', `an object has at most ${MAX_SEGMENTS} segments`);
  if (exactVersion(container.name, to) !== undefined) throw new Fault('InvalidArgument', 'a sealed key takes no upload');
  const found = await Promise.all(
    segments.map(async (segment) => check(segment.key, await findStored(bucket, container.name, segment.key), segment)),
  );
  const parts = (await Promise.all(found.map((stored) => readParts(bucket, stored)))).flat().filter(({ size }) => size > 0);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  // Swift's etag of a large object: the MD5 of its segments' etags, one after the other.
  const etags = found
    .filter((stored) => stored.size > 0)
    .map(({ etag }) => etag)
    .join('');
  const etag = toHex(new Uint8Array(await crypto.subtle.digest('MD5', new TextEncoder().encode(etags))));
  const customMetadata = { size: String(size), etag } satisfies VersionMetadata;
  const at = nextVersion(container.name, to);
  const http = type === undefined ? {} : { httpMetadata: { contentType: type } };
  const place = { container: container.name, key: to, at };
  if (await recorded(bucket, container.name, to)) await enlist(bucket, place);
  const made = await attempt(() => bucket.put(at, JSON.stringify(parts satisfies readonly Part[]), { customMetadata, ...http }));
  await enlist(bucket, place);
  return toInfo(to, toStored(made));
}

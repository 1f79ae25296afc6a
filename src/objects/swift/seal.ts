// Large objects of Swift: sealing an upload, and one object of many segments.
import { Fault } from '../../faults.ts';
import type { ObjectInfo, ObjectKey, Objects, Segment, StoreContainer } from '../port.ts';
import type { SwiftClient } from './client.ts';
import { headObject, objectPath, unexpected, unquote } from './objects.ts';
import { inParallel } from './parallel.ts';

/** Up to this size (bytes) a copy on the server costs no more than a manifest, and reads are twice as fast. */
export const COPY_LIMIT = 1024 * 1024;
/** Swift's default max_manifest_segments. */
export const MAX_SEGMENTS = 1000;
/** Swift asks each segment's server before it answers; milliseconds. */
const MANIFEST_TIMEOUT = 120_000;

type Sealed = Awaited<ReturnType<Objects['seal']>>;

export async function sealObject(
  client: SwiftClient,
  container: StoreContainer,
  from: ObjectKey,
  to: ObjectKey,
  expected: ObjectInfo,
): Promise<Sealed> {
  const found = await checkSource(client, container, { key: from, etag: expected.etag, size: expected.size });
  if (found.size > COPY_LIMIT) {
    const sealed = await putManifest(client, container, to, [{ key: from, etag: found.etag, size: found.size }], found.type);
    return { ...sealed, md5: found.md5, keeps: true };
  }
  // Conditions on a copy are those on its source; fresh metadata leaves expiry and headers of the uploader behind.
  const answer = await client.send({
    method: 'PUT',
    path: objectPath(container, to),
    headers: { 'X-Copy-From': objectPath(container, from), 'If-Match': found.etag, 'X-Fresh-Metadata': 'true', 'Content-Length': '0' },
    body: '',
  });
  await answer.body?.cancel();
  if (answer.status === 412 || answer.status === 404) throw changed(from);
  if (answer.status === 413) throw new Fault('QuotaExceeded', 'the object store has no room');
  if (answer.status !== 201) throw unexpected('PUT', answer.status);
  return { ...found, key: to, etag: unquote(answer.headers.get('Etag') ?? ''), modified: Date.now(), keeps: false };
}

export async function assembleObject(
  client: SwiftClient,
  container: StoreContainer,
  to: ObjectKey,
  segments: readonly Segment[],
  type: string | undefined,
): Promise<ObjectInfo> {
  if (segments.length > MAX_SEGMENTS) throw new Fault('InvalidArgument', `an object has at most ${MAX_SEGMENTS} segments`);
  await inParallel(segments, (segment) => checkSource(client, container, segment));
  return putManifest(client, container, to, segments, type);
}

/** The uploaded object, if it is what was expected and will stay: bytes of its own, without an end of life. */
async function checkSource(client: SwiftClient, container: StoreContainer, { key, etag, size }: Segment): Promise<ObjectInfo> {
  const found = await headObject(client, container, key);
  if (!found || found.info.etag !== etag || found.info.size !== size) throw changed(key);
  if (found.info.expires !== undefined)
    throw new Fault('PreconditionFailed', 'the uploaded object carries an expiry (X-Delete-At, X-Delete-After)');
  if (!found.plain) throw new Fault('PreconditionFailed', 'the uploaded object is a manifest or a link, not bytes');
  return found.info;
}

async function putManifest(
  client: SwiftClient,
  container: StoreContainer,
  to: ObjectKey,
  segments: readonly Segment[],
  type = 'application/octet-stream',
): Promise<ObjectInfo> {
  // Swift wants at least one byte in each segment; an empty one adds none.
  const parts = segments.filter(({ size }) => size > 0);
  const answer = await client.send({
    method: 'PUT',
    path: objectPath(container, to),
    query: 'multipart-manifest=put',
    headers: { 'Content-Type': type, Accept: 'application/json' },
    body: JSON.stringify(parts.map(({ key, etag, size }) => ({ path: `/${container.name}/${key}`, etag, size_bytes: size }))),
    timeout: MANIFEST_TIMEOUT,
  });
  await answer.body?.cancel();
  // 400 lists segments with another etag or size, or none at all.
  if (answer.status === 400 || answer.status === 409) throw new Fault('PreconditionFailed', 'a segment is missing or has changed');
  if (answer.status === 413) throw new Fault('QuotaExceeded', 'the object store has no room');
  if (answer.status !== 201) throw unexpected('PUT', answer.status);
  return {
    key: to,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    md5: undefined,
    etag: unquote(answer.headers.get('Etag') ?? ''),
    type,
    modified: Date.now(),
  };
}

function changed(key: ObjectKey): Fault {
  return new Fault('PreconditionFailed', `${key} is not what was expected`);
}

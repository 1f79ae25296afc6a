// Large objects of Swift: sealing an upload, and one object of many segments.
import { Fault } from '../../faults.ts';
import type { ObjectInfo, ObjectKey, Objects, Segment, StoreContainer } from '../port.ts';
import type { SwiftClient } from './client.ts';
import { headObject, objectPath, readHead, unexpected, unquote, type HeadAnswer } from './objects.ts';
import { inParallel } from './parallel.ts';

/** Up to this size (bytes) a copy on the server costs no more than a manifest, and reads are twice as fast. */
export const COPY_LIMIT = 1024 * 1024;
/** Swift's default max_manifest_segments. */
export const MAX_SEGMENTS = 1000;
/** Swift asks each segment's server before it answers; milliseconds. */
const MANIFEST_TIMEOUT = 120_000;

type Sealed = Awaited<ReturnType<Objects['seal']>>;

/** `expected` is what `headObject` has said of `from`: a store that is asked once more says nothing that a condition does not. */
export async function sealObject(
  client: SwiftClient,
  container: StoreContainer,
  from: ObjectKey,
  to: ObjectKey,
  expected: ObjectInfo,
): Promise<Sealed> {
  if (expected.md5 === undefined) throw notBytes();
  if (expected.expires !== undefined) throw endsSometime();
  if (expected.size > COPY_LIMIT) return pinLarge(client, container, to, expected);
  // Conditions on a copy are those on its source; fresh metadata leaves expiry and headers of the uploader behind.
  const answer = await client.send({
    method: 'PUT',
    path: objectPath(container, to),
    headers: {
      'X-Copy-From': objectPath(container, from),
      'If-Match': expected.etag,
      'X-Fresh-Metadata': 'true',
      'Content-Length': '0',
      ...(expected.type !== undefined && { 'Content-Type': expected.type }),
    },
    body: '',
  });
  await answer.body?.cancel();
  if (answer.status === 412 || answer.status === 404) throw changed(from);
  if (answer.status === 413) throw new Fault('QuotaExceeded', 'the object store has no room');
  if (answer.status !== 201) throw unexpected('PUT', answer.status);
  const { last: _, ...rest } = expected;
  return { ...rest, key: to, etag: unquote(answer.headers.get('Etag') ?? ''), modified: Date.now(), keeps: false };
}

/**
 * A manifest of all bytes but the last, and of the last one itself. Swift's proxy computes the MD5 of a segment that it reads whole, which
 * takes a third of the time of a download, and not that of a range; the object's servers check the entity tag of either.
 */
async function pinLarge(client: SwiftClient, container: StoreContainer, to: ObjectKey, expected: ObjectInfo): Promise<Sealed> {
  const { key, etag, size, type, last, ...rest } = expected;
  const whole = { path: `/${container.name}/${key}`, etag, size_bytes: size };
  const put = (segments: readonly object[]) => putSegments(client, container, to, segments, type);
  const quick = last === undefined ? undefined : await put([{ ...whole, range: `0-${size - 2}` }, { data: last }]);
  // A Swift before 2.21 knows no bytes in manifests.
  const sealed = quick ?? (await put([whole]));
  if (sealed === undefined) throw segmentChanged();
  return { ...rest, key: to, size, type, etag: sealed, modified: Date.now(), keeps: true };
}

/**
 * What `headObject` answers, and the last byte, which costs nothing more. It is left out where it cannot be had as it is stored: the runtime
 * decodes what its uploader has called compressed.
 */
export async function lookAt(client: SwiftClient, container: StoreContainer, key: ObjectKey): Promise<HeadAnswer | undefined> {
  const answer = await client.send({
    method: 'GET',
    path: objectPath(container, key),
    query: 'symlink=get',
    headers: { Range: 'bytes=-1', 'X-Newest': 'true' },
  });
  const { status, headers } = answer;
  const [, size] = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get('Content-Range') ?? '') ?? [];
  const isPart = status === 206 && size !== undefined;
  const last = isPart && !headers.has('Content-Encoding') ? await answer.arrayBuffer().catch(() => undefined) : undefined;
  if (!last) await answer.body?.cancel().catch(() => undefined);
  if (status === 404) return undefined;
  // An object without bytes has no last one.
  if (!isPart) return headObject(client, container, key);
  const { info, plain } = readHead(key, headers, Number(size));
  return { info: { ...info, ...(last?.byteLength === 1 && { last: btoa(String.fromCharCode(...new Uint8Array(last))) }) }, plain };
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
  if (found.info.expires !== undefined) throw endsSometime();
  if (!found.plain) throw notBytes();
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
  const list = parts.map(({ key, etag, size }) => ({ path: `/${container.name}/${key}`, etag, size_bytes: size }));
  const etag = await putSegments(client, container, to, list, type);
  if (etag === undefined) throw segmentChanged();
  return { key: to, size: parts.reduce((sum, { size }) => sum + size, 0), md5: undefined, etag, type, modified: Date.now() };
}

/** The entity tag of the manifest; undefined: a segment has another etag or size, or is not there. */
async function putSegments(
  client: SwiftClient,
  container: StoreContainer,
  to: ObjectKey,
  segments: readonly object[],
  type = 'application/octet-stream',
): Promise<string | undefined> {
  const answer = await client.send({
    method: 'PUT',
    path: objectPath(container, to),
    query: 'multipart-manifest=put',
    headers: { 'Content-Type': type, Accept: 'application/json' },
    body: JSON.stringify(segments),
    timeout: MANIFEST_TIMEOUT,
  });
  await answer.body?.cancel();
  if (answer.status === 400 || answer.status === 409) return undefined;
  if (answer.status === 413) throw new Fault('QuotaExceeded', 'the object store has no room');
  if (answer.status !== 201) throw unexpected('PUT', answer.status);
  return unquote(answer.headers.get('Etag') ?? '');
}

function segmentChanged(): Fault {
  return new Fault('PreconditionFailed', 'a segment is missing or has changed');
}

function changed(key: ObjectKey): Fault {
  return new Fault('PreconditionFailed', `${key} is not what was expected`);
}

function endsSometime(): Fault {
  return new Fault('PreconditionFailed', 'the uploaded object carries an expiry (X-Delete-At, X-Delete-After)');
}

function notBytes(): Fault {
  return new Fault('PreconditionFailed', 'the uploaded object is a manifest or a link, not bytes');
}

// Streams a body into the bucket as one version of a key: all of it, or nothing.
import { Fault } from '../../faults.ts';
import { toHex } from '../../model/secret.ts';
import type { Flow } from '../../model/flow.ts';
import { isWrongBody, pump } from '../../model/pump.ts';
import { blobKey, nextVersion } from './layout.ts';
import { enlist, recorded, strike, type VersionPlace } from './records.ts';
import { DEFAULT_TYPE, toStored, type Stored, type VersionMetadata } from './stored.ts';

/** R2 wants equal parts of at least 5 MiB; this many bytes of one upload are in memory at once, twice at most. */
const PART = 8 * 1024 * 1024;

export interface WriteRequest {
  readonly body: ReadableStream<Uint8Array>;
  readonly length: number | undefined;
  readonly maxPut: number;
  /** Lower-case hex digits that the bytes must have. */
  readonly md5: string | undefined;
  readonly http: R2HTTPMetadata;
  /** Epoch seconds. */
  readonly expires: number | undefined;
  /** As of PutRequest. */
  readonly counted?: ((flow: Flow) => void) | undefined;
}

/**
 * PreconditionFailed: the bytes have another MD5 (detail MD5_DIFFERS), or the body broke off or is not as long as stated.
 * RequestEntityTooLarge: more than `maxPut`.
 */
export async function writeVersion(bucket: R2Bucket, container: string, key: string, request: WriteRequest): Promise<Stored> {
  const { length, maxPut } = request;
  if (length !== undefined && length > maxPut) throw tooLarge(maxPut);
  const at = nextVersion(container, key);
  const place = { container, key, at };
  // A key that has a record is deleted by it alone: what a kill may leave is to be in it.
  if (await recorded(bucket, container, key)) await enlist(bucket, place);
  try {
    const stored = await (length === undefined ? writeUnknown(bucket, place, request) : writeKnown(bucket, at, length, request));
    // After all else: the key may have been deleted meanwhile.
    await enlist(bucket, place);
    return stored;
  } catch (error) {
    await forget(bucket, place).catch(() => undefined);
    throw error;
  }
}

/** Takes the name of a version that did not come to be off the record; a lost answer may have left something under it. */
async function forget(bucket: R2Bucket, place: VersionPlace): Promise<void> {
  const left = (await bucket.head(place.at)) ?? (await bucket.head(blobKey(place.at)));
  if (!left) await strike(bucket, place);
}

export const MD5_DIFFERS = 'the bytes do not have the stated MD5';

async function writeKnown(bucket: R2Bucket, at: string, length: number, request: WriteRequest): Promise<Stored> {
  // A body that is shorter or longer breaks this stream, and with it the put: the bucket then keeps nothing.
  const fixed = new FixedLengthStream(length);
  const flow = pump(request.body, fixed.writable);
  request.counted?.(flow);
  try {
    return toStored(await bucket.put(at, fixed.readable, options(request)));
  } catch (error) {
    throw failure(error, isWrongBody(flow, length));
  }
}

async function writeUnknown(bucket: R2Bucket, place: VersionPlace, request: WriteRequest): Promise<Stored> {
  // Through a native stream, because only those can be read into one large buffer.
  const native = new IdentityTransformStream();
  const flow = pump(request.body, native.writable);
  request.counted?.(flow);
  const reader = native.readable.getReader({ mode: 'byob' });
  reader.closed.catch(() => undefined);
  const read = async (): Promise<Uint8Array> => (await reader.readAtLeast(PART, new Uint8Array(PART))).value ?? new Uint8Array(0);
  try {
    const first = await read();
    if (first.byteLength === PART) return await writeParts(bucket, place, request, first, read);
    if (first.byteLength > request.maxPut) throw tooLarge(request.maxPut);
    return toStored(await bucket.put(place.at, first, options(request)));
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw failure(error, isWrongBody(flow, undefined));
  }
}

async function writeParts(
  bucket: R2Bucket,
  place: VersionPlace,
  request: WriteRequest,
  first: Uint8Array,
  read: () => Promise<Uint8Array>,
): Promise<Stored> {
  // A kill between the two writes leaves bytes under the version's own name, which the record has and the sweep finds.
  const { at } = place;
  const blob = blobKey(at);
  const upload = await bucket.createMultipartUpload(blob);
  const digest = new crypto.DigestStream('MD5');
  const hashing = digest.getWriter();
  try {
    const parts: R2UploadedPart[] = [];
    let size = 0;
    for (let bytes = first; bytes.byteLength > 0; bytes = bytes.byteLength < PART ? new Uint8Array(0) : await read()) {
      size += bytes.byteLength;
      if (size > request.maxPut) throw tooLarge(request.maxPut);
      await hashing.write(bytes);
      parts.push(await upload.uploadPart(parts.length + 1, bytes));
    }
    await hashing.close();
    const md5 = toHex(new Uint8Array(await digest.digest));
    if (request.md5 !== undefined && request.md5 !== md5) throw new Fault('PreconditionFailed', MD5_DIFFERS);
    await enlist(bucket, place);
    await upload.complete(parts);
    return toStored(
      await bucket.put(at, new Uint8Array(0), options({ ...request, md5: undefined }, { size: String(size), etag: md5, blob })),
    );
  } catch (error) {
    await hashing.abort().catch(() => undefined);
    await digest.digest.catch(() => undefined);
    await upload.abort().catch(() => bucket.delete(blob));
    throw error;
  }
}

function options({ http, md5, expires }: WriteRequest, more: VersionMetadata = {}): R2PutOptions {
  return {
    httpMetadata: { ...http, contentType: http.contentType ?? DEFAULT_TYPE },
    customMetadata: { ...more, ...(expires === undefined ? {} : { expires: String(expires) }) },
    ...(md5 === undefined ? {} : { md5 }),
  };
}

/** R2's error 10037: the stated digest is not that of the bytes. */
function isDigestError(error: unknown): boolean {
  return error instanceof Error && /\(10037\)|MD5/.test(error.message);
}

function failure(error: unknown, broken: boolean): Error {
  if (isDigestError(error)) return new Fault('PreconditionFailed', MD5_DIFFERS);
  if (broken) return new Fault('PreconditionFailed', 'the body broke off, or is not as long as stated');
  if (error instanceof Fault) return error;
  return new Fault('ServiceBusy', "the embedded store's bucket did not take the bytes");
}

function tooLarge(maxPut: number): Fault {
  return new Fault('RequestEntityTooLarge', `one upload has at most ${maxPut} bytes`);
}

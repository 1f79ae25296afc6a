// Single objects of a Swift container: head, put, get.
import { Fault } from '../../faults.ts';
import type { ByteRange, ObjectInfo, ObjectKey, PutRequest, StoreContainer } from '../port.ts';
import { isWrongBody, pump } from '../../model/pump.ts';
import { quotePath } from '../temp-url.ts';
import type { SwiftClient } from './client.ts';

const DEFAULT_TYPE = 'application/octet-stream';

/** The path of an object below the account. */
export function objectPath(container: StoreContainer, key: ObjectKey): string {
  return `/${quotePath(`${container.name}/${key}`)}`;
}

/** What an answer to HEAD says, and whether the object is bytes of its own (no manifest, no symbolic link). */
export interface HeadAnswer {
  readonly info: ObjectInfo;
  readonly plain: boolean;
}

/** Asked of the newest replica; a symbolic link is not followed, so that its holder cannot pass another object off as his. */
export async function headObject(client: SwiftClient, container: StoreContainer, key: ObjectKey): Promise<HeadAnswer | undefined> {
  const answer = await client.send({
    method: 'HEAD',
    path: objectPath(container, key),
    query: 'symlink=get',
    headers: { 'X-Newest': 'true' },
  });
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw unexpected('HEAD', answer.status);
  return readHead(key, answer.headers, Number(answer.headers.get('Content-Length') ?? 0));
}

export function readHead(key: ObjectKey, headers: Headers, size: number): HeadAnswer {
  const etag = unquote(headers.get('Etag') ?? '');
  const plain = !headers.has('X-Static-Large-Object') && !headers.has('X-Object-Manifest') && !headers.has('X-Symlink-Target');
  const deleteAt = headers.get('X-Delete-At');
  const info: ObjectInfo = {
    key,
    size,
    md5: plain ? etag : undefined,
    etag,
    type: headers.get('Content-Type') ?? undefined,
    modified: modifiedOf(headers),
    ...(deleteAt === null ? {} : { expires: Number(deleteAt) * 1000 }),
  };
  return { info, plain };
}

export async function putObject(
  client: SwiftClient,
  container: StoreContainer,
  key: ObjectKey,
  request: PutRequest,
  maxPut: number,
): Promise<ObjectInfo> {
  const { body, length, type = DEFAULT_TYPE, md5 } = request;
  if (length !== undefined && length > maxPut) throw tooLarge();
  // A body that is shorter or longer than stated breaks this stream, and with it the request: Swift then keeps nothing.
  const through = length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length);
  const flow = pump(body, through.writable);
  request.counted?.(flow);
  const headers = { 'Content-Type': type, ...(md5 === undefined ? {} : { ETag: md5 }) };
  let answer: Response;
  try {
    answer = await client.stream({ method: 'PUT', path: objectPath(container, key), headers }, through.readable, flow.settled);
  } catch (error) {
    if (isWrongBody(flow, length)) throw wrongBody();
    throw error instanceof Fault ? error : new Fault('ServiceBusy', 'the object store broke the upload off');
  }
  const text = await answer.text();
  if (answer.status === 422) throw new Fault('PreconditionFailed', 'the bytes do not have the stated MD5');
  if (answer.status === 413) throw /quota/i.test(text) ? new Fault('QuotaExceeded', 'the object store has no room') : tooLarge();
  if (answer.status === 404) throw new Fault('NotFound', 'no such store container');
  if (answer.status === 408 || answer.status === 499) throw wrongBody();
  if (answer.status !== 201) throw unexpected('PUT', answer.status);
  if (isWrongBody(flow, length)) {
    // A body in chunks that breaks off is ended in good order by workerd: Swift took its beginning for the whole.
    await (await client.send({ method: 'DELETE', path: objectPath(container, key) })).body?.cancel();
    throw wrongBody();
  }
  const etag = unquote(answer.headers.get('Etag') ?? '');
  return { key, size: flow.received, md5: etag, etag, type, modified: modifiedOf(answer.headers) };
}

export async function getObject(
  client: SwiftClient,
  container: StoreContainer,
  key: ObjectKey,
  range?: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await client.send({
    method: 'GET',
    path: objectPath(container, key),
    headers: range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` },
  });
  if (answer.ok && answer.body) return answer.body;
  await answer.body?.cancel();
  if (answer.ok) return new Blob([]).stream();
  if (answer.status === 404) throw new Fault('NotFound', 'no such object');
  if (answer.status === 416) throw new Fault('RangeNotSatisfiable', 'the range lies outside the object');
  // A sealed manifest whose segment was overwritten: Swift refuses to serve other bytes.
  if (answer.status === 409) throw new Fault('Conflict', 'the bytes were overwritten by their uploader and are lost');
  throw unexpected('GET', answer.status);
}

function tooLarge(): Fault {
  return new Fault('RequestEntityTooLarge', 'the object store takes no object of this size in one piece');
}

function wrongBody(): Fault {
  return new Fault('PreconditionFailed', 'the body broke off, or is not as long as stated');
}

/** An answer that the contract has no word for. */
export function unexpected(method: string, status: number): Fault {
  return new Fault('ServiceBusy', `the object store answers ${status} to ${method}`);
}

export function unquote(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}

function modifiedOf(headers: Headers): number {
  const stamp = Number(headers.get('X-Timestamp') ?? Number.NaN);
  return Number.isNaN(stamp) ? Date.parse(headers.get('Last-Modified') ?? '') || Date.now() : Math.round(stamp * 1000);
}

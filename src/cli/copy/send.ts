// The bytes of one file to the store: in one PUT, or in parts, several at a time; compared by MD5 and sent again when that fails.
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { UploadCalls } from '../../client/upload-calls.ts';
import { sendParts, sendWhole, type Put, type PutAnswer, type Sending } from '../../client/part-sender.ts';
import { VospaceError } from '../../client/error.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import type { Copying, NodePlace } from './copying.ts';
import { putDate } from './dates.ts';
import type { LocalFile } from './entry.ts';
import { asRefusal, Changed, isUnchanged, readRange, readWhole } from './local-bytes.ts';
import { mediaTypeBy, mediaTypeOf } from './media-type.ts';
import { nameAt } from './there.ts';

/** A file with the upload that was negotiated for it. */
export interface Sendable {
  readonly file: LocalFile;
  readonly upload: UploadDocument;
  /** How often it was begun before. */
  readonly tries: number;
}

/** Bytes that are read in one go. */
const SMALL = 256 * 1024;

/** The MD5 of what was sent. */
export async function sendSmall({ file, upload }: Sendable, to: NodePlace, copying: Copying, calls: UploadCalls): Promise<string> {
  const ask = (): Promise<UploadDocument> => calls.state(upload.id);
  if (file.size > SMALL) return withHandle(file, (handle) => sendWhole(sendingOf(file, handle, to, copying), upload, ask));
  const bytes = await readWhole(file).catch((thrown: unknown) => {
    throw asRefusal(thrown);
  });
  const md5 = createHash('md5').update(bytes).digest('hex');
  const { report, signal } = copying;
  const put = async ({ url, type }: Put): Promise<PutAnswer> => ({
    md5,
    ...(await copying.slots.with(() => copying.store.put({ url, type, length: bytes.byteLength, body: bytes, signal }))),
  });
  const source = { size: file.size, slice: () => bytes };
  const sending: Sending = {
    session: to.space.session,
    source,
    type: mediaTypeBy(upload.uri, file.path),
    parallel: 1,
    signal,
    sent: (n) => report.moved(n),
    put,
  };
  return sendWhole(sending, upload, ask);
}

/** All of it, to the end. The service keeps the digest of the parts with the node. */
export async function sendLarge({ file, upload }: Sendable, to: NodePlace, copying: Copying, calls: UploadCalls): Promise<void> {
  const { report, journal } = copying;
  const ask = (number: number): Promise<UploadDocument> => calls.state(upload.id, String(number));
  const etags = await withHandle(file, (handle) => sendParts(sendingOf(file, handle, to, copying), upload, ask));
  await calls.complete(upload.id, { etags });
  await putDate({ ...to, where: [...to.where, ...file.names] }, file.modified, copying);
  journal.dropped(upload.uri);
  report.settled('copied', nameAt(to, file.names), { size: file.size });
}

function sendingOf(file: LocalFile, handle: FileHandle, to: NodePlace, copying: Copying): Sending {
  const { report, slots, store, parallel, signal: ends } = copying;
  const put = async ({ portion: { start, length }, url, type, progress, signal = ends }: Put): Promise<PutAnswer> =>
    slots.with(async () => {
      const md5 = createHash('md5');
      const body = async function* (): AsyncGenerator<Uint8Array> {
        let bytes = 0;
        // Whoever sends it asks for the next when it has gone to the network.
        for await (const block of readRange(handle, file.path, { start, end: start + length, reuses: true })) {
          md5.update(block);
          yield block;
          progress({ bytes: (bytes += block.byteLength) });
        }
      };
      try {
        const { etag } = await store.put({ url, type, length, body, signal });
        // When all of it is out: what was read of two states never becomes a file.
        if (!(await isUnchanged(handle, file))) throw new Changed(file.path);
        return { md5: md5.digest('hex'), etag };
      } catch (thrown) {
        throw asRefusal(thrown);
      }
    });
  return {
    session: to.space.session,
    source: { size: file.size, slice: (start, end) => () => streamOf(readRange(handle, file.path, { start, end, reuses: false })) },
    type: mediaTypeOf(file.path),
    parallel,
    signal: ends,
    sent: (bytes) => report.moved(bytes),
    put,
  };
}

export function streamOf(blocks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(blocks)) as ReadableStream<Uint8Array>;
}

/** The file is open, and still the one that was found. */
export async function withHandle<T>(file: LocalFile, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(file.path);
  } catch (thrown) {
    throw asRefusal(thrown);
  }
  try {
    if (!(await isUnchanged(handle, file))) throw new Changed(file.path);
    return await work(handle);
  } catch (thrown) {
    throw thrown instanceof VospaceError ? thrown : asRefusal(thrown);
  } finally {
    await handle.close();
  }
}

// Large files in parts, and many files in few requests: only for services of this project, which have /uploads and /downloads.
import { MAX_BATCH } from '../model/limits.ts';
import type { CompleteDocument, DownloadDocument, ItemDocument, OpenDocument, UploadDocument } from '../model/uploads.ts';
import { VospaceError } from './error.ts';
import { sendParts, sendWhole, type Sending, type Slices } from './part-sender.ts';
import type { Where } from './place.ts';
import type { Asking, Session } from './session.ts';
import type { Progress } from './source.ts';
import { refusalOf, UploadCalls } from './upload-calls.ts';
import type { Vospace } from './vospace.ts';

/** What can be read again, and from the middle. Node's `fs.openAsBlob` is right up to 4 GiB only: it takes a larger file for a smaller one. */
export type Seekable = string | Uint8Array | Slices;

interface Sharing extends Asking {
  /** Requests with bytes at a time; default 4. */
  readonly parallel?: number;
  readonly progress?: (progress: Progress) => void;
}

export interface LargeOptions extends Sharing {
  readonly type?: string;
  /** The id of an upload of the same bytes that broke off: it goes on. */
  readonly resume?: string;
  /** Told the id, to be kept for `resume`. */
  readonly begun?: (id: string) => void;
}

export interface FileToSend {
  readonly where: Where;
  readonly source: Seekable;
  readonly type?: string;
  /** Only where the node has no bytes; else PreconditionFailed. */
  readonly fresh?: boolean;
}

/** What became of one file of many. */
export type Sent = { readonly uri: string; readonly size: number } | { readonly uri: string; readonly error: VospaceError };
export type Found = DownloadDocument | { readonly uri: string; readonly error: VospaceError };

/** Sends a file in parts, several at a time, each compared by its MD5. Throws VospaceError; the upload can then be resumed for a week. */
export async function uploadLarge(
  { session }: Pick<Vospace, 'session'>,
  where: Where,
  source: Seekable,
  options: LargeOptions = {},
): Promise<UploadDocument> {
  const { signal, resume, begun } = options;
  const calls = new UploadCalls(session, signal);
  const blob = toSlices(source);
  const type = options.type ?? typeOf(blob);
  const uri = await session.uriOf(where, { signal });
  const upload =
    resume === undefined ? await calls.begin({ uri, length: blob.size, type, parts: true }) : await calls.state(resume, 'missing');
  if (resume !== undefined && (upload.uri !== uri || upload.length !== blob.size))
    throw new VospaceError('InvalidArgument', `the upload to resume is one of ${upload.length} bytes to ${upload.uri}`);
  if (upload.phase === 'ERROR') throw new VospaceError(upload.fault ?? 'TransferFailed', upload.detail ?? '');
  if (upload.phase === 'COMPLETED') return upload;
  begun?.(upload.id);
  const sending = sender(session, blob, type, blob.size, options);
  if (upload.partCount === undefined) await sendWhole(sending, upload, () => calls.state(upload.id));
  else return calls.complete(upload.id, { etags: await sendParts(sending, upload, (number) => calls.state(upload.id, String(number))) });
  return calls.complete(upload.id, {});
}

/** Sends many files, 500 negotiated at a time; those that fail do not stop the others. Results in the order of the files. */
export async function uploadMany(
  { session }: Pick<Vospace, 'session'>,
  list: readonly FileToSend[],
  options: Sharing = {},
): Promise<readonly Sent[]> {
  const { signal, parallel = 4 } = options;
  const calls = new UploadCalls(session, signal);
  const blobs = list.map(({ source }) => toSlices(source));
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  const shared = sharedProgress(total, options);
  const results: Sent[] = [];
  for (let start = 0; start < list.length; start += MAX_BATCH) {
    const some = list.slice(start, start + MAX_BATCH);
    const uris = await Promise.all(some.map(({ where }) => session.uriOf(where, { signal })));
    const wishes = some.map(({ type, fresh }, i) => ({
      uri: uris[i] ?? '',
      length: blobs[start + i]?.size ?? 0,
      ...(type !== undefined && { type }),
      ...(fresh && { ifNoneMatch: '*' }),
    }));
    const uploads = await calls.beginMany(wishes);
    const outcomes = new Map<string, CompleteDocument>();
    const failures = new Map<number, VospaceError>();
    const waiting = uploads.entries();
    const worker = async (): Promise<void> => {
      for (const [i, upload] of waiting) {
        if ('id' in upload) await one(upload, i).catch((thrown: unknown) => failures.set(i, asFailure(thrown, signal)));
      }
    };
    const one = async (upload: UploadDocument, i: number): Promise<void> => {
      const blob = blobs[start + i] ?? new Blob([]);
      const type = some[i]?.type ?? typeOf(blob);
      const sending: Sending = { session, source: blob, type, parallel: 1, signal, sent: shared };
      if (upload.partCount === undefined) await sendWhole(sending, upload, () => calls.state(upload.id));
      else await sendParts(sending, upload, (number) => calls.state(upload.id, String(number)));
    };
    await Promise.all(Array.from({ length: Math.min(parallel, some.length) }, worker));
    const sent = uploads.flatMap((upload, i) => ('id' in upload && !failures.has(i) ? [{ id: upload.id }] : []));
    for await (const outcome of calls.completeMany(sent)) outcomes.set(outcome.id, outcome);
    for (const [i, upload] of uploads.entries()) {
      const failure = failures.get(i) ?? refusalOf('id' in upload ? outcomes.get(upload.id) : upload);
      results.push(failure ? { uri: uris[i] ?? '', error: failure } : { uri: upload.uri, size: 'id' in upload ? upload.length : 0 });
    }
  }
  return results;
}

/** Signed URLs, sizes and checksums of many files, 500 in one request. Results in the order of the names. */
export async function findMany(
  { session }: Pick<Vospace, 'session'>,
  wheres: readonly Where[],
  { signal }: Asking = {},
): Promise<readonly Found[]> {
  const calls = new UploadCalls(session, signal);
  const results: Found[] = [];
  for (let start = 0; start < wheres.length; start += MAX_BATCH) {
    const uris = await Promise.all(wheres.slice(start, start + MAX_BATCH).map((where) => session.uriOf(where, { signal })));
    const found = await calls.list<ItemDocument<DownloadDocument>>(
      'downloads',
      uris.map((uri) => ({ uri })),
      'always',
    );
    results.push(...found.map((item) => ('fault' in item ? { uri: item.uri, error: new VospaceError(item.fault, item.detail) } : item)));
  }
  return results;
}

/** The caller's own uploads that are under way, the latest first, at most 500: for a node and what is below it; absent: in his own container. */
export async function openUploads(
  { session }: Pick<Vospace, 'session'>,
  where?: Where,
  { signal }: Asking = {},
): Promise<readonly OpenDocument[]> {
  return new UploadCalls(session, signal).open(where === undefined ? undefined : await session.uriOf(where, { signal }));
}

/** Gives an upload up that is not to be resumed. */
export async function abandonUpload({ session }: Pick<Vospace, 'session'>, id: string, { signal }: Asking = {}): Promise<void> {
  await new UploadCalls(session, signal).abandon(id);
}

function toSlices(source: Seekable): Slices {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) return source;
  return new Blob([source as string | Uint8Array<ArrayBuffer>]);
}

function sender(session: Session, source: Slices, type: string, total: number, options: Sharing): Sending {
  return { session, source, type, parallel: options.parallel ?? 4, signal: options.signal, sent: sharedProgress(total, options) };
}

function typeOf({ type }: Slices): string {
  return type === undefined || type === '' ? 'application/octet-stream' : type;
}

/** One count for all that is sent at a time. */
function sharedProgress(total: number, { progress }: Sharing): (bytes: number) => void {
  let sum = 0;
  return (bytes) => {
    sum += bytes;
    if (bytes !== 0) progress?.({ bytes: sum, total });
  };
}

/** The caller's abort ends everything; what else is thrown is one file's. */
function asFailure(thrown: unknown, signal: AbortSignal | undefined): VospaceError {
  if (thrown instanceof VospaceError && !signal?.aborted) return thrown;
  throw thrown;
}

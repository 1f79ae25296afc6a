// Sends the bytes of one negotiated upload to the store: one PUT, or several parts at a time, each compared by its MD5 and sent again when it fails.
import { partSize } from '../model/part-plan.ts';
import type { UploadDocument } from '../model/uploads.ts';
import { asVospaceError, VospaceError } from './error.ts';
import { waitFor, type RetryPolicy } from './retry.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';
import { Outgoing, type Source } from './source.ts';

/** Bytes of which any part can be read, and read again: a Blob is one. `end` is the byte after the last. */
export interface Slices {
  readonly size: number;
  /** Media type. */
  readonly type?: string;
  slice(start: number, end: number): Source;
}

/** Some of them. */
export interface Portion {
  readonly source: Source;
  /** The first byte, counted in the whole: for those who read in a way of their own. */
  readonly start: number;
  readonly length: number;
  /** Of the part; undefined where all is sent in one PUT. */
  readonly number?: number;
}

/** One PUT, for those who send in a way of their own: a page, say, which hears of bytes sent from XMLHttpRequest only. Throws VospaceError. */
export interface Put {
  readonly url: string;
  readonly portion: Portion;
  readonly type: string;
  readonly signal: AbortSignal | undefined;
  /** For messages. */
  readonly name: string;
  readonly progress: (reported: { readonly bytes: number }) => void;
}

export interface PutAnswer {
  /** Of what was sent. */
  readonly md5: string;
  /** As the store has it, if it tells. */
  readonly etag: string | undefined;
}

export interface Sending {
  readonly session: Session;
  readonly source: Slices;
  readonly type: string;
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /** Bytes sent further on, or with a negative number sent in vain. */
  readonly sent: (bytes: number) => void;
  /** Told of each part that is in the store, with its MD5. */
  readonly arrived?: (number: number, md5: string) => void;
  /** That of the session where absent. */
  readonly policy?: RetryPolicy;
  /** By fetch where absent. */
  readonly put?: (put: Put) => Promise<PutAnswer>;
  /** The MD5 of what is to be in a part that is there already; read and digested where absent. */
  readonly digest?: (portion: Portion) => Promise<string | undefined>;
}

/** One PUT. Asks for a fresh URL where the one it has is over. The MD5 of what was sent. */
export async function sendWhole(sending: Sending, upload: UploadDocument, ask: () => Promise<UploadDocument>): Promise<string> {
  const fresh = async (): Promise<string | undefined> => (await ask()).url;
  return sendOne(sending, portionOf(sending.source, 0, sending.source.size), upload.url, fresh, `upload of ${upload.uri}`);
}

/** The MD5s of all parts in their order. Parts that are there already are read and compared, and sent again when they are not the same. */
export async function sendParts(
  sending: Sending,
  upload: UploadDocument,
  ask: (wanted: number) => Promise<UploadDocument>,
): Promise<readonly string[]> {
  const { source, parallel, sent, arrived, session } = sending;
  const { digest = (portion: Portion) => digestOf(portion, session.wire.runtime) } = sending;
  const plan = { size: upload.partSize ?? 0, count: upload.partCount ?? 0 };
  const urls = new Map((upload.parts ?? []).map(({ number, url }) => [number, url]));
  const there = new Map((upload.present ?? []).map(({ number, etag }) => [number, etag]));
  const etags: string[] = [];
  const numbers = Array.from({ length: plan.count }, (_, i) => i + 1).values();
  const stop = new AbortController();
  const signal = sending.signal ? AbortSignal.any([sending.signal, stop.signal]) : stop.signal;
  const fresh = async (number: number): Promise<string | undefined> => {
    for (const part of (await ask(number)).parts ?? []) urls.set(part.number, part.url);
    return urls.get(number);
  };
  const worker = async (): Promise<void> => {
    for (const number of numbers) {
      const start = (number - 1) * plan.size;
      const portion = { ...portionOf(source, start, start + partSize(upload.length, plan, number)), number };
      const name = `part ${number} of ${upload.uri}`;
      const etag = there.get(number);
      const isThere = etag !== undefined && (await digest(portion)) === etag;
      if (isThere) sent(portion.length);
      const md5 = isThere ? etag : await sendOne({ ...sending, signal }, portion, urls.get(number), () => fresh(number), name);
      etags[number - 1] = md5;
      arrived?.(number, md5);
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(parallel, plan.count)) }, worker);
  try {
    await Promise.all(workers);
  } catch (thrown) {
    // What the others are sending is of no use by itself, and can be sent when the upload goes on.
    stop.abort(thrown);
    // Nobody reads the source any more when this ends.
    await Promise.allSettled(workers);
    throw thrown;
  }
  return etags;
}

async function sendOne(
  { session, type, signal, sent, policy = session.wire.policy, put = (one) => putByFetch(session, one) }: Sending,
  portion: Portion,
  known: string | undefined,
  fresh: () => Promise<string | undefined>,
  name: string,
): Promise<string> {
  let url = known;
  for (let tries = 1; ; tries++) {
    let count = 0;
    const progress = (reported: { readonly bytes: number }): void => {
      sent(reported.bytes - count);
      count = reported.bytes;
    };
    try {
      url ??= await fresh();
      if (url === undefined) throw new VospaceError('TransferFailed', `${name}: the service gives no URL for it`);
      const { md5, etag } = await put({ url, portion, type, signal, name, progress });
      if (etag !== undefined && etag !== md5) throw new VospaceError('Corrupted', `${name}: the store has MD5 ${etag}, ${md5} was sent`);
      sent(portion.length - count);
      return md5;
    } catch (thrown) {
      sent(-count);
      const error = asVospaceError(thrown, name, signal);
      if (!(error instanceof VospaceError) || tries >= policy.tries) throw error;
      // The time of a signed URL is over, or its key was changed.
      const isOver = error.status === 401 || error.status === 403;
      if (!isOver && !error.transient && error.fault !== 'Corrupted') throw error;
      url = undefined;
      await waitFor(error, tries, policy, session.wire.runtime, signal);
    }
  }
}

async function putByFetch({ wire }: Session, { url, portion, type, signal, progress }: Put): Promise<PutAnswer> {
  const { source, length } = portion;
  const body = new Outgoing(source, { length, progress }, wire.runtime);
  const headers = { 'Content-Type': type, ...(!wire.runtime.browser && { 'Content-Length': String(length) }) };
  const { response } = await wire.open({ method: 'PUT', url, headers, body: await body.open(), signal });
  await response.body?.cancel();
  return { md5: (await body.digest()) ?? '', etag: response.headers.get('ETag')?.replaceAll('"', '') };
}

function portionOf(source: Slices, start: number, end: number): Portion {
  return { source: source.slice(start, end), start, length: end - start };
}

async function digestOf({ source, length }: Portion, runtime: Runtime): Promise<string | undefined> {
  const portion = new Outgoing(source, { length }, runtime);
  const known = await portion.digest();
  if (known !== undefined) return known;
  const body = await portion.open();
  // Its digest is known when it has been read to its end.
  if (body instanceof ReadableStream) await body.pipeTo(new WritableStream());
  return portion.digest();
}

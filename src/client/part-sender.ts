// Sends the bytes of one negotiated upload to the store: one PUT, or several parts at a time, each compared by its MD5 and sent again when it fails.
import { partSize } from '../model/part-plan.ts';
import type { UploadDocument } from '../model/uploads.ts';
import { asVospaceError, VospaceError } from './error.ts';
import { waitFor } from './retry.ts';
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
interface Portion {
  readonly source: Source;
  readonly length: number;
}

export interface Sending {
  readonly session: Session;
  readonly source: Slices;
  readonly type: string;
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /** Bytes sent further on, or with a negative number sent in vain. */
  readonly sent: (bytes: number) => void;
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
  const { source, parallel, sent } = sending;
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
      const portion = portionOf(source, start, start + partSize(upload.length, plan, number));
      const name = `part ${number} of ${upload.uri}`;
      const etag = there.get(number);
      if (etag !== undefined && (await digestOf(portion, sending.session.wire.runtime)) === etag) {
        sent(portion.length);
        etags[number - 1] = etag;
      } else etags[number - 1] = await sendOne({ ...sending, signal }, portion, urls.get(number), () => fresh(number), name);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, plan.count)) }, worker));
  } catch (thrown) {
    // What the others are sending is of no use by itself, and can be sent when the upload goes on.
    stop.abort(thrown);
    throw thrown;
  }
  return etags;
}

async function sendOne(
  { session, type, signal, sent }: Sending,
  { source, length }: Portion,
  known: string | undefined,
  fresh: () => Promise<string | undefined>,
  name: string,
): Promise<string> {
  const { wire } = session;
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
      const body = new Outgoing(source, { length, progress }, wire.runtime);
      const headers = { 'Content-Type': type, ...(!wire.runtime.browser && { 'Content-Length': String(length) }) };
      const { response } = await wire.open({ method: 'PUT', url, headers, body: await body.open(), signal });
      await response.body?.cancel();
      const md5 = (await body.digest()) ?? '';
      const etag = response.headers.get('ETag')?.replaceAll('"', '');
      if (etag !== undefined && etag !== md5) throw new VospaceError('Corrupted', `${name}: the store has MD5 ${etag}, ${md5} was sent`);
      sent(length - count);
      return md5;
    } catch (thrown) {
      sent(-count);
      const error = asVospaceError(thrown, name, signal);
      if (!(error instanceof VospaceError) || tries >= wire.policy.tries) throw error;
      // The time of a signed URL is over, or its key was changed.
      const isOver = error.status === 401 || error.status === 403;
      if (!isOver && !error.transient && error.fault !== 'Corrupted') throw error;
      url = undefined;
      await waitFor(error, tries, wire.policy, wire.runtime, signal);
    }
  }
}

function portionOf(source: Slices, start: number, end: number): Portion {
  return { source: source.slice(start, end), length: end - start };
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

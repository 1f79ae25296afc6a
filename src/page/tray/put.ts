// One PUT of bytes to the store. By XMLHttpRequest, from which alone a page hears how much has gone; the MD5 is taken beside it.
import { refusal, VospaceError } from '../../client/error.ts';
import type { Put, PutAnswer } from '../../client/part-sender.ts';
import { readRetryAfter } from '../../client/retry.ts';
import { Md5 } from '../../model/md5.ts';
import { md5Of } from './digests.ts';

/** Milliseconds without a byte going, after which a connection is given up and another made. */
const STALL = 60_000;

/** Bytes that are read once and at once: of many small files it costs more to have each read twice, and by others, than to hold it for a moment. */
const SMALL = 64 * 1024;

export async function put(one: Put): Promise<PutAnswer> {
  const blob = one.portion.source;
  if (!(blob instanceof Blob)) throw new TypeError('files are sent as Blobs');
  if (blob.size <= SMALL) {
    const bytes = await blob.arrayBuffer().catch(() => Promise.reject(unreadable()));
    return { etag: await send(one, bytes), md5: new Md5().update(new Uint8Array(bytes)).hex() };
  }
  const [etag, md5] = await Promise.all([send(one, blob), md5Of(blob)]);
  if (md5 === undefined) throw unreadable();
  return { md5, etag };
}

function send({ url, type, signal, name, progress }: Put, body: Blob | ArrayBuffer): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    let timer = setTimeout(stop, STALL);
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stop, STALL);
    };
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    const fail = (): void => {
      end();
      // A file that has changed since it was chosen fails like a broken connection.
      void readable(body).then((is) => reject(is ? new VospaceError('ConnectionFailed', 'The connection broke off.') : unreadable()));
    };
    request.upload.addEventListener('progress', ({ loaded }) => {
      alive();
      progress({ bytes: loaded });
    });
    request.addEventListener('load', () => {
      end();
      const headers = readHeaders(request.getAllResponseHeaders());
      if (request.status < 400) resolve(headers.get('etag')?.replaceAll('"', ''));
      else reject(refusal(request.status, '', name, { retryAfter: readRetryAfter(headers.get('retry-after') ?? null, Date.now()) }));
    });
    request.addEventListener('error', fail);
    request.addEventListener('abort', () => {
      end();
      reject(signal?.aborted ? (signal.reason as Error) : new VospaceError('ConnectionFailed', 'Nothing was sent for a minute.'));
    });
    if (signal?.aborted) {
      end();
      reject(signal.reason as Error);
      return;
    }
    signal?.addEventListener('abort', stop, { once: true });
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', type);
    request.send(body);
  });
}

/** Only those that the store lets pages see. */
function readHeaders(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const),
  );
}

async function readable(body: Blob | ArrayBuffer): Promise<boolean> {
  if (body instanceof ArrayBuffer) return true;
  return body
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

function unreadable(): VospaceError {
  return new VospaceError('InvalidArgument', 'The file on this computer has changed, or cannot be read any more. Choose it once more.');
}

// GET and HEAD on the embedded store: conditions, ranges, and the bytes.
import { pump } from '../../model/pump.ts';
import { answer, httpDate, page } from './answers.ts';
import { contentDisposition } from './disposition.ts';
import { findStored } from './find.ts';
import type { Pass, Place } from './gate.ts';
import { readRanges } from './ranges.ts';
import { openSpan, readParts, type Span } from './read.ts';
import type { Part, Stored } from './stored.ts';

const HTML = 'text/html; charset=UTF-8';

export async function download(request: Request, bucket: R2Bucket, place: Place, pass: Pass): Promise<Response> {
  const { method } = request;
  const stored = await findStored(bucket, place.container, place.key);
  if (!stored)
    return request.headers.get('If-Match')?.trim() === '*' ? answer({ status: 412, headers: { 'Content-Type': HTML } }) : page(404, method);
  const etag = stored.quoted ? `"${stored.etag}"` : stored.etag;
  const validators = { Etag: etag, 'Last-Modified': httpDate(stored.modified), 'X-Timestamp': (stored.modified / 1000).toFixed(5) };
  const common = {
    ...validators,
    'Content-Type': stored.type,
    'Accept-Ranges': 'bytes',
    ...(stored.encoding === undefined ? {} : { 'Content-Encoding': stored.encoding }),
  };
  const condition = failedCondition(request.headers, stored);
  if (condition === 304) return answer({ status: 304, headers: common });
  if (condition === 412) return answer({ status: 412, headers: { ...validators, 'Content-Type': HTML } });

  const granted = {
    ...common,
    'Content-Disposition': contentDisposition({ filename: pass.filename, inline: pass.inline, stored: stored.disposition, key: place.key }),
    Expires: new Date(pass.expires * 1000).toUTCString(),
  };
  const spans = method === 'GET' ? readRanges(request.headers.get('Range'), stored.size) : undefined;
  if (spans?.length === 0) return page(416, method, { ...common, 'Content-Range': `bytes */${stored.size}` });
  if (method === 'HEAD') return answer({ status: 200, headers: { ...granted, 'Content-Length': String(stored.size) } });

  const parts = await readParts(bucket, stored);
  const [first] = spans ?? [];
  // A suffix of nothing is the whole of nothing: there are no positions that a Content-Range could name.
  if (!spans || !first || stored.size === 0) {
    const body = await openSpan(bucket, parts, { start: 0, end: stored.size });
    return answer({ status: 200, body, headers: { ...granted, 'Content-Length': String(stored.size) } });
  }
  if (spans.length > 1) return several(bucket, parts, stored, spans, granted);
  const body = await openSpan(bucket, parts, first);
  return answer({
    status: 206,
    body,
    headers: { ...granted, 'Content-Range': contentRange(first, stored.size), 'Content-Length': String(first.end - first.start) },
  });
}

/** RFC 7232, in Swift's order. */
function failedCondition(headers: Headers, stored: Stored): 304 | 412 | undefined {
  const matches = (name: string): boolean | undefined => {
    const value = headers.get(name);
    if (value === null) return undefined;
    const tags = value.split(',').map((tag) => tag.trim().replace(/^"(.*)"$/, '$1'));
    return tags.includes('*') || tags.includes(stored.etag);
  };
  // Last-Modified as it was told: in whole seconds.
  const modified = Math.ceil(stored.modified / 1000) * 1000;
  if (matches('If-None-Match') === true) return 304;
  if (matches('If-Match') === false) return 412;
  if (modified <= Date.parse(headers.get('If-Modified-Since') ?? '')) return 304;
  if (modified > Date.parse(headers.get('If-Unmodified-Since') ?? '')) return 412;
  return undefined;
}

function contentRange({ start, end }: Span, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

async function several(
  bucket: R2Bucket,
  parts: readonly Part[],
  stored: Stored,
  spans: readonly Span[],
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const boundary = crypto.randomUUID().replaceAll('-', '');
  const heads = spans.map(
    (span) => `--${boundary}\r\nContent-Type: ${stored.type}\r\nContent-Range: ${contentRange(span, stored.size)}\r\n\r\n`,
  );
  const utf8 = new TextEncoder();
  const end = `--${boundary}--`;
  const length = spans.reduce((sum, span, i) => sum + utf8.encode(heads[i]).length + (span.end - span.start) + 2, end.length);
  const { readable, writable } = new FixedLengthStream(length);
  const text = async (words: string): Promise<void> => {
    const writer = writable.getWriter();
    await writer.write(utf8.encode(words));
    writer.releaseLock();
  };
  const write = async (): Promise<void> => {
    for (const [i, span] of spans.entries()) {
      await text(heads[i] ?? '');
      if (!(await pump(await openSpan(bucket, parts, span), writable, true).settled)) return;
      await text('\r\n');
    }
    await text(end);
    await writable.close();
  };
  // The reader sees a failure as a broken body; there is nobody else to tell.
  void write().catch((error) => writable.abort(error).catch(() => undefined));
  return answer({
    status: 206,
    body: readable,
    headers: { ...headers, 'Content-Type': `multipart/byteranges;boundary=${boundary}`, 'Content-Length': String(length) },
  });
}

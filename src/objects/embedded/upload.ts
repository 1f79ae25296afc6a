// PUT on the embedded store: the checks of Swift, then one more version of the key.
import { asFault } from '../../faults.ts';
import { answer, httpDate, page, plainText } from './answers.ts';
import type { Place } from './gate.ts';
import { DEFAULT_MAX_PUT, type EmbeddedPorts } from './index.ts';
import { exactVersion } from './layout.ts';
import { recorded } from './records.ts';
import { findStored } from './find.ts';
import { MD5_DIFFERS, writeVersion } from './write.ts';

/** Headers with which an uploader could make the key point at other objects. */
const DISALLOWED = ['X-Object-Manifest', 'X-Symlink-Target', 'X-Copy-From'];
/** So many uploads to one key are kept side by side; beyond, its URL is being abused. Swift keeps the last one only. */
const MAX_VERSIONS = 16;

export async function upload(request: Request, ports: EmbeddedPorts, place: Place): Promise<Response> {
  const { method, headers } = request;
  const { bucket, maxPut = DEFAULT_MAX_PUT } = ports;
  const pointer = DISALLOWED.find((name) => headers.has(name));
  if (pointer !== undefined) return plainText(400, `The header '${pointer}' is not allowed in this tempurl`, 'text/html; charset=UTF-8');
  const unless = headers.get('If-None-Match');
  if (unless !== null && unless.trim() !== '*') return plainText(400, 'If-None-Match only supports *');
  const stated = headers.get('Content-Length');
  const length = stated === null ? undefined : Number(stated);
  if (length === undefined && headers.get('Transfer-Encoding')?.toLowerCase() !== 'chunked')
    return plainText(411, 'Missing Content-Length header.');
  if (length !== undefined && length > maxPut) return page(413, method);
  const lifetime = readExpiry(headers);
  if (typeof lifetime === 'string') return plainText(400, lifetime);
  const md5 = headers.get('ETag')?.replace(/^"(.*)"$/, '$1');
  if (md5 !== undefined && !/^[0-9a-f]{32}$/.test(md5)) return page(422, method);
  if (exactVersion(place.container, place.key) !== undefined) return page(409, method);
  if (unless !== null && (await findStored(bucket, place.container, place.key))) return page(412, method);
  const older = (await recorded(bucket, place.container, place.key)) ?? [];
  if (older.length >= MAX_VERSIONS) return plainText(429, 'Too many uploads to one temp URL.');

  try {
    const stored = await writeVersion(bucket, place.container, place.key, {
      body: request.body ?? new Blob([]).stream(),
      length,
      maxPut,
      md5,
      http: httpMetadata(headers),
      expires: lifetime,
    });
    return answer({
      status: 201,
      headers: { 'Content-Type': 'text/html; charset=UTF-8', Etag: stored.etag, 'Last-Modified': httpDate(stored.modified) },
    });
  } catch (error) {
    const fault = asFault(error);
    if (fault?.fault === 'RequestEntityTooLarge') return page(413, method);
    if (fault?.fault === 'PreconditionFailed') return page(fault.detail === MD5_DIFFERS ? 422 : 499, method);
    return page(503, method);
  }
}

function httpMetadata(headers: Headers): R2HTTPMetadata {
  const type = headers.get('Content-Type');
  const disposition = headers.get('Content-Disposition');
  const encoding = headers.get('Content-Encoding');
  return {
    ...(type === null ? {} : { contentType: type }),
    ...(disposition === null ? {} : { contentDisposition: disposition }),
    ...(encoding === null ? {} : { contentEncoding: encoding }),
  };
}

/** Epoch seconds at which the object's life ends; text: what is wrong with the headers. */
function readExpiry(headers: Headers): number | undefined | string {
  const now = Math.floor(Date.now() / 1000);
  const after = headers.get('X-Delete-After');
  if (after !== null) {
    if (!/^-?\d+$/.test(after)) return 'Non-integer X-Delete-After';
    return Number(after) > 0 ? now + Number(after) : 'X-Delete-After in past';
  }
  const at = headers.get('X-Delete-At');
  if (at === null) return undefined;
  if (!/^-?\d+$/.test(at)) return 'Non-integer X-Delete-At';
  return Number(at) > now ? Number(at) : 'X-Delete-At in past';
}

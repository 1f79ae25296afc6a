// A stored object as the bucket describes it: bytes of its own, or a manifest of parts.
import { breathe } from './breathe.ts';
import { asFault, Fault } from '../../faults.ts';
import type { ObjectInfo, ObjectKey } from '../port.ts';
import { versionTime } from './layout.ts';

export interface Stored {
  readonly bucketKey: string;
  readonly size: number;
  /** Unquoted. */
  readonly etag: string;
  readonly md5: string | undefined;
  /** Swift quotes the tags of large objects, and only those. */
  readonly quoted: boolean;
  readonly type: string;
  readonly disposition: string | undefined;
  readonly encoding: string | undefined;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** Epoch milliseconds; the uploader's X-Delete-At. */
  readonly expires: number | undefined;
  /** `own`: the bytes lie at bucketKey. `blob`: at another key, which goes with this one. `parts`: bucketKey holds a list of others. */
  readonly layout: { readonly kind: 'own' } | { readonly kind: 'blob'; readonly at: string } | { readonly kind: 'parts' };
}

/** One part of an assembled object; the list is the JSON content of its bucket object. */
export interface Part {
  readonly bucketKey: string;
  readonly size: number;
}

export const DEFAULT_TYPE = 'application/octet-stream';

/** Custom metadata of a version; all values are text. */
export interface VersionMetadata {
  /** Epoch seconds. */
  readonly expires?: string;
  /** Of a blob or an assembled object: what its reader is told. */
  readonly size?: string;
  readonly etag?: string;
  readonly blob?: string;
}

export function toStored(object: R2Object): Stored {
  const metadata: VersionMetadata = object.customMetadata ?? {};
  const { contentType = DEFAULT_TYPE, contentDisposition, contentEncoding } = object.httpMetadata ?? {};
  const etag = metadata.etag ?? object.etag;
  const assembled = metadata.etag !== undefined && metadata.blob === undefined;
  return {
    bucketKey: object.key,
    size: metadata.size === undefined ? object.size : Number(metadata.size),
    etag,
    md5: assembled ? undefined : etag,
    quoted: assembled,
    type: contentType,
    disposition: contentDisposition,
    encoding: contentEncoding,
    modified: versionTime(object.key),
    expires: metadata.expires === undefined ? undefined : Number(metadata.expires) * 1000,
    layout: assembled ? { kind: 'parts' } : metadata.blob === undefined ? { kind: 'own' } : { kind: 'blob', at: metadata.blob },
  };
}

export function toInfo(key: ObjectKey, stored: Stored): ObjectInfo {
  const { size, md5, etag, type, modified, expires } = stored;
  return { key, size, md5, etag, type, modified, ...(expires === undefined ? {} : { expires }) };
}

/** The bucket's own failures, as the contract names them. */
export async function attempt<T>(work: () => Promise<T>): Promise<T> {
  await breathe();
  try {
    return await work();
  } catch (error) {
    throw (
      asFault(error) ??
      new Fault(
        'ServiceBusy',
        `the embedded store's bucket does not answer (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})`,
      )
    );
  }
}

// What clients say and are told of many uploads and downloads at once, and of uploads in parts.
import type { FaultName } from '../faults.ts';

/** An item that was refused: the others of its list are not concerned. */
export interface Refusal {
  readonly fault: FaultName;
  readonly detail: string;
  /** Seconds: the same may work then. Absent: it will not. */
  readonly retryAfter?: number;
}

/** An item of a list as it was read; `name` is how the client called it: a vos:// URI, a percent-encoded path, or an upload's id. */
export type ListItem<T> = { readonly name: string } & ({ readonly wish: T } | { readonly refused: Refusal });

export interface UploadWish {
  /** Bytes. */
  readonly length: number;
  readonly type?: string;
  /** Lower-case hex. */
  readonly md5?: string;
  /** Undefined: only where one PUT does not do. */
  readonly parts?: boolean;
  /** Entity tags without quotes, or `*`. */
  readonly match?: readonly string[];
  readonly noneMatch?: readonly string[];
}

export interface CompleteWish {
  readonly md5?: string;
  /** Of the parts in their order. */
  readonly etags?: readonly string[];
}

export interface PartUrl {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  readonly url: string;
}

export interface PresentPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
}

/** Times are ISO 8601. */
export interface UploadDocument {
  readonly uri: string;
  readonly id: string;
  readonly phase: 'PENDING' | 'COMPLETED' | 'ERROR';
  readonly fault?: FaultName;
  readonly detail?: string;
  readonly length: number;
  /** Bytes in the store. */
  readonly received?: number;
  /** Of the committed bytes, where it is known. */
  readonly md5?: string;
  /** What has not been completed by then is given up. */
  readonly expires: string;
  /** For one PUT. */
  readonly url?: string;
  readonly partSize?: number;
  readonly partCount?: number;
  /** Parts in the store. */
  readonly present?: readonly PresentPart[];
  /** URLs for parts, as many as were asked for or fit. */
  readonly parts?: readonly PartUrl[];
  /** The end of the URLs given here. */
  readonly urlsExpire?: string;
}

/** An upload under way, in a list of them. */
export type OpenDocument = Pick<UploadDocument, 'uri' | 'id' | 'phase' | 'length' | 'expires' | 'partSize' | 'partCount'>;

export interface DownloadDocument {
  readonly uri: string;
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
  /** Absent: the file is empty, and nothing is to be fetched. */
  readonly url?: string;
  readonly urlsExpire?: string;
}

export type ItemDocument<T> = T | ({ readonly uri: string } & Refusal);
export type CompleteDocument = Pick<UploadDocument, 'uri' | 'id' | 'phase' | 'length'> | ({ readonly id: string } & Refusal);

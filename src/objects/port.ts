// The contract of an object store: what the service needs of the place where bytes live. Two stores keep it, Swift and the embedded one.
import type { StoreFacts } from '../model/store-facts.ts';
import type { StoreLimits } from '../model/part-plan.ts';
import type { Flow } from '../model/flow.ts';

/** A key inside a store container; opaque, never made of user names. `in/…` was or may be signed for PUT, `o/…` never is. */
export type ObjectKey = string & { readonly __brand: 'ObjectKey' };

/** The Swift container of one Space, with the epoch of the temp URL key that is in force on it. */
export interface StoreContainer {
  readonly name: string;
  readonly epoch: number;
}

export interface ObjectInfo {
  readonly key: ObjectKey;
  readonly size: number;
  /** Lower-case hex MD5 of the bytes; undefined where the store does not know it (an assembled object). */
  readonly md5: string | undefined;
  /** The store's own entity tag, unquoted: what `seal` compares. */
  readonly etag: string;
  readonly type: string | undefined;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** The uploader gave it a lifetime (X-Delete-At): it must not be sealed. */
  readonly expires?: number;
  /** Its last byte in base64, where a store that was asked with `toSeal` has told it. */
  readonly last?: string;
}

export interface SignRequest {
  readonly method: 'GET' | 'PUT' | 'HEAD';
  readonly container: StoreContainer;
  readonly key: ObjectKey;
  /** Epoch seconds. */
  readonly expires: number;
  /** For GET: the name in Content-Disposition. It is not covered by the signature. */
  readonly filename?: string;
}

export interface PutRequest {
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes; undefined when the client did not say. */
  readonly length: number | undefined;
  readonly type?: string;
  /** Hex MD5 that the bytes must have; the store refuses others with PreconditionFailed and keeps nothing. */
  readonly md5?: string;
  /** Given the count of the bytes when they begin to pass. */
  readonly counted?: (flow: Flow) => void;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

export interface Segment {
  readonly key: ObjectKey;
  readonly etag: string;
  readonly size: number;
}

export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Give it as `after` for the next page; absent on the last one. */
  readonly next?: string;
}

/**
 * Every method throws Fault ServiceBusy when the store cannot be reached or answers 5xx, and the faults named below. Each is safe to
 * repeat: a lost answer followed by the same call leaves the same state.
 */
export interface Objects {
  readonly kind: 'swift' | 'embedded';
  /** The origin that clients talk to, for Content-Security-Policy and CORS. */
  readonly origin: string;
  /** Largest object that one PUT can make, in bytes. */
  readonly maxPut: number;
  /** What the store says of itself; asked once. */
  limits(): Promise<StoreLimits>;
  /** Makes the store container if missing, and puts the temp URL keys of its epoch (and the one before) and CORS on it. */
  prepare(container: StoreContainer): Promise<void>;
  /** Removes an empty store container; a missing one is fine; Conflict when it is not empty. */
  drop(container: StoreContainer): Promise<void>;
  /** A temp URL. */
  sign(request: SignRequest): Promise<string>;
  /** Asked of the newest replica; undefined when there is no such object (yet). `toSeal`: `seal` follows, which may need more than others do. */
  head(container: StoreContainer, key: ObjectKey, toSeal?: boolean): Promise<ObjectInfo | undefined>;
  /** Streams bytes in; nothing is stored when the body breaks off, is shorter or longer than stated, or has another MD5 (PreconditionFailed). */
  put(container: StoreContainer, key: ObjectKey, request: PutRequest): Promise<ObjectInfo>;
  /** Streams bytes out. NotFound when missing. */
  get(container: StoreContainer, key: ObjectKey, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /**
   * Makes what lies at `from` immutable and gives it a key that was never signed: the answer's `key` (`to`, or one of the store's own).
   * PreconditionFailed when `from` no longer has `expected.etag`, or carried an expiry when it was seen. The bytes at `from` may be part of the sealed
   * object (`keeps` = true): then `from` must live as long as the answer's key.
   */
  seal(container: StoreContainer, from: ObjectKey, to: ObjectKey, expected: ObjectInfo): Promise<ObjectInfo & { readonly keeps: boolean }>;
  /** One object of segments in their order, each checked by etag and size (PreconditionFailed). The segments must live as long as it. */
  assemble(container: StoreContainer, to: ObjectKey, segments: readonly Segment[], type?: string): Promise<ObjectInfo>;
  /** Deletes objects; missing ones are fine. Does not delete segments. At most 1,000 keys a call. */
  delete(container: StoreContainer, keys: readonly ObjectKey[]): Promise<void>;
  /** Objects whose key starts with `prefix`, in key order, at most 1,000 a page. */
  list(container: StoreContainer, prefix: string, after?: string): Promise<ListPage>;
  /** What it is and can do, asked anew. */
  facts(): Promise<StoreFacts>;
  /** One cheap round trip: throws ServiceBusy with a reason an operator understands. */
  health(): Promise<{ readonly detail: string }>;
}

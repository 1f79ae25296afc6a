// What the service does with containers of the store that it did not make: it reads them, and puts its temp URL key on them.
import type { ByteRange, ObjectKey, StoreContainer } from './port.ts';

export interface ForeignObject {
  /** The object's name. */
  readonly key: ObjectKey;
  readonly size: number;
  /** Lower-case hex; undefined for a manifest. */
  readonly md5: string | undefined;
  readonly type: string | undefined;
  /** Epoch milliseconds. */
  readonly modified: number;
  /**
   * bytes: an object of its own. manifest: a large object, whose segments may lie in a container that a temp URL does not open. link: it
   * stands for an object elsewhere in the account, which whoever put it there may not be allowed to read. folder: it marks a pseudo-directory.
   */
  readonly form: 'bytes' | 'manifest' | 'link' | 'folder';
}

/** All throw ServiceBusy when the store cannot be reached, and NotFound for a container that is not there. */
export interface ForeignObjects {
  /**
   * Puts the temp URL key of the container's epoch on it, in a place that is free or has an earlier key of the service. Where others have
   * both places: Conflict, or with `replaces` the second one is taken. Nothing else of the container is changed.
   */
  open(container: StoreContainer, replaces: boolean): Promise<void>;
  /** Takes the service's own keys off it, of its epoch and those before; what others have put there stays, and a container that is gone is none. */
  close(container: StoreContainer): Promise<void>;
  /** Whether the key of the container's epoch is on it; undefined: there is no such container. */
  holds(container: StoreContainer): Promise<boolean | undefined>;
  /** In the order of names, at most 1,000; `next` is absent on the last page, which is empty. */
  list(container: string, after: string): Promise<{ readonly objects: readonly ForeignObject[]; readonly next?: string }>;
  /** As it is at this moment; undefined: it is gone. */
  head(container: string, key: ObjectKey): Promise<ForeignObject | undefined>;
  /** With the service's own rights. Throws PermissionDenied for links, and for manifests that name another container than its own or that of its segments. */
  get(container: string, key: ObjectKey, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** The URL of an object in the store's own interface; it opens nothing by itself. */
  address(container: string, key: ObjectKey): Promise<string>;
}

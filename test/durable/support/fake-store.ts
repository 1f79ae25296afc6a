// An object store in memory that keeps the contract of src/objects/port.ts, and fails when it is told to.
import { Fault } from '../../../src/faults.ts';
import type { StoreFacts } from '../../../src/model/store-facts.ts';
import type { ListPage, ObjectInfo, ObjectKey, Objects, PutRequest, Segment, StoreContainer } from '../../../src/objects/port.ts';

/**
 * How `seal` makes bytes immutable, as the stores do it: a copy under the key that was asked for; a manifest there, which refers to the
 * uploaded key; or a name of the store's own for this version of the uploaded key.
 */
export type Sealing = 'copy' | 'manifest' | 'version';

/** busy: the store was not reached. lost: it did what was asked, and its answer is lost. changed: the uploaded bytes are replaced just before the call. */
export type Failure = 'busy' | 'lost' | 'changed';

interface Stored {
  readonly info: ObjectInfo;
  /** The object that holds the bytes, with the etag it had. */
  readonly source?: { readonly key: string; readonly etag: string };
}

export class FakeStore implements Objects {
  readonly kind = 'embedded';
  readonly origin = 'https://store.example';
  readonly maxPut = 1e9;
  sealing: Sealing = 'copy';
  /** Calls of put, head, seal, assemble, list and delete so far. */
  calls = 0;
  /** The call that fails, counted from 1, and how. */
  failure: { readonly at: number; readonly how: Failure } | undefined;
  readonly #objects = new Map<string, Stored>();
  #etags = 0;

  facts(): Promise<StoreFacts> {
    return Promise.resolve({ kind: this.kind, origin: this.origin, maxPut: this.maxPut, maxSegments: 1000 });
  }

  /** What a client's PUT to a signed URL does. */
  upload(container: string, key: string, size: number, more: { type?: string; expires?: number } = {}): ObjectInfo {
    const etag = `etag${++this.#etags}`;
    const info: ObjectInfo = {
      key: key as ObjectKey,
      size,
      md5: etag,
      etag,
      type: more.type,
      modified: 0,
      ...(more.expires === undefined ? {} : { expires: more.expires }),
    };
    this.#objects.set(`${container}/${key}`, { info });
    return info;
  }

  /** The bytes' etag as a reader gets them: undefined when they are gone or damaged. */
  readable(container: string, key: string): string | undefined {
    const stored = this.#objects.get(`${container}/${key}`);
    if (!stored?.source) return stored?.info.etag;
    return this.#objects.get(`${container}/${stored.source.key}`)?.info.etag === stored.source.etag ? stored.source.etag : undefined;
  }

  keys(container: string): string[] {
    return [...this.#objects.keys()].filter((key) => key.startsWith(`${container}/`)).map((key) => key.slice(container.length + 1));
  }

  head(container: StoreContainer, key: ObjectKey): Promise<ObjectInfo | undefined> {
    return this.call(container, key, () => this.#objects.get(`${container.name}/${key}`)?.info);
  }

  seal(container: StoreContainer, from: ObjectKey, to: ObjectKey, expected: ObjectInfo): Promise<ObjectInfo & { readonly keeps: boolean }> {
    return this.call(container, from, () => {
      const stored = this.#objects.get(`${container.name}/${from}`)?.info;
      if (stored?.etag !== expected.etag || stored.expires !== undefined) throw new Fault('PreconditionFailed', from);
      const key = this.sealing === 'version' ? (`${from}@${stored.etag}` as ObjectKey) : to;
      const info = { ...stored, key };
      this.#objects.set(
        `${container.name}/${key}`,
        this.sealing === 'manifest' ? { info, source: { key: from, etag: stored.etag } } : { info },
      );
      return { ...info, keeps: this.sealing !== 'copy' };
    });
  }

  delete(container: StoreContainer, keys: readonly ObjectKey[]): Promise<void> {
    return this.call(container, undefined, () => {
      for (const key of keys) {
        // A key goes with all its versions, as in the embedded store.
        for (const stored of this.keys(container.name))
          if (stored === key || stored.startsWith(`${key}@`)) this.#objects.delete(`${container.name}/${stored}`);
      }
    });
  }

  list(container: StoreContainer, prefix: string): Promise<ListPage> {
    return this.call(container, undefined, () => ({
      objects: this.keys(container.name)
        .filter((key) => key.startsWith(prefix))
        .toSorted()
        .flatMap((key) => this.#objects.get(`${container.name}/${key}`)?.info ?? []),
    }));
  }

  assemble(container: StoreContainer, to: ObjectKey, segments: readonly Segment[], type?: string): Promise<ObjectInfo> {
    return this.call(container, segments[0]?.key, () => {
      for (const { key, etag, size } of segments) {
        const stored = this.#objects.get(`${container.name}/${key}`)?.info;
        if (stored?.etag !== etag || stored.size !== size) throw new Fault('PreconditionFailed', key);
      }
      const size = segments.reduce((sum, segment) => sum + segment.size, 0);
      const info: ObjectInfo = { key: to, size, md5: undefined, etag: `etag${++this.#etags}`, type, modified: 0 };
      this.#objects.set(`${container.name}/${to}`, { info });
      return info;
    });
  }

  /** Reads the body whatever happens then, as a store does that fails at the end. */
  async put(container: StoreContainer, key: ObjectKey, { body, length, type }: PutRequest): Promise<ObjectInfo> {
    const md5 = new crypto.DigestStream('MD5');
    await body.pipeTo(md5);
    const size = Number(md5.bytesWritten);
    const etag = Array.from(new Uint8Array(await md5.digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return this.call(container, key, () => {
      if (length !== undefined && size !== length) throw new Fault('PreconditionFailed', 'the body is not as long as stated');
      const info: ObjectInfo = { key, size, md5: etag, etag, type, modified: 0 };
      this.#objects.set(`${container.name}/${key}`, { info });
      return info;
    });
  }

  /** Counts the call, and fails it when its turn has come. */
  protected async call<T>(container: StoreContainer, from: ObjectKey | undefined, work: () => T): Promise<T> {
    this.calls++;
    const how = this.failure?.at === this.calls ? this.failure.how : undefined;
    if (how === 'busy') throw new Fault('ServiceBusy', 'the store is not there');
    if (how === 'changed' && from !== undefined && this.readable(container.name, from) !== undefined) this.upload(container.name, from, 7);
    const done = work();
    if (how === 'lost') throw new Fault('ServiceBusy', 'the answer is lost');
    return done;
  }

  limits = () => Promise.resolve({ maxPut: this.maxPut, maxSegments: 1000 });
  get: Objects['get'] = () => unused();
  sign: Objects['sign'] = () => unused();
  prepare = (): Promise<never> => unused();
  drop = (): Promise<never> => unused();
  health = (): Promise<never> => unused();
}

function unused(): Promise<never> {
  return Promise.reject(new Error('no test needs this of the fake store'));
}

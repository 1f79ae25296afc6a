// The fake store with the bytes themselves, for jobs that read and write them.
import { Fault } from '../../../src/faults.ts';
import type { ObjectInfo, ObjectKey, Objects, PutRequest, StoreContainer } from '../../../src/objects/port.ts';
import { FakeStore } from './fake-store.ts';

export class ByteStore extends FakeStore {
  readonly #bytes = new Map<string, Uint8Array<ArrayBuffer>>();

  override async put(container: StoreContainer, key: ObjectKey, request: PutRequest): Promise<ObjectInfo> {
    const bytes = new Uint8Array(await new Response(request.body).arrayBuffer());
    this.#bytes.set(`${container.name}/${key}`, bytes);
    return super.put(container, key, { ...request, body: new Blob([bytes]).stream() });
  }

  override get: Objects['get'] = (container, key, range) =>
    this.call(container, undefined, () => {
      const bytes = this.#bytes.get(`${container.name}/${key}`);
      if (!bytes || this.readable(container.name, key) === undefined) throw new Fault('NotFound', key);
      return new Blob([range ? bytes.subarray(range.start, range.end + 1) : bytes]).stream();
    });

  override sign: Objects['sign'] = () => Promise.resolve('https://store.example/signed');

  /** The text of an object. */
  text(container: string, key: string): string {
    return new TextDecoder().decode(this.#bytes.get(`${container}/${key}`));
  }
}

// Containers of a store in memory that the service has not made: listed in small pages, and failing when they are told to.
import { Fault } from '../../../src/faults.ts';
import type { ForeignObject, ForeignObjects } from '../../../src/objects/foreign-port.ts';
import type { ObjectKey, StoreContainer } from '../../../src/objects/port.ts';
import type { FakeStore } from './fake-store.ts';

export class FakeForeign implements ForeignObjects {
  readonly #store: FakeStore;
  readonly #page: number;
  /** The epoch of the key that each container has. */
  readonly epochs = new Map<string, number>();
  /** Listings that were asked for. */
  lists = 0;
  /** The listing that fails, counted from 1. */
  failsAt: number | undefined;

  constructor(store: FakeStore, page = 3) {
    this.#store = store;
    this.#page = page;
  }

  open = async ({ name, epoch }: StoreContainer): Promise<void> => void this.epochs.set(name, epoch);
  close = async ({ name }: StoreContainer): Promise<void> => void this.epochs.delete(name);
  holds = async ({ name, epoch }: StoreContainer): Promise<boolean> => this.epochs.get(name) === epoch;
  get = (): Promise<never> => Promise.reject(new Error('no test reads'));
  address = async (container: string, key: ObjectKey): Promise<string> => `https://store.example/v1/a/${container}/${key}`;

  async list(container: string, after: string): Promise<{ objects: readonly ForeignObject[]; next?: string }> {
    this.lists += 1;
    if (this.lists === this.failsAt) throw new Fault('ServiceBusy', 'the store is not there');
    const names = this.#store.keys(container).toSorted();
    if (names.length === 0 && after === '') throw new Fault('NotFound', container);
    const objects: ForeignObject[] = [];
    for (const name of names.filter((one) => one > after).slice(0, this.#page)) {
      const found = await this.head(container, name as ObjectKey);
      if (found) objects.push(found);
    }
    const last = objects.at(-1);
    return { objects, ...(last ? { next: last.key } : {}) };
  }

  async head(container: string, key: ObjectKey): Promise<ForeignObject | undefined> {
    const info = await this.#store.head({ name: container, epoch: 0 }, key);
    return (
      info && {
        key,
        size: info.size,
        md5: info.md5,
        type: info.type,
        modified: info.modified,
        form: key.endsWith('/') ? 'folder' : 'bytes',
      }
    );
  }
}

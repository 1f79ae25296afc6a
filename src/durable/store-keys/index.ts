// The Durable Object StoreKeys, one per service: the master secret of the temp URL keys, their epoch, and the Swift token.
import { DurableObject } from 'cloudflare:workers';
import { asFault, Fault } from '../../faults.ts';
import type { StoreKeysPort, StoreToken } from '../../objects/keys.ts';
import { toHex } from '../../model/secret.ts';
import { first, migrate, run } from '../sql.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';

/** The name of the one instance. */
export const STORE_KEYS_NAME = 'keys';

/** A token this near its end (milliseconds) is replaced; a request that has just got one may take this long. */
const MARGIN = 60_000;
/** So long (milliseconds) a refusal is answered again without asking the store's authentication. */
const REFUSAL_LIFE = 1_000;

export interface StoreKeysPorts<Env> {
  /** Asks the store's authentication for a fresh token. Throws Fault ServiceBusy with a reason for the operator. */
  authenticate(env: Env): Promise<StoreToken>;
}

/** The class to export from the Worker: `export class StoreKeys extends makeStoreKeys<Env>({ authenticate }) {}`. */
export function makeStoreKeys<Env>(ports: StoreKeysPorts<Env>) {
  return class StoreKeys extends DurableObject<Env> implements StoreKeysPort {
    #fetching: Promise<StoreToken> | undefined;
    #refusal: { readonly fault: Fault; readonly until: number } | undefined;

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      migrate(state.storage, MIGRATIONS);
    }

    async secret(): Promise<string> {
      const known = this.#read('secret');
      if (known !== undefined) return known;
      const made = toHex(crypto.getRandomValues(new Uint8Array(32)));
      this.#write('secret', made);
      return made;
    }

    async epoch(): Promise<number> {
      return Number(this.#read('epoch') ?? 1);
    }

    async rotate(from?: number): Promise<number> {
      const current = await this.epoch();
      if (from !== undefined && from !== current) return current;
      const next = current + 1;
      this.#write('epoch', String(next));
      return next;
    }

    async token(stale?: string): Promise<StoreToken> {
      const stored = this.#read('token');
      const known = stored === undefined ? undefined : (JSON.parse(stored) as StoreToken);
      if (known && known.token !== stale && known.expires - MARGIN > Date.now()) return known;
      if (this.#refusal && Date.now() < this.#refusal.until) throw this.#refusal.fault;
      // Whoever asks meanwhile waits for the same answer: a burst of requests after an expiry is one authentication.
      this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
      return this.#fetching;
    }

    #read(name: q.ItemName): string | undefined {
      return first(this.ctx.storage.sql, q.GET_ITEM, name)?.value;
    }

    #write(name: q.ItemName, value: string): void {
      run(this.ctx.storage.sql, q.SET_ITEM, name, value);
    }

    async #fetch(): Promise<StoreToken> {
      try {
        const fresh = await ports.authenticate(this.env);
        this.#write('token', JSON.stringify(fresh));
        this.#refusal = undefined;
        return fresh;
      } catch (error) {
        const fault = asFault(error) ?? new Fault('ServiceBusy', "the object store's authentication failed");
        this.#refusal = { fault, until: Date.now() + REFUSAL_LIFE };
        throw fault;
      }
    }
  };
}

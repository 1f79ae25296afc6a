// Places in a list that only this service can read: how far a search has come would tell of what its caller may not see.
import { fromBase64Url, sha256, toBase64Url } from '../model/secret.ts';
import type { StoreKeysPort } from '../objects/keys.ts';

const utf8 = new TextEncoder();
const IV = 12;

export class Cursors {
  #key: CryptoKey | undefined;
  readonly #keys: Pick<StoreKeysPort, 'secret'>;

  constructor(keys: Pick<StoreKeysPort, 'secret'>) {
    this.#keys = keys;
  }

  /** `purpose`: whose list it is and what was asked for; the same is to be said when it is opened. */
  async seal(value: object, purpose: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    const algorithm = { name: 'AES-GCM', iv, additionalData: utf8.encode(purpose) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, await this.#open(), utf8.encode(JSON.stringify(value))));
    return toBase64Url(new Uint8Array([...iv, ...sealed]));
  }

  /** Undefined for anything that `seal` has not made for this purpose. */
  async open(text: string, purpose: string): Promise<unknown> {
    const bytes = fromBase64Url(text);
    if (!bytes || bytes.length <= IV) return undefined;
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, IV), additionalData: utf8.encode(purpose) };
    try {
      const opened = await crypto.subtle.decrypt(algorithm, await this.#open(), bytes.slice(IV));
      return JSON.parse(new TextDecoder().decode(opened)) as unknown;
    } catch {
      return undefined;
    }
  }

  async #open(): Promise<CryptoKey> {
    this.#key ??= await crypto.subtle.importKey('raw', await sha256(`cursors ${await this.#keys.secret()}`), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    return this.#key;
  }
}

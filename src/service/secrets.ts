// What users entrust to a job: encrypted as long as the job needs it, and readable for that job alone.
import type { StoreKeysPort } from '../objects/keys.ts';

const utf8 = new TextEncoder();
const NONCE = 12;

/** AES-256-GCM; `bound` is what the text belongs to: it cannot be opened as anything else's. */
export async function seal(keys: Pick<StoreKeysPort, 'secret'>, bound: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8.encode(bound) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, await keyOf(keys), utf8.encode(text)));
  return btoa(String.fromCharCode(...iv, ...sealed));
}

/** Undefined for what was not sealed so, for this, by this service. */
export async function unseal(keys: Pick<StoreKeysPort, 'secret'>, bound: string, sealed: string): Promise<string | undefined> {
  try {
    const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, NONCE), additionalData: utf8.encode(bound) };
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, await keyOf(keys), bytes.slice(NONCE)));
  } catch {
    return undefined;
  }
}

async function keyOf(keys: Pick<StoreKeysPort, 'secret'>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8.encode(await keys.secret()), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8.encode('vopipe credentials') };
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

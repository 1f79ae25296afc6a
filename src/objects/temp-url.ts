// Signs and verifies Swift temp URLs: HMAC over METHOD, expiry and path, with one key per container and epoch.
import { toHex } from '../model/secret.ts';

/** The digests that Swift's TempURL knows, by the length of their hexadecimal signature. */
export const DIGESTS = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const;
export type Digest = keyof typeof DIGESTS;

/** What a signature covers. */
export interface TempUrl {
  readonly method: string;
  /** Epoch seconds. */
  readonly expires: number;
  /** The unquoted path: `/v1/account/container/key`. */
  readonly path: string;
}

const utf8 = new TextEncoder();
const MAX_CACHED_KEYS = 500;
const cachedKeys = new Map<string, CryptoKey>();
const containerKeys = new Map<string, string>();

/** The temp URL key of a container: HMAC-SHA256(master secret, `container:epoch`), 64 hex digits. */
export async function containerKey(secret: string, container: string, epoch: number): Promise<string> {
  const id = `${secret}:${container}:${epoch}`;
  return containerKeys.get(id) ?? remember(containerKeys, id, toHex(await hmac('sha256', secret, `${container}:${epoch}`)));
}

/** The hexadecimal signature, SHA-256 unless told. */
export async function signTempUrl(key: string, url: TempUrl, digest: Digest = 'sha256'): Promise<string> {
  return toHex(await hmac(digest, key, message(url)));
}

/**
 * Whether `signature` is right under one of the keys. Forms, as Swift reads them: lower-case hexadecimal, whose length names the digest, or
 * `sha256:BASE64` with the standard or the URL-safe alphabet. Compared in constant time.
 */
export async function verifyTempUrl(keys: readonly string[], signature: string, url: TempUrl): Promise<boolean> {
  const parsed = parseSignature(signature);
  if (!parsed) return false;
  let valid = false;
  for (const key of keys) {
    const signer = await importKey(parsed.digest, key);
    if (await crypto.subtle.verify('HMAC', signer, parsed.bytes, utf8.encode(message(url)))) valid = true;
  }
  return valid;
}

/** Epoch seconds of `temp_url_expires`: a number, or `2026-11-22T18:00:00Z`; undefined for any other form. */
export function parseExpires(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time / 1000;
}

/** A path with each segment percent-encoded, so that its unquoted form is `path` again. */
export function quotePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function message({ method, expires, path }: TempUrl): string {
  return `${method}\n${expires}\n${path}`;
}

async function hmac(digest: Digest, key: string, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await importKey(digest, key), utf8.encode(text)));
}

async function importKey(digest: Digest, key: string): Promise<CryptoKey> {
  const id = `${digest}:${key}`;
  const known = cachedKeys.get(id);
  if (known) return known;
  const made = await crypto.subtle.importKey('raw', utf8.encode(key), { name: 'HMAC', hash: DIGESTS[digest] }, false, ['sign', 'verify']);
  return remember(cachedKeys, id, made);
}

/** Dropping the oldest keeps the cache bounded; a key in use is only made again. */
function remember<Key>(cache: Map<string, Key>, id: string, made: Key): Key {
  const oldest = cache.size >= MAX_CACHED_KEYS ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(id, made);
  return made;
}

const HEX_DIGESTS: Readonly<Record<number, Digest>> = { 40: 'sha1', 64: 'sha256', 128: 'sha512' };

function parseSignature(text: string): { digest: Digest; bytes: Uint8Array<ArrayBuffer> } | undefined {
  const named = /^(sha1|sha256|sha512):([A-Za-z0-9+/_-]+={0,2})$/.exec(text);
  if (named) {
    try {
      const binary = atob((named[2] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
      return { digest: named[1] as Digest, bytes: Uint8Array.from(binary, (character) => character.charCodeAt(0)) };
    } catch {
      return undefined;
    }
  }
  const digest = /^[0-9a-f]+$/.test(text) ? HEX_DIGESTS[text.length] : undefined;
  return digest && { digest, bytes: Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
}

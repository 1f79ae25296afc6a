// Temp URLs: known answers, made with another implementation (Python's hmac), and what is not one.
import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../../../src/objects/port.ts';
import { formatTempUrl } from '../../../src/objects/temp-url-format.ts';
import { containerKey, parseExpires, quotePath, signTempUrl, verifyTempUrl, type TempUrl } from '../../../src/objects/temp-url.ts';

const SECRET = '00112233445566778899aabbccddeeff'.repeat(2);
const KEY = '4dbfddef479054cde00dff6f46583be572972667ad1c29c4a7407867737260a6';
const URL_: TempUrl = { method: 'PUT', expires: 1795374155, path: '/v1/AUTH_test/space-1/in/ä b' };
const SIGNATURES = {
  sha1: 'ad35f568898fdc090225d3979d56da3babeb3b09',
  sha256: '3be36d5a36e858d169e69b7e83d7e67de5faa7f09abd86b571a8cc68b108b3cb',
  sha512:
    '9fe1963ba4c5af79bad9c58e5f81ff5228623de9852c2f6e82aa3a04bdebc14e794b577a8c7fecc9fc1722a7714d616ae20dc37b8a2adbaf0ad290afc27cf4a3',
} as const;
const BASE64 = 'sha256:O+NtWjboWNFp5pt+g9fmfeX6p/CavYa1cajMaLEIs8s=';

describe('signing', () => {
  it('derives the key of a container from the secret, its name and the epoch', async () => {
    expect(await containerKey(SECRET, 'space-1', 3)).toBe(KEY);
    expect(await containerKey(SECRET, 'space-1', 2)).not.toBe(KEY);
    expect(await containerKey(SECRET, 'space-2', 3)).not.toBe(KEY);
  });

  it.each(['sha1', 'sha256', 'sha512'] as const)('gives the known answer with %s', async (digest) => {
    expect(await signTempUrl(KEY, URL_, digest)).toBe(SIGNATURES[digest]);
  });

  it('gives the answers of the keys and paths in the documentation of Swift', async () => {
    const url = { method: 'GET', expires: 1323479485, path: '/v1/AUTH_account/container/object' };
    expect(await signTempUrl('mykey', url, 'sha1')).toBe('d9fc2067e52b06598421664cf6610bfc8fc431f6');
    expect(await signTempUrl('mykey', url)).toBe('05cb4ea08a08f2fdaef35d0f344975370077835c23bdc9342099ecbf03bc0378');
  });

  it('uses SHA-256 unless told otherwise', async () => {
    expect(await signTempUrl(KEY, URL_)).toBe(SIGNATURES.sha256);
  });

  it('writes URLs whose unquoted path is what was signed', async () => {
    const request = { method: 'PUT', container: { name: 'space-1', epoch: 3 }, key: 'in/ä b' as ObjectKey, expires: 1795374155 } as const;
    expect(await formatTempUrl('http://store.example:8090/v1/AUTH_test', KEY, request)).toBe(
      `http://store.example:8090/v1/AUTH_test/space-1/in/%C3%A4%20b?temp_url_sig=${SIGNATURES.sha256}&temp_url_expires=1795374155`,
    );
  });

  it('names the file for GET only, escaped', async () => {
    const request = { container: { name: 'c', epoch: 1 }, key: 'o/1' as ObjectKey, expires: 1, filename: 'a&b=c#ü.txt' };
    expect(await formatTempUrl('https://s/v1/A', 'k', { ...request, method: 'GET' })).toMatch(/&filename=a%26b%3Dc%23%C3%BC\.txt$/);
    expect(await formatTempUrl('https://s/v1/A', 'k', { ...request, method: 'PUT' })).not.toContain('filename');
  });

  it('quotes a path so that it stays the same path', () => {
    const path = "/v1/A/c/a b%2F?#&+'ä/~!*()";
    expect(decodeURIComponent(new URL(`http://h${quotePath(path)}`).pathname)).toBe(path);
  });
});

describe('verifying', () => {
  it.each([...Object.values(SIGNATURES), BASE64, BASE64.replaceAll('+', '-').replaceAll('/', '_'), BASE64.replace('=', '')])(
    'accepts %s',
    async (signature) => {
      expect(await verifyTempUrl([KEY], signature, URL_)).toBe(true);
    },
  );

  it('accepts any of its keys, and none when there are none', async () => {
    expect(await verifyTempUrl(['other', KEY], SIGNATURES.sha256, URL_)).toBe(true);
    expect(await verifyTempUrl([KEY, 'other'], SIGNATURES.sha256, URL_)).toBe(true);
    expect(await verifyTempUrl(['other'], SIGNATURES.sha256, URL_)).toBe(false);
    expect(await verifyTempUrl([], SIGNATURES.sha256, URL_)).toBe(false);
  });

  it.each([
    '',
    'sha256:',
    'sha256:?',
    'md5:O+NtWjboWNFp5pt+g9fmfQ==',
    SIGNATURES.sha256.toUpperCase(),
    SIGNATURES.sha256.slice(2),
    `${SIGNATURES.sha256}00`,
    SIGNATURES.sha256.replace('3', '4'),
    `sha1:${BASE64.slice(7)}`,
    `x${SIGNATURES.sha256.slice(1)}`,
    'sha256:A',
    `:${BASE64.slice(7)}`,
  ])('refuses the signature %j', async (signature) => {
    expect(await verifyTempUrl([KEY], signature, URL_)).toBe(false);
  });

  it.each([{ method: 'GET' }, { expires: 1795374156 }, { path: '/v1/AUTH_test/space-1/in/ä' }, { path: '/v1/AUTH_test/space-2/in/ä b' }])(
    'refuses another %j',
    async (change) => {
      expect(await verifyTempUrl([KEY], SIGNATURES.sha256, { ...URL_, ...change })).toBe(false);
    },
  );

  it('still signs right after more keys than it remembers', async () => {
    for (let i = 0; i < 600; i++) await signTempUrl(`key-${i}`, URL_);
    expect(await signTempUrl(KEY, URL_)).toBe(SIGNATURES.sha256);
    expect(await verifyTempUrl(['key-0'], await signTempUrl('key-0', URL_), URL_)).toBe(true);
  });
});

describe('an expiry', () => {
  it.each([
    ['1795374155', 1795374155],
    ['0', 0],
    ['2026-11-22T19:02:35Z', 1795374155],
  ])('%s is read', (text, seconds) => {
    expect(parseExpires(text)).toBe(seconds);
  });
  it.each([
    '',
    '-1',
    '1.5',
    '1e3',
    'now',
    '2026-11-22',
    '2026-11-22T19:02:35',
    '2026-11-22T19:02:35+00:00',
    '2026-11-22T19:02:35.000Z',
    '2026-13-45T00:00:00Z',
    '1'.repeat(16),
  ])('%j is none', (text) => {
    expect(parseExpires(text)).toBeUndefined();
  });
});

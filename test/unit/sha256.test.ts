// SHA-256 in TypeScript: the vectors of FIPS 180-2 appendix B, and Node's own as the oracle.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Now } from '../../src/model/sha256.ts';

const oracle = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('sha256Now', () => {
  test.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('of %j is that of FIPS 180-2', (text, digest) => {
    expect(sha256Now(text)).toBe(digest);
  });

  test('is right at every length around a block', () => {
    for (let length = 0; length <= 200; length++) {
      const text = 'Basic YmVuY2g6'.repeat(20).slice(0, length);
      expect(sha256Now(text), String(length)).toBe(oracle(text));
    }
  });

  test('of any text is that of its UTF-8, whatever came before it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        expect(sha256Now(text)).toBe(oracle(text));
      }),
    );
    const long = 'ä'.repeat(100_000);
    expect(sha256Now(long)).toBe(oracle(long));
    expect(sha256Now('abc')).toBe(oracle('abc'));
  });
});

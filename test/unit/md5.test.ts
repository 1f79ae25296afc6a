// MD5 in TypeScript: the vectors of RFC 1321 section A.5, and Node's own as the oracle.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Md5 } from '../../src/model/md5.ts';

const utf8 = new TextEncoder();
const oracle = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('Md5', () => {
  test.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', '57edf4a22be3c955ac49da2e2107b67a'],
  ])('of %j is that of RFC 1321', (text, digest) => {
    expect(new Md5().update(utf8.encode(text)).hex()).toBe(digest);
  });

  test('is right at every length around a block', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(new Md5().update(bytes).hex(), String(length)).toBe(oracle(bytes));
      expect(Md5.of(bytes), String(length)).toBe(oracle(bytes));
    }
  });

  test('does not depend on how the bytes are cut, or on where they lie in memory', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), fc.nat(9), (parts, offset) => {
        const md5 = new Md5();
        for (const part of parts) {
          const moved = new Uint8Array(part.length + offset).subarray(offset);
          moved.set(part);
          md5.update(moved);
        }
        expect(md5.hex()).toBe(oracle(Buffer.concat(parts)));
      }),
    );
  });

  test('counts bits beyond 32 of them', () => {
    const [piece, md5] = [new Uint8Array(8 * 1024 * 1024), new Md5()];
    for (let i = 0; i < 66; i++) md5.update(piece);
    expect(md5.hex()).toBe('ae045953bc902db39a63884a75d06a90');
  });
});

// What takes the place of the MD5 for a file that was sent in parts, and that nobody has read in one go: the MD5 of the MD5s of its parts,
// kept as a property of the node. It holds as long as the node has the bytes of which it was said.
import { Md5 } from './md5.ts';

export const PARTS_DIGEST = 'ivo://vopipe/properties#md5-of-parts';

const MD5_BYTES = 16;

/** `md5s`: hexadecimal, of the parts in their order, all of `size` bytes but the last. */
export function digestOf(size: number, md5s: readonly string[]): string {
  const bytes = Uint8Array.from({ length: md5s.length * MD5_BYTES }, (_, i) => {
    const at = 2 * (i % MD5_BYTES);
    return Number.parseInt(md5s[Math.floor(i / MD5_BYTES)]?.slice(at, at + 2) ?? '', 16);
  });
  return `${size} ${Md5.of(bytes)}`;
}

/** The property's value. `changed`: when the node's bytes were committed, as the service writes it. */
export function formatDigest(digest: string, changed: string): string {
  return `${digest} ${changed}`;
}

/** Undefined where there is none, or where it is one of bytes that were there before. */
export function readDigest(value: string | undefined, changed: string | undefined): string | undefined {
  const [, digest, when] = /^(\d+ [0-9a-f]{32}) (\S+)$/.exec(value ?? '') ?? [];
  return when !== undefined && when === changed ? digest : undefined;
}

/** Bytes of its parts. */
export function partSizeOf(digest: string): number {
  return Number.parseInt(digest, 10);
}

// Checksums of bytes in flight: those that were stated beforehand, and those that are taken on the way.
import { toHex } from '../../model/secret.ts';

export const ALGORITHMS = ['md5', 'sha-256', 'sha-512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
/** Lower-case hex digits. */
export type Digests = { readonly [name in Algorithm]?: string };

const NAMES: Readonly<Record<Algorithm, string>> = { md5: 'MD5', 'sha-256': 'SHA-256', 'sha-512': 'SHA-512' };
const LENGTHS: Readonly<Record<Algorithm, number>> = { md5: 32, 'sha-256': 64, 'sha-512': 128 };

/**
 * What an answer states of the whole resource: Repr-Digest (RFC 9530) and Digest (RFC 3230) also when it holds a part, Content-MD5 and
 * Content-Digest, which are of what it holds, only when that is everything.
 */
export function statedDigests(headers: Headers, isWhole: boolean): Digests {
  const texts = [headers.get('Digest'), headers.get('Repr-Digest'), ...(isWhole ? [headers.get('Content-Digest')] : [])];
  const found = texts.flatMap((text) => (text ?? '').split(',')).map((entry) => /^\s*([A-Za-z0-9-]+)=:?([A-Za-z0-9+/]+=*):?/.exec(entry));
  const md5 = isWhole ? headers.get('Content-MD5') : null;
  const pairs = [
    ...found.map((match): [string, string] => [match?.[1] ?? '', match?.[2] ?? '']),
    ...(md5 ? [['md5', md5.trim()] as [string, string]] : []),
  ];
  const digests: { [name in Algorithm]?: string } = {};
  for (const [name, value] of pairs) {
    const algorithm = ALGORITHMS.find((one) => one === name.toLowerCase());
    const hex = algorithm && fromBase64(value);
    if (algorithm && hex?.length === LENGTHS[algorithm]) digests[algorithm] = hex;
  }
  return digests;
}

/** The first checksum that both sides know and that differs. */
export function differing(expected: Digests, found: Digests): Algorithm | undefined {
  return ALGORITHMS.find((name) => expected[name] !== undefined && found[name] !== undefined && expected[name] !== found[name]);
}

export interface Taking {
  readonly tap: (bytes: Uint8Array) => Promise<void>;
  /** To be called once, when all bytes have passed or none will any more. */
  readonly end: () => Promise<Digests>;
}

/** Takes these checksums of what passes. */
export function takeDigests(algorithms: readonly Algorithm[]): Taking {
  const streams = algorithms.map((name) => {
    const stream = new crypto.DigestStream(NAMES[name]);
    stream.digest.catch(() => undefined);
    return { name, stream, writer: stream.getWriter() };
  });
  return {
    async tap(bytes) {
      for (const { writer } of streams) await writer.write(bytes);
    },
    async end() {
      const digests: { [name in Algorithm]?: string } = {};
      for (const { name, stream, writer } of streams) {
        await writer.close();
        digests[name] = toHex(new Uint8Array(await stream.digest));
      }
      return digests;
    },
  };
}

function fromBase64(text: string): string | undefined {
  try {
    return toHex(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

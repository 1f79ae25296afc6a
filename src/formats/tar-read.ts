// Reads tar archives as they stream by: ustar, PAX and GNU long names. What is not a file, a directory or a symbolic link is refused.
import { linkTarget, memberPath, quoted, refuseArchive, type Member } from './archive-member.ts';
import type { ByteReader } from './byte-reader.ts';
import { BLOCK, checksum, padded } from './tar.ts';

/** Bytes of a PAX header or a GNU long name. */
const MAX_EXTENSION = 256 * 1024;

export interface TarMember extends Member {
  /** Offset of its bytes, and of the header behind them. */
  readonly start: number;
  readonly next: number;
}

interface Extension {
  path?: string;
  linkpath?: string;
  size?: number;
}

/**
 * The next member, or undefined at the end of the archive. `base` is the offset at which the reader began. The caller then reads `size`
 * bytes and skips to `next`, or opens the archive there. Throws InvalidArgument with a reason.
 */
export async function readTarMember(reader: ByteReader, base: number): Promise<TarMember | undefined> {
  const extension: Extension = {};
  for (;;) {
    const block = await reader.exactly(BLOCK, 'a header');
    if (!block) throw refuseArchive('it is cut off: its end mark is missing');
    if (block.every((byte) => byte === 0)) return undefined;
    const header = readHeader(block);
    if ('xgLK'.includes(header.type)) {
      if (header.size > MAX_EXTENSION) throw refuseArchive(`an extended header of ${header.size} bytes`);
      const body = new Uint8Array((await reader.exactly(header.size, 'an extended header')) ?? []);
      await reader.skip(padded(header.size) - header.size, 'an extended header');
      if (header.type === 'L') extension.path = decode(untilZero(body));
      else if (header.type === 'K') extension.linkpath = decode(untilZero(body));
      else readRecords(body, extension, header.type === 'g');
      continue;
    }
    return toMember(header, extension, base + reader.position);
  }
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly target: string;
}

/** How what people send in place of a tar begins. */
const COMPRESSED = [
  { by: 'gzip', magic: [0x1f, 0x8b] },
  { by: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { by: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { by: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
] as const;

function readHeader(block: Uint8Array): Header {
  const spaces = new Uint8Array(block);
  spaces.fill(32, 148, 156);
  if (octal(block.subarray(148, 156)) !== checksum(spaces)) {
    const packed = COMPRESSED.find(({ magic }) => magic.every((byte, i) => block[i] === byte));
    if (packed) throw refuseArchive(`it is compressed, by ${packed.by}: send the tar itself`);
    throw refuseArchive('it is no tar, or damaged: a header has a wrong checksum');
  }
  const text = (from: number, to: number) => decode(untilZero(block.subarray(from, to)));
  const posix = text(257, 263) === 'ustar';
  const prefix = posix ? text(345, 500) : '';
  const name = text(0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] ?? 0),
    target: text(157, 257),
  };
}

function toMember(header: Header, extension: Extension, start: number): TarMember {
  const name = extension.path ?? header.name;
  const kind = kindOf(header.type, name);
  const path = memberPath(name);
  const size = kind === 'file' ? (extension.size ?? header.size) : 0;
  const next = start + padded(size);
  if (!Number.isSafeInteger(next)) throw refuseArchive(`${quoted(name)} has ${size} bytes`);
  if (kind !== 'link') return { kind, path, size, start, next };
  return { kind, path, size, start, next, target: linkTarget(path, extension.linkpath ?? header.target) };
}

const OTHER_TYPES: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  S: 'a sparse file',
  M: 'a part of an archive of several volumes',
};

function kindOf(type: string, name: string): Member['kind'] {
  if (type === '5') return 'directory';
  if (type === '2') return 'link';
  // Before ustar a directory was a file whose name ends in a slash.
  if (type === '0' || type === '\0' || type === '7') return name.endsWith('/') ? 'directory' : 'file';
  throw refuseArchive(`${quoted(name)} is ${OTHER_TYPES[type] ?? `of the type ${JSON.stringify(type)}`}`);
}

/** `length key=value\n`, again and again. A global header may only say what does not matter here. */
function readRecords(body: Uint8Array, extension: Extension, global: boolean): void {
  for (let at = 0; at < body.byteLength;) {
    const space = body.indexOf(32, at);
    const length = space < 0 || space - at > 9 ? NaN : Number(decode(body.subarray(at, space)));
    if (!(length > space - at + 2) || at + length > body.byteLength || body[at + length - 1] !== 10)
      throw refuseArchive('an extended header is damaged');
    const record = body.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(61);
    const key = decode(record.subarray(0, Math.max(0, equals)));
    const matters = ['path', 'linkpath', 'size'].includes(key) || key.startsWith('GNU.sparse.');
    if (matters && (global || key.startsWith('GNU.sparse.'))) throw refuseArchive(`an extended header with ${key}`);
    if (key === 'path') extension.path = decode(record.subarray(equals + 1));
    else if (key === 'linkpath') extension.linkpath = decode(record.subarray(equals + 1));
    else if (key === 'size') extension.size = readSize(decode(record.subarray(equals + 1)));
    at += length;
  }
}

function readSize(text: string): number {
  if (!/^\d{1,16}$/.test(text)) throw refuseArchive(`a size of ${quoted(text)}`);
  return Number(text);
}

/** Octal digits, or GNU's and star's binary numbers for what these cannot hold. */
function readNumber(field: Uint8Array): number {
  const [first = 0] = field;
  if (first === 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const number = octal(field);
  if (number === undefined) throw refuseArchive('it is no tar, or damaged: a number in a header is not octal');
  return number;
}

/** Undefined for what is none; nothing at all is 0. */
function octal(field: Uint8Array): number | undefined {
  const text = String.fromCharCode(...untilZero(field)).trim();
  if (!/^[0-7]*$/.test(text)) return undefined;
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuseArchive('a name in it is not UTF-8');
  }
}

// Writes tar archives: POSIX ustar headers, with PAX records for what these cannot hold (POSIX.1-2001, pax).
import type { ArchiveEntry, ArchiveFormat } from './archive.ts';

export const BLOCK = 512;
/** The largest number of 11 octal digits: 8 GiB - 1. */
const MAX_OCTAL = 0o77777777777;
const MODES = { file: 0o644, directory: 0o755, link: 0o777 } as const;
const FLAGS = { file: '0', directory: '5', link: '2' } as const;
const utf8 = new TextEncoder();

export const TAR: ArchiveFormat = {
  name: 'tar',
  mediaType: 'application/x-tar',
  length: (entries) =>
    entries.reduce((sum, entry) => sum + headers(entry).byteLength + (entry.kind === 'file' ? padded(entry.size) : 0), 0) + 2 * BLOCK,
  writer: () => {
    let missing = 0;
    return {
      before(entry) {
        missing = entry.kind === 'file' ? padded(entry.size) - entry.size : 0;
        return headers(entry);
      },
      pass: () => undefined,
      after: () => new Uint8Array(missing),
      end: () => new Uint8Array(2 * BLOCK),
    };
  },
};

export function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** The header of an entry, behind a PAX header with what does not fit. */
function headers(entry: ArchiveEntry): Uint8Array {
  const name = entry.kind === 'directory' ? `${entry.name}/` : entry.name;
  const target = entry.kind === 'link' ? entry.target : '';
  const size = entry.kind === 'file' ? entry.size : 0;
  const modified = Math.floor(entry.modified / 1000);
  const split = splitName(name);
  const records = [
    ...(split === undefined ? [record('path', name)] : []),
    ...(isPlain(target, 100) ? [] : [record('linkpath', target)]),
    ...(size > MAX_OCTAL ? [record('size', String(size))] : []),
    ...(modified < 0 || modified > MAX_OCTAL ? [record('mtime', String(modified))] : []),
  ];
  const [prefix, last] = split ?? ['', plain(name)];
  const fits = (value: number): number => (value < 0 || value > MAX_OCTAL ? 0 : value);
  const own = header({ prefix, name: last, target: plain(target), size: fits(size), modified: fits(modified), kind: entry.kind });
  if (records.length === 0) return own;
  const body = utf8.encode(records.join(''));
  const pax = header({ prefix: '', name: 'PaxHeaders/entry', target: '', size: body.byteLength, modified: 0, kind: 'pax' });
  const all = new Uint8Array(BLOCK + padded(body.byteLength) + BLOCK);
  all.set(pax, 0);
  all.set(body, BLOCK);
  all.set(own, BLOCK + padded(body.byteLength));
  return all;
}

interface Fields {
  readonly prefix: string;
  readonly name: string;
  readonly target: string;
  readonly size: number;
  readonly modified: number;
  readonly kind: ArchiveEntry['kind'] | 'pax';
}

function header({ prefix, name, target, size, modified, kind }: Fields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => utf8.encodeInto(text, block.subarray(at));
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put(name, 0);
  put(octal(kind === 'pax' ? 0o644 : MODES[kind], 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(modified, 11), 136);
  put(kind === 'pax' ? 'x' : FLAGS[kind], 156);
  put(target, 157);
  put('ustar', 257);
  put('00', 263);
  put(prefix, 345);
  // "the checksum … calculated as if the field were spaces", and then six digits, NUL, space.
  put('        ', 148);
  put(`${octal(checksum(block), 6)}\0`, 148);
  return block;
}

/** The sum of a header's bytes. */
export function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += block[at] ?? 0;
  return sum;
}

/** Prefix and name in ustar's fields of 155 and 100 bytes; undefined where they do not fit. */
function splitName(name: string): readonly [string, string] | undefined {
  if (isPlain(name, 100)) return ['', name];
  if (!isPlain(name, 256)) return undefined;
  const at = name.indexOf('/', Math.max(0, name.length - 101));
  // The slash that ends a directory's name does not part it.
  return at > 0 && at <= 155 && at < name.length - 1 ? [name.slice(0, at), name.slice(at + 1)] : undefined;
}

/** ustar has no encoding of its own: what is not ASCII is written as a PAX record, which is UTF-8. */
function isPlain(text: string, most: number): boolean {
  return text.length <= most && /^[\x20-\x7e]*$/.test(text);
}

/** What a reader without PAX sees. */
function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '_').slice(0, 100);
}

/** `length key=value\n`, where the length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = utf8.encode(rest).byteLength;
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length = String(length).length + bytes;
  return String(length) + rest;
}

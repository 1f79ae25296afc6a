// Reads zip archives by their directory, from any place that serves ranges: stored and deflated members, zip64.
import { linkTarget, memberPath, quoted, refuseArchive, type Member } from './archive-member.ts';

const MAX_32 = 0xffffffff;
const END = 22;
/** A comment has at most 65,535 bytes. */
const TAIL = END + 0xffff;
/** Bytes of a directory: some 100,000 members with long names. */
const MAX_DIRECTORY = 32 * 1024 * 1024;
const MAX_LINK = 4096;

export interface ZipMember extends Member {
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  /** Bytes as they lie in the archive. */
  readonly packed: number;
  /** Of the header before its bytes. */
  readonly offset: number;
}

/** Bytes of an archive from `start` up to, but not including, `end`. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

/** All members, in the order of the directory; links have no target yet. Throws InvalidArgument with a reason. */
export async function readZipDirectory(size: number, read: ReadRange, most: number): Promise<readonly ZipMember[]> {
  const { start, length, count } = await findDirectory(size, read);
  if (count > most) throw refuseArchive(`it has ${count} members, more than ${most}`);
  if (length > MAX_DIRECTORY) throw refuseArchive(`its directory has ${length} bytes`);
  if (start + length > size) throw refuseArchive('it is damaged: its directory lies beyond its end');
  const bytes = await read(start, start + length);
  const members: ZipMember[] = [];
  for (let at = 0; at < length;) {
    if (members.length >= count) throw refuseArchive('it is damaged: its directory has more members than it says');
    const { member, next } = readEntry(bytes, at);
    members.push(member);
    at = next;
  }
  if (members.length !== count) throw refuseArchive(`it is damaged: its directory has ${members.length} members and says ${count}`);
  checkOverlap(members, start);
  return members;
}

/** Where a member's bytes lie: the header before them has a length of its own. */
export async function findMember(member: ZipMember, read: ReadRange): Promise<{ readonly start: number; readonly end: number }> {
  const header = view(await read(member.offset, member.offset + 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50)
    throw refuseArchive(`it is damaged: ${quoted(member.path.join('/'))} is not where the directory says`);
  const start = member.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return { start, end: start + member.packed };
}

/** A link with its target, which is what its bytes say. */
export function withTarget(member: ZipMember, bytes: Uint8Array): ZipMember {
  return { ...member, target: linkTarget(member.path, decode(bytes)) };
}

async function findDirectory(size: number, read: ReadRange): Promise<{ start: number; length: number; count: number }> {
  const tailStart = Math.max(0, size - TAIL);
  const tail = view(await read(tailStart, size));
  let at = tail.byteLength - END;
  // The last one whose comment ends where the archive ends.
  while (at >= 0 && !(tail.getUint32(at, true) === 0x06054b50 && at + END + tail.getUint16(at + 20, true) === tail.byteLength)) at--;
  if (at < 0) throw refuseArchive('it is no zip, or cut off: its directory is missing');
  const small = { count: tail.getUint16(at + 10, true), length: tail.getUint32(at + 12, true), start: tail.getUint32(at + 16, true) };
  if (tail.getUint16(at + 4, true) !== 0 && tail.getUint16(at + 4, true) !== 0xffff) throw refuseArchive('it has several volumes');
  if (small.count !== 0xffff && small.length !== MAX_32 && small.start !== MAX_32) return small;
  const locator = at - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== 0x07064b50) return small;
  const offset = readBig(tail, locator + 8);
  const end = view(await read(offset, Math.min(size, offset + 56)));
  if (end.byteLength < 56 || end.getUint32(0, true) !== 0x06064b50) throw refuseArchive('it is damaged: its zip64 directory is missing');
  return { count: readBig(end, 32), length: readBig(end, 40), start: readBig(end, 48) };
}

function readEntry(bytes: Uint8Array, at: number): { member: ZipMember; next: number } {
  const entry = view(bytes.subarray(at));
  if (entry.byteLength < 46 || entry.getUint32(0, true) !== 0x02014b50) throw refuseArchive('it is damaged: its directory cannot be read');
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((where) => entry.getUint16(where, true)) as [number, number, number];
  const next = at + 46 + nameLength + extraLength + commentLength;
  if (next > bytes.byteLength) throw refuseArchive('it is damaged: its directory is cut off');
  const name = decode(bytes.subarray(at + 46, at + 46 + nameLength));
  const flags = entry.getUint16(8, true);
  if ((flags & 0x2041) !== 0) throw refuseArchive(`${quoted(name)} is encrypted`);
  const method = METHODS.get(entry.getUint16(10, true));
  if (!method) throw refuseArchive(`${quoted(name)} is packed by method ${entry.getUint16(10, true)}; stored and deflated are read`);
  const extra = view(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
  const [size, packed, offset] = large(extra, [entry.getUint32(24, true), entry.getUint32(20, true), entry.getUint32(42, true)]);
  // Only programs on Unix write a mode.
  const mode = entry.getUint16(4, true) >> 8 === 3 ? entry.getUint32(38, true) >>> 16 : 0;
  const kind = kindOf(name, mode);
  if (kind === 'link' && size > MAX_LINK) throw refuseArchive(`the link ${quoted(name)} has ${size} bytes`);
  if (method === 'stored' && packed !== size) throw refuseArchive(`it is damaged: ${quoted(name)} is stored with another size`);
  const member: ZipMember = {
    kind,
    path: memberPath(name),
    size: kind === 'directory' ? 0 : size,
    packed,
    offset,
    method,
    crc: entry.getUint32(16, true),
  };
  return { member, next };
}

const METHODS: ReadonlyMap<number, ZipMember['method']> = new Map([
  [0, 'stored'],
  [8, 'deflated'],
]);

function kindOf(name: string, mode: number): Member['kind'] {
  if (name.endsWith('/')) return 'directory';
  const type = mode & 0o170000;
  if (type === 0o120000) return 'link';
  if (type === 0 || type === 0o100000) return 'file';
  if (type === 0o040000) return 'directory';
  throw refuseArchive(`${quoted(name)} is neither a file nor a directory nor a symbolic link`);
}

/** The numbers of an entry, from its zip64 field where they do not fit. */
function large(extra: DataView, numbers: [number, number, number]): [number, number, number] {
  if (!numbers.includes(MAX_32)) return numbers;
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4;
      return numbers.map((number) => {
        if (number !== MAX_32) return number;
        if (from + 8 > Math.min(at + 4 + length, extra.byteLength)) throw refuseArchive('it is damaged: a zip64 field is too short');
        from += 8;
        return readBig(extra, from - 8);
      }) as [number, number, number];
    }
    at += 4 + length;
  }
  return numbers;
}

/** Members that share bytes unpack to far more than the archive holds. */
function checkOverlap(members: readonly ZipMember[], directory: number): void {
  let end = 0;
  for (const { offset, packed, path } of [...members].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) throw refuseArchive(`${quoted(path.join('/'))} lies in the bytes of another member`);
    end = offset + 30 + packed;
    if (end > directory) throw refuseArchive(`it is damaged: ${quoted(path.join('/'))} lies beyond its end`);
  }
}

function readBig(bytes: DataView, at: number): number {
  const value = Number(bytes.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw refuseArchive('it is damaged: a number is too large');
  return value;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuseArchive('a name in it is not UTF-8');
  }
}

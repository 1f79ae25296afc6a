// Writes zip archives: stored entries, CRCs in data descriptors, zip64 where numbers do not fit (PKWARE APPNOTE 6.3).
import type { ArchiveEntry, ArchiveFormat, ArchiveWriter } from './archive.ts';
import { crc32 } from './crc32.ts';

const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
/** Bit 3: CRC and sizes follow the bytes. Bit 11: names are UTF-8. */
const DESCRIPTOR = 0x0008;
const UTF8 = 0x0800;
const MODES = { file: 0o100644, directory: 0o040755, link: 0o120777 } as const;
const utf8 = new TextEncoder();

export const ZIP: ArchiveFormat = {
  name: 'zip',
  mediaType: 'application/zip',
  length(entries) {
    let at = 0;
    let directory = 0;
    for (const entry of entries) {
      const record = { entry, offset: at, crc: 0, size: sizeOf(entry) };
      at += local(record).byteLength + record.size + descriptor(record).byteLength;
      directory += central(record).byteLength;
    }
    return at + directory + ending(entries.length, at, directory).byteLength;
  },
  writer: () => new Writer(),
};

interface Record {
  readonly entry: ArchiveEntry;
  readonly offset: number;
  readonly size: number;
  crc: number;
}

class Writer implements ArchiveWriter {
  readonly #records: Record[] = [];
  #at = 0;

  before(entry: ArchiveEntry): Uint8Array {
    const record: Record = { entry, offset: this.#at, size: sizeOf(entry), crc: 0 };
    this.#records.push(record);
    const target = entry.kind === 'link' ? utf8.encode(entry.target) : new Uint8Array(0);
    record.crc = crc32(target);
    const bytes = join([local(record), target]);
    this.#at += bytes.byteLength + (entry.kind === 'file' ? entry.size : 0);
    return bytes;
  }

  pass(bytes: Uint8Array): void {
    const record = this.#records.at(-1);
    if (record) record.crc = crc32(bytes, record.crc);
  }

  after(): Uint8Array {
    const record = this.#records.at(-1);
    const bytes = record ? descriptor(record) : new Uint8Array(0);
    this.#at += bytes.byteLength;
    return bytes;
  }

  end(): Uint8Array {
    const directory = join(this.#records.map(central));
    return join([directory, ending(this.#records.length, this.#at, directory.byteLength)]);
  }
}

/** A link's bytes are its target. */
function sizeOf(entry: ArchiveEntry): number {
  if (entry.kind === 'link') return utf8.encode(entry.target).byteLength;
  return entry.kind === 'file' ? entry.size : 0;
}

/** Whether CRC and sizes stand behind the bytes: what is no file is known before. */
function isStreamed({ entry, size }: Record): boolean {
  return entry.kind === 'file' && size > 0;
}

function local(record: Record): Uint8Array {
  const { entry, crc, size } = record;
  const name = nameOf(entry);
  const streamed = isStreamed(record);
  const large = size >= MAX_32;
  const told = streamed ? 0 : size;
  const extra = join([...(large ? [fields([2, 1], [2, 16], [8, 0], [8, 0])] : []), timestamp(entry)]);
  return join([
    fields(
      [4, 0x04034b50],
      [2, large ? 45 : 20],
      [2, UTF8 | (streamed ? DESCRIPTOR : 0)],
      [2, 0],
      ...dosTime(entry),
      [4, streamed ? 0 : crc],
      [4, large ? MAX_32 : told],
      [4, large ? MAX_32 : told],
      [2, name.byteLength],
      [2, extra.byteLength],
    ),
    name,
    extra,
  ]);
}

function descriptor(record: Record): Uint8Array {
  if (!isStreamed(record)) return new Uint8Array(0);
  const bytes = record.size >= MAX_32 ? 8 : 4;
  return fields([4, 0x08074b50], [4, record.crc], [bytes, record.size], [bytes, record.size]);
}

function central(record: Record): Uint8Array {
  const { entry, crc, size, offset } = record;
  const name = nameOf(entry);
  const large = [...(size >= MAX_32 ? [size, size] : []), ...(offset >= MAX_32 ? [offset] : [])];
  const zip64 = large.length === 0 ? [] : [fields([2, 1], [2, 8 * large.length], ...large.map((value): [8, number] => [8, value]))];
  const extra = join([...zip64, timestamp(entry)]);
  return join([
    fields(
      [4, 0x02014b50],
      // Made on Unix, so that the upper half of the attributes is a mode.
      [2, (3 << 8) | 45],
      [2, large.length > 0 ? 45 : 20],
      [2, UTF8 | (isStreamed(record) ? DESCRIPTOR : 0)],
      [2, 0],
      ...dosTime(entry),
      [4, crc],
      [4, Math.min(size, MAX_32)],
      [4, Math.min(size, MAX_32)],
      [2, name.byteLength],
      [2, extra.byteLength],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, MODES[entry.kind] * 0x10000 + (entry.kind === 'directory' ? 0x10 : 0)],
      [4, Math.min(offset, MAX_32)],
    ),
    name,
    extra,
  ]);
}

function ending(count: number, at: number, directory: number): Uint8Array {
  const large = count >= MAX_16 || at >= MAX_32 || directory >= MAX_32;
  const zip64 = large
    ? [
        fields([4, 0x06064b50], [8, 44], [2, (3 << 8) | 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, directory], [8, at]),
        fields([4, 0x07064b50], [4, 0], [8, at + directory], [4, 1]),
      ]
    : [];
  const [few, length, start] = [Math.min(count, MAX_16), Math.min(directory, MAX_32), Math.min(at, MAX_32)];
  return join([...zip64, fields([4, 0x06054b50], [2, 0], [2, 0], [2, few], [2, few], [4, length], [4, start], [2, 0])]);
}

function nameOf(entry: ArchiveEntry): Uint8Array {
  return utf8.encode(entry.kind === 'directory' ? `${entry.name}/` : entry.name);
}

/** The extended timestamp: DOS times have no zone. Beyond its 32 bits there is none. */
function timestamp({ modified }: ArchiveEntry): Uint8Array {
  const seconds = Math.floor(modified / 1000);
  return seconds < 0 || seconds > 0x7fffffff ? new Uint8Array(0) : fields([2, 0x5455], [2, 5], [1, 1], [4, seconds]);
}

function dosTime({ modified }: ArchiveEntry): [2, number][] {
  const date = new Date(Math.min(Math.max(modified, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)));
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return [
    [2, time],
    [2, ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()],
  ];
}

/** Little-endian numbers of 1, 2, 4 and 8 bytes. */
function fields(...list: readonly (readonly [1 | 2 | 4 | 8, number])[]): Uint8Array {
  const bytes = new Uint8Array(list.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of list) {
    if (width === 1) view.setUint8(at, value);
    else if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

// Archives read back: those of this writer and of others, in any cut, and those that somebody has made to do harm.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ByteReader } from '../../../src/formats/byte-reader.ts';
import { NameSet } from '../../../src/formats/name-set.ts';
import { checksum, TAR } from '../../../src/formats/tar.ts';
import { readTarMember } from '../../../src/formats/tar-read.ts';
import { unpackedBytes } from '../../../src/formats/unpacked-bytes.ts';
import { ZIP } from '../../../src/formats/zip.ts';
import { findMember, readZipDirectory, withTarget, type ReadRange } from '../../../src/formats/zip-read.ts';
import { inDirectory, pack, python, type Packed } from './archives.ts';

// Other programs are started for some cases, and a machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 });
const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`SEED=${seed}`);
const AT = Date.UTC(2026, 0, 1);

interface Unpacked {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

function streamOf(bytes: Uint8Array, cut = 65_536): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, at + cut));
      at += cut;
    },
  });
}

async function readTar(bytes: Uint8Array, cut?: number): Promise<Unpacked[]> {
  const reader = new ByteReader(streamOf(bytes, cut));
  const found: Unpacked[] = [];
  for (let member = await readTarMember(reader, 0); member; member = await readTarMember(reader, 0)) {
    const data = member.size === 0 ? new Uint8Array(0) : await reader.exactly(member.size, 'a file');
    const text = member.target?.join('/') ?? Buffer.from(data ?? []).toString('latin1');
    found.push({ name: member.path.join('/'), kind: member.kind, text });
    await reader.skip(member.next - reader.position, 'padding');
  }
  return found;
}

async function readZip(bytes: Uint8Array, most = 1000): Promise<Unpacked[]> {
  const read: ReadRange = (start, end) => Promise.resolve(bytes.slice(start, end));
  const found: Unpacked[] = [];
  for (const one of await readZipDirectory(bytes.byteLength, read, most)) {
    const { start, end } = await findMember(one, read);
    const data = new Uint8Array(await new Response(unpackedBytes(streamOf(bytes.slice(start, end)), one)).arrayBuffer());
    const text = one.kind === 'link' ? (withTarget(one, data).target ?? []).join('/') : Buffer.from(data).toString('latin1');
    found.push({ name: one.path.join('/'), kind: one.kind, text });
  }
  return found;
}

const name = fc
  .array(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .map((text) => text.replaceAll(/[\p{Cc}/\\]/gu, '_').normalize('NFC'))
      .filter((text) => text.isWellFormed() && Buffer.byteLength(text) <= 255 && !/^\.{1,2}$/.test(text)),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join('/'));
const entries: fc.Arbitrary<Packed[]> = fc.array(
  fc.oneof(
    fc
      .record({ name, bytes: fc.uint8Array({ maxLength: 3000 }) })
      .map((one): Packed => ({ kind: 'file', modified: AT, size: one.bytes.byteLength, ...one })),
    name.map((one): Packed => ({ kind: 'directory', modified: AT, name: one })),
  ),
  { maxLength: 20 },
);
const expected = (list: readonly Packed[]): Unpacked[] =>
  list.map((one) => ({ name: one.name, kind: one.kind, text: Buffer.from(one.bytes ?? []).toString('latin1') }));

describe('what was written', () => {
  test('is read back from a tar, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 2000 }), async (list, cut) => {
        expect(await readTar(pack(TAR, list), cut)).toEqual(expected(list));
      }),
      { seed, numRuns: 50 },
    ));

  test('is read back from a zip', () =>
    fc.assert(
      fc.asyncProperty(entries, async (list) => {
        expect(await readZip(pack(ZIP, list))).toEqual(expected(list));
      }),
      { seed, numRuns: 50 },
    ));

  test('and cut off anywhere it is refused, never taken as whole', () =>
    fc.assert(
      fc.asyncProperty(entries, fc.double({ min: 0, max: 1, noNaN: true }), async (list, where) => {
        for (const [format, read] of [
          [TAR, readTar],
          [ZIP, readZip],
        ] as const) {
          const whole = pack(format, list);
          // One block of zeros is an end mark already.
          const cut = whole.subarray(0, Math.floor(where * (whole.byteLength - 1024)));
          await expect(read(cut)).rejects.toMatchObject({ fault: 'InvalidArgument' });
        }
      }),
      { seed, numRuns: 30 },
    ));
});

describe('archives of other programs', () => {
  test.each(['gnu', 'posix', 'ustar', 'v7'])('GNU tar in the form %s', async (form) => {
    const long = form === 'v7' ? 'long'.repeat(20) : `${'d'.repeat(90)}/${'f'.repeat(90)}`;
    const archive = inDirectory((directory) => {
      mkdirSync(join(directory, 'top', ...(form === 'v7' ? [] : ['d'.repeat(90)])), { recursive: true });
      writeFileSync(join(directory, 'top', long), 'long name');
      writeFileSync(join(directory, 'top', 'plain'), 'x'.repeat(1000));
      symlinkSync('plain', join(directory, 'top', 'link'));
      if (form === 'gnu' || form === 'posix') writeFileSync(join(directory, 'top', 'z'.repeat(220)), 'longer');
      execFileSync('tar', [`--format=${form}`, '--sort=name', '-cf', 'a.tar', './top'], { cwd: directory });
      return readFileSync(join(directory, 'a.tar'));
    });
    const found = await readTar(archive);
    expect(found).toContainEqual({ name: `top/${long}`, kind: 'file', text: 'long name' });
    expect(found).toContainEqual({ name: 'top/link', kind: 'link', text: 'top/plain' });
    if (form === 'gnu' || form === 'posix') expect(found).toContainEqual({ name: `top/${'z'.repeat(220)}`, kind: 'file', text: 'longer' });
  });

  test('a file of 9 GiB, and what lies behind it', async () => {
    const header = inDirectory((directory) => {
      writeFileSync(join(directory, 'huge'), '');
      truncateSync(join(directory, 'huge'), 9 * 1024 ** 3);
      return execFileSync('sh', ['-c', 'tar --format=gnu -cf - huge 2>/dev/null | head -c 512'], { cwd: directory });
    });
    const member = await readTarMember(new ByteReader(streamOf(header)), 0);
    expect(member).toMatchObject({ size: 9 * 1024 ** 3, start: 512, next: 512 + 9 * 1024 ** 3 });
  });

  test('a zip of Python, deflated, with a comment', async () => {
    const archive = inDirectory((directory) => {
      const file = join(directory, 'a.zip');
      const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
  z.comment = b'a comment with PK\\x05\\x06 in it'
  z.writestr('dir/', '')
  z.writestr('dir/file.txt', 'deflated ' * 10000)
  z.writestr('dir/stored', 'stored', zipfile.ZIP_STORED)
  with z.open('dir/large', 'w', force_zip64=True) as f: f.write(b'zip64')
print('null')`;
      python(script, file);
      return readFileSync(file);
    });
    expect(await readZip(archive)).toEqual([
      { name: 'dir', kind: 'directory', text: '' },
      { name: 'dir/file.txt', kind: 'file', text: 'deflated '.repeat(10_000) },
      { name: 'dir/stored', kind: 'file', text: 'stored' },
      { name: 'dir/large', kind: 'file', text: 'zip64' },
    ]);
  });
});

/** A tar of one header with something changed in it. */
function tarWith(
  change: (header: Buffer) => void,
  entry: Packed = { kind: 'file', name: 'a', size: 0, modified: AT, bytes: Buffer.alloc(0) },
): Buffer {
  const archive = pack(TAR, [entry]);
  change(archive);
  archive.write('        ', 148);
  archive.write(`${checksum(archive.subarray(0, 512)).toString(8).padStart(6, '0')}\0 `, 148);
  return archive;
}

const link = (at: string, target: string): Packed => ({ kind: 'link', name: at, target, modified: AT });
const file = (at: string, text = 'x'): Packed => ({ kind: 'file', name: at, size: text.length, modified: AT, bytes: Buffer.from(text) });

describe('refused with a reason:', () => {
  test.each<[string, Packed, RegExp]>([
    ['an absolute path', file('/etc/passwd'), /absolute/],
    ['a path of Windows', file('C:\\windows'), /absolute/],
    ['a path that leads out', file('a/../../b'), /\.\./],
    ['a path that would lead back in', file('a/../b'), /\.\./],
    ['a backslash in a name', file('a\\..\\b'), /control characters/],
    ['a control character', file('a\u0007b'), /control/],
    ['a reserved name', file('a/.auto'), /\.auto is no name/],
    ['a name that is too long', file('n'.repeat(300)), /255/],
    ['a link that leads out', link('a/l', '../../b'), /leads out/],
    ['a link to an absolute path', link('a/l', '/etc/passwd'), /leads out/],
  ])('%s', async (_, entry, why) => {
    await expect(readTar(pack(TAR, [entry]))).rejects.toThrow(why);
    await expect(readZip(pack(ZIP, [entry]))).rejects.toThrow(why);
  });

  test.each<[string, (header: Buffer) => void, RegExp]>([
    ['a hard link', (header) => header.write('1', 156), /a hard link/],
    ['a device', (header) => header.write('3', 156), /a device/],
    ['a pipe', (header) => header.write('6', 156), /a pipe/],
    ['a sparse file', (header) => header.write('S', 156), /a sparse file/],
    ['an unknown type', (header) => header.write('Z', 156), /of the type "Z"/],
    ['a name that is not UTF-8', (header) => header.set([0xff, 0xfe], 0), /not UTF-8/],
    ['a size that is no number', (header) => header.write('99999999999', 124), /no tar, or damaged/],
    ['a long name of a gigabyte', (header) => (header.write('L', 156), header.write('10000000000', 124)), /extended header of/],
  ])('a tar with %s', async (_, change, why) => {
    await expect(readTar(tarWith(change))).rejects.toThrow(why);
  });

  test.each([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['bzip2', [...Buffer.from('BZh91AY')]],
    ['xz', [0xfd, ...Buffer.from('7zXZ'), 0]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ])('a tar that is compressed by %s, with its name', async (by, magic) => {
    const packed = Buffer.alloc(2048, 0xfe);
    packed.set(magic);
    await expect(readTar(packed)).rejects.toThrow(`it is compressed, by ${by}`);
  });

  test('bytes that are no tar, whatever they are', async () => {
    await expect(readTar(Buffer.alloc(2048, 0xfe))).rejects.toThrow('it is no tar, or damaged');
    await expect(readTar(Buffer.from('no archive at all'.repeat(100)))).rejects.toThrow('it is no tar, or damaged');
  });

  test('a tar with a name for all that follows', async () => {
    await expect(readTar(tarWith((header) => header.write('g', 156), file('n'.repeat(120))))).rejects.toThrow(/extended header with path/);
  });

  test('a tar whose header is damaged', async () => {
    const archive = pack(TAR, [file('a')]);
    archive[0] = 98;
    await expect(readTar(archive)).rejects.toThrow(/checksum/);
  });

  const zip = () => pack(ZIP, [file('a', 'aaaa'), file('b', 'bbbb')]);
  test.each<[string, (archive: Buffer, directory: number) => void, RegExp]>([
    ['an encrypted member', (archive, at) => archive.writeUInt16LE(0x0801, at + 8), /encrypted/],
    ['an unknown method', (archive, at) => archive.writeUInt16LE(12, at + 10), /method 12/],
    ['a wrong CRC', (archive, at) => archive.writeUInt32LE(1, at + 16), /CRC is wrong/],
    ['stored bytes of another size', (archive, at) => archive.writeUInt32LE(5, at + 24), /another size/],
    [
      'members that share bytes',
      (archive, at) => archive.writeUInt32LE(0, at + 42 + (archive.indexOf('PK\x01\x02', at + 4) - at)),
      /in the bytes of another/,
    ],
    ['an offset beyond its end', (archive, at) => archive.writeUInt32LE(1e6, at + 42), /beyond its end/],
    ['a device', (archive, at) => archive.writeUInt32LE((0o020644 << 16) >>> 0, at + 38), /neither a file/],
  ])('a zip with %s', async (_, change, why) => {
    const archive = zip();
    change(archive, archive.indexOf('PK\x01\x02'));
    await expect(readZip(archive)).rejects.toThrow(why);
  });

  test('a zip with more members than allowed', async () => {
    await expect(readZip(zip(), 1)).rejects.toThrow(/2 members, more than 1/);
  });

  test('a zip whose member unpacks to more than it says', async () => {
    const archive = inDirectory((directory) => {
      const path = join(directory, 'a.zip');
      python(
        `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('bomb', bytes(1000000))
print('null')`,
        path,
      );
      return readFileSync(path);
    });
    archive.writeUInt32LE(1000, archive.indexOf('PK\x01\x02') + 24);
    await expect(readZip(archive)).rejects.toThrow(/unpacks to more than the 1000 bytes/);
  });
});

test('names are remembered across a checkpoint', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `some/path/${i}`);
  const first = new NameSet();
  expect(names.slice(0, 10_000).every((one) => first.add(one))).toBe(true);
  const text = first.toString();
  expect(text.length).toBeLessThan(110_000);
  const second = new NameSet(text);
  expect(names.map((one) => second.add(one))).toEqual(names.map((_, i) => i >= 10_000));
});

// Archives as other programs read them: GNU tar, and Python's tarfile and zipfile.
import { execFileSync } from 'node:child_process';
import { lstatSync, openSync, closeSync, ftruncateSync, readFileSync, readlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { relativeTarget, type ArchiveFormat } from '../../../src/formats/archive.ts';
import { crc32 } from '../../../src/formats/crc32.ts';
import { TAR } from '../../../src/formats/tar.ts';
import { ZIP } from '../../../src/formats/zip.ts';
import { inDirectory, pack, python, readBytes, readWithPython, type Packed } from './archives.ts';

// Python is started for each case, and a machine may have other things to do.
vi.setConfig({ testTimeout: 120_000 });
const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`SEED=${seed}`);
const FORMATS: readonly ArchiveFormat[] = [TAR, ZIP];
const AT = Date.UTC(2026, 10, 22, 10, 20, 30);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const file = (name: string, text: string, modified = AT): Packed => {
  const bytes = bytesOf(text);
  return { kind: 'file', name, modified, size: bytes.byteLength, bytes };
};

const TREE: readonly Packed[] = [
  { kind: 'directory', name: 'survey', modified: AT },
  file('survey/empty', ''),
  file('survey/one.txt', 'one'),
  file('survey/ελληνικά – 星.txt', 'not ASCII'),
  file(`survey/${'long'.repeat(40)}/${'name'.repeat(50)}.txt`, 'long'),
  file(`survey/${'x'.repeat(120)}`, 'longer than a name, shorter than a path'),
  file('survey/spaces and "quotes" and \'these\' and $(that)', 'strange'),
  file('survey/block', 'b'.repeat(512)),
  { kind: 'directory', name: `survey/${'d'.repeat(99)}`, modified: AT },
  { kind: 'link', name: 'survey/link', target: 'one.txt', modified: AT },
  { kind: 'link', name: `survey/${'l'.repeat(130)}`, target: `../survey/${'é'.repeat(120)}`, modified: AT },
];

const name = fc
  .array(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((text) => text.replaceAll(/[\p{Cc}/\\]/gu, '_').normalize('NFC')),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.map((part) => (/^\.{1,2}$/.test(part) || !part.isWellFormed() ? 'dots' : part)).join('/'));
const entry: fc.Arbitrary<Packed> = fc.oneof(
  fc
    .record({ name, bytes: fc.uint8Array({ maxLength: 2000 }), modified: fc.integer({ min: 315_532_800, max: 2 ** 31 - 1 }) })
    .map((one): Packed => ({ kind: 'file', ...one, modified: one.modified * 1000, size: one.bytes.byteLength })),
  fc.record({ name, target: name }).map((one): Packed => ({ kind: 'link', modified: AT, ...one })),
  name.map((one): Packed => ({ kind: 'directory', name: one, modified: AT })),
);

describe.each(FORMATS)('$name', (format) => {
  test('has the length that was told before, and the entries that were put in, for Python', () => {
    const archive = pack(format, TREE);
    expect(archive.byteLength).toBe(format.length(TREE));
    const read = readBytes(format.name, archive);
    expect(read.map(({ name: found, kind, bytes, target }) => ({ name: found, kind, bytes, target }))).toEqual(
      TREE.map((one) => ({
        name: one.name,
        kind: one.kind,
        bytes: Buffer.from(one.bytes ?? []).toString('hex'),
        target: one.kind === 'link' ? one.target : '',
      })),
    );
    expect(new Set(read.map(({ modified }) => modified))).toEqual(new Set([AT / 1000]));
    expect(read.map(({ kind, mode }) => `${kind} ${mode.toString(8)}`)).toEqual(
      TREE.map(({ kind }) => ({ file: 'file 644', directory: 'directory 755', link: 'link 777' })[kind]),
    );
  });

  test('holds any entries there can be', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const archive = pack(format, entries);
        expect(archive.byteLength).toBe(format.length(entries));
        const read = readBytes(format.name, archive);
        expect(read.map((one) => [one.kind, one.name.replace(/\/$/, ''), one.bytes])).toEqual(
          entries.map((one) => [one.kind, one.name, Buffer.from(one.bytes ?? []).toString('hex')]),
        );
      }),
      { seed, numRuns: 15 },
    );
  });

  test('holds files of more than 8 GiB, and what lies behind them', () => {
    const size = 9 * 1024 ** 3 + 1;
    const entries: Packed[] = [{ kind: 'file', name: 'huge', size, modified: AT }, file('behind', 'still here')];
    const read = inDirectory((directory) => {
      const path = join(directory, 'archive');
      writeSparse(path, format, entries);
      expect(lstatSync(path).size).toBe(format.length(entries));
      return readWithPython(format.name, path);
    });
    expect(read.map((one) => [one.name, one.size, Buffer.from(one.bytes, 'hex').toString()])).toEqual([
      ['huge', size, ''],
      ['behind', 10, 'still here'],
    ]);
  });
});

describe('tar', () => {
  test('is unpacked by GNU tar, with links, times and modes', () => {
    inDirectory((directory) => {
      writeFileSync(join(directory, 'archive.tar'), pack(TAR, TREE));
      const said = execFileSync('tar', ['-xpf', 'archive.tar'], { cwd: directory, encoding: 'utf8' });
      expect(said).toBe('');
      for (const one of TREE) {
        const path = join(directory, one.name);
        const stat = lstatSync(path);
        if (one.kind === 'link') expect(readlinkSync(path)).toBe(one.target);
        else expect((stat.mode & 0o777).toString(8)).toBe(one.kind === 'file' ? '644' : '755');
        if (one.kind === 'file') expect([readFileSync(path), stat.mtimeMs]).toEqual([Buffer.from(one.bytes ?? []), AT]);
      }
    });
  });
});

describe('zip', () => {
  test('holds more entries than its old directory counts', () => {
    const entries = Array.from({ length: 70_000 }, (_, i) => file(`f${i}`, ''));
    const archive = pack(ZIP, entries);
    expect(archive.byteLength).toBe(ZIP.length(entries));
    const names = inDirectory((directory) => {
      const path = join(directory, 'archive');
      writeFileSync(path, archive);
      return python('import sys, zipfile; names = zipfile.ZipFile(sys.argv[1]).namelist(); print([len(names), len(set(names))])', path);
    });
    expect(names).toEqual([70_000, 70_000]);
  });

  test('has the CRCs that zlib has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(5000), (bytes, cut) => {
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(nodeCrc32(bytes));
      }),
      { seed },
    );
  });
});

test.each([
  ['a/link', 'a/b', 'b'],
  ['a/link', 'a/b/c', 'b/c'],
  ['a/b/link', 'a/c', '../c'],
  ['a/link', 'b', '../b'],
  ['link', 'a', 'a'],
  ['a/link', 'a', '../a'],
])('a link %s to %s leads to %s', (from, to, expected) => {
  expect(relativeTarget(from, to)).toBe(expected);
});

/** The archive as a file that has the bytes of its entries only where they are not zero. */
function writeSparse(path: string, format: ArchiveFormat, entries: readonly Packed[]): void {
  const out = openSync(path, 'w');
  const writer = format.writer();
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    writeSync(out, bytes, 0, bytes.byteLength, at);
    at += bytes.byteLength;
  };
  for (const one of entries) {
    put(writer.before(one));
    if (one.bytes) {
      writer.pass(one.bytes);
      put(one.bytes);
    } else if (one.kind === 'file') at += one.size;
    put(writer.after());
  }
  put(writer.end());
  ftruncateSync(out, at);
  closeSync(out);
}

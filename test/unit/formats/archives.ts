// Makes whole archives from entries and their bytes, and has other programs read them: GNU tar and Python.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveEntry, ArchiveFormat } from '../../../src/formats/archive.ts';

export type Packed = ArchiveEntry & { readonly bytes?: Uint8Array };

export function pack(format: ArchiveFormat, entries: readonly Packed[]): Buffer {
  const writer = format.writer();
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(writer.before(entry));
    if (entry.bytes) {
      // In two parts, as a stream comes.
      const middle = entry.bytes.byteLength >> 1;
      for (const part of [entry.bytes.subarray(0, middle), entry.bytes.subarray(middle)]) {
        writer.pass(part);
        parts.push(part);
      }
    }
    parts.push(writer.after());
  }
  parts.push(writer.end());
  return Buffer.concat(parts);
}

/** Runs the work in a directory that is removed afterwards. */
export function inDirectory<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'archives-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What Python prints as JSON. */
export function python(script: string, ...values: string[]): unknown {
  return JSON.parse(
    execFileSync('python3', ['-c', script, ...values], { encoding: 'utf8', maxBuffer: 64e6, env: { ...process.env, PYTHONUTF8: '1' } }),
  );
}

export interface Read {
  readonly name: string;
  readonly kind: string;
  readonly size: number;
  /** Seconds. */
  readonly modified: number;
  readonly mode: number;
  readonly target: string;
  /** Hex. */
  readonly bytes: string;
}

const READ_TAR = `
import sys, json, tarfile
kinds = {tarfile.REGTYPE: 'file', tarfile.DIRTYPE: 'directory', tarfile.SYMTYPE: 'link'}
with tarfile.open(sys.argv[1], 'r:') as archive:
  print(json.dumps([{'name': m.name, 'kind': kinds.get(m.type, '?'), 'size': m.size, 'modified': int(m.mtime), 'mode': m.mode,
    'target': m.linkname, 'bytes': archive.extractfile(m).read().hex() if m.isreg() and m.size < 1e9 else ''} for m in archive.getmembers()]))
`;
const READ_ZIP = `
import sys, json, zipfile, stat, calendar
def entry(archive, m):
  mode = m.external_attr >> 16
  kind = 'link' if stat.S_ISLNK(mode) else 'directory' if m.is_dir() else 'file'
  data = archive.read(m) if m.file_size < 1e9 else b''
  return {'name': m.filename.rstrip('/'), 'kind': kind, 'size': m.file_size if kind == 'file' else 0, 'modified': calendar.timegm(m.date_time),
    'mode': stat.S_IMODE(mode), 'target': data.decode() if kind == 'link' else '', 'bytes': data.hex() if kind == 'file' else ''}
with zipfile.ZipFile(sys.argv[1]) as archive:
  broken = archive.testzip() if sum(m.file_size for m in archive.infolist()) < 1e9 else None
  assert broken is None, broken
  print(json.dumps([entry(archive, m) for m in archive.infolist()]))
`;

export function readWithPython(format: 'tar' | 'zip', file: string): Read[] {
  return python(format === 'tar' ? READ_TAR : READ_ZIP, file) as Read[];
}

export function readBytes(format: 'tar' | 'zip', archive: Uint8Array): Read[] {
  return inDirectory((directory) => {
    const file = join(directory, 'archive');
    writeFileSync(file, archive);
    return readWithPython(format, file);
  });
}

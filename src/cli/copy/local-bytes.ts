// Bytes of files of this computer: read by position, digested, and given up when the file is changed meanwhile.
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import type { LocalFile } from './entry.ts';
import { digestOf, partSizeOf } from '../../model/parts-digest.ts';

/** Bytes read at a time. */
const BLOCK = 512 * 1024;

/** The file is another one than when it was found. */
export class Changed extends VospaceError {
  constructor(path: string) {
    super('PreconditionFailed', `${path} was changed while it was read`);
  }
}

/** What the disk refused, so that it is not taken for a broken connection. */
export function asRefusal(thrown: unknown): unknown {
  const { code } = (thrown ?? {}) as NodeJS.ErrnoException;
  return thrown instanceof Error && typeof code === 'string' && /^E[A-Z]+$/.test(code) && 'syscall' in thrown
    ? new VospaceError('TransferFailed', thrown.message, { cause: thrown })
    : thrown;
}

/** The whole of a small file. Throws Changed where it is another one at the end than when it was found. */
export async function readWhole(file: LocalFile): Promise<Uint8Array> {
  const { path, size } = file;
  const handle = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let more = true; more && length <= size;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      more = bytesRead > 0;
      length += bytesRead;
    }
    if (length !== size || !(await isUnchanged(handle, file))) throw new Changed(path);
    return bytes.subarray(0, size);
  } finally {
    await handle.close();
  }
}

export interface Reading {
  /** The byte after the last is `end`. */
  readonly start: number;
  readonly end: number;
  /** What was yielded is over when the next is asked for: its memory is used again. */
  readonly reuses: boolean;
}

/** Throws Changed at the end of a shorter file. */
export async function* readRange(
  handle: FileHandle,
  path: string,
  { start, end, reuses }: Reading,
): AsyncGenerator<Uint8Array, void, undefined> {
  const fresh = (at: number): Buffer => Buffer.allocUnsafe(Math.min(BLOCK, end - at));
  let block = fresh(start);
  for (let at = start; at < end;) {
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, end - at), at);
    if (bytesRead === 0) throw new Changed(path);
    at += bytesRead;
    yield block.subarray(0, bytesRead);
    if (!reuses) block = fresh(at);
  }
}

/** Whether it still is the file that was found. */
export async function isUnchanged(handle: FileHandle, { size, modified, inode }: LocalFile): Promise<boolean> {
  const found = await handle.stat();
  return found.size === size && found.mtimeMs === modified && found.ino === inode;
}

/** What a node's MD5 would be. */
export async function md5OfFile(path: string, signal: AbortSignal): Promise<string> {
  return withHandle(path, async (handle) => {
    const { size } = await handle.stat();
    return md5OfRange(handle, path, 0, size, signal);
  });
}

/** Whether a file has the parts of which a node's digest is. */
export async function hasDigest(path: string, digest: string, signal: AbortSignal): Promise<boolean> {
  const part = partSizeOf(digest);
  return withHandle(path, async (handle) => {
    const { size } = await handle.stat();
    const md5s: string[] = [];
    for (let at = 0; at < size; at += part) md5s.push(await md5OfRange(handle, path, at, Math.min(size, at + part), signal));
    return digestOf(part, md5s) === digest;
  });
}

/** Throws Changed for a shorter file. */
export async function md5OfRange(handle: FileHandle, path: string, start: number, end: number, signal: AbortSignal): Promise<string> {
  const md5 = createHash('md5');
  for await (const part of readRange(handle, path, { start, end, reuses: true })) {
    signal.throwIfAborted();
    md5.update(part);
  }
  return md5.digest('hex');
}

async function withHandle<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

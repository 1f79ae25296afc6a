// Chunks as files of this computer: there as a whole and verified, or not at all.
import { closeSync, createWriteStream, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Pipe } from '../../client/pipe.ts';
import type { ChunkNotice } from '../../model/pipe.ts';

/** The answer is the path. Straight from the store, compared by MD5; a file that is there is replaced. `durable`: on the disk when it resolves. */
export async function fetchTo(
  pipe: Pipe,
  chunk: ChunkNotice,
  path: string,
  signal: AbortSignal,
  { durable = false } = {},
): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  try {
    const { body } = await pipe.open(chunk, { signal });
    await pipeline(Readable.fromWeb(body as NodeStream<Uint8Array>), createWriteStream(part), { signal });
    if (durable) await sync(part);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return path;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A small file, replaced in one step: after a kill or a power cut it has the old text or this. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  const file = openSync(part, 'w');
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
}

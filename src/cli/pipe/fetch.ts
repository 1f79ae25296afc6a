// Chunks as files of this computer: there as a whole and verified, or not at all.
import { accessSync, constants, createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Pipe } from '../../client/pipe.ts';
import type { ChunkNotice } from '../../model/pipe.ts';
import { STAGING } from '../copy/walk-local.ts';
import { isLeft, OWN } from '../processes.ts';

/**
 * Where one file of this process is until it is whole: hidden, and no part of a tree (STAGING). The directory is made, and what killed processes have
 * left in it goes. Throws what the system says of a directory that is not to be written.
 */
export function partIn(directory: string): string {
  mkdirSync(directory, { recursive: true });
  accessSync(directory, constants.W_OK);
  for (const name of readdirSync(directory))
    if (STAGING.test(name) && isLeft(name.slice('.vopipe-'.length, -'.part'.length))) rmSync(join(directory, name), { force: true });
  return join(directory, `.vopipe-${OWN}.part`);
}

/**
 * The answer is the path. Straight from the store, compared by MD5; a file that is there is replaced. `durable`: on the disk when it resolves.
 * `part`: on the same disk; absent where the path's directory is nobody else's.
 */
export async function fetchTo(
  pipe: Pipe,
  chunk: ChunkNotice,
  path: string,
  signal: AbortSignal,
  { durable = false, part = `${path}.part` } = {},
): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  try {
    const { body } = await pipe.open(chunk, { signal });
    await pipeline(Readable.fromWeb(body as NodeStream<Uint8Array>), createWriteStream(part), { signal });
    if (durable) await sync(part);
    settle(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return path;
}

function settle(part: string, path: string): void {
  try {
    renameSync(part, path);
  } catch (thrown) {
    // Of the two names the one that the person knows.
    throw Object.assign(thrown as Error, { path });
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

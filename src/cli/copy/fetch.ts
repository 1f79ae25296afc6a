// The bytes of one node into a file: all of them, compared, then under the file's name. Large ones in ranges, several at a time.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { asVospaceError, VospaceError } from '../../client/error.ts';
import { waitFor } from '../../client/retry.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { DownloadDocument } from '../../model/uploads.ts';
import type { Copying } from './copying.ts';
import type { NodeFile } from './entry.ts';
import { Assembly } from './assembly.ts';
import { asRefusal } from './local-bytes.ts';
import { partSizeOf } from '../../model/parts-digest.ts';
import { Pieces } from './pieces.ts';
import { settleLarge, writeSmall, type Staging } from './staging.ts';

export interface Fetchable {
  readonly file: NodeFile;
  readonly found: DownloadDocument;
  readonly path: string;
}

export interface Fetching {
  readonly space: Vospace;
  readonly staging: Staging;
  readonly copying: Copying;
  /** Finds the node once more: URLs end after a while, and nodes change. */
  readonly again: () => Promise<DownloadDocument>;
}

export interface Fetched {
  readonly size: number;
  readonly md5: string | undefined;
}

/** Bytes that are held in memory until all of them have come. */
const SMALL = 1024 * 1024;
/** Bytes of one request. */
const RANGE = 16 * 1024 * 1024;

export async function fetchSmall({ file, found, path }: Fetchable, fetching: Fetching): Promise<Fetched> {
  const { staging, copying } = fetching;
  const { report, mode, slots, store, signal } = copying;
  const modified = mode.dates ? file.modified : undefined;
  return repeat(found, fetching, async ({ url, size, md5 }) => {
    let moved = 0;
    const digest = createHash('md5');
    const part = await onDisk(async () => staging.fresh());
    try {
      const blocks: Uint8Array[] = [];
      const handle = size > SMALL ? await onDisk(() => open(part, 'w')) : undefined;
      try {
        if (url !== undefined) {
          await slots.with(async () => {
            for await (const block of (await store.get(url, signal)) as AsyncIterable<Uint8Array>) {
              digest.update(block);
              moved += block.byteLength;
              report.moved(block.byteLength);
              if (handle) await onDisk(() => handle.write(block));
              else blocks.push(block);
            }
          });
        }
        const hex = digest.digest('hex');
        if (moved !== size || (md5 !== undefined && hex !== md5))
          throw new VospaceError('Corrupted', `${moved} bytes with MD5 ${hex} have come, of ${size} with ${md5 ?? 'another'}`);
        await handle?.close();
        if (handle) await onDisk(() => settleLarge(part, path, modified));
        else await onDisk(async () => writeSmall(part, Buffer.concat(blocks), path, modified));
        return { size, md5: hex };
      } finally {
        await handle?.close();
      }
    } catch (thrown) {
      report.moved(-moved);
      throw thrown;
    }
  });
}

/** What has come of the same bytes in an earlier run is not asked for again. */
export async function fetchLarge({ file, found, path }: Fetchable, fetching: Fetching): Promise<Fetched> {
  const { staging, copying } = fetching;
  const { report, journal, slots, store, digests, signal, parallel, mode } = copying;
  const part = staging.named(path);
  return repeat(found, fetching, async ({ url, size, md5 }) => {
    const from = `/${file.where.join('/')}`;
    const digest = md5 === undefined && file.size === size ? file.parts : undefined;
    const range = digest === undefined ? RANGE : partSizeOf(digest);
    const pieces = new Pieces(size, range, digest !== undefined);
    const identity = md5 ?? digest ?? `${file.modified ?? ''}`;
    const known = journal.downloadInto(part);
    const goesOn = known?.from === from && known.size === size && known.identity === identity && known.range === range && existsSync(part);
    if (!goesOn) journal.downloading({ part, from, size, identity, range });
    const handle = await onDisk(() => open(part, goesOn ? 'r+' : 'w+'));
    let moved = 0;
    const count = (bytes: number): void => {
      moved += bytes;
      report.moved(bytes);
    };
    try {
      const assembly = new Assembly(handle, part, { size, pieces, md5, digest }, digests, signal);
      const numbers = Array.from({ length: pieces.count }, (_, i) => i);
      const there = goesOn ? numbers.filter((number) => known.arrived.has(number)) : [];
      for (const number of there) {
        const [start, end] = pieces.piece(number);
        count(end - start);
        assembly.isThere(number);
      }
      const missing = numbers.filter((number) => !there.includes(number)).values();
      const stop = new AbortController();
      const ends = AbortSignal.any([signal, stop.signal]);
      const current = { url };
      // What has come goes to the disk meanwhile, so that little is left at the end. What that says is said again then.
      let writing: Promise<void> | undefined;
      const writeBack = (): void => {
        writing ??= handle
          .datasync()
          .catch(() => undefined)
          .finally(() => (writing = undefined));
      };
      const worker = async (): Promise<void> => {
        for (const number of missing) {
          const [start, end] = pieces.piece(number);
          const one = (address: string): Promise<void> =>
            slots.with(() => fetchRange(handle, { store, url: address, start, end, signal: ends, count }));
          await rangeOf(one, current, { size, md5 }, fetching);
          journal.arrived(part, number);
          assembly.isThere(number);
          writeBack();
        }
      };
      try {
        await Promise.all(Array.from({ length: Math.min(parallel, 8) }, worker));
      } catch (thrown) {
        stop.abort(thrown);
        throw thrown;
      }
      const hex = await assembly.end();
      await writing;
      await handle.close();
      await onDisk(() => settleLarge(part, path, mode.dates ? file.modified : undefined));
      journal.dropped(part);
      return { size, md5: hex };
    } catch (thrown) {
      report.moved(-moved);
      if (thrown instanceof VospaceError && thrown.fault === 'Corrupted') journal.dropped(part);
      throw thrown;
    } finally {
      await handle.close();
    }
  });
}

interface Ranged {
  readonly store: Copying['store'];
  readonly url: string;
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal;
  readonly count: (bytes: number) => void;
}

/** Bytes that are written at a time. */
const WRITE = 1024 * 1024;

async function fetchRange(handle: FileHandle, { store, url, start, end, signal, count }: Ranged): Promise<void> {
  let [at, written] = [start, start];
  const quick = (bytes: number): void => {
    written += bytes;
    count(bytes);
  };
  let blocks: Uint8Array[] = [];
  const flush = async (): Promise<void> => {
    const [some, place] = [blocks, written];
    [blocks, written] = [[], at];
    if (some.length > 0) await onDisk(() => writeAll(handle, some, place));
    count(written - place);
  };
  try {
    if (await store.into({ fd: handle.fd, url, start, end, signal, written: quick })) return;
    for await (const block of (await store.get(url, signal, { start, end })) as AsyncIterable<Uint8Array>) {
      if (at + block.byteLength > end) throw new VospaceError('BadAnswer', 'more bytes have come than were asked for');
      blocks.push(block);
      at += block.byteLength;
      if (at - written >= WRITE) await flush();
    }
    await flush();
    if (at !== end) throw new VospaceError('ConnectionFailed', `${at - start} bytes have come, of ${end - start}`);
  } catch (thrown) {
    count(start - written);
    throw thrown;
  }
}

/** A disk that is nearly full takes a part of what it is given. */
async function writeAll(handle: FileHandle, blocks: readonly Uint8Array[], place: number): Promise<void> {
  const length = blocks.reduce((sum, block) => sum + block.byteLength, 0);
  const { bytesWritten } = await handle.writev(blocks, place);
  if (bytesWritten === length) return;
  const rest = Buffer.concat(blocks).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) at += (await handle.write(rest, at, rest.length - at, place + bytesWritten + at)).bytesWritten;
}

/** Tried again by itself, with a fresh URL where the one that there is has ended. */
async function rangeOf(
  one: (url: string) => Promise<void>,
  current: { url: string | undefined },
  { size, md5 }: Fetched,
  { space, copying, again }: Fetching,
): Promise<void> {
  const { policy, runtime } = space.session.wire;
  for (let tries = 1; ; tries++) {
    const { url } = current;
    try {
      if (url !== undefined) return await one(url);
      const fresh = await again();
      if (fresh.size !== size || fresh.md5 !== md5) throw new VospaceError('Corrupted', 'the node has been changed meanwhile');
      current.url = fresh.url;
    } catch (thrown) {
      const error = asVospaceError(thrown, 'download', copying.signal);
      if (!(error instanceof VospaceError) || tries >= policy.tries) throw error;
      const isOver = error.status === 401 || error.status === 403 || error.status === 404;
      if (!isOver && !error.transient) throw error;
      if (isOver && current.url === url) current.url = undefined;
      await waitFor(error, tries, policy, runtime, copying.signal);
    }
  }
}

/** Does it again, with what the node is by then, where that may help. */
async function repeat<T>(
  found: DownloadDocument,
  { space, copying, again }: Fetching,
  once: (found: DownloadDocument) => Promise<T>,
): Promise<T> {
  const { policy, runtime } = space.session.wire;
  let current = found;
  for (let tries = 1; ; tries++) {
    try {
      return await once(current);
    } catch (thrown) {
      const error = asVospaceError(thrown, 'download', copying.signal);
      if (!(error instanceof VospaceError) || tries >= policy.tries) throw error;
      const isOver = error.status !== undefined && [401, 403, 404].includes(error.status);
      if (!error.transient && !isOver && error.fault !== 'Corrupted') throw error;
      await waitFor(error, tries, policy, runtime, copying.signal);
      current = await again();
    }
  }
}

/** So that what the disk refuses is not taken for a broken connection. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asRefusal(thrown);
  }
}

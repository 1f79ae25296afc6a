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
import { asRefusal, md5OfRange } from './local-bytes.ts';
import { digestOf, partSizeOf } from '../../model/parts-digest.ts';
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
              if (handle) await onDisk(() => writeAll(handle, block, moved));
              else blocks.push(block);
              moved += block.byteLength;
              report.moved(block.byteLength);
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
  const { space, staging, copying, again } = fetching;
  const { report, journal, slots, store, signal, parallel, mode } = copying;
  const part = staging.named(path);
  return repeat(found, fetching, async ({ url: first, size, md5 }) => {
    const from = `/${file.where.join('/')}`;
    const digest = md5 === undefined && file.size === size ? file.parts : undefined;
    const range = digest === undefined ? RANGE : partSizeOf(digest);
    const identity = md5 ?? digest ?? `${file.modified ?? ''}`;
    const known = journal.downloadInto(part);
    const goesOn = known?.from === from && known.size === size && known.identity === identity && known.range === range && existsSync(part);
    if (!goesOn) journal.downloading({ part, from, size, identity, range });
    const handle = await onDisk(() => open(part, goesOn ? 'r+' : 'w+'));
    const stop = new AbortController();
    const ends = AbortSignal.any([signal, stop.signal]);
    let moved = 0;
    const count = (bytes: number): void => {
      moved += bytes;
      report.moved(bytes);
    };
    let url = first;
    const fresh = async (): Promise<void> => {
      const one = await again();
      if (one.size !== size || one.md5 !== md5) throw new VospaceError('Corrupted', 'the node has been changed meanwhile');
      url = one.url;
    };
    // What has come goes to the disk meanwhile, so that little is left at the end. What that says is said again then.
    let writing: Promise<void> | undefined;
    const writeBack = (): void => {
      writing ??= handle
        .datasync()
        .catch(() => undefined)
        .finally(() => (writing = undefined));
    };
    try {
      const md5s: string[] = [];
      const numbers = Array.from({ length: Math.ceil(size / range) }, (_, i) => i).values();
      const worker = async (): Promise<void> => {
        for (const number of numbers) {
          const [start, end] = [number * range, Math.min(size, (number + 1) * range)];
          if (goesOn && known.arrived.has(number)) {
            count(end - start);
            if (digest !== undefined) md5s[number] = await md5OfRange(handle, part, start, end, ends);
            continue;
          }
          let used = url;
          const one = (): Promise<string> =>
            slots.with(() => fetchRange(handle, { store, url: (used = url), start, end, signal: ends, count }));
          md5s[number] = await insist(one, { space, signal: ends }, false, async (isOver) => isOver && used === url && fresh());
          journal.arrived(part, number);
          writeBack();
        }
      };
      const workers = Array.from({ length: Math.min(parallel, 8) }, worker);
      try {
        await Promise.all(workers);
      } catch (thrown) {
        stop.abort(thrown);
        // They count, note and write no more when the next try begins.
        await Promise.allSettled(workers);
        throw thrown;
      }
      const isMeant =
        md5 === undefined
          ? digest === undefined || digestOf(range, md5s) === digest
          : (await md5OfRange(handle, part, 0, size, signal)) === md5;
      if (!isMeant) throw new VospaceError('Corrupted', 'the bytes are not those that the node has');
      await writing;
      await handle.close();
      await onDisk(() => settleLarge(part, path, mode.dates ? file.modified : undefined));
      journal.dropped(part);
      return { size, md5 };
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
  readonly url: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal;
  readonly count: (bytes: number) => void;
}

/**
 * Resolves to the MD5. In two halves: a segment of which it sends all at once Swift digests, in its proxy and once more beside the disk, which is
 * more than all else it does for it.
 */
async function fetchRange(handle: FileHandle, { store, url, start, end, signal, count }: Ranged): Promise<string> {
  if (url === undefined) throw new VospaceError('BadAnswer', 'the service gives no URL for it');
  const md5 = createHash('md5');
  let at = start;
  try {
    for (const half of [start + Math.ceil((end - start) / 2), end]) {
      for await (const block of (await store.get(url, signal, { start: at, end: half })) as AsyncIterable<Uint8Array>) {
        if (at + block.byteLength > half) throw new VospaceError('BadAnswer', 'more bytes have come than were asked for');
        md5.update(block);
        await onDisk(() => writeAll(handle, block, at));
        at += block.byteLength;
        count(block.byteLength);
      }
      if (at !== half) throw new VospaceError('ConnectionFailed', `${at - start} bytes have come, of ${end - start}`);
    }
    return md5.digest('hex');
  } catch (thrown) {
    count(start - at);
    throw thrown;
  }
}

/** A disk that is nearly full takes a part of what it is given. */
async function writeAll(handle: FileHandle, block: Uint8Array, place: number): Promise<void> {
  for (let at = 0; at < block.byteLength;) at += (await handle.write(block, at, block.byteLength - at, place + at)).bytesWritten;
}

/** Does it again, with what the node is by then, where that may help. */
async function repeat<T>(found: DownloadDocument, fetching: Fetching, once: (found: DownloadDocument) => Promise<T>): Promise<T> {
  let current = found;
  return insist(
    () => once(current),
    { space: fetching.space, signal: fetching.copying.signal },
    true,
    async () => (current = await fetching.again()),
  );
}

/** `whole`: other bytes than were meant may be the right ones the next time. `before` the next time; `isOver`: the URL may be. */
async function insist<T>(
  once: () => Promise<T>,
  { space, signal }: Pick<Fetching, 'space'> & Pick<Copying, 'signal'>,
  whole: boolean,
  before: (isOver: boolean) => Promise<unknown>,
): Promise<T> {
  const { policy, runtime } = space.session.wire;
  for (let tries = 1; ; tries++) {
    try {
      return await once();
    } catch (thrown) {
      const error = asVospaceError(thrown, 'download', signal);
      if (!(error instanceof VospaceError) || tries >= policy.tries) throw error;
      const isOver = error.status !== undefined && [401, 403, 404].includes(error.status);
      if (!error.transient && !isOver && !(whole && error.fault === 'Corrupted')) throw error;
      await waitFor(error, tries, policy, runtime, signal);
      await before(isOver);
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

// The bytes of one large node into a file: in ranges, several at a time, which go on where they broke off.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import { digestOf, partSizeOf } from '../../model/parts-digest.ts';
import type { Copying } from './copying.ts';
import { insist, onDisk, repeat, writeAll, type Fetchable, type Fetched, type Fetching } from './fetching.ts';
import { md5OfRange } from './local-bytes.ts';
import { settleLarge } from './staging.ts';

/** Bytes of one request. */
const RANGE = 16 * 1024 * 1024;

/** What has come of the same bytes in an earlier run is not asked for again. */
export async function fetchLarge({ file, found, path }: Fetchable, fetching: Fetching): Promise<Fetched> {
  const { space, staging, copying, again } = fetching;
  const { report, journal, slots, store, signal, parallel, mode } = copying;
  const part = staging.named(path);
  return repeat(found, fetching, ({ url: first, size, md5 }) =>
    report.counting(async (moved) => {
      const from = `/${file.where.join('/')}`;
      const digest = md5 === undefined && file.size === size ? file.parts : undefined;
      const range = digest === undefined ? RANGE : partSizeOf(digest);
      const identity = md5 ?? digest ?? `${file.modified ?? ''}`;
      const known = journal.downloadInto(part);
      const goesOn =
        known?.from === from && known.size === size && known.identity === identity && known.range === range && existsSync(part);
      if (!goesOn) journal.downloading({ part, from, size, identity, range });
      const handle = await onDisk(() => open(part, goesOn ? 'r+' : 'w+'));
      const stop = new AbortController();
      const ends = AbortSignal.any([signal, stop.signal]);
      let arrived = 0;
      const count = (bytes: number): void => moved((arrived += bytes));
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
        if (thrown instanceof VospaceError && thrown.fault === 'Corrupted') journal.dropped(part);
        throw thrown;
      } finally {
        await handle.close();
      }
    }),
  );
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

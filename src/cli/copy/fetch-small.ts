// The bytes of one small node into a file: all of them, compared, then under the file's name.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import { onDisk, repeat, writeAll, type Fetchable, type Fetched, type Fetching } from './fetching.ts';
import { settleLarge, writeSmall } from './staging.ts';

/** Bytes that are held in memory until all of them have come. */
const SMALL = 1024 * 1024;

export async function fetchSmall({ file, found, path }: Fetchable, fetching: Fetching): Promise<Fetched> {
  const { staging, copying } = fetching;
  const { report, mode, slots, store, signal } = copying;
  const modified = mode.dates ? file.modified : undefined;
  return repeat(found, fetching, ({ url, size, md5 }) =>
    report.counting(async (count) => {
      let moved = 0;
      const digest = createHash('md5');
      const part = await onDisk(async () => staging.fresh());
      const blocks: Uint8Array[] = [];
      const handle = size > SMALL ? await onDisk(() => open(part, 'w')) : undefined;
      try {
        if (url !== undefined) {
          await slots.with(async () => {
            for await (const block of (await store.get(url, signal)) as AsyncIterable<Uint8Array>) {
              if (moved + block.byteLength > size) throw new VospaceError('Corrupted', `more bytes have come than the ${size} that it has`);
              digest.update(block);
              if (handle) await onDisk(() => writeAll(handle, block, moved));
              else blocks.push(block);
              count((moved += block.byteLength));
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
    }),
  );
}

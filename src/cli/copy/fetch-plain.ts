// The bytes of one node of another kind of VOSpace into a file: negotiated by itself, as the standard has it.
import { open } from 'node:fs/promises';
import type { Vospace } from '../../client/vospace.ts';
import type { Copying } from './copying.ts';
import type { Fetchable, Fetched } from './fetching.ts';
import { settleLarge, type Staging } from './staging.ts';

export async function fetchPlain(
  { file, path }: Pick<Fetchable, 'file' | 'path'>,
  { space, staging }: { readonly space: Vospace; readonly staging: Staging },
  { report, signal, mode }: Copying,
): Promise<Fetched> {
  return report.counting(async (count) => {
    const { body } = await space.download(file.where, { signal });
    const part = staging.fresh();
    const handle = await open(part, 'w');
    let size = 0;
    try {
      for await (const block of body as unknown as AsyncIterable<Uint8Array>) {
        await handle.writeFile(block);
        count((size += block.byteLength));
      }
    } finally {
      await handle.close();
    }
    await settleLarge(part, path, mode.dates ? file.modified : undefined);
    return { size, md5: undefined };
  });
}

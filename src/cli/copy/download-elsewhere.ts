// Nodes of another kind of VOSpace into files of this computer: one negotiation for each file, as the standard has it.
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { failed, type Copying, type NodePlace } from './copying.ts';
import { setDate } from './dates.ts';
import type { Entry, NodeFile } from './entry.ts';
import { asRefusal } from './local-bytes.ts';
import { makeLocalFolder } from './local-folders.ts';
import { LocalNames } from './local-names.ts';
import { isSameHere } from './same.ts';
import { batches } from './slots.ts';
import { settleLarge, type Staging } from './staging.ts';
import { nameAt } from './there.ts';

export async function downloadElsewhere(
  entries: AsyncIterable<Entry<NodeFile>>,
  from: Pick<NodePlace, 'space' | 'authority'>,
  to: { readonly path: string; readonly staging: Staging },
  copying: Copying,
): Promise<void> {
  const names = new LocalNames(to.path);
  for await (const batch of batches(entries, 50)) {
    copying.signal.throwIfAborted();
    for (const folder of batch) if (folder.kind === 'folder') makeLocalFolder(folder, to.path, names, copying);
    const waiting = batch.filter((entry) => entry.kind === 'file').values();
    const worker = async (): Promise<void> => {
      for (const file of waiting) if (!copying.signal.aborted) await one(file, from, () => names.pathOf(file.names), to.staging, copying);
    };
    await Promise.all(Array.from({ length: copying.parallel }, worker));
  }
  copying.signal.throwIfAborted();
}

async function one(
  file: NodeFile,
  { space, authority }: Pick<NodePlace, 'space' | 'authority'>,
  place: () => string,
  staging: Staging,
  copying: Copying,
): Promise<void> {
  const { report, signal, mode } = copying;
  let moved = 0;
  try {
    if (file.parent?.failed) throw file.parent.failed;
    const path = place();
    const there = statSync(path, { throwIfNoEntry: false });
    if (there && mode.keeps) return report.settled('kept', path);
    if (there && there.isFile() && (await isSameHere({ path, size: there.size }, file, mode.same, signal))) {
      if (mode.dates) setDate(path, file.modified);
      return report.settled('same', path);
    }
    const { body } = await space.download(file.where, { signal });
    const part = staging.fresh();
    const handle = await open(part, 'w');
    try {
      for await (const block of body as unknown as AsyncIterable<Uint8Array>) {
        await handle.writeFile(block);
        moved += block.byteLength;
        report.moved(block.byteLength);
      }
    } finally {
      await handle.close();
    }
    await settleLarge(part, path, mode.dates ? file.modified : undefined);
    return report.settled('copied', path, { size: moved });
  } catch (thrown) {
    report.moved(-moved);
    return failed(copying, nameAt({ authority, where: file.where }), asRefusal(thrown));
  }
}

// What a copy would do, told and not done.
import { lstatSync } from 'node:fs';
import type { Vospace } from '../../client/vospace.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { Place } from './copy.ts';
import type { Copying } from './copying.ts';
import { isSameLocal } from './download.ts';
import type { Entry, LocalFile, NodeFile } from './entry.ts';
import { LocalNames } from './local-names.ts';
import { isThere, nodeAt } from './node-there.ts';
import { batches } from './slots.ts';
import { nameOf, withoutSame } from './there.ts';

/** Of files of this computer. */
export async function tellUploads(
  entries: AsyncIterable<Entry<LocalFile>>,
  to: { readonly space: Vospace; readonly where: readonly string[] },
  copying: Copying,
): Promise<void> {
  for await (const batch of batches(entries, MAX_BATCH)) {
    const files = batch.filter((entry) => entry.kind === 'file');
    for (const file of await withoutSame(files, to, copying, { dry: true }))
      copying.report.settled('wouldCopy', nameOf(to, file), { size: file.size });
  }
}

/** Of nodes. */
export async function tellNodes(entries: AsyncIterable<Entry<NodeFile>>, place: Place, { report, mode, signal }: Copying): Promise<void> {
  const names = place.at === 'here' ? new LocalNames(place.path) : undefined;
  for await (const file of entries) {
    if (file.kind === 'folder') continue;
    if (names) {
      const path = names.pathOf(file.names);
      const found = lstatSync(path, { throwIfNoEntry: false });
      const same = found !== undefined && (await isSameLocal(file, found, path, mode.same, signal));
      report.settled(same ? 'same' : 'wouldCopy', path, { size: file.size });
    } else if (place.at === 'space') {
      const to = { ...place, where: [...place.where, ...file.names] };
      const there = await nodeAt(to, signal);
      report.settled(there && isThere(file, there, mode.same) ? 'same' : 'wouldCopy', nameOf(to, { names: [] }), { size: file.size });
    }
  }
}

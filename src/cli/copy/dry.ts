// What a copy would do, told and not done.
import type { Vospace } from '../../client/vospace.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { Place } from './copy.ts';
import type { Copying } from './copying.ts';
import type { Entry, LocalFile, NodeFile } from './entry.ts';
import { LocalNames, look } from './local-names.ts';
import { isSameHere, isSameNode } from './same.ts';
import { nodeAt } from '../nodes/look.ts';
import { batches } from './slots.ts';
import { nameAt, withoutSame } from './there.ts';

/** Of files of this computer. */
export async function tellUploads(
  entries: AsyncIterable<Entry<LocalFile>>,
  to: { readonly space: Vospace; readonly where: readonly string[] },
  copying: Copying,
): Promise<void> {
  for await (const batch of batches(entries, MAX_BATCH)) {
    const files = batch.filter((entry) => entry.kind === 'file');
    for (const file of await withoutSame(files, to, copying, { dry: true }))
      copying.report.settled('wouldCopy', nameAt(to, file.names), { size: file.size });
  }
}

/** Of nodes. */
export async function tellNodes(entries: AsyncIterable<Entry<NodeFile>>, place: Place, { report, mode, signal }: Copying): Promise<void> {
  const names = place.at === 'here' ? new LocalNames(place.path) : undefined;
  for await (const file of entries) {
    if (file.kind === 'folder') continue;
    if (names) {
      const path = names.pathOf(file.names);
      const found = look(path);
      const same = found?.isFile() && (await isSameHere({ path, size: found.size }, file, mode.same, signal));
      report.settled(same ? 'same' : 'wouldCopy', path, { size: file.size });
    } else if (place.at === 'space') {
      const to = { ...place, where: [...place.where, ...file.names] };
      const there = await nodeAt(to, signal);
      report.settled(there && isSameNode(file, there, mode.same) ? 'same' : 'wouldCopy', nameAt(to), { size: file.size });
    }
  }
}

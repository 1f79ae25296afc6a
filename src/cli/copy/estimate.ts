// How much there is to do, found out beside the work itself, for whoever watches.
import { statSync } from 'node:fs';
import { sizeOf } from '../nodes/facts.ts';
import type { Copying } from './copying.ts';
import type { LocalEnd, NodeEnd } from './ends.ts';
import { meant, type Filter } from './filter.ts';
import { walkLocal } from './walk-local.ts';

/** Tells the report when it is known. Of trees here files are counted; containers know their bytes. Never fails. */
export async function estimate(sources: readonly (LocalEnd | NodeEnd)[], filter: Filter, { report, signal }: Copying): Promise<void> {
  const total = { files: 0, bytes: 0 };
  try {
    for (const source of sources) {
      if (source.at === 'space') {
        const size = source.node && sizeOf(source.node);
        if (size === undefined) return;
        total.bytes += size;
      } else if (source.kind === 'folder') {
        const walk = walkLocal(source.path, { signal, skip: () => undefined, failed: () => undefined });
        for await (const entry of meant(walk, filter)) {
          if (entry.kind === 'folder') continue;
          total.files += 1;
          total.bytes += entry.size;
        }
      } else {
        total.files += 1;
        total.bytes += statSync(source.path).size;
      }
    }
    report.totalIs(total);
  } catch {
    // Whoever does the work says so.
  }
}

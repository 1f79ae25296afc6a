// The same crossmatch without services and pipes, to compare with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkOf } from './archive.ts';
import type { Band } from './bands.ts';
import { parseChunk, type Catalogue } from './chunk.ts';
import { matchChunk, mergeMatches, type Matching } from './match.ts';
import { formatMatches, parseMatches } from './matches.ts';
import type { Match } from './source.ts';

export interface Task {
  /** The larger one: its chunks have the margin. */
  readonly reference: Catalogue;
  readonly sources: Catalogue;
  readonly bands: readonly Band[];
  readonly matching: Matching;
}

export interface Result {
  /** One-to-one. */
  readonly matches: readonly Match[];
  /** Seconds from the first byte that was sent. */
  readonly seconds: number;
  /** Seconds of processor time, of all processes; where others use the processors, too, that is what can be compared. */
  readonly processor: number;
}

/** The chunks are written to files, read, matched, written, read and merged, by this process alone. */
export function matchLocally({ reference, sources, bands, matching }: Task): Result {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-crossmatch-'));
  const at = (what: string, { name }: Band): string => join(directory, `${what}-${name}`);
  const [since, usedBefore] = [performance.now(), ownProcessor()];
  try {
    for (const band of bands) {
      writeFileSync(at('a', band), chunkOf(reference, band, matching.margin));
      writeFileSync(at('b', band), chunkOf(sources, band, 0));
    }
    for (const band of bands) {
      const found = matchChunk(parseChunk(readFileSync(at('a', band))), parseChunk(readFileSync(at('b', band))), matching);
      writeFileSync(at('m', band), formatMatches(found, `Matches of ${band.name}`));
    }
    const matches = mergeMatches(bands.flatMap((band) => parseMatches(readFileSync(at('m', band)))));
    return { matches, seconds: (performance.now() - since) / 1000, processor: ownProcessor() - usedBefore };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of this process, in seconds. */
export function ownProcessor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

// One run: both archives stream, the stage matches, and what comes out of the last pipe is merged. Also the same on local files, to compare with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pipe } from '../../src/client/pipes.ts';
import { chunkOf, publish } from './archive.ts';
import type { Band } from './bands.ts';
import { parseChunk, type Catalogue } from './chunk.ts';
import type { Course } from './flow.ts';
import { matchChunk, mergeMatches, type Matching } from './match.ts';
import { formatMatches, parseMatches } from './matches.ts';
import { startMembers } from './members.ts';
import type { Site } from './sites.ts';
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
}

export interface Streamed extends Result {
  /** Seconds until the last chunk of both catalogues was where it is matched. */
  readonly streamed: number;
  readonly bytes: number;
  /** Results that came out, by name: each once. */
  readonly names: readonly string[];
  /** Megabytes of a stage's process at most. */
  readonly stagePeak: number;
}

export interface Watch {
  /** A result has come out, the so-manieth. */
  arrived(count: number, bytes: number): void;
  /** Once, in the middle: what is to be killed then. */
  readonly disturb?: (killStage: () => void) => Promise<void>;
}

/** Processes that match: as many as there are ways in which the service can be busy beside them on two cores. */
const MEMBERS = 2;

export async function stream(
  { reference, sources, bands, matching }: Task,
  flow: Course,
  sites: readonly [Site, Site],
  watch: Watch,
): Promise<Streamed> {
  const [stars, surveys] = sites;
  const members = startMembers(MEMBERS, surveys, flow, matching);
  const since = performance.now();
  const seconds = (): number => (performance.now() - since) / 1000;
  let [bytes, disturbed] = [0, false];
  const written = (more: number): void => void (bytes += more);
  let disturbance: Promise<void> | undefined;
  const arrived = (count: number, size: number): void => {
    watch.arrived(count, size);
    if (disturbed || count < bands.length / 4) return;
    disturbed = true;
    disturbance = watch.disturb?.(() => members.killOne());
    // It is waited for at the end, where it is heard.
    disturbance?.catch(() => undefined);
  };
  try {
    const common = { bands, margin: 0, written };
    const publishing = Promise.all([
      publish({
        ...common,
        catalogue: reference,
        margin: matching.margin,
        space: stars.space,
        container: flow.referenceFrom,
        pipe: flow.reference,
      }),
      publish({ ...common, catalogue: sources, space: surveys.space, container: flow.sourcesFrom, pipe: flow.sources }),
    ]);
    const streaming = Promise.all([publishing, drained(flow.reference), drained(flow.sources)]).then(seconds);
    // Nothing is made any more when the stage has ended.
    const closing = members.ended.then(() => flow.matches.close({ total: bands.length }));
    const [found, streamed] = await Promise.all([collect(flow.matches, arrived), streaming, closing]);
    await disturbance;
    return { matches: mergeMatches(found.matches), names: found.names, seconds: seconds(), streamed, bytes, stagePeak: members.peak() };
  } finally {
    members.stop();
  }
}

/** Until the pipe is closed and everything in it is visible. */
async function drained(pipe: Pipe): Promise<void> {
  for await (const chunk of pipe.read({ urls: false }))
    if (chunk.status === 'dead') throw new Error(`${chunk.name}: ${chunk.reason ?? 'is dead'}`);
}

async function collect(
  pipe: Pipe,
  arrived: (count: number, bytes: number) => void,
): Promise<{ readonly matches: readonly Match[]; readonly names: readonly string[] }> {
  const matches: Match[] = [];
  const names: string[] = [];
  for await (const chunk of pipe.read()) {
    const bytes = await pipe.bytes(chunk);
    for (const match of parseMatches(bytes)) matches.push(match);
    arrived(names.push(chunk.name), bytes.length);
  }
  return { matches, names };
}

/** Without services and pipes: the chunks are written to files, read, matched, written, read and merged, by this process alone. */
export function matchLocally({ reference, sources, bands, matching }: Task): Result {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-crossmatch-'));
  const at = (what: string, { name }: Band): string => join(directory, `${what}-${name}`);
  const since = performance.now();
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
    return { matches, seconds: (performance.now() - since) / 1000 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

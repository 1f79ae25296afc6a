// One run: both archives stream, the stage matches, and what comes out of the last pipe is merged.
import type { Pipe } from '../../src/client/pipes.ts';
import { publish } from './archive.ts';
import type { Course } from './flow.ts';
import { ownProcessor, type Result, type Task } from './local.ts';
import { mergeMatches } from './match.ts';
import { parseMatches } from './matches.ts';
import { startMembers, type Members } from './members.ts';
import type { Site } from './sites.ts';
import type { Match } from './source.ts';

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

export async function stream(task: Task, course: Course, sites: readonly [Site, Site], watch: Watch): Promise<Streamed> {
  const members = startMembers(MEMBERS, sites[1], course, task.matching);
  try {
    // A stage waits for its chunks, as services do: the clock is started when it does.
    await members.ready;
    return await flowThrough(task, course, sites, members, watch);
  } finally {
    members.stop();
  }
}

async function flowThrough(
  { reference, sources, bands, matching }: Task,
  course: Course,
  sites: readonly [Site, Site],
  members: Members,
  watch: Watch,
): Promise<Streamed> {
  const [stars, surveys] = sites;
  const [since, usedBefore] = [performance.now(), processorOf(sites)];
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
  const common = { bands, margin: 0, written };
  const publishing = Promise.all([
    publish({
      ...common,
      catalogue: reference,
      margin: matching.margin,
      source: { space: stars.space, uri: course.referenceFrom, isOwn: false },
      pipe: course.reference,
    }),
    publish({
      ...common,
      catalogue: sources,
      source: { space: surveys.space, uri: course.sourcesFrom, isOwn: true },
      pipe: course.sources,
    }),
  ]);
  const streaming = Promise.all([publishing, drained(course.reference), drained(course.sources)]).then(seconds);
  // Nothing is made any more when the stage has ended.
  const closing = members.ended.then(() => course.matches.close({ total: bands.length }));
  const [found, streamed] = await Promise.all([collect(course.matches, arrived), streaming, closing]);
  await disturbance;
  const matches = mergeMatches(found.matches);
  const { peak, processor: staged } = members.usage();
  const processor = processorOf(sites) - usedBefore + staged;
  return { matches, names: found.names, seconds: seconds(), processor, streamed, bytes, stagePeak: peak };
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

/** Of this process and of both services, in seconds. */
function processorOf(sites: readonly Site[]): number {
  return ownProcessor() + sites.reduce((sum, site) => sum + (site.usage()?.processor ?? 0), 0);
}

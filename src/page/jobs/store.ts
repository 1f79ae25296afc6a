// The user's jobs of all lists: read once, kept up by the live stream, read again where that may have missed something.
import { signal } from '@preact/signals';
import { Jobs } from '../../client/jobs.ts';
import type { Session } from '../../client/session.ts';
import { USER_LISTS, type JobReference } from '../../model/job.ts';
import type { JobChange } from '../../model/event.ts';
import { onLive } from '../app/live.ts';
import { session } from '../app/spaces.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';

export interface Known {
  readonly jobs: readonly JobReference[];
  /** Older ones than these are not asked for. */
  readonly last: number;
  /** Whether there may be older ones. */
  readonly more: boolean;
  readonly trouble?: Trouble;
}

/** Undefined until they have been read. */
export const known = signal<Known | undefined>(undefined);

const FIRST = 100;
export const MOST = 1000;
/** Milliseconds in which several reasons to read again are one. */
const GATHER = 300;

let waiting: ReturnType<typeof setTimeout> | undefined;
/** Questions so far, and which of them is answered on show: an answer that a later one has overtaken is not shown. */
let [asked, shown] = [0, 0];

/** Keeps `known` up while somebody looks. Returns how to stop, after which nothing is known. */
export function watchJobs(): () => void {
  void read();
  const leave = onLive((event) => {
    if (event.event === 'resync') readSoon();
    if (event.event === 'job') take(event.jobs);
  });
  return () => {
    leave();
    clearTimeout(waiting);
    waiting = undefined;
    shown = asked;
    known.value = undefined;
  };
}

export function readSoon(): void {
  waiting ??= setTimeout(() => {
    waiting = undefined;
    void read();
  }, GATHER);
}

export async function readOlder(): Promise<void> {
  await read(MOST);
}

/** The `last` ones of each list, the latest first. */
export async function readJobs(opened: Session, last: number): Promise<Pick<Known, 'jobs' | 'more'>> {
  const jobs = new Jobs(opened);
  const lists = await Promise.all(USER_LISTS.map((list) => jobs.list({ list, last })));
  return { jobs: lists.flat().toSorted((a, b) => (b.created ?? 0) - (a.created ?? 0)), more: lists.some(({ length }) => length >= last) };
}

async function read(last = known.peek()?.last ?? FIRST): Promise<void> {
  const turn = ++asked;
  const show = (next: Known): void => {
    if (turn <= shown) return;
    shown = turn;
    known.value = next;
  };
  try {
    show({ ...(await readJobs(await session(), last)), last });
  } catch (thrown) {
    show({ jobs: known.peek()?.jobs ?? [], last, more: known.peek()?.more ?? false, trouble: troubleOf(thrown) });
  }
}

/** What the stream says of jobs that are known; of another one everything has to be read. */
function take(changes: readonly JobChange[]): void {
  const now = known.peek();
  if (!now) return;
  const by = new Map(changes.map((change) => [String(change.jobId), change]));
  const jobs = now.jobs.map((job): JobReference => {
    const change = by.get(job.id);
    if (!change) return job;
    by.delete(job.id);
    const begun = job.started === undefined && change.phase === 'EXECUTING' ? { started: Date.now() } : {};
    return { ...job, ...begun, phase: change.phase, ...(change.progress && { progress: change.progress, progressed: Date.now() }) };
  });
  known.value = { ...now, jobs };
  // When it ended, and why, is not in the stream.
  if (by.size > 0 || changes.some(({ phase }) => phase !== 'EXECUTING' && phase !== 'QUEUED')) readSoon();
}

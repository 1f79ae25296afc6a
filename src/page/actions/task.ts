// Work that takes its time: a message with its progress, links to its jobs and a way to end it; what failed is listed at its end.
import { ENDED, type Progress } from '../../model/job.ts';
import type { Waiting } from '../../client/jobs.ts';
import { onLive } from '../app/live.ts';
import { notify, type Notice } from '../app/notices.tsx';
import { ROOT } from '../app/router.ts';
import { onLeaving, OWN, vospace } from '../app/spaces.ts';
import { isAborted, troubleOf } from '../app/trouble.ts';
import { inWords } from './words.ts';

export interface Task {
  readonly signal: AbortSignal;
  /** Says how far it has come; `progress` from 0 to 1, where somebody knows. */
  readonly tell: (text: string, progress?: number) => void;
  /** How to wait for a job of it, which is aborted with it. `progress` hears how far that has come. */
  readonly waiting: (authority: string, progress?: (progress: Progress) => void) => Waiting;
  /** One node of it has failed, and the rest goes on. Nothing is noted when the task has been ended. */
  readonly failed: (what: string, thrown: unknown) => void;
}

export interface Outcome {
  /** What has been done, as a sentence. */
  readonly text: string;
  readonly link?: Notice['link'];
}

/** Milliseconds: what is over sooner shows no progress. */
const PATIENCE = 300;
const running = new Set<object>();

/** `title`: a sentence for what is under way. Resolves when it has ended, however it ended. */
export async function runTask(title: string, work: (task: Task) => Promise<Outcome>): Promise<void> {
  const over = new AbortController();
  const failures: string[] = [];
  const leaves: (() => void)[] = [];
  let [now, link]: [{ text: string; progress?: number | undefined }, Notice['link']] = [{ text: title }, undefined];
  let left = false;
  let notice: ReturnType<typeof notify> | undefined;
  const end = { label: 'Cancel', run: () => over.abort() };
  const show = (next: Notice): void => {
    if (left) return;
    if (notice) notice.update(next);
    else notice = notify(next);
  };
  const busy = (): void => show({ kind: 'busy', ...now, link, action: end });
  const timer = setTimeout(busy, PATIENCE);
  // What is not begun is not done with somebody else's rights. The service's jobs go on.
  const forget = onLeaving(() => {
    left = true;
    over.abort();
  });
  const task: Task = {
    signal: over.signal,
    tell: (text, progress) => {
      now = { text, progress };
      if (notice) busy();
    },
    waiting: (authority, progress) => {
      let [abort, leave]: (() => void)[] = [];
      return {
        signal: over.signal,
        progress: ({ progress: known, phase }) => {
          if (known) progress?.(known);
          if (!ENDED.includes(phase)) return;
          if (abort) over.signal.removeEventListener('abort', abort);
          leave?.();
        },
        submitted: (job) => {
          if (authority === OWN) link = linkTo(job, link);
          // The service's own jobs tell of themselves; of others one hears when they are asked.
          if (authority === OWN && progress) leaves.push((leave = followJob(idOf(job), progress)));
          abort = () =>
            !left &&
            void vospace(authority)
              .then((space) => space.jobs.abort(job))
              .catch(() => undefined);
          over.signal.addEventListener('abort', abort);
          if (notice) busy();
        },
      };
    },
    failed: (what, thrown) => {
      if (over.signal.aborted) return;
      failures.push(`${what}: ${inWords(troubleOf(thrown))}`);
    },
  };
  running.add(over);
  try {
    const { text, link: to } = await work(task);
    const ended = over.signal.aborted ? `Cancelled. ${text}` : text;
    if (failures.length === 0) show({ kind: over.signal.aborted ? 'told' : 'done', text: ended, link: to });
    else
      show({
        kind: 'failed',
        text: failures.length === 1 ? `${ended} ${failures[0] ?? ''}` : `${ended} ${failures.length} failed.`,
        link,
        details: failures.length === 1 ? [] : failures,
      });
  } catch (thrown) {
    if (isAborted(thrown)) show({ kind: 'told', text: `${title}: cancelled.` });
    else show({ kind: 'failed', text: `${title}: ${inWords(troubleOf(thrown))}`, link });
  } finally {
    clearTimeout(timer);
    forget();
    for (const leave of leaves) leave();
    running.delete(over);
  }
}

function idOf(job: string): string {
  return job.replace(/.*\//, '');
}

function linkTo(job: string, before: Notice['link']): Notice['link'] {
  return before ? { href: `${ROOT}/jobs`, label: 'Show the jobs' } : { href: `${ROOT}/jobs/${idOf(job)}`, label: 'Show the job' };
}

function followJob(id: string, progress: (progress: Progress) => void): () => void {
  return onLive((event) => {
    if (event.event !== 'job') return;
    for (const job of event.jobs) if (job.jobId === id && job.progress) progress(job.progress);
  });
}

// Jobs go on without the page; what walks from node to node does not.
addEventListener('beforeunload', (event) => {
  if (running.size > 0) event.preventDefault();
});

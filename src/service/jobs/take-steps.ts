// Takes the steps of a job, for the JobQueue that has given it out.
import type { Assignment, Report } from '../../durable/job-queue/port.ts';
import type { JobId, Progress } from '../../model/job.ts';
import type { Services } from '../services.ts';
import type { JobContext } from './kind.ts';
import { KINDS } from './kinds.ts';
import { failureOf, runSteps } from './run-steps.ts';

/** Ends when the job has ended, waits, or has had its turn. Never throws for what a step did. */
export async function takeSteps(services: Services, queue: string, id: JobId, attempt: number): Promise<void> {
  const jobs = services.jobs(queue);
  let told: Progress | undefined;
  await runSteps<Assignment, Report>(services.clock, {
    begin: () => jobs.begin(id, attempt),
    step: (assignment, signal) => {
      told = undefined;
      return takeStep(services, assignment, signal, (progress) => {
        told = progress;
      });
    },
    failed: ({ job, work }, error) => {
      const failure = failureOf(error);
      if (failure.transient)
        console.error(JSON.stringify({ level: 'warn', event: 'step-failed', job: job.id, kind: work.kind, attempt, error: String(error) }));
      return { kind: 'failed', ...failure };
    },
    report: (report) => jobs.report(id, attempt, report),
    renew: () => {
      const progress = told;
      told = undefined;
      return jobs.renew(id, attempt, progress);
    },
    yield: () => jobs.yield(id, attempt),
  });
}

async function takeStep(
  services: Services,
  { job, work, checkpoint, undo }: Assignment,
  signal: AbortSignal,
  tell: (progress: Progress) => void,
): Promise<Report> {
  const kind = KINDS[work.kind];
  if (!kind) return { kind: 'failed', fault: 'InternalFault', detail: `no kind of job ${work.kind}`, transient: false };
  const { principal, input } = work;
  const context: JobContext<unknown, unknown> = { services, job, principal, input, checkpoint, signal, tell };
  if (!undo) return kind.step(context);
  await kind.undo?.(context);
  return { kind: 'undone' };
}

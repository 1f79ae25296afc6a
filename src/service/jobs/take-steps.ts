// Takes the steps of a job, for the JobQueue that has given it out: the loop inside a Carrier.
import { asFault } from '../../faults.ts';
import type { JobsPort, Report } from '../../durable/job-queue/port.ts';
import type { JobId, Progress } from '../../model/job.ts';
import type { Services } from '../services.ts';
import type { JobContext } from './kind.ts';
import { KINDS } from './kinds.ts';

/** Milliseconds between two signs of life: several within the lease. */
const BEAT = 8000;
/** One Carrier goes on so long; then another has its turn, because a Worker does not live for ever. */
const TURN = 60_000;
const STEPS = 500;

/** Ends when the job has ended, waits, or has had its turn. Never throws for what a step did. */
export async function takeSteps(services: Services, queue: string, id: JobId, attempt: number): Promise<void> {
  const jobs = services.jobs(queue);
  const until = services.clock() + TURN;
  for (let steps = 0; steps < STEPS; steps++) {
    const assignment = await jobs.begin(id, attempt);
    if (!assignment) return;
    const report = await takeStep(services, jobs, attempt, assignment);
    if (!report || !(await jobs.report(id, attempt, report))) return;
    if (services.clock() > until) break;
    // On one machine the runtime looks at its sockets, and at the time, only when nobody has anything to do.
    await scheduler.wait(0);
  }
  await jobs.yield(id, attempt);
}

type Assigned = NonNullable<Awaited<ReturnType<JobsPort['begin']>>>;

/** Undefined: the attempt has been overtaken, and what the step came to counts for nothing. */
async function takeStep(services: Services, jobs: JobsPort, attempt: number, assignment: Assigned): Promise<Report | undefined> {
  const { job, work, checkpoint, undo } = assignment;
  const kind = KINDS[work.kind];
  const stop = new AbortController();
  let told: Progress | undefined;
  const beat = setInterval(() => {
    const progress = told;
    told = undefined;
    void jobs
      .renew(job.id, attempt, progress)
      .then((goesOn) => !goesOn && stop.abort())
      .catch(() => undefined);
  }, BEAT);
  try {
    if (!kind) return { kind: 'failed', fault: 'InternalFault', detail: `no kind of job ${work.kind}`, transient: false };
    const context: JobContext<unknown, unknown> = {
      services,
      job,
      principal: work.principal,
      input: work.input,
      checkpoint,
      signal: stop.signal,
      tell: (progress) => {
        told = progress;
      },
    };
    if (!undo) return await kind.step(context);
    await kind.undo?.(context);
    return { kind: 'undone' };
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    const report = failure(error);
    if (report.transient)
      console.error(JSON.stringify({ level: 'warn', event: 'step-failed', job: job.id, kind: work.kind, attempt, error: String(error) }));
    return report;
  } finally {
    clearInterval(beat);
  }
}

/** Refusals stay; what the store, the network or a full service did may pass. */
function failure(error: unknown): Extract<Report, { kind: 'failed' }> {
  const fault = asFault(error);
  if (!fault) return { kind: 'failed', fault: 'InternalFault', detail: 'the service failed; its log says why', transient: true };
  const seconds = Number(fault.headers['Retry-After'] ?? '');
  return {
    kind: 'failed',
    fault: fault.fault,
    detail: fault.detail,
    transient: fault.fault === 'ServiceBusy' || fault.fault === 'TooManyRequests' || fault.fault === 'InternalFault',
    ...(seconds > 0 && { retryAfter: Math.min(seconds, 300) * 1000 }),
  };
}

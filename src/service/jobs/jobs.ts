// Jobs as their owners see and steer them: asked for by their id, listed, aborted, forgotten.
import { Fault } from '../../faults.ts';
import type { JobFilter, StoredJob } from '../../durable/job-queue/port.ts';
import { ENDED, queueIn, queueOf, type Job } from '../../model/job.ts';
import { ANONYMOUS_JOB_LIFE, ANONYMOUS_PENDING_LIFE, JOB_LIFE } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import { allows as scopesAllow } from '../../model/scopes.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';
import { settle } from '../uploads/settle.ts';
import { checkSteering } from './steering.ts';
import { waitForPhase } from './watch.ts';

/** What is kept of the job. Jobs are private to their owner: others are told so only of ids that exist, and ids cannot be guessed. */
export async function findJob(services: Services, idText: string, principal: Principal): Promise<StoredJob> {
  const found = await services.tickets.readJobId(idText);
  const stored = found && (await services.jobs(found.queue).get(found.id));
  if (!stored) throw new Fault('NotFound', `job ${idText.slice(0, 100)}`);
  checkOwner(stored.job, principal);
  checkScopes(stored, principal);
  return stored;
}

/** The same after a look whether the bytes that it waits for have arrived. */
export async function readJob(services: Services, idText: string, principal: Principal): Promise<StoredJob> {
  const stored = await findJob(services, idText, principal);
  if (!stored.awaits || ENDED.includes(stored.job.phase)) return stored;
  const outcome = await settle(services.spaces.space(stored.awaits.space), services.objects, stored.awaits.upload);
  if (typeof outcome === 'string') return stored;
  const ending =
    outcome.result === 'committed'
      ? ({ phase: 'COMPLETED' } as const)
      : ({ phase: 'ERROR', error: { fault: outcome.result, detail: outcome.detail } } as const);
  return (await services.jobs(queueIn(stored.job.id)).end(stored.job.id, ending)) ?? stored;
}

export interface Wait {
  readonly seconds: number;
  /** Only while the job is in this phase; undefined: in whichever it is. */
  readonly phase: string | undefined;
}

/** Whether bytes that a job waits for have arrived is looked for so often while somebody waits, milliseconds. */
const LOOK = 2000;

/** The job when its phase has changed or the time is over; at once when it has ended: UWS 1.1 section 2.2.1.1. */
export async function waitForJob(
  services: Services,
  idText: string,
  principal: Principal,
  wait: Wait | undefined,
  signal: AbortSignal,
): Promise<StoredJob> {
  const before = await readJob(services, idText, principal);
  const { phase } = before.job;
  if (!wait || (wait.phase !== undefined && wait.phase !== phase)) return before;
  const until = services.clock() + wait.seconds * 1000;
  let stored = before;
  while (stored.job.phase === phase && !ENDED.includes(phase) && services.clock() < until && !signal.aborted) {
    const left = until - services.clock();
    await waitForPhase(services, stored.job.id, phase, stored.awaits ? Math.min(LOOK, left) : left, signal);
    stored = await readJob(services, idText, principal);
  }
  return stored;
}

/** The caller's own jobs. Jobs of anonymous callers are in no list: whoever knows the id has it. */
export async function listJobs(services: Services, principal: Principal, filter: JobFilter): Promise<readonly Job[]> {
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', "the list of jobs is its owner's");
  return services.jobs(await queueOf(principal.id)).list(filter);
}

/** PHASE=RUN. A job that runs or has ended is left as it is. */
export async function runJob(services: Services, idText: string, principal: Principal): Promise<void> {
  const { job } = await findJob(services, idText, principal);
  checkSteering(job, principal);
  const queue = services.jobs(queueIn(job.id));
  const waits = job.phase === 'PENDING' && job.owner === undefined && job.destruction === job.created + ANONYMOUS_PENDING_LIFE;
  if (waits) await queue.change(job.id, { destruction: job.created + ANONYMOUS_JOB_LIFE });
  await queue.start(job.id);
}

/**
 * PHASE=ABORT: at once; what the job has made is taken back by a Carrier. A job that has ended stays as it ended. Done by halves, it is
 * finished by its repetition.
 */
export async function abortJob(services: Services, idText: string, principal: Principal): Promise<void> {
  const stored = await findJob(services, idText, principal);
  checkSteering(stored.job, principal);
  await services.jobs(queueIn(stored.job.id)).end(stored.job.id, { phase: 'ABORTED' });
  await dropUpload(services, stored, 'the job was aborted');
}

export async function deleteJob(services: Services, idText: string, principal: Principal): Promise<void> {
  const stored = await findJob(services, idText, principal);
  checkSteering(stored.job, principal);
  await dropUpload(services, stored, 'the job was deleted');
  await services.jobs(queueIn(stored.job.id)).remove(stored.job.id);
}

/** DESTRUCTION and EXECUTIONDURATION: "the service may choose another value"; here never later than the service's own limit. */
export async function changeJob(
  services: Services,
  idText: string,
  principal: Principal,
  times: { readonly destruction?: number; readonly executionDuration?: number },
): Promise<void> {
  const { job } = await findJob(services, idText, principal);
  checkSteering(job, principal);
  const { destruction } = times;
  const life = job.owner !== undefined ? JOB_LIFE : job.phase === 'PENDING' ? ANONYMOUS_PENDING_LIFE : ANONYMOUS_JOB_LIFE;
  const bounded = destruction === undefined ? times : { destruction: Math.min(destruction, job.created + life) };
  await services.jobs(queueIn(job.id)).change(job.id, bounded);
}

/** Nobody waits for the bytes any more: what was reserved for them is free again. */
export async function dropUpload(services: Services, { awaits }: StoredJob, detail: string): Promise<void> {
  if (awaits) await services.spaces.space(awaits.space).fail(awaits.upload, { result: 'TransferFailed', detail });
}

/** The details of a job may hold signed URLs: a restricted token gets those that it could have negotiated itself. */
function checkScopes({ job, details }: StoredJob, principal: Principal): void {
  if (principal.kind !== 'user' || principal.scopes === undefined || !details || details.protocols.length === 0) return;
  const { scopes } = principal;
  const node = job.results.find(({ id }) => id === 'dataNode')?.href ?? '';
  const action = details.direction === 'pullFromVoSpace' || details.direction === 'pushFromVoSpace' ? 'read' : 'create';
  if (![node, ...details.targets].every((uri) => scopesAllow(scopes, action, parseVosUri(uri).path)))
    throw new Fault('PermissionDenied', `job ${job.id}: the token's scopes do not cover its node`);
}

function checkOwner(job: Job, principal: Principal): void {
  if (job.owner === undefined || (principal.kind === 'user' && (principal.admin || principal.id === job.owner))) return;
  throw new Fault(principal.kind === 'anonymous' ? 'NotAuthenticated' : 'PermissionDenied', `job ${job.id}`);
}

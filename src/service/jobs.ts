// Transfers as UWS jobs: made by synctrans, asked for by their id, ended when their bytes have arrived.
import { asFault, Fault } from '../faults.ts';
import type { JobFilter, StoredJob } from '../durable/job-queue/port.ts';
import type { Job } from '../model/job.ts';
import { JOB_LIFE } from '../model/limits.ts';
import type { Principal } from '../model/principal.ts';
import { allows as scopesAllow } from '../model/scopes.ts';
import type { Transfer } from '../model/transfer.ts';
import { parseVosUri } from '../model/vos-uri.ts';
import type { Services } from './services.ts';
import { settle } from './settle.ts';
import { queueIn, queueOf } from './tickets.ts';
import { negotiate, type Negotiation } from './transfers.ts';

const ANONYMOUS_OWNER = '(anonymous)';
/** Characters of a transfer as JSON: jobs are kept for days, also those of the anonymous, and are listed by the thousand. */
const MAX_TRANSFER = 16_384;

/** Runs a synchronous transfer. A refusal is the job's: phase ERROR, and details without protocols (VOSpace 2.1 section 6.4). */
export async function submitSync(services: Services, transfer: Transfer, negotiation: Negotiation): Promise<Job> {
  const { principal } = negotiation;
  if (JSON.stringify(transfer).length > MAX_TRANSFER)
    throw new Fault('InvalidArgument', `a transfer has at most ${MAX_TRANSFER} characters`);
  const owner = principal.kind === 'user' ? principal.id : ANONYMOUS_OWNER;
  const now = services.clock();
  const started: Job = {
    id: await services.tickets.makeJobId(owner),
    owner: principal.kind === 'user' ? principal.id : undefined,
    phase: 'EXECUTING',
    created: now,
    started: now,
    executionDuration: 0,
    destruction: now + JOB_LIFE,
    parameters: [],
    results: [{ id: 'transferDetails', href: 'results/transferDetails' }],
    transfer,
  };
  const stored = await negotiate(services, transfer, negotiation).then(
    ({ details, awaits, node }): StoredJob => {
      // "this URI SHALL be specified as a result … with the id of target" where the service chose the name (section 6.4.1.2).
      const target = transfer.targets.length > 1 || node === transfer.targets[0] ? [] : [{ id: 'target', href: node }];
      const job: Job = { ...started, results: [...started.results, { id: 'dataNode', href: node }, ...target] };
      // The service does not see when a client has read from the store: a pull is complete when its URL is given.
      return awaits
        ? { job, details, awaits }
        : { job: { ...job, phase: 'COMPLETED', ended: services.clock() }, details, awaits: undefined };
    },
    (error: unknown): StoredJob => {
      const fault = asFault(error);
      if (!fault || fault.fault === 'InternalFault') throw error;
      const job: Job = { ...started, phase: 'ERROR', ended: services.clock(), error: { fault: fault.fault, detail: fault.detail } };
      return { job, details: { ...transfer, protocols: [] }, awaits: undefined };
    },
  );
  await services.jobs(await queueOf(owner)).add(stored);
  return stored.job;
}

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
  if (!stored.awaits) return stored;
  const outcome = await settle(services.spaces.space(stored.awaits.space), services.objects, stored.awaits.upload);
  if (!outcome) return stored;
  const ending =
    outcome.result === 'committed'
      ? ({ phase: 'COMPLETED' } as const)
      : ({ phase: 'ERROR', error: { fault: outcome.result, detail: outcome.detail } } as const);
  return (await services.jobs(queueIn(stored.job.id)).end(stored.job.id, ending)) ?? stored;
}

/** The caller's own jobs. Jobs of anonymous callers are in no list: whoever knows the id has it. */
export async function listJobs(services: Services, principal: Principal, filter: JobFilter): Promise<readonly Job[]> {
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', "the list of jobs is its owner's");
  return services.jobs(await queueOf(principal.id)).list(filter);
}

export async function deleteJob(services: Services, idText: string, principal: Principal): Promise<void> {
  const { job, awaits } = await findJob(services, idText, principal);
  // Nobody waits for the bytes any more: what was reserved for them is free again.
  if (awaits) await services.spaces.space(awaits.space).fail(awaits.upload, { result: 'TransferFailed', detail: 'the job was deleted' });
  await services.jobs(queueIn(job.id)).remove(job.id);
}

/** The details of a job may hold signed URLs: a restricted token gets those that it could have negotiated itself. */
function checkScopes({ job, details }: StoredJob, principal: Principal): void {
  if (principal.kind !== 'user' || principal.scopes === undefined || details.protocols.length === 0) return;
  const { scopes } = principal;
  const node = job.results.find(({ id }) => id === 'dataNode')?.href ?? '';
  const action = details.direction === 'pullFromVoSpace' ? 'read' : 'create';
  if (![node, ...details.targets].every((uri) => scopesAllow(scopes, action, parseVosUri(uri).path)))
    throw new Fault('PermissionDenied', `job ${job.id}: the token's scopes do not cover its node`);
}

function checkOwner(job: Job, principal: Principal): void {
  if (job.owner === undefined || (principal.kind === 'user' && (principal.admin || principal.id === job.owner))) return;
  throw new Fault(principal.kind === 'anonymous' ? 'NotAuthenticated' : 'PermissionDenied', `job ${job.id}`);
}

// Jobs as clients make them: VOSpace 2.1 section 6.4 and UWS 1.1 section 2.2.
import { asFault, Fault } from '../../faults.ts';
import type { StoredJob, Work } from '../../durable/job-queue/port.ts';
import { queueOf, type Job, type JobList, type JobRequest } from '../../model/job.ts';
import type { Credential } from '../../model/json/credentials.ts';
import { ANONYMOUS_JOB_LIFE, ANONYMOUS_PENDING_LIFE, JOB_LIFE } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import type { Transfer } from '../../model/transfer.ts';
import type { Services } from '../services.ts';
import type { Unpacking } from '../unpack/unpack.ts';
import { negotiate, type Negotiation } from '../transfers.ts';
import { negotiated } from './ask-transfer.ts';
import { extractor } from './extract-job.ts';
import { followPush, unpackWork } from './follow.ts';
import { dropUpload } from './jobs.ts';
import { workOf } from './work-of.ts';

const ANONYMOUS_OWNER = '(anonymous)';
/** Characters of a request as JSON: jobs are kept for days, also those of the anonymous, and are listed by the thousand. */
const MAX_REQUEST = 16_384;

const LISTS: Readonly<Record<JobRequest['kind'], JobList>> = {
  transfer: 'transfers',
  delete: 'async-delete',
  setprops: 'async-setprops',
  size: 'async-size',
  extract: 'transfers',
  adopt: 'async-adopt',
};

export interface Submission extends Omit<Negotiation, 'job'> {
  readonly runId?: string | undefined;
  /** False: the job waits, PENDING, until it is told to run. */
  readonly run: boolean;
  /** For other VOSpaces; kept apart from the request, which the job shows. */
  readonly credentials?: readonly Credential[];
}

/** Makes an asynchronous job. What is wrong with its request is told by the job when it runs, not here. */
export async function submitJob(services: Services, request: JobRequest, submission: Submission): Promise<Job> {
  const { principal, run, runId } = submission;
  const made = await makeJob(services, principal, request);
  const job: Job = {
    ...made,
    ...(run || principal.kind === 'user' ? {} : { destruction: made.created + ANONYMOUS_PENDING_LIFE }),
    phase: run ? 'QUEUED' : 'PENDING',
    ...(runId !== undefined && { runId }),
  };
  const work: Work = await workOf(services, job, submission);
  await services.jobs(await queueOf(ownerOf(principal))).add({ job, details: undefined, awaits: undefined }, work);
  return job;
}

/** Runs a synchronous transfer. A refusal is the job's: phase ERROR, and details without protocols (VOSpace 2.1 section 6.4). */
export async function submitSync(services: Services, transfer: Transfer, negotiation: Omit<Negotiation, 'job'>): Promise<Job> {
  const { principal } = negotiation;
  const made = await makeJob(services, principal, { kind: 'transfer', transfer });
  const started: Job = { ...made, phase: 'EXECUTING', started: made.created };
  const stored = await negotiate(services, transfer, { ...negotiation, job: made.id }).then(
    ({ details, awaits, node }): StoredJob => {
      const job: Job = { ...started, results: negotiated(transfer, node) };
      // The service does not see when a client has read from the store: a pull is complete when its URL is given.
      return awaits
        ? { job, details, awaits, follows: followPush(services.config.authority, transfer, node, principal) }
        : { job: { ...job, phase: 'COMPLETED', ended: services.clock() }, details, awaits: undefined };
    },
    (error: unknown): StoredJob => {
      const fault = asFault(error);
      if (!fault || fault.fault === 'InternalFault') throw error;
      const results = [{ id: 'transferDetails', href: 'results/transferDetails' }];
      const job: Job = {
        ...started,
        phase: 'ERROR',
        ended: services.clock(),
        results,
        error: { fault: fault.fault, detail: fault.detail },
      };
      return { job, details: { ...transfer, protocols: [] }, awaits: undefined };
    },
  );
  const queue = services.jobs(await queueOf(ownerOf(principal)));
  await queue.add(stored).catch(async (error: unknown) => {
    // Nobody is told of the upload that has been reserved.
    await dropUpload(services, stored, 'the job was refused');
    throw error;
  });
  return stored.job;
}

/** Unpacks an archive that lies in its container as a data node; the transfer is what the client might have asked for instead of sending it. */
export async function submitUnpack(services: Services, unpacking: Unpacking, transfer: Transfer, principal: Principal): Promise<Job> {
  const made = await makeJob(services, principal, { kind: 'transfer', transfer });
  const job: Job = { ...made, phase: 'QUEUED', results: [{ id: 'dataNode', href: unpacking.container }] };
  await services
    .jobs(await queueOf(ownerOf(principal)))
    .add({ job, details: undefined, awaits: undefined }, unpackWork(unpacking, principal));
  return job;
}

/** Asked for by the commit of an upload, perhaps more than once: the same job each time. */
export async function submitExtraction(services: Services, target: string, owner: string, upload: string): Promise<void> {
  const principal = extractor(owner);
  const request: JobRequest = { kind: 'extract', target };
  const made = await makeJob(services, principal, request);
  const job: Job = { ...made, id: await services.tickets.makeJobId(owner, `extract ${upload}`), phase: 'QUEUED' };
  const work: Work = { kind: 'extract', principal, input: { target }, light: false };
  await services.jobs(await queueOf(owner)).add({ job, details: undefined, awaits: undefined }, work);
}

async function makeJob(services: Services, principal: Principal, request: JobRequest): Promise<Omit<Job, 'phase'> & { phase: 'PENDING' }> {
  if (JSON.stringify(request).length > MAX_REQUEST)
    throw new Fault('InvalidArgument', `the request of a job has at most ${MAX_REQUEST} characters`);
  const now = services.clock();
  return {
    id: await services.tickets.makeJobId(ownerOf(principal)),
    list: LISTS[request.kind],
    owner: principal.kind === 'user' ? principal.id : undefined,
    phase: 'PENDING',
    created: now,
    executionDuration: 0,
    destruction: now + (principal.kind === 'user' ? JOB_LIFE : ANONYMOUS_JOB_LIFE),
    parameters: request.kind === 'transfer' ? [] : [{ id: 'target', value: request.target }],
    results: [],
    request,
  };
}

function ownerOf(principal: Principal): string {
  return principal.kind === 'user' ? principal.id : ANONYMOUS_OWNER;
}

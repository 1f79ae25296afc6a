// A list of UWS jobs and each job with its child resources: UWS 1.1 section 2.2. The same for every list of the service.
import { Hono, type Context } from 'hono';
import { Fault, faultNamed } from '../faults.ts';
import { estimateOf, JOB_LISTS, PHASES, type Job, type JobList, type Phase } from '../model/job.ts';
import { formatJobJson, formatJobListJson, formatParametersJson, formatResultsJson } from '../model/json/job.ts';
import { abortJob, changeJob, deleteJob, findJob, listJobs, readJob, runJob, waitForJob, type Wait } from '../service/jobs/jobs.ts';
import { formatJob, formatJobList, formatParameters, formatResults } from '../xml/job.ts';
import { PRIVATE } from './byte-headers.ts';
import type { JobFilter } from '../durable/job-queue/port.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, form, query, wantsJson } from './input.ts';
import { transferAnswer } from './transfer-answer.ts';

const XML = { ...PRIVATE, 'Content-Type': 'text/xml; charset=utf-8' };
const TEXT = { ...PRIVATE, 'Content-Type': 'text/plain; charset=utf-8' };
const JSON_TYPE = { ...PRIVATE, 'Content-Type': 'application/json' };

export const jobs = new Hono<AppEnv>();

for (const list of JOB_LISTS) {
  jobs.get(`/${list}`, async (c) => {
    const found = await listJobs(c.var.services, c.var.principal, readFilter(list, c.get('url').searchParams));
    const urls = jobUrls(c, list);
    if (wantsJson(c)) return c.body(formatJobListJson(found, urls), 200, JSON_TYPE);
    return c.body(formatJobList(found, urls), 200, XML);
  });

  jobs.get(`/${list}/:job`, async (c) => {
    const { job } = await waitForJob(c.var.services, c.req.param('job'), c.var.principal, readWait(c), c.req.raw.signal);
    const urls = jobUrls(c, list);
    if (wantsJson(c)) return c.body(formatJobJson(job, urls), 200, JSON_TYPE);
    return c.body(formatJob(job, urls), 200, XML);
  });

  const remove = async (c: Context<AppEnv>): Promise<Response> => {
    await deleteJob(c.var.services, c.req.param('job') ?? '', c.var.principal);
    return c.body(null, 303, { Location: `${baseUrl(c)}/${list}` });
  };
  jobs.delete(`/${list}/:job`, remove);

  jobs.post(`/${list}/:job`, async (c) => {
    const given = await form(c);
    if (given.get('action')?.toUpperCase() === 'DELETE') return remove(c);
    if (!['phase', 'destruction', 'executionduration'].some((name) => given.has(name)))
      throw new Fault('InvalidArgument', 'ACTION=DELETE, PHASE, DESTRUCTION or EXECUTIONDURATION is expected');
    return steer(c, list, given);
  });
  for (const name of ['phase', 'destruction', 'executionduration'])
    jobs.post(`/${list}/:job/${name}`, async (c) => {
      const given = await form(c);
      if (!given.has(name)) throw new Fault('InvalidArgument', `parameter ${name.toUpperCase()} is missing`);
      return steer(c, list, given);
    });

  // Bodies without a newline: OpenCADC's client compares them as they are.
  jobs.get(`/${list}/:job/phase`, async (c) => c.body((await stored(c)).job.phase, 200, TEXT));
  jobs.get(`/${list}/:job/owner`, async (c) => c.body((await stored(c)).job.owner ?? '', 200, TEXT));
  jobs.get(`/${list}/:job/quote`, async (c) => c.body(time(estimateOf((await stored(c)).job)), 200, TEXT));
  jobs.get(`/${list}/:job/executionduration`, async (c) => c.body(String((await stored(c)).job.executionDuration), 200, TEXT));
  jobs.get(`/${list}/:job/destruction`, async (c) => c.body(time((await stored(c)).job.destruction), 200, TEXT));
  jobs.get(`/${list}/:job/parameters`, async (c) => {
    const { job } = await stored(c);
    if (wantsJson(c)) return c.body(formatParametersJson(job), 200, JSON_TYPE);
    return c.body(formatParameters(job), 200, XML);
  });
  jobs.get(`/${list}/:job/results`, async (c) => {
    const { job } = await stored(c);
    if (wantsJson(c)) return c.body(formatResultsJson(job, jobUrls(c, list)), 200, JSON_TYPE);
    return c.body(formatResults(job, jobUrls(c, list)), 200, XML);
  });
  jobs.get(`/${list}/:job/results/transferDetails`, async (c) => {
    const { job, details } = await findJob(c.var.services, c.req.param('job'), c.var.principal);
    if (!details) throw new Fault('NotFound', `job ${job.id} has no transferDetails in phase ${job.phase}`);
    // Nobody takes what is sent to the endpoints of a job that has been given up.
    const over = job.phase === 'ABORTED' || job.phase === 'ERROR';
    return transferAnswer(c, over ? { ...details, protocols: [] } : details);
  });
  /** The bare name of the fault: OpenCADC's client picks its error number by the whole body. */
  jobs.get(`/${list}/:job/error`, async (c) => c.body(errorName((await stored(c)).job), 200, TEXT));
}

/** "returns code 303 See other … to the job" after each change (UWS 1.1 section 2.2.3). */
async function steer(c: Context<AppEnv>, list: JobList, given: ReadonlyMap<string, string>): Promise<Response> {
  const { services, principal } = c.var;
  const id = c.req.param('job') ?? '';
  const destruction = given.get('destruction');
  const duration = given.get('executionduration');
  const phase = given.get('phase')?.toUpperCase();
  if (destruction !== undefined) await changeJob(services, id, principal, { destruction: readTime('DESTRUCTION', destruction) });
  if (duration !== undefined) {
    if (!/^\d{1,9}$/.test(duration))
      throw new Fault('InvalidArgument', `EXECUTIONDURATION=${duration.slice(0, 50)} is no number of seconds`);
    await changeJob(services, id, principal, { executionDuration: Number(duration) });
  }
  if (phase === 'RUN') await runJob(services, id, principal);
  else if (phase === 'ABORT') await abortJob(services, id, principal);
  else if (phase !== undefined) throw new Fault('InvalidArgument', `PHASE=${phase.slice(0, 50)} is neither RUN nor ABORT`);
  return c.body(null, 303, { ...PRIVATE, Location: `${baseUrl(c)}/${list}/${id}` });
}

/** Seconds that a request is held at most: proxies on the way give up after a minute. */
const LONGEST_WAIT = 50;

/** UWS 1.1 section 2.2.1.1: WAIT in seconds, -1 for as long as the service likes; with PHASE only while the job is in that phase. */
function readWait(c: Context<AppEnv>): Wait | undefined {
  const given = query(c);
  const wait = given.get('wait');
  if (wait === undefined) return undefined;
  if (!/^(-1|\d{1,9})$/.test(wait)) throw new Fault('InvalidArgument', `WAIT=${wait.slice(0, 50)} is no number of seconds`);
  const phase = given.get('phase')?.toUpperCase();
  return { seconds: wait === '-1' ? LONGEST_WAIT : Math.min(LONGEST_WAIT, Number(wait)), phase };
}

const MOST = 1000;

/** UWS 1.1 section 2.2.2.1. */
function readFilter(list: JobList, given: URLSearchParams): JobFilter {
  const phases: Phase[] = [];
  let [after, last] = [0, MOST];
  for (const [key, value] of given) {
    const name = key.toLowerCase();
    if (name === 'phase') {
      const phase = PHASES.find((one) => one === value.toUpperCase());
      if (!phase) throw new Fault('InvalidArgument', `PHASE=${value.slice(0, 50)} is no phase`);
      phases.push(phase);
    } else if (name === 'after') after = readTime('AFTER', value);
    else if (name === 'last') {
      if (!/^[1-9]\d{0,8}$/.test(value)) throw new Fault('InvalidArgument', `LAST=${value.slice(0, 50)} is no number of jobs`);
      last = Math.min(MOST, Number(value));
    }
  }
  return { list, phases, after, last };
}

function readTime(name: string, value: string): number {
  const read = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
  if (Number.isNaN(read)) throw new Fault('InvalidArgument', `${name}=${value.slice(0, 50)} is no time`);
  return read;
}

function errorName(job: Job): string {
  return job.error ? (faultNamed(job.error.fault) ?? 'InternalFault') : '';
}

function time(epochMilliseconds: number | undefined): string {
  return epochMilliseconds === undefined ? '' : new Date(epochMilliseconds).toISOString();
}

async function stored(c: Context<AppEnv>) {
  return readJob(c.var.services, c.req.param('job') ?? '', c.var.principal);
}

function jobUrls(c: Context<AppEnv>, list: JobList) {
  return { jobs: `${baseUrl(c)}/${list}` };
}

// /transfers/{job}: a transfer as a UWS job, with its child resources. UWS 1.1 section 2.2.
import { Hono, type Context } from 'hono';
import { Fault, FAULTS } from '../faults.ts';
import { PHASES, type Job, type Phase } from '../model/job.ts';
import { formatJobJson, formatJobListJson } from '../model/json/job.ts';
import { deleteJob, findJob, listJobs, readJob } from '../service/jobs.ts';
import { formatJob, formatJobList, formatParameters, formatResults } from '../xml/job.ts';
import { PRIVATE } from './byte-headers.ts';
import type { JobFilter } from '../durable/job-queue/port.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, wantsJson } from './input.ts';
import { transferAnswer } from './synctrans.ts';

const XML = { ...PRIVATE, 'Content-Type': 'text/xml; charset=utf-8' };
const TEXT = { ...PRIVATE, 'Content-Type': 'text/plain; charset=utf-8' };

export const transfers = new Hono<AppEnv>();

transfers.post('/transfers', () => {
  throw new Fault('OperationNotSupported', 'asynchronous transfers are not offered; POST the document to /synctrans', {
    Allow: 'GET, HEAD',
  });
});

transfers.get('/transfers', async (c) => {
  const jobs = await listJobs(c.var.services, c.var.principal, readFilter(new URL(c.req.url).searchParams));
  if (wantsJson(c)) return c.body(formatJobListJson(jobs, urls(c)), 200, { ...PRIVATE, 'Content-Type': 'application/json' });
  return c.body(formatJobList(jobs, urls(c)), 200, XML);
});

transfers.get('/transfers/:job', async (c) => {
  const { job } = await stored(c);
  if (wantsJson(c)) return c.body(formatJobJson(job, urls(c)), 200, { ...PRIVATE, 'Content-Type': 'application/json' });
  return c.body(formatJob(job, urls(c)), 200, XML);
});

transfers.delete('/transfers/:job', async (c) => {
  await deleteJob(c.var.services, c.req.param('job'), c.var.principal);
  return c.body(null, 303, { Location: `${baseUrl(c)}/transfers` });
});

// Bodies without a newline: OpenCADC's client compares them as they are.
transfers.get('/transfers/:job/phase', async (c) => c.body((await stored(c)).job.phase, 200, TEXT));
transfers.get('/transfers/:job/owner', async (c) => c.body((await stored(c)).job.owner ?? '', 200, TEXT));
transfers.get('/transfers/:job/quote', async (c) => c.body((await stored(c)) && '', 200, TEXT));
transfers.get('/transfers/:job/executionduration', async (c) => c.body(String((await stored(c)).job.executionDuration), 200, TEXT));
transfers.get('/transfers/:job/destruction', async (c) => c.body(new Date((await stored(c)).job.destruction).toISOString(), 200, TEXT));
transfers.get('/transfers/:job/parameters', async (c) => c.body(formatParameters((await stored(c)).job), 200, XML));
transfers.get('/transfers/:job/results', async (c) => c.body(formatResults((await stored(c)).job, urls(c)), 200, XML));
transfers.get('/transfers/:job/results/transferDetails', async (c) =>
  transferAnswer(c, (await findJob(c.var.services, c.req.param('job'), c.var.principal)).details),
);

/** The bare name of the fault: OpenCADC's client picks its error number by the whole body. */
transfers.get('/transfers/:job/error', async (c) => c.body(errorName((await stored(c)).job), 200, TEXT));

const MOST = 1000;

/** UWS 1.1 section 2.2.2.1. */
function readFilter(given: URLSearchParams): JobFilter {
  const phases: Phase[] = [];
  let [after, last] = [0, MOST];
  for (const [key, value] of given) {
    const name = key.toLowerCase();
    if (name === 'phase') {
      const phase = PHASES.find((one) => one === value.toUpperCase());
      if (!phase) throw new Fault('InvalidArgument', `PHASE=${value.slice(0, 50)} is no phase`);
      phases.push(phase);
    } else if (name === 'after') {
      after = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
      if (Number.isNaN(after)) throw new Fault('InvalidArgument', `AFTER=${value.slice(0, 50)} is no time`);
    } else if (name === 'last') {
      if (!/^[1-9]\d{0,8}$/.test(value)) throw new Fault('InvalidArgument', `LAST=${value.slice(0, 50)} is no number of jobs`);
      last = Math.min(MOST, Number(value));
    }
  }
  return { phases, after, last };
}

function errorName(job: Job): string {
  if (!job.error) return '';
  return job.error.fault in FAULTS ? job.error.fault : 'InternalFault';
}

async function stored(c: Context<AppEnv>) {
  return readJob(c.var.services, c.req.param('job') ?? '', c.var.principal);
}

function urls(c: Context<AppEnv>) {
  return { jobs: `${baseUrl(c)}/transfers` };
}

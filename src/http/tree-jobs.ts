// POST /async-delete, /async-setprops and /async-size: jobs over whole trees, as OpenCADC's services have them.
import { Hono, type Context } from 'hono';
import { Fault } from '../faults.ts';
import { parseNodeJson } from '../model/json/node.ts';
import type { JobRequest } from '../model/job.ts';
import { submitJob } from '../service/jobs/submit.ts';
import { parseNode } from '../xml/node.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, form, isJson, readText } from './input.ts';
import { readSubmission } from './submission.ts';

export const treeJobs = new Hono<AppEnv>();

treeJobs.post('/async-delete', async (c) => submitTarget(c, 'delete'));
treeJobs.post('/async-size', async (c) => submitTarget(c, 'size'));

/** A node document, as for setNode: its properties are set on the node and on everything below it. */
treeJobs.post('/async-setprops', async (c) => {
  const submission = readSubmission(c);
  const text = await readText(c.req.raw);
  const { uri, properties } = isJson(c) ? parseNodeJson(text) : parseNode(text);
  return submit(c, { kind: 'setprops', target: uri, properties }, submission);
});

async function submitTarget(c: Context<AppEnv>, kind: 'delete' | 'size'): Promise<Response> {
  const given = await form(c);
  const target = given.get('target');
  if (target === undefined || target === '') throw new Fault('InvalidArgument', 'parameter TARGET is missing');
  return submit(c, { kind, target }, readSubmission(c, given));
}

async function submit(c: Context<AppEnv>, request: JobRequest, submission: ReturnType<typeof readSubmission>): Promise<Response> {
  const job = await submitJob(c.var.services, request, submission);
  return c.body(null, 303, { ...PRIVATE, Location: `${baseUrl(c)}/${job.list}/${job.id}` });
}

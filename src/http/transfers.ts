// POST /transfers: asynchronous transfers, moves and copies. VOSpace 2.1 section 6.4.
import { Hono } from 'hono';
import { parseSubmittedJson } from '../model/json/credentials.ts';
import { submitJob } from '../service/jobs/submit.ts';
import { parseTransfer } from '../xml/transfer.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, isJson, readText } from './input.ts';
import { readSubmission } from './submission.ts';

export const transfers = new Hono<AppEnv>();

transfers.post('/transfers', async (c) => {
  const submission = readSubmission(c);
  const text = await readText(c.req.raw);
  const { transfer, credentials } = isJson(c) ? parseSubmittedJson(text) : { transfer: parseTransfer(text), credentials: [] };
  const job = await submitJob(c.var.services, { kind: 'transfer', transfer }, { ...submission, credentials });
  return c.body(null, 303, { ...PRIVATE, Location: `${baseUrl(c)}/transfers/${job.id}` });
});

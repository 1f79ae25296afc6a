// What a request for a job says beside its document: who asks, for which kind of client, and whether the job runs at once.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import type { Submission } from '../service/jobs/submit.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, checksDigest, query } from './input.ts';

/** Reads PHASE and RUNID, from the query or a form. */
export function readSubmission(c: Context<AppEnv>, given: ReadonlyMap<string, string> = query(c)): Submission {
  const phase = given.get('phase');
  if (phase !== undefined && phase.toUpperCase() !== 'RUN')
    throw new Fault('InvalidArgument', `PHASE=${phase.slice(0, 50)}: a job is made with PHASE=RUN or without PHASE`);
  const runId = given.get('runid');
  if (runId !== undefined && runId.length > 256) throw new Fault('InvalidArgument', 'RUNID has at most 256 characters');
  return { principal: c.var.principal, base: baseUrl(c), needsDigest: checksDigest(c), run: phase !== undefined, runId };
}

// POST /async-adopt: administrators make a Swift container that was there before into a container of nodes. /admin/adoptions: which those are.
import { Hono } from 'hono';
import { Fault } from '../faults.ts';
import { checkContainerName } from '../model/adopted.ts';
import { forgetAdoption, listAdoptions } from '../service/operator/adoptions.ts';
import { submitJob } from '../service/jobs/submit.ts';
import { foreignOf } from '../service/downloads/stored.ts';
import { requireAdmin } from './asker.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl } from './input.ts';
import { readJson, textField, type JsonObject } from './json-input.ts';
import { ndjson } from './ndjson.ts';
import { readSubmission } from './submission.ts';

const MAX_URI = 8192;
const MAX_NAME = 256;

export const adopt = new Hono<AppEnv>();

/** {container, target, owned?: true, keys?: "replace", vanished?: "remove"} → the job. */
adopt.post('/async-adopt', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  foreignOf(services);
  const submission = readSubmission(c);
  const body = await readJson(c.req.raw, ['container', 'target', 'owned', 'keys', 'vanished']);
  const container = textField(body, 'container', MAX_NAME);
  checkContainerName(container);
  const { owned = false } = body;
  if (typeof owned !== 'boolean') throw new Fault('InvalidArgument', 'owned: true or false');
  const request = {
    kind: 'adopt',
    target: textField(body, 'target', MAX_URI),
    container,
    owned,
    replacesKeys: choice(body, 'keys', ['keep', 'replace']) === 'replace',
    removesVanished: choice(body, 'vanished', ['keep', 'remove']) === 'remove',
  } as const;
  await services.directory.note(by, 'adopt', '/async-adopt', `${container} as ${request.target}`);
  const job = await submitJob(services, request, submission);
  return c.body(null, 303, { ...PRIVATE, Location: `${baseUrl(c)}/${job.list}/${job.id}` });
});

adopt.get('/admin/adoptions', (c) => {
  requireAdmin(c.var.principal, c.var.services.config);
  return ndjson(c, listAdoptions(c.var.services));
});

/** 204. The objects stay. */
adopt.delete('/admin/adoptions/:container', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  const container = c.req.param('container');
  await services.directory.note(by, 'forget', '/admin/adoptions', container.slice(0, MAX_NAME));
  await forgetAdoption(services, principal, container);
  return c.body(null, 204);
});

/** The first is meant where none is named. */
function choice(body: JsonObject, field: string, known: readonly string[]): string {
  const value = body[field] ?? known[0];
  if (typeof value !== 'string' || !known.includes(value)) throw new Fault('InvalidArgument', `${field}: one of ${known.join(', ')}`);
  return value;
}

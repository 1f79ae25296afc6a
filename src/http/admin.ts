// /admin: what operators do with the whole service. Administrators only; long answers are streams of JSON lines.
import { Hono } from 'hono';
import { Fault } from '../faults.ts';
import { readAudit } from '../service/operator/audit.ts';
import { backup } from '../service/operator/backup.ts';
import { MAX_LINE } from '../service/operator/backup-line.ts';
import { listSpaces } from '../service/operator/every-space.ts';
import { restore } from '../service/operator/restore.ts';
import { rotateKeys } from '../service/operator/rotate.ts';
import { confirmSweep, sweep } from '../service/operator/sweep.ts';
import { requireAdmin } from './asker.ts';
import type { AppEnv } from './context.ts';
import { query } from './input.ts';
import { ndjson, readLines } from './ndjson.ts';

export const admin = new Hono<AppEnv>();

admin.get('/admin/spaces', (c) => {
  requireAdmin(c.var.principal, c.var.services.config);
  return ndjson(c, listSpaces(c.var.services, c.var.principal));
});

/** `space`: `/` (the default), a path in a top-level container, or `directory`. `node`: a path, and nothing but what happened to it. */
admin.get('/admin/audit', async (c) => {
  requireAdmin(c.var.principal, c.var.services.config);
  const given = query(c);
  const after = whole('after', given.get('after') ?? '0');
  const limit = given.has('limit') ? whole('limit', given.get('limit') ?? '') : Number.MAX_SAFE_INTEGER;
  const node = given.get('node');
  if (node !== undefined && given.has('space')) throw new Fault('InvalidArgument', 'space and node: one of them names the trail');
  return ndjson(c, await readAudit(c.var.services, node ?? given.get('space') ?? '/', { after, limit, only: node !== undefined }));
});

admin.post('/admin/rotate-keys', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  await services.directory.note(by, 'rotate-keys', '/admin/rotate-keys', '');
  return ndjson(c, rotateKeys(services, principal));
});

/** `older`: hours that an object must have been in the store; less than a day and the clocks' difference in a dry run only. */
admin.post('/admin/sweep', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  const given = query(c);
  const dry = given.get('dry') ?? 'false';
  if (dry !== 'true' && dry !== 'false') throw new Fault('InvalidArgument', `dry=${dry.slice(0, 50)} is neither true nor false`);
  const older = given.get('older');
  const grace = older === undefined ? {} : { grace: whole('older', older) * 3_600_000 };
  await services.directory.note(by, 'sweep', '/admin/sweep', dry === 'true' ? 'dry' : '');
  return ndjson(c, sweep(services, principal, { dry: dry === 'true', ...grace }));
});

admin.post('/admin/sweep/confirm', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  const confirmed = await confirmSweep(services, principal);
  await services.directory.note(by, 'confirm', '/admin/sweep/confirm', `${confirmed} Spaces`);
  return c.json({ confirmed });
});

/** The answer holds the hashes of passwords and the names of everything: it is a secret. */
admin.get('/admin/backup', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  await services.directory.note(by, 'backup', '/admin/backup', '');
  return ndjson(c, backup(services, principal));
});

admin.post('/admin/restore', async (c) => {
  const { services, principal } = c.var;
  const by = requireAdmin(principal, services.config);
  const encoding = c.req.header('Content-Encoding') ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Fault('InvalidArgument', `Content-Encoding ${encoding.slice(0, 50)} is neither gzip nor absent`);
  const sent = c.req.raw.body ?? new Blob([]).stream();
  const body = encoding === 'gzip' ? sent.pipeThrough(new DecompressionStream('gzip')) : sent;
  const report = await restore(services, principal, readLines(body, MAX_LINE));
  await services.directory.note(by, 'restore', '/admin/restore', `backup ${report.backup} of ${report.time}`);
  return c.json(report, 201);
});

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new Fault('InvalidArgument', `${name}=${text.slice(0, 50)} is not a whole number`);
  return value;
}

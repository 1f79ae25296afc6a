// /store: what the service's store is and can do, for users; /admin/recon: how the servers behind it are, for operators.
import { Hono } from 'hono';
import { askServers } from '../service/operator/recon.ts';
import { requireAdmin, requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { answerJson } from './json-output.ts';

export const store = new Hono<AppEnv>();

store.get('/store', async (c) => {
  const { config, objects } = c.var.services;
  const { admin, scopes } = requireUser(c.var.principal, config);
  const { account, ...facts } = await objects.facts();
  return answerJson(c, admin && !scopes && account ? { ...facts, account } : facts);
});

/** Servers are those of SWIFT_RECON; none: an empty list. */
store.get('/admin/recon', async (c) => {
  const { config } = c.var.services;
  requireAdmin(c.var.principal, config);
  const servers = config.store.kind === 'swift' ? config.store.swift.recon : [];
  return answerJson(c, { servers: await askServers(servers, (...request) => fetch(...request)) });
});

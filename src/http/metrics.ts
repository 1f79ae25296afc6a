// /metrics: what Prometheus collects; for administrators, with the same Basic authentication as everything else.
import { Hono } from 'hono';
import { formatMetrics } from '../service/metrics.ts';
import { requireAdmin } from './asker.ts';
import type { AppEnv } from './context.ts';

export const metrics = new Hono<AppEnv>();

metrics.get('/metrics', (c) => {
  requireAdmin(c.var.principal, c.var.services.config);
  return c.body(formatMetrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' });
});

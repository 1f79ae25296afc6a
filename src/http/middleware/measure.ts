// Counts every request by its route, never by its path: paths are without number, and say who does what.
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { METRICS } from '../../service/metrics.ts';
import type { AppEnv } from '../context.ts';

export const measure = createMiddleware<AppEnv>(async function measure(c, next) {
  const { clock } = c.var.services;
  const start = clock();
  METRICS.answering.add({}, 1);
  try {
    await next();
  } finally {
    METRICS.answering.add({}, -1);
    const labels = { method: c.req.method, route: routePath(c, -1) };
    METRICS.requests.add({ ...labels, status: `${Math.floor(c.res.status / 100)}xx` });
    METRICS.durations.observe(labels, (clock() - start) / 1000);
    if (c.req.method === 'GET' && labels.route.includes('/files/') && c.res.ok)
      METRICS.bytes.add({ direction: 'out' }, Number(c.res.headers.get('Content-Length') ?? 0));
  }
});

// Counts every request by its route, never by its path: paths are without number, and say who does what.
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { METRICS } from '../../service/metrics.ts';
import type { AppEnv } from '../context.ts';

export function measureBegin(): void {
  METRICS.answering.add({}, 1);
}

/** @param start epoch milliseconds */
export function measureEnd(c: Context<AppEnv>, start: number): void {
  METRICS.answering.add({}, -1);
  const labels = { method: c.req.method, route: routePath(c, -1) };
  const { res } = c;
  METRICS.requests.add({ ...labels, status: `${Math.floor(res.status / 100)}xx` });
  METRICS.durations.observe(labels, (c.get('services').clock() - start) / 1000);
  if (labels.method === 'GET' && labels.route.includes('/files/') && res.ok)
    METRICS.bytes.add({ direction: 'out' }, Number(res.headers.get('Content-Length') ?? 0));
}

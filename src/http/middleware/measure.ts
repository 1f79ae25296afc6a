// Counts every request by its route, never by its path: paths are without number, and say who does what.
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { METRICS, type Counter, type Times } from '../../service/metrics.ts';
import type { AppEnv } from '../context.ts';

const answering = METRICS.answering.of({});

interface Counters {
  readonly requests: Counter;
  readonly durations: Times;
}
/** By method, route and class of status. */
const known = new Map<string, Counters>();

export function measureBegin(): void {
  answering.value += 1;
}

/** @param start epoch milliseconds */
export function measureEnd(c: Context<AppEnv>, start: number): void {
  answering.value -= 1;
  const { res } = c;
  const { method } = c.req;
  const route = routePath(c, -1);
  const { requests, durations } = countersOf(method, route, `${Math.floor(res.status / 100)}xx`);
  requests.value += 1;
  durations.add((c.get('services').clock() - start) / 1000);
  if (method === 'GET' && route.includes('/files/') && res.ok)
    METRICS.bytes.add({ direction: 'out' }, Number(res.headers.get('Content-Length') ?? 0));
}

function countersOf(method: string, route: string, status: string): Counters {
  const key = `${method} ${route} ${status}`;
  const found = known.get(key);
  if (found) return found;
  const labels = { method, route };
  const made = { requests: METRICS.requests.of({ ...labels, status }), durations: METRICS.durations.of(labels) };
  known.set(key, made);
  return made;
}

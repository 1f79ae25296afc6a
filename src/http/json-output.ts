// JSON answers of users, passwords and groups: times are ISO 8601 in UTC, as everywhere in the service's documents.
import type { Context } from 'hono';
import type { AppEnv } from './context.ts';

/** The fields that are epoch milliseconds inside. */
const TIMES: ReadonlySet<string> = new Set(['created', 'lastUsed', 'expires']);

export function answerJson(c: Context<AppEnv>, value: object, status: 200 | 201 = 200): Response {
  const text = JSON.stringify(value, (key, field: unknown) =>
    TIMES.has(key) && typeof field === 'number' ? new Date(field).toISOString() : field,
  );
  return c.body(text, status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
}

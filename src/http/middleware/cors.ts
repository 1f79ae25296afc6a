// Cross-origin answers for the configured origins. There are no cookies, so credentials are never allowed: tokens go in a header.
import type { Context } from 'hono';
import type { AppEnv } from '../context.ts';

const EXPOSED =
  'Location, Content-Length, Content-Range, Content-Disposition, Digest, ETag, Last-Modified, Link, Pipe-Credit, Pipe-Earliest-State, Retry-After, WWW-Authenticate';

/** A browser's question whether a request may be sent. It carries no credentials and is answered before anybody asks for them. */
export function isPreflight(c: Context<AppEnv>): boolean {
  return c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined;
}

export function answerPreflight(): Response {
  return new Response(null, { status: 204 });
}

/** Adds what the browser of a configured origin needs to hand the answer on. */
export function allowOrigin(c: Context<AppEnv>): void {
  const { corsOrigins } = c.get('services').config;
  if (corsOrigins.length === 0) return;
  const origin = c.req.header('Origin');
  const { headers } = c.res;
  headers.append('Vary', 'Origin');
  if (origin === undefined || !corsOrigins.includes(origin)) return;
  if (isPreflight(c)) {
    headers.set('Access-Control-Allow-Methods', 'GET, HEAD, PUT, POST, DELETE');
    headers.set('Access-Control-Allow-Headers', c.req.header('Access-Control-Request-Headers') ?? '');
    headers.set('Access-Control-Max-Age', '600');
  }
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', EXPOSED);
}

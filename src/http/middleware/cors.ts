// Cross-origin answers for the configured origins. There are no cookies, so credentials are never allowed: tokens go in a header.
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../context.ts';

const EXPOSED = 'Location, Content-Length, Content-Range, Content-Disposition, Digest, ETag, Last-Modified, Retry-After, WWW-Authenticate';

export const cors = createMiddleware<AppEnv>(async function cors(c, next) {
  const origin = c.req.header('Origin');
  const allowed = origin !== undefined && c.var.services.config.corsOrigins.includes(origin);
  if (c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined) {
    c.res = new Response(null, { status: 204 });
    if (allowed) {
      c.res.headers.set('Access-Control-Allow-Methods', 'GET, HEAD, PUT, POST, DELETE');
      c.res.headers.set('Access-Control-Allow-Headers', c.req.header('Access-Control-Request-Headers') ?? '');
      c.res.headers.set('Access-Control-Max-Age', '600');
    }
  } else await next();
  if (c.var.services.config.corsOrigins.length > 0) c.res.headers.append('Vary', 'Origin');
  if (allowed) {
    c.res.headers.set('Access-Control-Allow-Origin', origin);
    c.res.headers.set('Access-Control-Expose-Headers', EXPOSED);
  }
});

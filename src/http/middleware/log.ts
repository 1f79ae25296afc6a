// One JSON line per request. Only these fields: no query, no header, no body can hold a secret or a signed URL if none is written.
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../context.ts';

export const log = createMiddleware<AppEnv>(async function log(c, next) {
  const { clock, config } = c.var.services;
  const start = clock();
  await next();
  const principal = c.get('principal') as AppEnv['Variables']['principal'] | undefined;
  const path = new URL(c.req.url).pathname;
  console.log(
    JSON.stringify({
      time: new Date(start).toISOString(),
      request: c.var.requestId,
      method: c.req.method,
      // A ticket in the path is a secret like a signature.
      path: path.replace(`${config.basePath}/files/preauth:`, `${config.basePath}/files/preauth:…`).replace(/(preauth:…)[^/]*/, '$1'),
      status: c.res.status,
      milliseconds: clock() - start,
      user: principal?.kind === 'user' ? principal.id : null,
    }),
  );
});

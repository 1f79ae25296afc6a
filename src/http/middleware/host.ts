// Refuses a request whose URL is none: what a client sends as Host becomes part of it, and with a slash in it even of the path.
import { createMiddleware } from 'hono/factory';
import { Fault } from '../../faults.ts';
import type { AppEnv } from '../context.ts';

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

export const checkHost = createMiddleware<AppEnv>(async function checkHost(c, next) {
  const host = c.req.header('Host');
  if ((host !== undefined && !HOST.test(host)) || !URL.canParse(c.req.url))
    throw new Fault('InvalidArgument', 'Host: not a name and a port');
  await next();
});

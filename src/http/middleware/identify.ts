// Finds out who asks, before any handler runs, and gives users their own container at first use.
import { createMiddleware } from 'hono/factory';
import type { Authenticator } from '../../auth/authenticate.ts';
import { ensureHome } from '../../service/homes.ts';
import type { AppEnv } from '../context.ts';

export function identify(authenticate: Authenticator) {
  return createMiddleware<AppEnv>(async function identify(c, next) {
    const principal = await authenticate(c.req.raw);
    c.set('principal', principal);
    await ensureHome(c.var.services, principal);
    await next();
  });
}

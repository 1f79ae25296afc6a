// What happens around every handler, in its order. One middleware: each layer of its own would cost more than what most of these do.
import { createMiddleware } from 'hono/factory';
import type { Authenticator } from '../../auth/authenticate.ts';
import type { Services } from '../../service/services.ts';
import { faultAnswer } from '../answer.ts';
import type { AppEnv } from '../context.ts';
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts';
import { readUrl } from './host.ts';
import { identify } from './identify.ts';
import { log } from './log.ts';
import { measureBegin, measureEnd } from './measure.ts';

export function surround(services: Services, authenticate: Authenticator) {
  return createMiddleware<AppEnv>(async function surround(c, next) {
    const start = services.clock();
    c.set('services', services);
    c.set('requestId', c.req.header('CF-Ray') ?? crypto.randomUUID());
    // Set before the answer is made, where it costs nothing; answers made by hand set it themselves.
    c.header('X-Content-Type-Options', 'nosniff');
    try {
      c.set('url', readUrl(c.req.raw));
      measureBegin();
      try {
        if (isPreflight(c)) c.res = answerPreflight();
        else {
          c.set('identify', () => identify(services, authenticate, c.req.raw));
          c.set('principal', await c.get('identify')());
          await next();
        }
      } catch (error) {
        c.res = faultAnswer(error, c);
      }
      allowOrigin(c);
      measureEnd(c, start);
    } catch (error) {
      c.res = faultAnswer(error, c);
    }
    log(c, start);
  });
}

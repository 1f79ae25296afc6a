// Every route in one table; the path of a request begins here.
import { Hono } from 'hono';
import { Fault } from './faults.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { admin } from './http/admin.ts';
import { adminUsers } from './http/admin-users.ts';
import { faultAnswer } from './http/answer.ts';
import type { AppEnv } from './http/context.ts';
import { files } from './http/files.ts';
import { jobs } from './http/jobs.ts';
import { groups } from './http/groups.ts';
import { baseUrl } from './http/input.ts';
import { me } from './http/me.ts';
import { cors } from './http/middleware/cors.ts';
import { checkHost } from './http/middleware/host.ts';
import { identify } from './http/middleware/identify.ts';
import { metrics } from './http/metrics.ts';
import { log } from './http/middleware/log.ts';
import { measure } from './http/middleware/measure.ts';
import { nodes } from './http/nodes.ts';
import { searches } from './http/search.ts';
import { serviceInfo } from './http/service-info.ts';
import { synctrans } from './http/synctrans.ts';
import { transfers } from './http/transfers.ts';
import { JOB_LISTS } from './model/job.ts';
import type { Services } from './service/services.ts';

/** Which methods a resource has, for the Allow header of a 405. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  'GET, HEAD, PUT, POST, DELETE': ['/nodes', '/nodes/*'],
  'GET, HEAD, PUT': ['/files', '/files/*'],
  'GET, HEAD, POST': [...JOB_LISTS.map((list) => `/${list}`), '/synctrans', '/sync', '/me/passwords', '/groups', '/admin/users'],
  'GET, HEAD, POST, DELETE': JOB_LISTS.map((list) => `/${list}/:job`),
  'GET, HEAD, DELETE': ['/groups/:name'],
  'GET, HEAD': [
    ...JOB_LISTS.map((list) => `/${list}/:job/*`),
    '/protocols',
    '/views',
    '/properties',
    '/search',
    '/capabilities',
    '/availability',
    '/me',
    '/metrics',
    '/admin/spaces',
    '/admin/audit',
    '/admin/backup',
  ],
  'PUT, DELETE': ['/groups/:name/members/:user'],
  POST: ['/admin/rotate-keys', '/admin/sweep', '/admin/sweep/confirm', '/admin/restore', '/admin/users/:user/passwords'],
  DELETE: ['/me/passwords/:pwid', '/admin/users/:user'],
};

export function makeApp(services: Services, authenticate: Authenticator): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('services', services);
    c.set('requestId', c.req.header('CF-Ray') ?? crypto.randomUUID());
    // Set before the answer is made, where it costs nothing; answers made by hand set it themselves.
    c.header('X-Content-Type-Options', 'nosniff');
    await next();
  });
  app.use(log);
  app.use(checkHost);
  app.use(measure);
  app.use(cors);
  app.use(identify(authenticate));

  const base = app.basePath(services.config.basePath);
  base.get('/', (c) => c.redirect(`${baseUrl(c)}/capabilities`, 303));
  base.route('/', nodes);
  base.route('/', files);
  base.route('/', synctrans);
  base.route('/', transfers);
  base.route('/', jobs);
  base.route('/', searches);
  base.route('/', serviceInfo);
  base.route('/', me);
  base.route('/', groups);
  base.route('/', adminUsers);
  base.route('/', admin);
  base.route('/', metrics);

  // A resource that is there, asked by a method that it does not have.
  for (const [methods, paths] of Object.entries(METHODS)) {
    for (const path of paths)
      base.all(path, (c) =>
        faultAnswer(new Fault('OperationNotSupported', `${c.req.method} ${new URL(c.req.url).pathname}`, { Allow: methods }), c),
      );
  }

  app.notFound((c) => faultAnswer(new Fault('NotFound', new URL(c.req.url).pathname), c));
  app.onError(faultAnswer);
  return app;
}

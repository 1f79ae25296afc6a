// Every route in one table; the path of a request begins here.
import { Hono } from 'hono';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { Fault } from './faults.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { adopt } from './http/adopt.ts';
import { admin } from './http/admin.ts';
import { adminUsers } from './http/admin-users.ts';
import { faultAnswer } from './http/answer.ts';
import type { AppEnv } from './http/context.ts';
import { events } from './http/events.ts';
import { files } from './http/files.ts';
import { jobs } from './http/jobs.ts';
import { groups } from './http/groups.ts';
import { baseUrl } from './http/input.ts';
import { me } from './http/me.ts';
import { metrics } from './http/metrics.ts';
import { surround } from './http/middleware/surround.ts';
import { nodes } from './http/nodes.ts';
import { page } from './http/page.ts';
import { pipeChunks } from './http/pipe-chunks.ts';
import { pipeDead } from './http/pipe-dead.ts';
import { pipeGroups } from './http/pipe-groups.ts';
import { pipes } from './http/pipes.ts';
import { searches } from './http/search.ts';
import { shares } from './http/shares.ts';
import { serviceInfo } from './http/service-info.ts';
import { store } from './http/store.ts';
import { synctrans } from './http/synctrans.ts';
import { treeJobs } from './http/tree-jobs.ts';
import { transfers } from './http/transfers.ts';
import { uploads } from './http/uploads.ts';
import type { Services } from './service/services.ts';

/** The methods in the order of an Allow header. */
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/** `pack`: the page's files, as they were built. */
export function makeApp(services: Services, authenticate: Authenticator, pack: ArrayBuffer): Hono<AppEnv> {
  // Finds a route in a third of the usual router's time; routes that are ambiguous for it are refused when the app is made.
  const app = new Hono<AppEnv>({ router: new RegExpRouter() });
  app.use(surround(services, authenticate));

  app.route('/', page(pack));

  const base = app.basePath(services.config.basePath);
  base.get('/', (c) => c.redirect(`${baseUrl(c)}/capabilities`, 303));
  base.route('/', nodes);
  base.route('/', files);
  base.route('/', synctrans);
  base.route('/', transfers);
  base.route('/', treeJobs);
  base.route('/', adopt);
  base.route('/', jobs);
  base.route('/', events);
  base.route('/', pipes);
  base.route('/', pipeChunks);
  base.route('/', pipeGroups);
  base.route('/', pipeDead);
  base.route('/', searches);
  base.route('/', shares);
  base.route('/', serviceInfo);
  base.route('/', uploads);
  base.route('/', me);
  base.route('/', groups);
  base.route('/', adminUsers);
  base.route('/', admin);
  base.route('/', metrics);
  base.route('/', store);

  // A resource that is there, asked by a method that it does not have.
  for (const [path, methods] of methodsOf(app)) {
    const allow = METHODS.filter((method) => methods.has(method === 'HEAD' ? 'GET' : method)).join(', ');
    app.all(path, (c) => faultAnswer(new Fault('OperationNotSupported', `${c.req.method} ${c.get('url').pathname}`, { Allow: allow }), c));
  }

  app.notFound((c) => faultAnswer(new Fault('NotFound', c.get('url').pathname), c));
  app.onError(faultAnswer);
  return app;
}

/** The methods of each path among the routes above; middleware is of no method. What `/a/*` has `/a` has, too. */
function methodsOf({ routes }: Hono<AppEnv>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const handled = routes.filter(({ method }) => method !== 'ALL');
  for (const { path } of handled)
    found.set(path, new Set(handled.filter((one) => one.path === path || one.path === `${path}/*`).map(({ method }) => method)));
  return found;
}

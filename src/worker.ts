// The entry: the classes that the runtime instantiates, and the handler of requests.
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { Hono } from 'hono';
import pack from '../dist/page/page.bin';
import { clock, composeApp, jobsOf, keysOf, objectsOf, pipeOf, servicesOf, spaceOf, type Env } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { makeDirectory } from './durable/directory/index.ts';
import { makeJobQueue } from './durable/job-queue/index.ts';
import { makePipe } from './durable/pipe/index.ts';
import { makeSpace } from './durable/space/index.ts';
import { makeStoreKeys } from './durable/store-keys/index.ts';
import type { AppEnv } from './http/context.ts';
import type { JobId } from './model/job.ts';
import { inGroups, keysIn } from './model/key-range.ts';
import type { PipeDefinition, PipeId } from './model/pipe.ts';
import type { SpaceId } from './model/space-id.ts';
import { makeEmbeddedEntry } from './objects/embedded/entry.ts';
import type { ObjectKey, StoreContainer } from './objects/port.ts';
import { authenticate as authenticateSwift } from './objects/swift/auth.ts';
import { formatVosUri } from './model/vos-uri.ts';
import { takeSteps } from './service/jobs/take-steps.ts';
import { submitExtraction } from './service/jobs/submit.ts';
import { reclaim } from './service/pipes/reclaim.ts';
import { signer } from './service/pipes/sign.ts';
import { takeTasks } from './service/pipes/take-tasks.ts';
import { settle } from './service/uploads/settle.ts';
import { byContainer } from './service/downloads/stored.ts';

/** Keys that a store deletes in one call. */
const DELETE_AT_ONCE = 1000;

export type { Env } from './compose.ts';

/** Does what Durable Objects have to have done outside themselves: their alarms call it without waiting, and it reports back. */
export class Carrier extends WorkerEntrypoint<Env> {
  async settle(space: SpaceId, upload: string): Promise<void> {
    await settle(spaceOf(this.env, space), objectsOf(this.env), upload);
  }

  async sweep(space: SpaceId, container: StoreContainer, keys: readonly ObjectKey[]): Promise<void> {
    for (const some of inGroups(keys, DELETE_AT_ONCE)) {
      for (const { container: at, keys: found } of byContainer(container, some.flatMap(keysIn)))
        for (const group of inGroups(found, DELETE_AT_ONCE)) await objectsOf(this.env).delete(at, group);
      await spaceOf(this.env, space).swept(some);
    }
  }

  async carry(queue: string, job: JobId, attempt: number): Promise<void> {
    await takeSteps(servicesOf(this.env), queue, job, attempt);
  }

  async pipe(pipe: PipeId, id: string, attempt: number): Promise<void> {
    await takeTasks(servicesOf(this.env), pipeOf(this.env, pipe), id, attempt);
  }

  async reclaim(definition: PipeDefinition, items: readonly { readonly path: readonly string[] }[]): Promise<void> {
    await reclaim(servicesOf(this.env), definition, items);
  }

  async extract(path: readonly string[], upload: string, owner: string): Promise<void> {
    const services = servicesOf(this.env);
    await submitExtraction(services, formatVosUri({ authority: services.config.authority, path }), owner, upload);
  }

  async drop(container: StoreContainer): Promise<void> {
    await objectsOf(this.env).drop(container);
  }
}

const carrierOf = (ctx: DurableObjectState): Carrier => (ctx.exports as unknown as { Carrier: Carrier }).Carrier;

function warn(event: string, more: object): void {
  console.error(JSON.stringify({ level: 'warn', event, ...more }));
}

export class Space extends makeSpace<Env>({
  clock,
  space: (id, env) => spaceOf(env, id),
  jobs: (queue, env) => jobsOf(env, queue),
  newsPause: 500,
  pipe: (id, env) => pipeOf(env, id),
  errands: (space, _env, ctx) => {
    const carrier = carrierOf(ctx);
    const note = (error: unknown): void => warn('errand-failed', { space, error: String(error) });
    return {
      settle: (upload) => void carrier.settle(space, upload).catch(note),
      sweep: (container, keys) => void carrier.sweep(space, container, keys as ObjectKey[]).catch(note),
      drop: (container) => carrier.drop(container),
      extract: (path, upload, owner) => carrier.extract(path, upload, owner),
    };
  },
}) {}

export class JobQueue extends makeJobQueue<Env>({
  clock,
  random: Math.random,
  carry: (queue, job, attempt, _env, ctx) => {
    carrierOf(ctx)
      .carry(queue, job, attempt)
      .catch((error: unknown) => warn('carry-failed', { job, error: String(error) }));
  },
}) {}

export class Pipe extends makePipe<Env>({
  clock,
  random: Math.random,
  space: (id, env) => spaceOf(env, id),
  pipe: (id, env) => pipeOf(env, id),
  jobs: (queue, env) => jobsOf(env, queue),
  newsPause: 500,
  gathers: 200,
  sign: (env) => signer(servicesOf(env)),
  reclaim: (definition, items, _env, ctx) => carrierOf(ctx).reclaim(definition, items),
  carry: (pipe, id, attempt, _env, ctx) => {
    carrierOf(ctx)
      .pipe(pipe, id, attempt)
      .catch((error: unknown) => warn('task-failed', { pipe, id, error: String(error) }));
  },
}) {}

export class Directory extends makeDirectory<Env>((env) => ({ authority: readConfig(env).authority, clock })) {}

export class StoreKeys extends makeStoreKeys<Env>({
  authenticate: (env) => {
    const { store } = readConfig(env);
    if (store.kind !== 'swift') throw new Error('only Swift has tokens');
    return authenticateSwift(store.swift);
  },
}) {}

export class EmbeddedStore extends makeEmbeddedEntry<Env>((env) => ({ bucket: env.BYTES, secret: () => keysOf(env).secret() })) {}

let serving: { readonly app: Hono<AppEnv>; readonly storeOrigin: string | undefined } | undefined;

function compose(env: Env): NonNullable<typeof serving> {
  const config = readConfig(env);
  return { app: composeApp(env, config, pack), storeOrigin: config.store.kind === 'embedded' ? config.store.url : undefined };
}

export default {
  fetch(request, env, ctx) {
    try {
      serving ??= compose(env);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      console.error(JSON.stringify({ level: 'error', event: 'configuration', error: error.message }));
      return new Response('InternalFault the service is not configured; its log says what is wrong', { status: 500 });
    }
    // Where both have one address (Cloudflare, wrangler dev), the host name tells the embedded store's requests from the service's.
    if (serving.storeOrigin !== undefined && URL.parse(request.url)?.origin === serving.storeOrigin) {
      return (ctx.exports as unknown as { EmbeddedStore: Fetcher }).EmbeddedStore.fetch(request);
    }
    return serving.app.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;

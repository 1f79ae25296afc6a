// The entry: puts the parts together and exports the classes that the runtime instantiates.
import { waitUntil, WorkerEntrypoint } from 'cloudflare:workers';
import type { Hono } from 'hono';
import { makeApp } from './app.ts';
import { makeAuthenticator } from './auth/authenticate.ts';
import type { DirectoryPort } from './auth/directory-port.ts';
import { readConfig, type Config, type Vars } from './config.ts';
import { makeDirectory } from './durable/directory/index.ts';
import { makeJobQueue } from './durable/job-queue/index.ts';
import type { JobsPort } from './durable/job-queue/port.ts';
import { makeSpace } from './durable/space/index.ts';
import type { SpacePort } from './durable/space/port.ts';
import type { SpaceId } from './model/space-id.ts';
import { makeStoreKeys, STORE_KEYS_NAME } from './durable/store-keys/index.ts';
import type { AppEnv } from './http/context.ts';
import { makeEmbeddedEntry } from './objects/embedded/entry.ts';
import { makeEmbeddedObjects } from './objects/embedded/index.ts';
import type { StoreKeysPort } from './objects/keys.ts';
import type { Objects, ObjectKey, StoreContainer } from './objects/port.ts';
import { authenticate as authenticateSwift } from './objects/swift/auth.ts';
import { makeSwiftObjects } from './objects/swift/index.ts';
import type { Services } from './service/services.ts';
import { settle } from './service/settle.ts';
import { Spaces } from './service/spaces.ts';
import { Tickets } from './service/tickets.ts';

export interface Env extends Vars {
  readonly SPACE: DurableObjectNamespace;
  readonly JOBS: DurableObjectNamespace;
  readonly DIRECTORY: DurableObjectNamespace;
  readonly STORE_KEYS: DurableObjectNamespace;
  readonly BYTES: R2Bucket;
}

const clock = (): number => Date.now();

/**
 * The one instance of a class as an object that may be kept: every call goes through a stub of its own, because a stub belongs to the
 * request that made it. Its declared type does not know the methods of classes that are composed here.
 */
function instance<Port extends object>(namespace: DurableObjectNamespace, name: string): Port {
  return new Proxy({} as Port, {
    get:
      (_, method) =>
      (...values: unknown[]) =>
        (namespace.getByName(name) as unknown as Record<string | symbol, (...values: unknown[]) => unknown>)[method]?.(...values),
  });
}

const spaceOf = (env: Env, id: SpaceId): SpacePort => instance(env.SPACE, id);
const keysOf = (env: Env): StoreKeysPort => instance(env.STORE_KEYS, STORE_KEYS_NAME);

export class Carrier extends WorkerEntrypoint<Env> {
  async settle(space: SpaceId, upload: string): Promise<void> {
    await settle(spaceOf(this.env, space), objectsOf(this.env, readConfig(this.env)), upload);
  }
  async sweep(space: SpaceId, container: StoreContainer, keys: readonly ObjectKey[]): Promise<void> {
    await objectsOf(this.env, readConfig(this.env)).delete(container, keys);
    await spaceOf(this.env, space).swept(keys);
  }
  async drop(container: StoreContainer): Promise<void> {
    await objectsOf(this.env, readConfig(this.env)).drop(container);
  }
}

export class Space extends makeSpace<Env>({
  clock,
  space: (id, env) => spaceOf(env, id),
  errands: (space, _env, ctx) => {
    const carrier = (ctx.exports as unknown as { Carrier: Carrier }).Carrier;
    const note = (error: unknown): void =>
      console.error(JSON.stringify({ level: 'warn', event: 'errand-failed', space, error: String(error) }));
    return {
      settle: (upload) => void carrier.settle(space, upload).catch(note),
      sweep: (container, keys) => void carrier.sweep(space, container, keys as ObjectKey[]).catch(note),
      drop: (container) => carrier.drop(container),
    };
  },
}) {}
export class JobQueue extends makeJobQueue<Env>({ clock }) {}
export class Directory extends makeDirectory<Env>((env) => ({ authority: readConfig(env).authority, clock })) {}
export class StoreKeys extends makeStoreKeys<Env>({
  authenticate: (env) => {
    const { store } = readConfig(env);
    if (store.kind !== 'swift') throw new Error('only Swift has tokens');
    return authenticateSwift(store.swift);
  },
}) {}
export class EmbeddedStore extends makeEmbeddedEntry<Env>((env) => ({ bucket: env.BYTES, secret: () => keysOf(env).secret() })) {}

let objects: Objects | undefined;
function objectsOf(env: Env, config: Config): Objects {
  const { store } = config;
  objects ??=
    store.kind === 'swift'
      ? makeSwiftObjects(store.swift, keysOf(env))
      : makeEmbeddedObjects({
          bucket: env.BYTES,
          origin: store.url ?? `http://127.0.0.1:${store.port}`,
          secret: () => keysOf(env).secret(),
        });
  return objects;
}

let app: Hono<AppEnv> | undefined;
let storeOrigin: string | undefined;
function compose(env: Env): Hono<AppEnv> {
  const config = readConfig(env);
  storeOrigin = config.store.kind === 'embedded' ? config.store.url : undefined;
  const directory = instance<DirectoryPort>(env.DIRECTORY, 'directory');
  const services: Services = {
    config,
    clock,
    objects: objectsOf(env, config),
    keys: keysOf(env),
    directory,
    spaces: new Spaces((id) => spaceOf(env, id), config.authority, clock),
    jobs: (queue) => instance<JobsPort>(env.JOBS, queue),
    tickets: new Tickets(keysOf(env)),
    later: waitUntil,
    audit: (action, principal, uri, detail) =>
      console.log(JSON.stringify({ event: 'audit', action, user: principal.kind === 'user' ? principal.id : null, uri, detail })),
  };
  return makeApp(
    services,
    makeAuthenticator({ config, directory, clock, fetch: (...request) => fetch(...request), allowHttp: config.allowHttp }),
  );
}

export default {
  fetch(request, env, ctx) {
    app ??= compose(env);
    // Where both have one address (Cloudflare, wrangler dev), the host name tells the embedded store's requests from the service's.
    if (storeOrigin !== undefined && new URL(request.url).origin === storeOrigin)
      return (ctx.exports as unknown as { EmbeddedStore: Fetcher }).EmbeddedStore.fetch(request);
    return app.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;

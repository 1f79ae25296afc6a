// Puts the parts together: the ports of the service, made from the environment's bindings.
import { waitUntil } from 'cloudflare:workers';
import type { Hono } from 'hono';
import { makeApp } from './app.ts';
import { makeAuthenticator } from './auth/authenticate.ts';
import type { DirectoryPort } from './auth/directory-port.ts';
import { readConfig, type Config, type Vars } from './config.ts';
import type { JobsPort } from './durable/job-queue/port.ts';
import type { Appended, PipePort, PipeTextPort } from './durable/pipe/port.ts';
import type { Reading, SpacePort, TextPort } from './durable/space/port.ts';
import type { Pin } from './durable/space/pipes/port.ts';
import { STORE_KEYS_NAME } from './durable/store-keys/index.ts';
import type { AppEnv } from './http/context.ts';
import type { PipeId } from './model/pipe.ts';
import type { SpaceId } from './model/space-id.ts';
import type { ForeignObjects } from './objects/foreign-port.ts';
import { makeEmbeddedObjects } from './objects/embedded/index.ts';
import type { StoreKeysPort } from './objects/keys.ts';
import type { Objects } from './objects/port.ts';
import { makeSwiftObjects } from './objects/swift/index.ts';
import { Cursors } from './service/cursors.ts';
import { makeOutside, outgoingRules } from './service/carry/guarded-fetch.ts';
import { measured } from './service/metrics.ts';
import { dialPipe } from './service/pipes/dial.ts';
import { Glances } from './service/pipes/glances.ts';
import { Places } from './service/places.ts';
import type { Services } from './service/services.ts';
import { Spaces } from './service/spaces.ts';
import { dial } from './service/jobs/watch.ts';
import { Tickets } from './service/tickets.ts';

export interface Env extends Vars {
  readonly SPACE: DurableObjectNamespace;
  readonly JOBS: DurableObjectNamespace;
  readonly PIPES: DurableObjectNamespace;
  readonly DIRECTORY: DurableObjectNamespace;
  readonly STORE_KEYS: DurableObjectNamespace;
  readonly BYTES: R2Bucket;
}

/** Epoch milliseconds. */
export const clock = (): number => Date.now();

/**
 * One instance of a class as an object that may be kept: every call goes through a stub of its own, because a stub belongs to the
 * request that made it. Its declared type does not know the methods of classes that are composed.
 */
function instance<Port extends object>(namespace: DurableObjectNamespace, name: string): Port {
  type Methods = Record<string | symbol, (...values: unknown[]) => unknown>;
  return new Proxy({} as Port, {
    get:
      (_, method) =>
      (...values: unknown[]) =>
        (namespace.getByName(name) as unknown as Methods)[method]?.(...values),
  });
}

type Created = Awaited<ReturnType<SpacePort['create']>>;

/** A Space. A single node crosses as one text, which costs less than a copy of its objects; the pages of a long listing leave less garbage as objects. */
export function spaceOf(env: Env, id: SpaceId): SpacePort {
  const space = instance<SpacePort & TextPort>(env.SPACE, id);
  const read: SpacePort['read'] = async (call, listing) =>
    listing.start === undefined
      ? (JSON.parse(await space.readText(JSON.stringify([call, listing]))) as Reading)
      : space.read(call, listing);
  const create: SpacePort['create'] = async (call, creation) =>
    JSON.parse(await space.createText(JSON.stringify([call, creation]))) as Created;
  const pinChunks: SpacePort['pinChunks'] = async (...pinning) =>
    JSON.parse(await space.pinText(JSON.stringify(pinning))) as readonly Pin[];
  const byText: Partial<SpacePort> = { read, create, pinChunks };
  return new Proxy(space, { get: (target, method) => Reflect.get(method in byText ? byText : target, method) });
}
export const keysOf = (env: Env): StoreKeysPort => instance(env.STORE_KEYS, STORE_KEYS_NAME);

type Store = Objects & { readonly foreign?: ForeignObjects };

let objects: Store | undefined;
/** The store that the configuration names; one per isolate. */
export function objectsOf(env: Env, { store }: Config = readConfig(env)): Store {
  objects ??= measured<Store>(
    store.kind === 'swift'
      ? makeSwiftObjects(store.swift, keysOf(env))
      : makeEmbeddedObjects({
          bucket: env.BYTES,
          origin: store.url ?? `http://127.0.0.1:${store.port}`,
          secret: () => keysOf(env).secret(),
        }),
    clock,
  );
  return objects;
}

export const jobsOf = (env: Env, queue: string): JobsPort => instance(env.JOBS, queue);

/** A pipe. Chunks cross as one text, which costs less than a copy of their objects. */
export function pipeOf(env: Env, id: PipeId): PipePort {
  const pipe = instance<PipePort & PipeTextPort>(env.PIPES, id);
  const append: PipePort['append'] = async (chunks) => JSON.parse(await pipe.appendText(JSON.stringify(chunks))) as Appended;
  const writeNodes: PipePort['writeNodes'] = async (write) => {
    const appended = await pipe.writeNodesText(JSON.stringify(write));
    return appended === '' ? undefined : (JSON.parse(appended) as Appended);
  };
  const byText: Partial<PipePort> = { append, writeNodes };
  return new Proxy(pipe, { get: (target, method) => Reflect.get(method in byText ? byText : target, method) });
}

let composed: Services | undefined;
/** The ports of the use cases; one set per isolate. */
export function servicesOf(env: Env, config: Config = readConfig(env)): Services {
  composed ??= {
    config,
    clock,
    objects: objectsOf(env, config),
    foreign: objectsOf(env, config).foreign,
    keys: keysOf(env),
    directory: instance<DirectoryPort>(env.DIRECTORY, 'directory'),
    spaces: new Spaces((id) => spaceOf(env, id), config.authority, clock),
    jobs: (queue) => jobsOf(env, queue),
    pipes: (id) => pipeOf(env, id),
    glances: new Glances((id) => pipeOf(env, id), clock),
    watch: (queue, job) => dial(env.JOBS.getByName(queue), job),
    dialPipe: (id, wait) => dialPipe(env.PIPES.getByName(id), wait),
    places: new Places(config.maxWaiters, clock),
    tickets: new Tickets(keysOf(env)),
    outside: (base) => makeOutside(outgoingRules(config, base), (...request) => fetch(...request)),
    cursors: new Cursors(keysOf(env)),
    later: waitUntil,
  };
  return composed;
}

export function composeApp(env: Env, config: Config, pack: ArrayBuffer): Hono<AppEnv> {
  const ports = servicesOf(env, config);
  const { directory } = ports;
  // Called through a function of its own: the runtime's fetch does not run as a method of another object.
  const ask: typeof fetch = (...request) => fetch(...request);
  return makeApp(ports, makeAuthenticator({ config, directory, clock, fetch: ask, allowHttp: config.allowHttp }), pack);
}

// The Worker that tests inside workerd run in: the classes of the product with ports that tests can watch.
import { Fault } from '../../src/faults.ts';
import { makeDirectory } from '../../src/durable/directory/index.ts';
import { makeJobQueue } from '../../src/durable/job-queue/index.ts';
import { makePipe } from '../../src/durable/pipe/index.ts';
import { makeSpace } from '../../src/durable/space/index.ts';
import type { JobsPort } from '../../src/durable/job-queue/port.ts';
import type { PipePort } from '../../src/durable/pipe/port.ts';
import type { SpacePort } from '../../src/durable/space/port.ts';
import { makeStoreKeys, STORE_KEYS_NAME, type StoreKeysPorts } from '../../src/durable/store-keys/index.ts';
import { makeEmbeddedEntry } from '../../src/objects/embedded/entry.ts';
import { authenticate } from '../../src/objects/swift/auth.ts';
import { parseAuthority } from '../../src/model/vos-uri.ts';
import { asked, carried, errandsOf, peers, reclaimed, signing, tasks, testClock } from '../durable/support/ports.ts';
import { MAX_PUT, readSwiftConfig, type SwiftVars } from './store-vars.ts';

export interface TestEnv extends SwiftVars {
  readonly BYTES: R2Bucket;
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
  readonly JOBS: DurableObjectNamespace;
  readonly PIPES: DurableObjectNamespace;
  readonly SPACE: DurableObjectNamespace;
  readonly STORE_KEYS: DurableObjectNamespace<StoreKeys>;
  /** Where the embedded store listens. */
  readonly STORE_ORIGIN: string;
}

/** What StoreKeys authenticates with; a test may put another in its place. */
export const storeKeysPorts: { authenticate: StoreKeysPorts<TestEnv>['authenticate'] } = {
  authenticate: async (env) => authenticate(readSwiftConfig(env)),
};

export class StoreKeys extends makeStoreKeys<TestEnv>({ authenticate: (env) => storeKeysPorts.authenticate(env) }) {}

export class EmbeddedStore extends makeEmbeddedEntry<TestEnv>((env) => ({
  bucket: env.BYTES,
  secret: () => env.STORE_KEYS.getByName(STORE_KEYS_NAME).secret(),
  maxPut: MAX_PUT,
})) {}

export class Directory extends makeDirectory<TestEnv>(() => ({ authority: parseAuthority('localhost~vospace'), clock: Date.now })) {}

export class Space extends makeSpace<TestEnv>({
  clock: () => testClock.now,
  errands: (space) => errandsOf(space),
  space: (id, env) => peers.wire(env.SPACE.getByName(id) as unknown as SpacePort),
  jobs: (queue, env) => env.JOBS.getByName(queue) as unknown as JobsPort,
  // An eviction waits for it.
  newsPause: 1,
  pipe: (id, env) => asked.pipe ?? (env.PIPES.getByName(id) as unknown as PipePort),
}) {}

export class JobQueue extends makeJobQueue<TestEnv>({
  clock: () => testClock.now,
  random: () => 0.5,
  carry: (queue, job, attempt) => void carried.push({ queue, job, attempt }),
}) {}

export class Pipe extends makePipe<TestEnv>({
  clock: () => testClock.now,
  random: () => 0.5,
  space: (id, env) => peers.wire(env.SPACE.getByName(id) as unknown as SpacePort),
  pipe: (id, env) => peers.wire(env.PIPES.getByName(id) as unknown as PipePort),
  jobs: (queue, env) => env.JOBS.getByName(queue) as unknown as JobsPort,
  // An eviction waits for it.
  newsPause: 1,
  gathers: 10,
  sign: () => async (bytes) => {
    if (signing.fails) throw new Fault('ServiceBusy', 'no keys');
    return {
      urls: bytes.map(({ home, key }) => `https://store.example/${home}/${key}`),
      expires: new Date(testClock.now + 900_000).toISOString(),
    };
  },
  reclaim: async ({ id }, items) => void reclaimed.push(...items.map(({ path }) => ({ pipe: id, path }))),
  carry: (pipe, id, attempt) => void tasks.push({ pipe, id, attempt }),
}) {}

export default {
  fetch(): Response {
    return new Response(null, { status: 404 });
  },
};

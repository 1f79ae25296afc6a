// Runs the carrying tasks of a real pipe over real Spaces and another VOSpace in memory: the Carrier's loop, its losses and the alarms, in a test's hands.
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { parseHostRule } from '../../../src/model/outgoing.ts';
import type { NewChunk, PipePort, SealedCredential } from '../../../src/durable/pipe/port.ts';
import { parseChunkName } from '../../../src/model/chunk-name.ts';
import {
  DEFAULT_OPTIONS,
  type ChunkNotice,
  type PipeDefinition,
  type PipeEnd,
  type PipeId,
  type PipeOptions,
} from '../../../src/model/pipe.ts';
import { parseAuthority } from '../../../src/model/vos-uri.ts';
import { makeOutside, outgoingRules } from '../../../src/service/carry/guarded-fetch.ts';
import { sealCredentials } from '../../../src/service/pipes/credentials.ts';
import { takeTasks } from '../../../src/service/pipes/take-tasks.ts';
import type { Services } from '../../../src/service/services.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import type { ByteStore } from './byte-store.ts';
import { FAR, FAR_URL, TOKEN, type FarSpace } from './far-space.ts';
import { servicesWith } from './job-driver.ts';
import { peers, tasks, testClock } from './ports.ts';
import { OWNER, userId, type TestSpace } from './space.ts';
import type { Troubles } from './troubles.ts';

const { PIPES } = env as unknown as TestEnv;
export const BASE = 'https://vospace.example/vos';

/** Whether the pipe's owner is still a user. */
export const directory = { isThere: true };

interface World {
  readonly store: ByteStore;
  readonly far: FarSpace;
  readonly spaces: readonly TestSpace[];
}

/** What a Carrier works with: the registry knows the other VOSpace. */
export function farServices({ store, far }: Pick<World, 'store' | 'far'>, wire?: <Port extends object>(port: Port) => Port): Services {
  const services = servicesWith(store, wire);
  const registry = new Map([[parseAuthority(FAR), `${FAR_URL}/capabilities`]]);
  const transferHosts = [parseHostRule('far.example'), parseHostRule('store.far.example')];
  const config = {
    ...services.config,
    registry,
    transferHosts,
    publicUrl: undefined,
    store: { kind: 'swift' },
  } as unknown as Services['config'];
  return {
    ...services,
    config,
    keys: { epoch: () => Promise.resolve(1), secret: () => Promise.resolve('a secret of the service') } as Services['keys'],
    directory: { memberOf: () => Promise.resolve(directory.isThere ? { groups: [] } : undefined) } as unknown as Services['directory'],
    outside: (base) => makeOutside(outgoingRules(config, base), far.fetch),
  };
}

export interface Opening {
  readonly source: PipeEnd;
  readonly destination: PipeEnd;
  readonly options?: Partial<PipeOptions>;
  readonly token?: string | undefined;
}

export class FarPipe {
  readonly port: PipePort;
  readonly #stub: DurableObjectStub;
  readonly #world: World;
  readonly definition: PipeDefinition;

  private constructor(world: World, definition: PipeDefinition) {
    this.#world = world;
    this.definition = definition;
    this.#stub = PIPES.getByName(definition.id);
    this.port = this.#stub as unknown as PipePort;
  }

  /** Opened with the credential that the other VOSpace asks for. */
  static async open(world: World, { source, destination, options, token = TOKEN }: Opening): Promise<FarPipe> {
    const definition: PipeDefinition = {
      id: crypto.randomUUID().replaceAll('-', '') as PipeId,
      source,
      destination,
      options: { ...DEFAULT_OPTIONS, ...options },
      access: { owner: userId('ada'), read: [], write: [], manage: [] },
      base: BASE,
      created: testClock.now,
    };
    const pipe = new FarPipe(world, definition);
    await pipe.port.found({ definition, principal: OWNER, deadline: testClock.now + 30_000, credentials: await pipe.sealed(token) });
    await pipe.port.opened();
    return pipe;
  }

  sealed(token: string): Promise<readonly SealedCredential[]> {
    return sealCredentials(farServices(this.#world), this.definition, [{ authority: parseAuthority(FAR), token }]);
  }

  /** A chunk that lies in the other VOSpace, pinned by what is stated. */
  async write(name: string, stated: { readonly size?: number; readonly md5?: string } = {}): Promise<void> {
    const { size = 0, md5 } = stated;
    const bytes = { kind: 'foreign', sized: stated.size !== undefined } as const;
    await this.append({ name: parseChunkName(name), size, ...(md5 !== undefined && { md5 }), bytes });
  }

  async append(...chunks: NewChunk[]): Promise<void> {
    await this.port.append({ principal: OWNER, chunks, pinnedAt: testClock.now });
  }

  async read(): Promise<readonly ChunkNotice[]> {
    const { body } = await this.port.read({ principal: OWNER, state: undefined, max: 1000, maxBytes: 2 ** 50, urls: false });
    return (JSON.parse(body) as { chunks: ChunkNotice[] }).chunks;
  }

  inside<T>(look: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.#stub, (_: unknown, state: DurableObjectState) => look(state));
  }

  rows<Row extends Record<string, SqlStorageValue>>(sql: string): Promise<Row[]> {
    return this.inside((state) => state.storage.sql.exec<Row>(sql).toArray());
  }

  /** What was given out is done, once. */
  async carryOnce(troubles?: Troubles, standing: Promise<void>[] = []): Promise<number> {
    const mine = tasks.filter(({ pipe }) => pipe === this.definition.id);
    for (const one of mine) tasks.splice(tasks.indexOf(one), 1);
    for (const { id, attempt } of mine) {
      const { wire, stands } = troubles?.attempt() ?? { wire: undefined, stands: new Promise<void>(() => undefined) };
      const port = wire ? wire(this.port) : this.port;
      const carrying = takeTasks(farServices(this.#world, wire), port, id, attempt).catch(() => undefined);
      let stood = false;
      await Promise.race([carrying, stands.then(() => (stood = true))]);
      if (stood) standing.push(carrying);
    }
    return mine.length;
  }

  /** Until nothing more is owed, or `until` says so; the clock is moved to each alarm. */
  async carry(troubles?: Troubles, until: () => Promise<boolean> = async () => false): Promise<void> {
    const standing: Promise<void>[] = [];
    if (troubles) peers.wire = troubles.peers;
    try {
      for (let round = 0; round < 300; round++) {
        if ((await this.carryOnce(troubles, standing)) > 0) continue;
        const owed = await this.rows('SELECT job FROM work');
        if (owed.length === 0 || (await until())) {
          troubles?.release();
          await Promise.all(standing);
          for (const space of this.#world.spaces) await space.pass(60_000, 10_000);
          return;
        }
        const due = await this.inside((state) => state.storage.getAlarm());
        testClock.now = Math.max(testClock.now, due ?? 0);
        await runDurableObjectAlarm(this.#stub);
        for (const space of this.#world.spaces) await space.quiet();
      }
      throw new Error(`the pipe does not come to its end: ${JSON.stringify(await this.rows('SELECT * FROM work'))}`);
    } finally {
      peers.wire = (port) => port;
    }
  }

  /** The next alarm goes off at its time. */
  async ring(): Promise<void> {
    testClock.now = Math.max(testClock.now, (await this.inside((state) => state.storage.getAlarm())) ?? 0);
    await runDurableObjectAlarm(this.#stub);
  }
}

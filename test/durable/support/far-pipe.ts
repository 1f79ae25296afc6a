// Runs the carrying tasks of a real pipe over real Spaces and another VOSpace in memory: the Carrier's loop, its losses and the alarms, in a test's hands.
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
import { ByteStore } from './byte-store.ts';
import { FAR, FAR_URL, FarSpace, TOKEN } from './far-space.ts';
import { servicesWith } from './job-driver.ts';
import { TestPipe } from './pipe.ts';
import { peers, testClock } from './ports.ts';
import { mount, type Mounted } from './relocating.ts';
import { OWNER, userId, type TestSpace } from './space.ts';
import type { Troubles } from './troubles.ts';

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
  readonly #world: World;
  readonly #pipe: TestPipe;
  readonly port: PipePort;

  private constructor(world: World, pipe: TestPipe) {
    this.#world = world;
    this.#pipe = pipe;
    this.port = pipe.port;
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
    return new FarPipe(world, await TestPipe.found(definition, await sealed(world, definition, token)));
  }

  sealed(token: string): Promise<readonly SealedCredential[]> {
    return sealed(this.#world, this.#pipe.definition, token);
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
    return (await this.#pipe.read()).chunks;
  }

  rows<Row extends Record<string, SqlStorageValue>>(sql: string): Promise<Row[]> {
    return this.#pipe.rows<Row>(sql);
  }

  alarmTime(): Promise<number | null> {
    return this.#pipe.alarmTime();
  }

  /** What was given out is done, once. */
  async carryOnce(troubles?: Troubles, standing: Promise<void>[] = []): Promise<number> {
    const mine = this.#pipe.given();
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
        await this.ring();
        for (const space of this.#world.spaces) await space.quiet();
      }
      throw new Error(`the pipe does not come to its end: ${JSON.stringify(await this.rows('SELECT * FROM work'))}`);
    } finally {
      peers.wire = (port) => port;
    }
  }

  /** The next alarm goes off at its time. */
  async ring(): Promise<void> {
    testClock.now = Math.max(testClock.now, (await this.#pipe.alarmTime()) ?? 0);
    await this.#pipe.ring();
  }
}

function sealed(world: World, definition: PipeDefinition, token: string): Promise<readonly SealedCredential[]> {
  return sealCredentials(farServices(world), definition, [{ authority: parseAuthority(FAR), token }]);
}

/** This service and another one, with a container in each. */
export interface Apart {
  readonly store: ByteStore;
  readonly space: Mounted;
  readonly far: FarSpace;
  /** A pipe from the one container to the other. */
  open(this: void, options?: Partial<PipeOptions>, token?: string): Promise<FarPipe>;
}

/** The containers are `from` and `to`: the source is here or there, and the destination at the other side. */
export async function apart(source: 'here' | 'there'): Promise<Apart> {
  const [store, far] = [new ByteStore(), new FarSpace()];
  const space = await mount(store);
  const [here, there] = source === 'here' ? ['from', 'to'] : ['to', 'from'];
  await space.make(here);
  far.container(there);
  const local = { kind: 'local', uri: `vos://example.org~vospace/${space.name}/${here}` } as const;
  const foreign = { kind: 'foreign', uri: `vos://${FAR}/${there}` } as const;
  const ends = source === 'here' ? { source: local, destination: foreign } : { source: foreign, destination: local };
  return { store, space, far, open: (options = {}, token) => FarPipe.open({ store, far, spaces: [space] }, { ...ends, options, token }) };
}

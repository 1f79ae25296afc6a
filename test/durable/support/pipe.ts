// A pipe under test: a real object whose clock, alarm and Carriers are in the test's hands.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import type { NewChunk, Page, PipePort, ReadRequest, SealedCredential } from '../../../src/durable/pipe/port.ts';
import type { Delivery } from '../../../src/durable/pipe/work/port.ts';
import type { WorkRow } from '../../../src/durable/job-queue/queries.ts';
import type { ObjectKey } from '../../../src/objects/port.ts';
import { parseChunkName } from '../../../src/model/chunk-name.ts';
import {
  DEFAULT_OPTIONS,
  type ChunkNotice,
  type Lag,
  type PipeDefinition,
  type PipeId,
  type PipeOptions,
} from '../../../src/model/pipe.ts';
import type { SpaceId } from '../../../src/model/space-id.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import { tasks, testClock } from './ports.ts';
import { group, OWNER, userId } from './space.ts';

const { PIPES } = env as unknown as TestEnv;

export interface SeenPage {
  readonly chunks: readonly ChunkNotice[];
  readonly state: string;
  readonly upToDate: boolean;
  readonly closed: boolean;
  readonly total?: number;
  readonly lag: Lag;
}

export type Attempt = (typeof tasks)[number];

export class TestPipe {
  readonly id: PipeId;
  readonly stub: DurableObjectStub;
  readonly port: PipePort;

  private constructor(readonly definition: PipeDefinition) {
    this.id = definition.id;
    this.stub = PIPES.getByName(definition.id);
    this.port = this.stub as unknown as PipePort;
  }

  /** An open pipe between two containers of this service. */
  static async open(options: Partial<PipeOptions> = {}): Promise<TestPipe> {
    const definition: PipeDefinition = {
      id: `p${crypto.randomUUID().replaceAll('-', '')}` as PipeId,
      source: { kind: 'local', uri: 'vos://example.org~vospace/ada/from' },
      destination: { kind: 'local', uri: 'vos://example.org~vospace/ada/to' },
      options: { ...DEFAULT_OPTIONS, ...options },
      access: { owner: userId('ada'), read: [group('readers')], write: [group('writers')], manage: [] },
      base: 'https://example.org/vos',
      created: testClock.now,
    };
    return TestPipe.found(definition);
  }

  /** An open pipe of any kind. */
  static async found(definition: PipeDefinition, credentials: readonly SealedCredential[] = []): Promise<TestPipe> {
    const pipe = new TestPipe(definition);
    await pipe.port.found({ definition, principal: OWNER, deadline: testClock.now + 30_000, credentials });
    await pipe.port.opened();
    return pipe;
  }

  async read(state?: string, more: Partial<ReadRequest> = {}): Promise<SeenPage> {
    return parsePage(await this.port.read(reading(state, more)));
  }

  /** Attempts that were given out since the last call, oldest first. */
  given(): readonly Attempt[] {
    const mine = tasks.filter(({ pipe }) => pipe === this.definition.id);
    for (const one of mine) tasks.splice(tasks.indexOf(one), 1);
    return mine;
  }

  /** A Carrier places what is on its way; the names for which `dies` holds cannot be placed. */
  async place(dies: (name: string) => boolean = () => false): Promise<void> {
    for (const { id, attempt } of this.given()) {
      const task = await this.port.begin(id, attempt);
      if (task?.kind !== 'place') continue;
      const deliveries = task.chunks.map(({ seq, name }): Delivery =>
        dies(name) ? { kind: 'dead', seq, fault: 'QuotaExceeded', detail: 'no room' } : { kind: 'ready', seq },
      );
      await this.port.report(id, attempt, { kind: 'delivered', deliveries });
      await this.port.begin(id, attempt);
    }
  }

  inside<T>(work: (pipe: PipePort, state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.stub, (instance, state) => work(instance as unknown as PipePort, state));
  }

  rows<Row extends Record<string, SqlStorageValue>>(sql: string, ...bindings: unknown[]): Promise<Row[]> {
    return this.inside((_, state) => state.storage.sql.exec<Row>(sql, ...bindings).toArray());
  }

  work(): Promise<WorkRow[]> {
    return this.rows('SELECT * FROM work') as unknown as Promise<WorkRow[]>;
  }

  evict(): Promise<void> {
    return evictDurableObject(this.stub);
  }

  alarmTime(): Promise<number | null> {
    return this.inside((_, state) => state.storage.getAlarm());
  }

  /** Lets the alarm go off if there is one. */
  ring(): Promise<boolean> {
    return runDurableObjectAlarm(this.stub);
  }
}

export function reading(state: string | undefined, more: Partial<ReadRequest> = {}): ReadRequest {
  return { principal: OWNER, state, max: 1000, maxBytes: 2 ** 50, urls: false, ...more };
}

/** The page as a client sees it, checked against what the object says of it. */
export function parsePage(page: Page): SeenPage {
  const seen = JSON.parse(page.body) as SeenPage;
  const said = [page.state, page.chunks, page.upToDate, page.closed];
  if (JSON.stringify([seen.state, seen.chunks.length, seen.upToDate, seen.closed]) !== JSON.stringify(said))
    throw new Error(`${page.body} is not what ${JSON.stringify(said)} says`);
  return seen;
}

/** Bytes that lie in this service. */
export function pinnedChunk(name: string, size = 10, more: Partial<NewChunk> = {}): NewChunk {
  const [space, key] = ['space-of-source' as SpaceId, `o/${name}` as ObjectKey];
  const pinned = { space, home: space, key, holder: `pipe:test:${name}` };
  return { name: parseChunkName(name), size, md5: digest(name), bytes: { kind: 'pinned', pinned }, ...more };
}

export function inlineChunk(name: string, text = name): NewChunk {
  return { name: parseChunkName(name), size: text.length, md5: digest(text), bytes: { kind: 'inline', data: btoa(text) } };
}

/** Bytes in another VOSpace. */
export function foreignChunk(name: string, size = 10, md5?: string): NewChunk {
  return { name: parseChunkName(name), size, ...(md5 !== undefined && { md5 }), bytes: { kind: 'foreign', sized: true } };
}

/** Looks like an MD5, and differs where the text does. */
export function digest(text: string): string {
  let hex = '';
  for (let round = 0; hex.length < 32; round++) {
    let sum = round;
    for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
    hex += sum.toString(16).padStart(8, '0');
  }
  return hex;
}

// Pipes between the containers of real Spaces: made, followed and destroyed by the use cases, with Carriers, alarms and troubles in a test's hands.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import type { JobsPort } from '../../../src/durable/job-queue/port.ts';
import type { Appended, PipeDescription, PipePort } from '../../../src/durable/pipe/port.ts';
import { asFault } from '../../../src/faults.ts';
import { parseChunkName } from '../../../src/model/chunk-name.ts';
import { queueOf } from '../../../src/model/job.ts';
import type { ChunkNotice, PipeId, PipeOptions } from '../../../src/model/pipe.ts';
import type { Principal } from '../../../src/model/principal.ts';
import { parseAuthority } from '../../../src/model/vos-uri.ts';
import type { Services } from '../../../src/service/services.ts';
import { Spaces } from '../../../src/service/spaces.ts';
import { createPipe } from '../../../src/service/pipes/create.ts';
import { destroyPipe } from '../../../src/service/pipes/destroy.ts';
import { Glances } from '../../../src/service/pipes/glances.ts';
import { pinNames } from '../../../src/service/pipes/pin.ts';
import { takeTasks } from '../../../src/service/pipes/take-tasks.ts';
import { writeChunks } from '../../../src/service/pipes/write.ts';
import { Tickets } from '../../../src/service/tickets.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import { peers, tasks, testClock } from './ports.ts';
import { parsePage, reading } from './pipe.ts';
import { OWNER, portOf } from './space.ts';
import type { Mounted } from './relocating.ts';
import type { Troubles } from './troubles.ts';

const { PIPES, JOBS } = env as unknown as TestEnv;
const authority = parseAuthority('example.org~vospace');
const BASE = 'https://example.org/vos';
const tickets = new Tickets({ secret: () => Promise.resolve('a secret of tests') });

export type Wire = <Port extends object>(port: Port) => Port;

export const pipeAt = (id: PipeId): PipePort => PIPES.getByName(id) as unknown as PipePort;
export const queueAt = async (owner: string): Promise<JobsPort> => JOBS.getByName(await queueOf(owner)) as unknown as JobsPort;
export const uriOf = (space: Mounted, path: string): string => `vos://${authority}/${space.name}${path === '' ? '' : `/${path}`}`;

export class Chaining {
  readonly space: Mounted;
  readonly pipes = new Set<PipeId>();
  /** Pipes whose Carriers come to nothing. */
  readonly stopped = new Set<PipeId>();
  /** Whether the owners of pipes are still users. */
  members = true;

  constructor(space: Mounted) {
    this.space = space;
  }

  services(wire: Wire = (port) => port): Services {
    const pipes = (id: PipeId): PipePort => {
      this.pipes.add(id);
      return wire(pipeAt(id));
    };
    const clock = (): number => testClock.now;
    return {
      config: { authority, registry: new Map(), admin: undefined },
      clock,
      objects: this.space.store,
      foreign: undefined,
      keys: { secret: () => Promise.resolve('a secret of tests') },
      directory: { memberOf: () => Promise.resolve(this.members ? { groups: [] } : undefined) },
      tickets,
      spaces: new Spaces((id) => wire(portOf(id)), authority, clock),
      jobs: (queue: string) => wire(JOBS.getByName(queue) as unknown as JobsPort),
      pipes,
      glances: new Glances(pipes, clock),
      later: () => undefined,
    } as unknown as Services;
  }

  /** Between two containers of the Space. */
  create(
    src: string,
    dest: string,
    options: Partial<PipeOptions> = {},
    { by = OWNER, key, wire }: { by?: Principal; key?: string; wire?: Wire } = {},
  ): Promise<PipeDescription> {
    const request = { src: uriOf(this.space, src), dest: uriOf(this.space, dest), options };
    return createPipe(this.services(wire), request, { principal: by, base: BASE, key }).then(({ pipe }) => pipe);
  }

  async made(src: string, dest: string, options: Partial<PipeOptions> = {}): Promise<PipeId> {
    return (await this.create(src, dest, options)).definition.id;
  }

  /** With what it has delivered. */
  destroy(pipe: PipeId, force = false, wire?: Wire): ReturnType<typeof destroyPipe> {
    return destroyPipe(this.services(wire), pipe, OWNER, { force, purge: true });
  }

  /** Makes nodes of these names in the container, and writes them. */
  async write(pipe: PipeId, container: string, ...names: string[]): Promise<Appended> {
    for (const name of names) await this.space.upload(`${container}/${name}`, 10);
    return this.writeNodes(pipe, names);
  }

  /** Writes what is there under these names. */
  async writeNodes(pipe: PipeId, names: readonly string[]): Promise<Appended> {
    const chunks = names.map((name) => ({ name: parseChunkName(name) }));
    return writeChunks(this.services(), OWNER, pipe, { kind: 'list', chunks }, undefined, pinNames);
  }

  async log(pipe: PipeId): Promise<{ readonly chunks: readonly ChunkNotice[]; readonly closed: boolean }> {
    return parsePage(await pipeAt(pipe).read(reading(undefined)));
  }

  async names(pipe: PipeId): Promise<string[]> {
    return (await this.log(pipe)).chunks.map(({ name, status }) => (status === 'ready' ? name : `${name} is dead`));
  }

  /** What Carriers were given is done, and alarms go off that are due within this time, until nothing is left to do. */
  async settle(within = 600_000, troubles?: Troubles): Promise<void> {
    const end = testClock.now + within;
    for (let round = 0; round < 400; round++) {
      const mine = tasks.filter(({ pipe }) => this.pipes.has(pipe as PipeId));
      for (const one of mine) tasks.splice(tasks.indexOf(one), 1);
      for (const { pipe, id, attempt } of mine) {
        if (this.stopped.has(pipe as PipeId)) continue;
        const { wire, stands } = troubles?.attempt() ?? {};
        const services = this.services(wire);
        const taken = takeTasks(services, services.pipes(pipe as PipeId), id, attempt).catch(() => undefined);
        await Promise.race([taken, ...(stands ? [stands] : [])]);
      }
      if (mine.length > 0) continue;
      const dues = await Promise.all([...this.pipes].map(async (pipe) => ({ pipe, due: await this.#alarm(pipe) })));
      const next = Math.min(...dues.map(({ due }) => due ?? Infinity));
      if (next > end) return;
      testClock.now = Math.max(testClock.now, next);
      for (const { pipe, due } of dues) if (due !== null && due <= testClock.now) await runDurableObjectAlarm(PIPES.getByName(pipe));
    }
    throw new Error('the pipes do not come to rest');
  }

  async evict(): Promise<void> {
    // One that does not run at this moment is evicted already.
    for (const pipe of this.pipes) await evictDurableObject(PIPES.getByName(pipe)).catch(() => undefined);
  }

  /** Nothing of any pipe is left in Spaces or lists. */
  async leftovers(): Promise<readonly unknown[]> {
    await this.space.quiet();
    const ends = await this.space.rows('SELECT pipe, role FROM pipe_end');
    const holds = await this.space.rows("SELECT name FROM holder WHERE name LIKE 'pipe:%'");
    const listed = await (await queueAt('ada')).pipes({});
    return [...ends, ...holds, ...listed.filter(({ source }) => source.startsWith(uriOf(this.space, '')))];
  }

  #alarm(pipe: PipeId): Promise<number | null> {
    return runInDurableObject(PIPES.getByName(pipe), (_: unknown, state: DurableObjectState) => state.storage.getAlarm());
  }
}

/** Calls between Durable Objects go through this while `work` is done. */
export async function amid<T>(wire: Wire, work: () => Promise<T>): Promise<T> {
  peers.wire = wire;
  try {
    return await work();
  } finally {
    peers.wire = (port) => port;
  }
}

export async function faultOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: unknown) => asFault(error)?.message ?? String(error),
  );
}

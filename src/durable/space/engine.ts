// What makes a Space go: one transaction per change, the alarm for what it leaves to do, and the calls that it owes to other Spaces.
import { asFault, Fault } from '../../faults.ts';
import { AUDIT_LIFE } from '../../model/limits.ts';
import { queueIn, type JobId } from '../../model/job.ts';
import type { PipeId } from '../../model/pipe.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { Alarm, type Duty } from '../alarm.ts';
import type { Ending, JobsPort } from '../job-queue/port.ts';
import type { PipePort } from '../pipe/port.ts';
import { all, first, migrate } from '../sql.ts';
import { forget, meta, moved, nodeState, present, propertiesOf, TOP, type Core } from './core.ts';
import { duties, type Errands } from './duties.ts';
import { isPaused, resumeSweep } from './operator/pause.ts';
import { pruneAccess } from './nodes/prune-access.ts';
import { arriveWhole, destroySpace, isHaunting, sweptAt } from './ending.ts';
import * as mounts from './mounts.ts';
import { News } from './news.ts';
import { oweOnce, type Owed } from './outbox.ts';
import type { Refused } from './uploads/parts-port.ts';
import type { Call, NodeState, Outcome, SpacePort } from './port.ts';
import { NEXT_DUE } from './due-queries.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';
import { askPipe } from './pipes/asking.ts';
import { deliverRelocation } from './relocation/calls.ts';
import { storeContainer } from './uploads/uploads.ts';

export interface EnginePorts {
  readonly clock: () => number;
  readonly errands: (space: SpaceId) => Omit<Errands, 'deliver'>;
  readonly peer: (id: SpaceId) => SpacePort;
  readonly jobs: (queue: string) => JobsPort;
  /** Milliseconds between two messages to live pages. */
  readonly newsPause: number;
  readonly pipe: (id: PipeId) => PipePort;
}

/** Property URIs that one Space tells the root, and the root its readers: one user's invention must not be everybody's burden. */
const USED_PROPERTIES = 2000;
const SYSTEM = { kind: 'user', id: 'system', groups: [], admin: true } as unknown as Call['principal'];

export class Engine {
  readonly core: Core;
  readonly #storage: DurableObjectStorage;
  readonly #news: News;
  readonly #ports: EnginePorts;
  readonly #duties: readonly Duty[];
  readonly #alarm: Alarm;

  constructor(storage: DurableObjectStorage, ports: EnginePorts) {
    migrate(storage, MIGRATIONS);
    this.core = { sql: storage.sql, clock: ports.clock, accessCache: new Map(), accessIds: new Map(), metaCache: new Map(), news: [] };
    this.#storage = storage;
    this.#news = new News(this.core, ports.jobs, ports.newsPause);
    this.#ports = ports;
    this.#duties = duties(this.core, storage, {
      settle: (upload) => ports.errands(this.id()).settle(upload),
      sweep: (container, keys) => ports.errands(this.id()).sweep(container, keys),
      drop: (container) => ports.errands(this.id()).drop(container),
      extract: (path, upload, owner) => ports.errands(this.id()).extract(path, upload, owner),
      deliver: (owed) => this.#deliver(owed),
    });
    const due = () => first(this.core.sql, NEXT_DUE, isPaused(this.core) ? 1 : 0, AUDIT_LIFE)?.due ?? undefined;
    this.#alarm = new Alarm(storage, this.#duties, ports.clock, due);
  }

  /** Before the first call: the root is there from the beginning. */
  async start(name: string | undefined): Promise<void> {
    await this.#alarm.start();
    if (name === ROOT)
      this.write(() => mounts.foundSpace(this.core, ROOT, '', 'admin', { type: 'ContainerNode', properties: [] }, undefined));
  }

  async alarm(): Promise<void> {
    await this.#alarm.ring();
  }

  id(): SpaceId {
    return (meta(this.core, 'id') ?? '') as SpaceId;
  }

  peer(id: SpaceId): SpacePort {
    return this.#ports.peer(id);
  }

  pipe(id: PipeId): PipePort {
    return this.#ports.pipe(id);
  }

  /** Whether only what has to be cleared away is left of it. */
  isDestroyed(): boolean {
    return meta(this.core, 'destroyed') !== undefined;
  }

  top(): NodeState {
    return nodeState(this.core, present(first(this.core.sql, q.GET_NODE, TOP), 'root node'), SYSTEM, propertiesOf(this.core, TOP));
  }

  usedProperties(): readonly string[] {
    return all(this.core.sql, q.USED_PROPERTIES, USED_PROPERTIES).map((row) => row.uri);
  }

  /** A caller that knows this Space under another name has an outdated cache. */
  check(call: Call): void {
    if (meta(this.core, 'name') !== call.name) throw moved(call.name);
  }

  change<T>(call: Call, change: () => T): T {
    this.check(call);
    return this.write(change);
  }

  /**
   * One transaction, and in the same turn the alarm for whatever it has left to do: both are durable, or neither. `due`: nothing that it leaves to do is
   * due before, epoch milliseconds.
   */
  write<T>(change: () => T, due?: number): T {
    let result: T;
    try {
      result = this.#storage.transactionSync(change);
    } catch (error) {
      // Row ids that were rolled back are given out again, for other permissions.
      forget(this.core);
      this.core.news.length = 0;
      throw error;
    }
    this.#news.committed();
    if (due === undefined) this.#alarm.arm();
    else this.#alarm.armBy(due);
    return result;
  }

  /** One transaction for all, in which a change that is refused is undone alone. */
  each<Item extends { readonly call: Call }, T>(items: readonly Item[], change: (item: Item) => T): (T | Refused)[] {
    for (const { call } of items) this.check(call);
    return this.write(() =>
      items.map((item) => {
        const done = this.attempt(() => change(item));
        return done instanceof Fault ? { kind: 'refused', fault: done.fault, detail: done.detail } : done;
      }),
    );
  }

  /** One of several changes in a transaction: when it is refused, what it has done is undone, and the refusal answered. */
  attempt<T>(change: () => T): T | Fault {
    const noted = this.core.news.length;
    try {
      return this.#storage.transactionSync(change);
    } catch (error) {
      forget(this.core);
      this.core.news.length = noted;
      const fault = asFault(error);
      if (!fault) throw error;
      return fault;
    }
  }

  /** Makes the calls that are owed to other Spaces at once; what cannot be delivered stays owed. */
  async flush(): Promise<void> {
    await this.#duties.find((duty) => duty.name === 'outbox')?.work(this.#ports.clock());
  }

  async #deliver(owed: Owed): Promise<void> {
    const peer = (id: SpaceId): SpacePort => this.peer(id);
    if (owed.kind === 'destroy') await peer(owed.space).destroy();
    else if (owed.kind === 'outcome') await this.#tellJob(owed.job, owed.outcome);
    else if (owed.kind === 'extract') await this.#ports.errands(this.id()).extract(owed.path, owed.upload, owed.owner);
    else if (owed.kind === 'rename') await peer(owed.space).renamed(owed.name, owed.revision);
    else if (owed.kind === 'project') await this.#project();
    else if (owed.kind === 'confirm') await this.#confirm();
    else if (owed.kind === 'access') this.write(() => pruneAccess(this.core));
    else if (owed.kind === 'vacate') await this.#vacate();
    else if (owed.kind === 'askPipe') await askPipe(this, owed.pipe, owed.holders);
    else if (owed.kind !== 'properties') await deliverRelocation(this, owed);
    else if (this.id() !== ROOT) await peer(ROOT).noteProperties(this.id(), mounts.nextRevision(this.core), this.usedProperties());
  }

  async #confirm(): Promise<void> {
    const mounted = await this.peer(ROOT).isMounted(this.id());
    this.write(() => (mounted ? arriveWhole(this.core) : destroySpace(this.core)));
  }

  async #project(): Promise<void> {
    if (this.id() === ROOT || meta(this.core, 'destroyed') !== undefined) return;
    await this.#ports.peer(ROOT).project(this.id(), mounts.nextRevision(this.core), this.top());
  }

  async #tellJob(job: JobId, { result, detail }: Outcome): Promise<void> {
    const ending: Ending = result === 'committed' ? { phase: 'COMPLETED' } : { phase: 'ERROR', error: { fault: result, detail } };
    await this.#ports.jobs(queueIn(job)).end(job, ending);
  }

  async #vacate(): Promise<void> {
    const root = this.peer(ROOT);
    // It is no longer below the root, where confirmations come from.
    if (isPaused(this.core) && (await root.status())?.paused === undefined) this.write(() => resumeSweep(this.core));
    const sweeping = sweptAt(this.core);
    await root.noteGhost(this.id(), isHaunting(this.core));
    if (sweeping !== undefined) return this.write(() => oweOnce(this.core, { kind: 'vacate' }, sweeping));
    const container = storeContainer(this.core);
    if (container.epoch > 0) await this.#ports.errands(this.id()).drop(container);
    await this.#storage.deleteAll();
    forget(this.core);
    migrate(this.#storage, MIGRATIONS);
  }
}

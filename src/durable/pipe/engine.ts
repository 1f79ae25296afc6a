// What makes a pipe go: one transaction per change, then whoever waits is told, tasks are given out, and the alarm is set for the rest.
import type { PipeDefinition, PipeId } from '../../model/pipe.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { Alarm, type Duty } from '../alarm.ts';
import { all, first, migrate, run } from '../sql.ts';
import type { SpacePort } from '../space/port.ts';
import { acknowledge } from './chain/acknowledge.ts';
import { followersDuty, oweFollowers } from './chain/followed.ts';
import { Core, NOTHING, type Happened } from './core.ts';
import { dueOf, type Due } from './due.ts';
import { wakeFollowing } from './chain/follow.ts';
import { pauseAfter, type Owed } from './outbox.ts';
import type { PipePort } from './port.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';
import { giveOut } from './work/tasks.ts';
import { nextDue } from './work/work.ts';

export interface EnginePorts {
  readonly clock: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly space: (id: SpaceId) => SpacePort;
  readonly pipe: (id: PipeId) => PipePort;
  /** Nodes at the destination go, where they still have what the pipe has placed there. */
  readonly reclaim: (definition: PipeDefinition, items: Extract<Owed, { kind: 'reclaim' }>['items']) => Promise<void>;
  /** Answers at once. */
  readonly carry: (pipe: PipeId, id: string, attempt: number) => void;
}

export class Engine {
  readonly core: Core;
  readonly ports: EnginePorts;
  readonly #storage: DurableObjectStorage;
  readonly #alarm: Alarm;
  readonly #duties: Duty[];
  readonly #more: Duty[] = [];
  /** What the write that is just ending has found. */
  #due: Due | undefined;
  readonly #before: ((happened: Happened) => void)[] = [];
  readonly #after: ((happened: Happened) => void)[] = [];

  constructor(storage: DurableObjectStorage, ports: EnginePorts) {
    migrate(storage, MIGRATIONS);
    const core = new Core(storage.sql, ports.clock, ports.random);
    this.core = core;
    this.ports = ports;
    this.#storage = storage;
    this.#duties = [
      { name: 'work', next: () => nextDue(core), work: () => this.#giveOut() },
      { name: 'outbox', next: () => first(core.sql, q.NEXT_OUTBOX)?.due ?? undefined, work: (now) => this.#deliver(now) },
      {
        name: 'answers',
        next: () => first(core.sql, q.NEXT_ANSWER)?.due ?? undefined,
        work: (now) => void run(core.sql, q.DROP_ANSWERS, now),
      },
      followersDuty(core, ports.pipe, (change) => this.write(change)),
    ];
    this.#alarm = new Alarm(storage, this.#duties, ports.clock, () => this.#earliest(this.#due ?? dueOf(core)));
  }

  /** One more kind of obligation; before `start`. `counted`: due.ts asks for its deadline with the others. */
  owes(duty: Duty, counted = false): void {
    this.#duties.push(duty);
    if (!counted) this.#more.push(duty);
  }

  /** The last part of every transaction that has brought something about. */
  before(part: (happened: Happened) => void): void {
    this.#before.push(part);
  }

  /** Told of what a transaction has brought about when it is committed, in the same turn. */
  after(told: (happened: Happened) => void): void {
    this.#after.push(told);
  }

  /** Before the first call. */
  start(): Promise<void> {
    return this.#alarm.start();
  }

  alarm(): Promise<void> {
    return this.#alarm.ring();
  }

  /** One transaction; then whoever waits is told, what has become due is given out, and the alarm is set for the rest: all in one turn. */
  write<T>(change: () => T): T {
    const result = this.#transaction(change);
    this.#tell();
    this.#due = dueOf(this.core);
    if (this.#due.work !== undefined && this.#due.work <= this.ports.clock()) {
      this.#giveOut();
      this.#due = dueOf(this.core);
    }
    this.#alarm.arm();
    this.#due = undefined;
    return result;
  }

  #earliest({ all: known }: Due): number | undefined {
    return this.#more.reduce<number | undefined>((least, duty) => {
      const next = duty.next();
      return next === undefined || (least !== undefined && least <= next) ? least : next;
    }, known);
  }

  /** Nothing is left, as if the pipe had never been. */
  async vanish(): Promise<void> {
    await this.#storage.deleteAll();
    migrate(this.#storage, MIGRATIONS);
    this.core.forget();
    this.#alarm.arm();
  }

  #tell(): void {
    const happened = { ...this.core.happened };
    Object.assign(this.core.happened, NOTHING);
    if (!Object.values(happened).some(Boolean)) return;
    for (const told of this.#after) {
      // What is stored is stored, and its alarm must be set.
      try {
        told(happened);
      } catch (error) {
        console.error(JSON.stringify({ level: 'error', event: 'pipe-told-failed', error: String(error) }));
      }
    }
  }

  #transaction<T>(change: () => T): T {
    try {
      return this.#storage.transactionSync(() => {
        const result = change();
        const { happened } = this.core;
        if (happened.visible) oweFollowers(this.core);
        if (happened.room) wakeFollowing(this.core);
        if (happened.visible || happened.room || happened.changed) for (const part of this.#before) part(happened);
        this.core.store();
        return result;
      });
    } catch (error) {
      this.core.forget();
      throw error;
    }
  }

  #giveOut(): void {
    const claimed = this.#transaction(() => giveOut(this.core));
    this.#tell();
    for (const { job, attempt } of claimed) this.ports.carry(this.core.definition().id, job, attempt);
  }

  async #deliver(now: number): Promise<void> {
    const { sql } = this.core;
    for (const { id, payload, attempts } of all(sql, q.DUE_OUTBOX, now)) {
      // Should the answer be lost, it is due again.
      run(sql, q.DEFER_OUTBOX, now + pauseAfter(attempts, this.ports.random), id);
      try {
        await this.#call(JSON.parse(payload) as Owed);
        run(sql, q.DROP_OUTBOX, id);
      } catch (error) {
        console.error(JSON.stringify({ level: 'warn', event: 'pipe-call-failed', payload, error: String(error) }));
      }
    }
  }

  async #call(owed: Owed): Promise<void> {
    if (owed.kind === 'ack') await acknowledge(this.ports.pipe(owed.pipe), owed);
    else if (owed.kind === 'taken') await this.ports.pipe(owed.pipe).followerHas(owed.by, owed.pos);
    else if (owed.kind === 'reclaim') await this.ports.reclaim(this.core.definition(), owed.items);
    else await this.ports.space(owed.space).letGo(owed.holder, owed.keys);
  }
}

// The pipe: one object for each, which decides the order of its chunks, keeps the log of what is visible, and owes what is still to be done.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../faults.ts';
import { formatState } from '../../model/pipe-state.ts';
import type { PipeAction, PipeDefinition } from '../../model/pipe.ts';
import { mayPipe } from '../../model/pipe.ts';
import { checkPipe } from '../../model/pipe-rights.ts';
import { refusal } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { Alarm, type Duty } from '../alarm.ts';
import { GroupCommit } from '../group-commit.ts';
import { all, first, migrate, run } from '../sql.ts';
import type { SpacePort } from '../space/port.ts';
import { appendChunks, repeatOf } from './appends.ts';
import { closePipe } from './closing.ts';
import { conditionOf, Core } from './core.ts';
import { creditOf } from './credit.ts';
import { pauseAfter, type Owed } from './outbox.ts';
import type {
  Append,
  Appended,
  Founding,
  Glance,
  NewChunk,
  Page,
  PipeDescription,
  PipePort,
  PipeTask,
  SealedCredential,
  ReadRequest,
  TaskReport,
} from './port.ts';
import * as q from './queries.ts';
import { readPage, standAt, type Sign } from './reading.ts';
import { MIGRATIONS } from './schema.ts';
import * as work from './work.ts';

export interface PipePorts<Env> {
  readonly clock: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly space: (id: SpaceId, env: Env) => SpacePort;
  /** Has a Carrier do what a row of work asks for. Answers at once; a Carrier that is lost is noticed by its lease. */
  readonly carry: (pipe: string, id: string, attempt: number, env: Env, ctx: DurableObjectState) => void;
  readonly sign: (env: Env) => Sign;
}

/** The class with its ports put in; see PipePort for what the methods promise. */
export function makePipe<Env>(ports: PipePorts<Env>) {
  return class Pipe extends DurableObject<Env> implements PipePort {
    readonly #core: Core;
    readonly #alarm: Alarm;
    readonly #appends: GroupCommit<Append, Appended>;

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      migrate(ctx.storage, MIGRATIONS);
      const core = new Core(ctx.storage.sql, ports.clock, ports.random);
      this.#core = core;
      const duties: readonly Duty[] = [
        { name: 'work', next: () => work.nextDue(core), work: () => this.#giveOut() },
        { name: 'outbox', next: () => first(core.sql, q.NEXT_OUTBOX)?.due ?? undefined, work: (now) => this.#deliver(now) },
        {
          name: 'answers',
          next: () => first(core.sql, q.NEXT_ANSWER)?.due ?? undefined,
          work: (now) => void run(core.sql, q.DROP_ANSWERS, now),
        },
      ];
      this.#alarm = new Alarm(ctx.storage, duties, ports.clock);
      // Checked before anything is written, so that a refusal leaves nothing to undo.
      this.#appends = new GroupCommit<Append, Appended>(
        (appends) => this.#write(() => appends.map((append) => refusable(() => appendChunks(core, append)))),
        () => ctx.storage.sync(),
      );
      void ctx.blockConcurrencyWhile(() => this.#alarm.start());
    }

    override async alarm(): Promise<void> {
      await this.#alarm.ring();
    }

    async found({ definition, deadline, credentials = [] }: Founding): Promise<PipeDescription> {
      const known = this.#core.find();
      if (!known)
        this.#write(() => {
          run(this.#core.sql, q.ADD_PIPE, JSON.stringify(definition), 'creating', deadline);
          work.setCredentials(this.#core, credentials);
        });
      else if (!isSameWish(this.#core.definition(), definition))
        throw new Fault('Conflict', 'another pipe was created under this Idempotency-Key');
      return this.#describe();
    }

    async opened(): Promise<PipeDescription> {
      this.#write(() => {
        if (this.#core.row().life === 'creating') this.#core.set({ life: 'open', due: null });
      });
      return this.#describe();
    }

    async glance(): Promise<Glance | undefined> {
      const row = this.#core.find();
      return row && { definition: this.#core.definition(), condition: conditionOf(row) };
    }

    async check(principal: Principal, action: PipeAction): Promise<Glance> {
      const row = this.#core.row();
      const definition = this.#core.definition();
      checkPipe(definition, principal, action);
      return { definition, condition: conditionOf(row) };
    }

    async describe(principal: Principal): Promise<PipeDescription> {
      this.#core.row();
      const { access } = this.#core.definition();
      if (!(['read', 'write'] as const).some((action) => mayPipe(access, principal, action)))
        throw refusal(principal, "the pipe's owner has not allowed you to see it");
      return this.#describe();
    }

    append(append: Append): Promise<Appended> {
      return this.#appends.add(append);
    }

    async repeated(principal: Principal, key: NonNullable<Append['key']>): Promise<Appended | undefined> {
      this.#core.row();
      return repeatOf(this.#core, principal, key);
    }

    async close(principal: Principal, { total }: NonNullable<Append['final']>): Promise<PipeDescription> {
      const { seqs } = this.#core.row();
      checkPipe(this.#core.definition(), principal, 'write');
      if (total !== undefined && total !== seqs) throw new Fault('Conflict', `the pipe has ${seqs} chunks, and not ${total}`);
      this.#write(() => closePipe(this.#core));
      return this.#describe();
    }

    async setCredentials(principal: Principal, credentials: readonly SealedCredential[]): Promise<PipeDescription> {
      this.#core.row();
      checkPipe(this.#core.definition(), principal, 'manage');
      this.#write(() => work.setCredentials(this.#core, credentials));
      return this.#describe();
    }

    async read(request: ReadRequest): Promise<Page> {
      this.#core.row();
      checkPipe(this.#core.definition(), request.principal, 'read');
      return readPage(this.#core, standAt(this.#core, request), ports.sign(this.env));
    }

    async askHolder(holder: string, keys: readonly string[]): Promise<readonly string[]> {
      const kept = new Set<string>();
      for (const { bytes } of all(this.#core.sql, q.HELD_CHUNKS, holder)) {
        const found = JSON.parse(bytes) as NewChunk['bytes'];
        if (found.kind === 'pinned') kept.add(found.pinned.key);
      }
      return keys.filter((key) => kept.has(key));
    }

    async begin(id: string, attempt: number): Promise<PipeTask | undefined> {
      return this.#write(() => work.beginTask(this.#core, id, attempt));
    }

    async report(id: string, attempt: number, report: TaskReport): Promise<boolean> {
      return this.#write(() => work.takeReport(this.#core, id, attempt, report));
    }

    async renew(id: string, attempt: number): Promise<boolean> {
      return this.#write(() => work.renewTask(this.#core, id, attempt));
    }

    async yield(id: string, attempt: number): Promise<void> {
      this.#write(() => work.yieldTask(this.#core, id, attempt));
    }

    #describe(): PipeDescription {
      const row = this.#core.row();
      const definition = this.#core.definition();
      const reason = row.auth ?? row.reason;
      return {
        definition,
        condition: conditionOf(row),
        ...(reason !== null && { reason }),
        counts: { written: row.seqs, visible: row.pos, waiting: row.waiting, dead: row.dead, trimmed: row.trimmed },
        bytes: { written: row.bytes, visible: row.sum },
        credit: creditOf(this.#core),
        earliest: formatState(definition.id, row.trimmed),
        tail: formatState(definition.id, row.pos),
      };
    }

    /** One transaction; then whoever waits is told, what has become due is given out, and the alarm is set for the rest: all in one turn. */
    #write<T>(change: () => T): T {
      let result: T;
      try {
        result = this.#transaction(change);
      } catch (error) {
        this.#core.forget();
        throw error;
      }
      this.#tell();
      const next = work.nextDue(this.#core);
      if (next !== undefined && next <= ports.clock()) this.#giveOut();
      this.#alarm.arm();
      return result;
    }

    /** Of what a transaction has brought about. */
    #tell(): void {
      Object.assign(this.#core.happened, { visible: false, room: false, changed: false });
    }

    #transaction<T>(change: () => T): T {
      return this.ctx.storage.transactionSync(() => {
        const result = change();
        this.#core.store();
        return result;
      });
    }

    #giveOut(): void {
      const claimed = this.#transaction(() => work.giveOut(this.#core));
      this.#tell();
      for (const { job, attempt } of claimed) ports.carry(this.#core.definition().id, job, attempt, this.env, this.ctx);
    }

    async #deliver(now: number): Promise<void> {
      const { sql } = this.#core;
      for (const { id, payload, attempts } of all(sql, q.DUE_OUTBOX, now)) {
        // Should the answer be lost, it is due again.
        run(sql, q.DEFER_OUTBOX, now + pauseAfter(attempts, ports.random), id);
        try {
          await this.#call(JSON.parse(payload) as Owed);
          run(sql, q.DROP_OUTBOX, id);
        } catch (error) {
          console.error(JSON.stringify({ level: 'warn', event: 'pipe-call-failed', payload, error: String(error) }));
        }
      }
    }

    async #call(owed: Owed): Promise<void> {
      await ports.space(owed.space, this.env).letGo(owed.holder, owed.keys);
    }
  };
}

/** What a repeat of CreatePipe must ask for again. */
function isSameWish(one: PipeDefinition, other: PipeDefinition): boolean {
  const wish = ({ source, destination, options, access }: PipeDefinition): string => JSON.stringify([source, destination, options, access]);
  return wish(one) === wish(other);
}

function refusable<T>(change: () => T): T | Fault {
  try {
    return change();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

// The pipe: one object for each, which decides the order of its chunks, keeps the log of what is visible, and owes what is still to be done.
import { Fault } from '../../faults.ts';
import { formatState } from '../../model/pipe-state.ts';
import type { PipeAction, PipeId } from '../../model/pipe.ts';
import { allowsPipe, checkPipe } from '../../model/pipe-rights.ts';
import { refusal } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { GroupCommit } from '../group-commit.ts';
import type { JobsPort } from '../job-queue/port.ts';
import type { SpacePort } from '../space/port.ts';
import { repeatOf } from './answers.ts';
import { checkStated, writtenOf } from './appends.ts';
import { bytesOf } from './log/bytes.ts';
import { ChainedPipe } from './chain/messages.ts';
import { closePipe } from './closing.ts';
import { appendOutput, consumedBy } from './chain/consume.ts';
import { conditionOf, type Core } from './core.ts';
import { creditOf, lagAt } from './credit.ts';
import { setCredentials } from './credentials.ts';
import { countDead, haltedBy } from './log/dead.ts';
import { foundPipe, mayVanish, openPipe } from './ending/ending.ts';
import { Engine, type EnginePorts } from './engine.ts';
import { upstreamsOf } from './chain/follow.ts';
import { NodeWrites } from './node-writes.ts';
import { PipeNews } from './news.ts';
import type {
  Append,
  Appended,
  ChunkBytes,
  Founding,
  Glance,
  NodeWrite,
  Page,
  PipeDescription,
  PipePort,
  SealedCredential,
  ReadRequest,
  Stated,
} from './port.ts';
import type { PipeTask, TaskReport } from './work/port.ts';
import { describeGroups } from './groups/rows.ts';
import { refusable } from './refusable.ts';
import { keysHeld } from './retention/letting-go.ts';
import { readPage, standAt, type Sign } from './log/reading.ts';
import { Gathering } from './work/gathering.ts';
import * as tasks from './work/tasks.ts';
import { Waiters } from './waiting/waiters.ts';

export interface PipePorts<Env> {
  readonly clock: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly space: (id: SpaceId, env: Env) => SpacePort;
  readonly pipe: (id: PipeId, env: Env) => PipePort;
  readonly reclaim: (...wanted: [...Parameters<EnginePorts['reclaim']>, Env, DurableObjectState]) => Promise<void>;
  readonly jobs: (queue: string, env: Env) => JobsPort;
  /** Milliseconds between two messages to the owner's live pages: so long at most an object that is done with everything stays awake. */
  readonly newsPause: number;
  /** Milliseconds in which chunks gather that are to be placed, where nobody waits to read them. */
  readonly gathers: number;
  /** Has a Carrier do what a row of work asks for. Answers at once; a Carrier that is lost is noticed by its lease. */
  readonly carry: (pipe: PipeId, id: string, attempt: number, env: Env, ctx: DurableObjectState) => void;
  readonly sign: (env: Env) => Sign;
}

/** The class with its ports put in; see PipePort for what the methods promise. */
export function makePipe<Env>(ports: PipePorts<Env>) {
  return class Pipe extends ChainedPipe<Env> implements PipePort {
    readonly #engine: Engine;
    readonly #core: Core;
    readonly #news: PipeNews;
    readonly #appends: GroupCommit<Append, Appended>;
    readonly #gathering: Gathering;
    readonly #nodeWrites: NodeWrites;
    readonly #waiters: Waiters;

    constructor(ctx: DurableObjectState, env: Env) {
      const engine = new Engine(ctx.storage, {
        clock: ports.clock,
        random: ports.random,
        space: (id) => ports.space(id, env),
        pipe: (id) => ports.pipe(id, env),
        reclaim: (definition, items) => ports.reclaim(definition, items, env, ctx),
        carry: (pipe, id, attempt) => ports.carry(pipe, id, attempt, env, ctx),
      });
      super(ctx, env, engine, ports.sign(env));
      this.#engine = engine;
      this.#core = engine.core;
      const news = new PipeNews(engine.core, (queue) => ports.jobs(queue, env), ports.newsPause);
      this.#news = news;
      this.#waiters = new Waiters(ctx, engine.core, ports.sign(env), () => news.read());
      engine.after((happened) => this.#waiters.told(happened));
      engine.after(() => news.happened());
      this.#gathering = new Gathering(engine.core, () => this.#waiters.areThere(), ports.gathers);
      engine.after(() => this.#gathering.look());
      // Checked before anything is written, so that a refusal leaves nothing to undo.
      this.#appends = new GroupCommit<Append, Appended>(
        (appends) =>
          engine.write(() => {
            const written = writtenOf(engine.core, appends);
            return appends.map((append) => refusable(() => appendOutput(engine.core, append, written)));
          }),
        () => ctx.storage.sync(),
      );
      this.#nodeWrites = new NodeWrites(
        engine.core,
        (id) => ports.space(id, env),
        this.#appends,
        () => ctx.storage.sync(),
      );
      void ctx.blockConcurrencyWhile(() => engine.start());
    }

    override async alarm(): Promise<void> {
      await this.#engine.alarm();
    }

    /** A Worker dials, to wait for news: see pipe-waiting.ts. */
    override async fetch(request: Request): Promise<Response> {
      const accepted = await this.#waiters.accept(request);
      this.#gathering.look();
      return accepted;
    }

    override webSocketMessage(socket: WebSocket, text: string | ArrayBuffer): void {
      if (typeof text === 'string') this.#waiters.hear(socket, text);
    }

    async found(founding: Founding): Promise<PipeDescription> {
      this.#engine.write(() => foundPipe(this.#core, founding));
      return this.#describe();
    }

    async opened(): Promise<PipeDescription> {
      this.#engine.write(() => openPipe(this.#core));
      return this.#describe();
    }

    async glance(): Promise<Glance | undefined> {
      const row = this.#core.find();
      return row && { definition: this.#core.definition(), condition: conditionOf(row) };
    }

    async check(principal: Principal, action: PipeAction, stated: readonly Stated[] = []): Promise<Glance> {
      const row = this.#core.row();
      const definition = this.#core.definition();
      checkPipe(definition, principal, action);
      const condition = conditionOf(row);
      // Of a closed pipe nobody needs to know more.
      if (condition !== 'closed') checkStated(this.#core, stated);
      return { definition, condition };
    }

    async describe(principal: Principal): Promise<PipeDescription> {
      this.#core.row();
      const definition = this.#core.definition();
      if (!(['read', 'write', 'manage'] as const).some((action) => allowsPipe(definition, principal, action)))
        throw refusal(principal, 'nothing in this pipe is for you, or for this token');
      return { ...this.#describe(), ...(allowsPipe(definition, principal, 'read') && { groups: describeGroups(this.#core) }) };
    }

    append(append: Append): Promise<Appended> {
      return this.#appends.add(append);
    }

    async appendText(append: string): Promise<string> {
      return JSON.stringify(await this.append(JSON.parse(append) as Append));
    }

    writeNodes(write: NodeWrite): Promise<Appended | undefined> {
      return this.#nodeWrites.add(write);
    }

    async writeNodesText(write: string): Promise<string> {
      const appended = await this.writeNodes(JSON.parse(write) as NodeWrite);
      return appended ? JSON.stringify(appended) : '';
    }

    async repeated(principal: Principal, key: NonNullable<Append['key']>): Promise<Appended | undefined> {
      this.#core.row();
      return repeatOf(this.#core, principal, key);
    }

    async close(principal: Principal, { total }: NonNullable<Append['final']>): Promise<PipeDescription> {
      const { life, seqs } = this.#core.row();
      checkPipe(this.#core.definition(), principal, 'write');
      // A creation that is taken back, and repeated under its key, begins with an open pipe.
      if (life !== 'open') throw new Fault('ServiceBusy', 'the pipe is being created', { 'Retry-After': '1' });
      if (total !== undefined && total !== seqs) throw new Fault('Conflict', `the pipe has ${seqs} chunks, and not ${total}`);
      this.#engine.write(() => closePipe(this.#core));
      return this.#describe();
    }

    async setCredentials(principal: Principal, credentials: readonly SealedCredential[]): Promise<PipeDescription> {
      this.#core.row();
      checkPipe(this.#core.definition(), principal, 'manage');
      this.#engine.write(() => setCredentials(this.#core, credentials));
      return this.#describe();
    }

    async read(request: ReadRequest): Promise<Page> {
      this.#core.row();
      checkPipe(this.#core.definition(), request.principal, 'read');
      this.#news.read();
      return readPage(this.#core, standAt(this.#core, request), ports.sign(this.env));
    }

    async chunk(principal: Principal, seq: number): Promise<ChunkBytes> {
      this.#core.row();
      checkPipe(this.#core.definition(), principal, 'read');
      return bytesOf(this.#core, seq);
    }

    async askHolders(
      asked: readonly { readonly holder: string; readonly keys: readonly string[] }[],
    ): Promise<readonly (readonly string[])[]> {
      return asked.map(({ holder, keys }) => {
        const kept = keysHeld(this.#core, holder);
        return keys.filter((key) => kept.has(key));
      });
    }

    async begin(id: string, attempt: number): Promise<PipeTask | undefined> {
      return this.#engine.write(() => tasks.beginTask(this.#core, id, attempt));
    }

    async report(id: string, attempt: number, report: TaskReport): Promise<boolean> {
      if (mayVanish(this.#core, id, attempt, report)) {
        await this.#engine.vanish();
        return false;
      }
      return this.#engine.write(() => tasks.takeReport(this.#core, id, attempt, report));
    }

    gather(): Promise<void> {
      return this.#gathering.wait();
    }

    async renew(id: string, attempt: number): Promise<boolean> {
      return this.#engine.write(() => tasks.renewTask(this.#core, id, attempt));
    }

    async yield(id: string, attempt: number): Promise<void> {
      this.#engine.write(() => tasks.yieldTask(this.#core, id, attempt));
    }

    #describe(): PipeDescription {
      const row = this.#core.row();
      const definition = this.#core.definition();
      const reason = row.auth ?? row.reason ?? haltedBy(this.#core) ?? null;
      const upstreams = upstreamsOf(this.#core);
      const consumes = consumedBy(this.#core);
      return {
        definition,
        condition: conditionOf(row),
        ...(reason !== null && { reason }),
        counts: {
          written: row.seqs,
          visible: row.pos,
          waiting: row.waiting,
          dead: row.dead,
          missing: countDead(this.#core),
          trimmed: row.trimmed,
        },
        bytes: { written: row.bytes, visible: row.sum },
        lag: lagAt(this.#core, row.pos),
        credit: creditOf(this.#core),
        ...(upstreams.length > 0 && { upstreams }),
        ...(consumes.length > 0 && { consumes }),
        earliest: formatState(definition.id, row.trimmed),
        tail: formatState(definition.id, row.pos),
      };
    }
  };
}

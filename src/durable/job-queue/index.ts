// The JobQueue: one per owner, holding the owner's UWS jobs until their destruction time, and having their work done.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../faults.ts';
import type { NodeChange, PipeChange } from '../../model/event.ts';
import { ENDED, type Job, type JobId, type Progress } from '../../model/job.ts';
import { MAX_JOBS, RUNNING_JOBS } from '../../model/limits.ts';
import { Alarm } from '../alarm.ts';
import { all, first, migrate, run } from '../sql.ts';
import { addPipe, dropPipe, listPipes } from './pipes.ts';
import type { Assignment, Ending, JobFilter, JobsPort, OwnedPipe, PipeFilter, Report, StoredJob, Work } from './port.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';
import { Watchers } from './watchers.ts';
import * as works from './work.ts';

export interface JobQueuePorts<Env> {
  readonly clock: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Has a Carrier take the steps of a job. Answers at once; a Carrier that is lost is noticed by its lease. */
  readonly carry: (queue: string, job: JobId, attempt: number, env: Env, ctx: DurableObjectState) => void;
}

const LOST = { fault: 'InternalFault', detail: 'the service was interrupted in the same step too often' } as const;

/** The class with its ports put in; see JobsPort for what the methods promise. */
export function makeJobQueue<Env>({ clock, random, carry }: JobQueuePorts<Env>) {
  return class JobQueue extends DurableObject<Env> implements JobsPort {
    readonly #sql: SqlStorage;
    readonly #alarm: Alarm;
    readonly #watchers: Watchers;
    /** Jobs that the present write has changed. */
    readonly #changed = new Set<JobId>();

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      migrate(ctx.storage, MIGRATIONS);
      this.#sql = ctx.storage.sql;
      this.#watchers = new Watchers(ctx);
      const duties = [
        {
          name: 'destruction',
          next: () => first(this.#sql, q.NEXT_DESTRUCTION)?.due ?? undefined,
          work: (now: number) => {
            for (const { id } of all(this.#sql, q.DUE_DESTRUCTION, now)) this.#remove(id as JobId);
          },
        },
        { name: 'work', next: () => works.nextDue(this.#sql, RUNNING_JOBS), work: (now: number) => this.#giveOut(now) },
      ];
      this.#alarm = new Alarm(ctx.storage, duties, clock);
      void ctx.blockConcurrencyWhile(() => this.#alarm.start());
    }

    override async alarm(): Promise<void> {
      await this.#alarm.ring();
    }

    override async fetch(request: Request): Promise<Response> {
      return this.#watchers.accept(request, (id) => this.#read(id)?.job);
    }

    /** A close has to be answered by hand. */
    override webSocketClose(socket: WebSocket): void {
      socket.close(1000);
    }

    async tell(changes: readonly NodeChange[], more: number, pipe?: PipeChange): Promise<boolean> {
      return pipe ? this.#watchers.pipeChanged(pipe) : this.#watchers.nodesChanged(changes, more);
    }

    async addPipe(pipe: OwnedPipe): Promise<void> {
      addPipe(this.#sql, pipe);
    }

    async removePipe(pipe: OwnedPipe['pipe']): Promise<void> {
      dropPipe(this.#sql, pipe);
    }

    async pipes(filter: PipeFilter): Promise<readonly OwnedPipe[]> {
      return listPipes(this.#sql, filter);
    }

    async add(stored: StoredJob, work?: Work): Promise<void> {
      const { id, list, phase, created, destruction } = stored.job;
      // A repeat changes nothing, and what has ended waits for nothing: both find room.
      if (first(this.#sql, q.GET_JOB, id)) return;
      if (!ENDED.includes(phase) && (first(this.#sql, q.COUNT_OPEN)?.count ?? 0) >= MAX_JOBS)
        throw new Fault('TooManyRequests', `${MAX_JOBS} jobs have not ended`, { 'Retry-After': '60' });
      this.#write(() => {
        if (!first(this.#sql, q.ADD_JOB, id, list, phase, created, destruction, JSON.stringify(stored))) return;
        this.#changed.add(id);
        if (work) {
          works.hold(this.#sql, id, JSON.stringify({ work, job: stored.job }), work.light);
          if (phase === 'QUEUED') works.queue(this.#sql, id, clock());
        }
        run(this.#sql, q.DROP_SURPLUS, list, MAX_JOBS);
      });
    }

    async get(id: JobId): Promise<StoredJob | undefined> {
      return this.#read(id);
    }

    async start(id: JobId): Promise<StoredJob | undefined> {
      this.#write(() => {
        const stored = this.#read(id);
        if (stored?.job.phase !== 'PENDING') return;
        this.#put(stored, { phase: 'QUEUED' });
        works.queue(this.#sql, id, clock());
      });
      return this.#read(id);
    }

    async end(id: JobId, ending: Ending): Promise<StoredJob | undefined> {
      this.#write(() => {
        const stored = this.#read(id);
        if (ending.phase === 'COMPLETED' && stored?.follows) this.#follow(stored, stored.follows);
        // How the upload ended is told more than once; the job is not over with it.
        else if (!stored?.followed || ending.phase === 'ABORTED') this.#end(id, ending);
      });
      return this.#read(id);
    }

    async change(id: JobId, times: { destruction?: number; executionDuration?: number }): Promise<StoredJob | undefined> {
      this.#write(() => {
        const stored = this.#read(id);
        if (!stored) return;
        const { job } = this.#put(stored, times);
        if (times.executionDuration !== undefined) works.setEnd(this.#sql, id, endOf(job));
      });
      return this.#read(id);
    }

    async list({ list, phases, after, last }: JobFilter): Promise<readonly Job[]> {
      const chosen = JSON.stringify(phases);
      return all(this.#sql, q.LIST_JOBS, list, after, chosen, chosen, last).map((row) => (JSON.parse(row.body) as StoredJob).job);
    }

    async remove(id: JobId): Promise<void> {
      this.#write(() => this.#remove(id));
    }

    async begin(id: JobId, attempt: number): Promise<Assignment | undefined> {
      const row = works.held(this.#sql, id, attempt);
      if (!row) return undefined;
      const { work, job } = JSON.parse(row.body) as { work: Work; job: Job };
      return {
        work,
        job: this.#read(id)?.job ?? job,
        checkpoint: row.checkpoint === null ? undefined : JSON.parse(row.checkpoint),
        undo: row.state === 'undoing',
      };
    }

    async report(id: JobId, attempt: number, report: Report): Promise<boolean> {
      return this.#write(() => {
        const row = works.held(this.#sql, id, attempt);
        if (!row) return false;
        return this.#take(id, row, report);
      });
    }

    async renew(id: JobId, attempt: number, progress?: Progress): Promise<boolean> {
      return this.#write(() => {
        const row = works.held(this.#sql, id, attempt);
        if (!row) return false;
        works.renew(this.#sql, row, clock());
        if (progress) this.#progress(id, progress);
        return true;
      });
    }

    async yield(id: JobId, attempt: number): Promise<void> {
      this.#write(() => {
        const row = works.held(this.#sql, id, attempt);
        if (row) works.putBack(this.#sql, row, clock());
      });
    }

    /** What a report does to the job and its work; whether the attempt goes on. */
    #take(id: JobId, row: q.WorkRow, report: Report): boolean {
      if (report.kind === 'more') {
        works.advance(this.#sql, row, report, clock());
        if (report.progress) this.#progress(id, report.progress);
        return report.pause === undefined;
      }
      if (report.kind === 'failed') {
        const mayPass = row.state === 'undoing' || report.transient;
        if (!mayPass || !works.retryLater(this.#sql, row, report, clock(), random)) this.#giveUp(row, report);
        return false;
      }
      if (report.kind === 'awaiting') works.park(this.#sql, row, report.awaits);
      else works.drop(this.#sql, id);
      if (report.kind === 'undone') return false;
      if (report.kind === 'done' && report.progress) this.#progress(id, report.progress);
      const stored = this.#read(id);
      if (!stored) return false;
      const { details = stored.details } = report;
      const awaits = report.kind === 'awaiting' ? report.awaits : undefined;
      const { notes } = report.kind === 'done' ? report : {};
      this.#put(
        { ...stored, details, awaits },
        { results: merge(stored.job, report.results), ...(notes && notes.length > 0 && { notes }) },
      );
      if (report.kind === 'done') this.#end(id, { phase: 'COMPLETED' });
      return false;
    }

    #follow(stored: StoredJob, work: Work): void {
      if (ENDED.includes(stored.job.phase)) return;
      const { job } = this.#put({ ...stored, awaits: undefined, follows: undefined, followed: true }, {});
      works.unpark(this.#sql, job.id);
      works.hold(this.#sql, job.id, JSON.stringify({ work, job }), work.light);
      works.queue(this.#sql, job.id, clock());
      works.setEnd(this.#sql, job.id, endOf(job));
      // The upload is there to be taken back.
      works.markBegun(this.#sql, job.id);
    }

    #end(id: JobId, { phase, error }: Ending): void {
      const stored = this.#read(id);
      // Who aborts a job ends its upload afterwards, and finds it when that has to be repeated.
      const awaits = phase === 'ABORTED' ? stored?.awaits : undefined;
      if (stored && !ENDED.includes(stored.job.phase)) this.#put({ ...stored, awaits }, { phase, ended: clock(), ...(error && { error }) });
      if (phase !== 'ABORTED') works.unpark(this.#sql, id);
      works.takeBack(this.#sql, id, clock());
    }

    /** The last failure of a job, or of what takes it back. */
    #giveUp({ job, state }: q.WorkRow, { fault, detail }: NonNullable<Ending['error']>): void {
      if (state === 'undoing') works.drop(this.#sql, job as JobId);
      else this.#end(job as JobId, { phase: 'ERROR', error: { fault, detail } });
    }

    #remove(id: JobId): void {
      this.#end(id, { phase: 'ABORTED' });
      run(this.#sql, q.DROP_JOB, id);
    }

    #progress(id: JobId, progress: Progress): void {
      const stored = this.#read(id);
      if (stored && !ENDED.includes(stored.job.phase)) this.#put(stored, { progress, progressed: clock() });
    }

    #giveOut(now: number): void {
      const claimed = this.ctx.storage.transactionSync(() => {
        for (const { job } of all(this.#sql, q.TIME_OVER, now)) this.#end(job as JobId, { phase: 'ABORTED' });
        for (const row of works.noteLost(this.#sql, now, random)) this.#giveUp(row, LOST);
        const found = works.claimDue<JobId>(this.#sql, now, RUNNING_JOBS);
        for (const { job: id } of found) {
          const stored = this.#read(id);
          if (stored?.job.phase !== 'QUEUED') continue;
          works.setEnd(this.#sql, id, endOf(this.#put(stored, { phase: 'EXECUTING', started: now }).job));
        }
        return found;
      });
      this.#announce();
      for (const { job, attempt } of claimed) carry(this.ctx.id.name ?? '', job, attempt, this.env, this.ctx);
    }

    /** One transaction; then whatever has become due is given out, and the alarm is set for the rest. */
    #write<T>(change: () => T): T {
      const result = this.ctx.storage.transactionSync(change);
      this.#announce();
      const next = works.nextDue(this.#sql, RUNNING_JOBS);
      if (next !== undefined && next <= clock()) this.#giveOut(clock());
      this.#alarm.arm();
      return result;
    }

    #announce(): void {
      this.#watchers.jobsChanged(this.#changed, (id) => this.#read(id)?.job);
      this.#changed.clear();
    }

    #read(id: JobId): StoredJob | undefined {
      const row = first(this.#sql, q.GET_JOB, id);
      return row && (JSON.parse(row.body) as StoredJob);
    }

    #put(stored: StoredJob, changes: Partial<Job>): StoredJob {
      const changed = { ...stored, job: { ...stored.job, ...changes } };
      const { id, phase, destruction } = changed.job;
      run(this.#sql, q.SET_JOB, phase, destruction, JSON.stringify(changed), id);
      this.#changed.add(id);
      return changed;
    }
  };
}

/** When the execution duration ends; null: never. */
function endOf({ started, executionDuration }: Job): number | null {
  return started === undefined || executionDuration === 0 ? null : started + executionDuration * 1000;
}

/** A result that is told again replaces what was told before. */
function merge(job: Job, results: Job['results'] = []): Job['results'] {
  return [...job.results.filter(({ id }) => !results.some((one) => one.id === id)), ...results];
}

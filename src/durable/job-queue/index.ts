// The JobQueue: one per owner, holding the owner's UWS jobs until their destruction time.
import { DurableObject } from 'cloudflare:workers';
import type { Job, JobId } from '../../model/job.ts';
import { MAX_JOBS } from '../../model/limits.ts';
import { arm, run as runAlarm, type Duty } from '../alarm.ts';
import { all, first, migrate, run } from '../sql.ts';
import type { Ending, JobFilter, JobsPort, StoredJob } from './port.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';

const ENDED: readonly Job['phase'][] = ['COMPLETED', 'ERROR', 'ABORTED', 'ARCHIVED'];

/** The class with its ports put in; see JobsPort for what the methods promise. */
export function makeJobQueue<Env>({ clock }: { readonly clock: () => number }) {
  return class JobQueue extends DurableObject<Env> implements JobsPort {
    readonly #sql: SqlStorage;
    readonly #duties: readonly Duty[];

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      migrate(ctx.storage, MIGRATIONS);
      this.#sql = ctx.storage.sql;
      this.#duties = [
        {
          name: 'destruction',
          next: () => first(this.#sql, q.NEXT_DESTRUCTION)?.due ?? undefined,
          work: (now) => void run(this.#sql, q.DROP_ENDED, now),
        },
      ];
      void ctx.blockConcurrencyWhile(() => arm(ctx.storage, this.#duties, clock()));
    }

    override async alarm(): Promise<void> {
      await runAlarm(this.ctx.storage, this.#duties, clock);
    }

    async add(stored: StoredJob): Promise<void> {
      const { id, phase, created, destruction } = stored.job;
      run(this.#sql, q.ADD_JOB, id, phase, created, destruction, JSON.stringify(stored));
      run(this.#sql, q.DROP_SURPLUS, MAX_JOBS);
      await arm(this.ctx.storage, this.#duties, clock());
    }

    async get(id: JobId): Promise<StoredJob | undefined> {
      return this.#read(id);
    }

    async end(id: JobId, { phase, error }: Ending): Promise<StoredJob | undefined> {
      const stored = this.#read(id);
      if (!stored || ENDED.includes(stored.job.phase)) return stored;
      const job: Job = { ...stored.job, phase, ended: clock(), ...(error ? { error } : {}) };
      return this.#put({ ...stored, job, awaits: undefined });
    }

    async list({ phases, after, last }: JobFilter): Promise<readonly Job[]> {
      const chosen = JSON.stringify(phases);
      return all(this.#sql, q.LIST_JOBS, after, chosen, chosen, last).map((row) => (JSON.parse(row.body) as StoredJob).job);
    }

    async remove(id: JobId): Promise<void> {
      run(this.#sql, q.DROP_JOB, id);
    }

    #read(id: JobId): StoredJob | undefined {
      const row = first(this.#sql, q.GET_JOB, id);
      return row && (JSON.parse(row.body) as StoredJob);
    }

    #put(stored: StoredJob): StoredJob {
      run(this.#sql, q.SET_JOB, stored.job.phase, JSON.stringify(stored), stored.job.id);
      return stored;
    }
  };
}

// UWS jobs: read, waited for, ended, listed. UWS 1.1 section 2.2.
import { ENDED, type JobDocument, type JobReference, type Phase, type UserList } from '../model/job.ts';
import { readAs } from './endpoints.ts';
import { readFaultName, VospaceError } from './error.ts';
import type { Asking, Session } from './session.ts';

/** UWS 1.1 section 2.2.2.2: only in these phases a request with WAIT is held. */
const ACTIVE: readonly Phase[] = ['PENDING', 'QUEUED', 'EXECUTING'];
/** Seconds that one request waits: shorter than most proxies' patience. */
const WAIT = 30;
/** For bodies that are forms. */
export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
/** Milliseconds between questions to a service that does not hold them. */
const [FIRST_PAUSE, LAST_PAUSE] = [500, 10_000];

export interface Waiting extends Asking {
  /** Called with the job as it is now, each time it was asked. */
  readonly progress?: ((job: JobDocument) => void) | undefined;
  /** Called with the URL of the job that a call has made, before it is waited for. */
  readonly submitted?: ((job: string) => void) | undefined;
}

export interface JobFilter {
  /** Any of these; absent: all but ARCHIVED. */
  readonly phases?: readonly Phase[] | undefined;
  /** Epoch milliseconds: made after this. */
  readonly after?: number | undefined;
  /** At most so many, the newest. */
  readonly last?: number | undefined;
  /** Default `transfers`. */
  readonly list?: UserList | undefined;
}

/** A job is named by its URL, or by its id among the transfers. */
export class Jobs {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async get(job: string, { signal }: Asking = {}): Promise<JobDocument> {
    return this.#read(await this.url(job, signal), signal);
  }

  /** Resolves when the job has ended, however it ended: see `phase` of the answer. */
  async wait(job: string, { signal, progress }: Waiting = {}): Promise<JobDocument> {
    const { now, sleep } = this.#session.wire.runtime;
    const url = await this.url(job, signal);
    let pause = FIRST_PAUSE;
    for (let known = await this.#read(url, signal); ;) {
      progress?.(known);
      if (ENDED.includes(known.phase)) return known;
      const holds = ACTIVE.includes(known.phase) && known.version !== undefined && known.version !== '1.0';
      const asked = now();
      if (!holds) await sleep(pause, signal);
      const next = await this.#read(holds ? `${url}?WAIT=${WAIT}&PHASE=${known.phase}` : url, signal, WAIT);
      // A service may say that it can wait, and not do so.
      if (holds && next.phase === known.phase && now() - asked < 1000) await sleep(pause, signal);
      pause = next.phase === known.phase ? Math.min(LAST_PAUSE, pause * 1.5) : FIRST_PAUSE;
      known = next;
    }
  }

  /** The same, but throws the job's fault unless it has COMPLETED. */
  async completed(job: string, waiting: Waiting = {}): Promise<JobDocument> {
    const ended = await this.wait(job, waiting);
    if (ended.phase === 'COMPLETED') return ended;
    throw await this.failure(await this.url(job, waiting.signal), ended, waiting);
  }

  /** Why a job has ended without success. */
  async failure(job: string, ended: JobDocument, { signal }: Asking = {}): Promise<VospaceError> {
    if (ended.phase !== 'ERROR') return new VospaceError('TransferFailed', `job ${ended.id} is ${ended.phase}`);
    const { fault = 'InternalFault', detail = '' } = ended.error ?? {};
    if (detail !== '' && fault !== 'InternalFault') return new VospaceError(fault, detail, { named: true });
    const url = `${await this.url(job, signal)}/error`;
    const text = await this.#session.wire.ask({ method: 'GET', url, signal }).then(
      (answer) => answer.text.trim().slice(0, 500),
      () => '',
    );
    const named = readFaultName(/^\S*/.exec(text)?.[0] ?? '');
    const more = named ? text.slice(text.search(/\s|$/)).trim() : text;
    return new VospaceError(fault === 'InternalFault' ? (named ?? fault) : fault, detail || more || `job ${ended.id}`, { named: true });
  }

  /** Makes a job of a document or form at a job list, and starts it; the answer is its URL. */
  async submit(list: string, body: string, headers: Readonly<Record<string, string>>, { signal }: Asking = {}): Promise<string> {
    // Two steps: a job that is made twice because an answer was lost does nothing as long as nobody starts it.
    const answer = await this.#session.send({ method: 'POST', url: list, body, headers, repeat: 'always', stop: true, signal });
    const job = answer.url === list ? `${list}/${readAs(this.#session.codec.parseJob, answer).id}` : answer.url;
    await this.run(job, { signal });
    return job;
  }

  /** Starts a job that was only submitted. Started already by an earlier try counts as started. */
  async run(job: string, { signal }: Asking = {}): Promise<void> {
    const url = await this.url(job, signal);
    const call = { method: 'POST', url: `${url}/phase`, body: 'PHASE=RUN', headers: FORM, stop: true, signal } as const;
    await this.#session.wire.ask({ ...call, repeat: 'always' }).catch(async (thrown: unknown) => {
      if (!(thrown instanceof VospaceError) || !thrown.repeated) throw thrown;
      if ((await this.#read(url, signal)).phase === 'PENDING') throw thrown;
    });
  }

  /** Asks the service to end the job; it may take a moment. A job that has ended stays as it is. */
  async abort(job: string, { signal }: Asking = {}): Promise<void> {
    const url = `${await this.url(job, signal)}/phase`;
    // To abort twice is to abort once.
    await this.#session.wire.ask({ method: 'POST', url, body: 'PHASE=ABORT', headers: FORM, repeat: 'always', stop: true, signal });
  }

  /** Ends the job and forgets it. */
  async delete(job: string, { signal }: Asking = {}): Promise<void> {
    const url = await this.url(job, signal);
    await this.#session.wire.ask({ method: 'DELETE', url, stop: true, signal }).catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError) || thrown.status !== 404 || !thrown.repeated) throw thrown;
    });
  }

  /** One's own jobs in a list of the service, the newest first where the service orders them. */
  async list({ phases = [], after, last, list = 'transfers' }: JobFilter = {}, { signal }: Asking = {}): Promise<readonly JobReference[]> {
    const query = new URLSearchParams(phases.map((phase) => ['PHASE', phase]));
    if (after !== undefined) query.set('AFTER', new Date(after).toISOString());
    if (last !== undefined) query.set('LAST', String(last));
    const parameters = query.toString();
    const url = `${await this.#session.endpoints.url(list, signal)}${parameters === '' ? '' : `?${parameters}`}`;
    return this.#session.read(this.#session.codec.parseJobs, { method: 'GET', url, signal });
  }

  async url(job: string, signal?: AbortSignal): Promise<string> {
    if (/^https?:\/\//i.test(job)) return job;
    return `${await this.#session.endpoints.url('transfers', signal)}/${encodeURIComponent(job)}`;
  }

  async #read(url: string, signal: AbortSignal | undefined, wait = 0): Promise<JobDocument> {
    const answer = await this.#session.send({ method: 'GET', url, signal, ...(wait > 0 && { timeout: (wait + 30) * 1000 }) });
    return readAs(this.#session.codec.parseJob, answer);
  }
}

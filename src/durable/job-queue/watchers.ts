// Who waits for news of an owner's jobs, nodes and pipes: hibernating WebSockets of Workers, which cost nothing while nothing happens.
import { jobChange, type JobChange, type LiveEvent, type NodeChange, type PipeChange } from '../../model/event.ts';
import type { Job, JobId } from '../../model/job.ts';
import { MAX_WATCHERS } from '../../model/limits.ts';
import type { PipeId } from '../../model/pipe.ts';

/** Milliseconds between two messages on a live stream: what happens meanwhile is told together. */
const COALESCE = 500;
/** Node changes in one message. */
const MOST = 100;

const EVENTS = 'events';
const tagOf = (id: JobId): string => `job:${id}`;

export class Watchers {
  readonly #ctx: DurableObjectState;
  readonly #jobs = new Map<JobId, JobChange>();
  readonly #pipes = new Map<PipeId, PipeChange>();
  #changes: NodeChange[] = [];
  #more = 0;
  #due = false;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /**
   * Accepts a Worker's socket: `?job=id` is told each phase of that job, the present one first, otherwise everything. Accepted and told in
   * one turn, so that no change falls between.
   */
  accept(request: Request, read: (id: JobId) => Job | undefined): Response {
    if (this.#ctx.getWebSockets().length >= MAX_WATCHERS) return new Response(null, { status: 503 });
    const id = (new URL(request.url).searchParams.get('job') ?? undefined) as JobId | undefined;
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [id === undefined ? EVENTS : tagOf(id)]);
    server.send(id === undefined ? JSON.stringify({ event: 'resync' } satisfies LiveEvent) : (read(id)?.phase ?? ''));
    return new Response(null, { status: 101, webSocket: client });
  }

  /** To be called after each write with the jobs that it changed. */
  jobsChanged(ids: ReadonlySet<JobId>, read: (id: JobId) => Job | undefined): void {
    if (ids.size === 0 || this.#ctx.getWebSockets().length === 0) return;
    const live = this.#listening();
    for (const id of ids) {
      const job = read(id);
      for (const socket of this.#ctx.getWebSockets(tagOf(id))) send(socket, job?.phase ?? '');
      if (live && job) this.#jobs.set(id, jobChange(job));
    }
    if (live) this.#soon();
  }

  /** Whether anybody listens. */
  nodesChanged(changes: readonly NodeChange[], more: number): boolean {
    if (!this.#listening()) return false;
    const room = MOST - this.#changes.length;
    this.#changes.push(...changes.slice(0, room));
    this.#more += more + Math.max(0, changes.length - room);
    this.#soon();
    return true;
  }

  /** The same of a pipe; of two messages the later one counts, with the reads of both. */
  pipeChanged(change: PipeChange): boolean {
    if (!this.#listening()) return false;
    const before = this.#pipes.get(change.pipe)?.reads ?? 0;
    this.#pipes.set(change.pipe, { ...change, reads: before + change.reads });
    this.#soon();
    return true;
  }

  #listening(): boolean {
    return this.#ctx.getWebSockets(EVENTS).length > 0;
  }

  #soon(): void {
    if (!this.#due) setTimeout(() => this.#flush(), COALESCE);
    this.#due = true;
  }

  #flush(): void {
    this.#due = false;
    const events: LiveEvent[] = [];
    if (this.#jobs.size > 0) events.push({ event: 'job', jobs: [...this.#jobs.values()] });
    if (this.#changes.length > 0 || this.#more > 0) events.push({ event: 'nodes', changes: this.#changes, more: this.#more });
    if (this.#pipes.size > 0) events.push({ event: 'pipe', pipes: [...this.#pipes.values()] });
    this.#jobs.clear();
    this.#pipes.clear();
    this.#changes = [];
    this.#more = 0;
    for (const socket of this.#ctx.getWebSockets(EVENTS)) for (const event of events) send(socket, JSON.stringify(event));
  }
}

function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It has closed: its Worker dials again if anybody still waits.
  }
}

// Tells the owner of the Space, and whoever did it, what happens to its nodes: hints for live pages, off the critical path.
import type { NodeChange } from '../../model/event.ts';
import { queueOf } from '../../model/job.ts';
import type { JobsPort } from '../job-queue/port.ts';
import { first } from '../sql.ts';
import { accessOf, TOP, type Core } from './core.ts';
import * as q from './queries.ts';

/** Pauses before somebody who was not listening is told again that there was something. */
const LISTEN_AGAIN = 4;
/** Changes in one message; of more only the number is told. */
const MOST = 100;

export class News {
  readonly #core: Core;
  readonly #jobs: (queue: string) => JobsPort;
  readonly #pause: number;
  /** Who was not listening when he was told something, and how much has happened since: he may listen by the time that he is told of it. */
  readonly #deaf = new Map<string, number>();
  #told: NodeChange[] = [];
  #more = 0;
  #due = false;

  /** `pause`: milliseconds between two messages. */
  constructor(core: Core, jobs: (queue: string) => JobsPort, pause: number) {
    this.#core = core;
    this.#jobs = jobs;
    this.#pause = pause;
  }

  /** After each transaction: takes over what it has noted in the audit trail. */
  committed(): void {
    const noted = this.#core.news.splice(0);
    if (noted.length === 0) return;
    const room = MOST - this.#told.length;
    this.#told.push(...noted.slice(0, room));
    this.#more += Math.max(0, noted.length - room);
    if (!this.#due) setTimeout(() => void this.#flush(), this.#pause);
    this.#due = true;
  }

  async #flush(): Promise<void> {
    const [changes, more] = [this.#told, this.#more];
    [this.#told, this.#more, this.#due] = [[], 0, false];
    const top = first(this.#core.sql, q.GET_NODE, TOP);
    const owner = top && accessOf(this.#core, top.access).owner;
    const listeners = new Set([...changes.map(({ by }) => by), ...(owner === undefined ? [] : [owner])]);
    for (const listener of listeners) {
      // The owner hears of everything, others of what they have done themselves.
      const own = listener === owner ? changes : changes.filter(({ by }) => by === listener);
      const left = listener === owner ? more : 0;
      const missed = this.#deaf.get(listener);
      if (missed === undefined) await this.#tell(listener, own, left);
      else this.#deaf.set(listener, missed + own.length + left);
    }
  }

  async #tell(listener: string, changes: readonly NodeChange[], more: number): Promise<void> {
    const listens = await this.#jobs(await queueOf(listener))
      .tell(changes, more)
      .catch(() => false);
    if (listens || this.#deaf.has(listener)) return;
    this.#deaf.set(listener, 0);
    setTimeout(() => {
      const missed = this.#deaf.get(listener) ?? 0;
      this.#deaf.delete(listener);
      if (missed > 0) void this.#tell(listener, [], missed);
    }, this.#pause * LISTEN_AGAIN);
  }
}

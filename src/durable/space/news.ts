// Tells the owner of the Space, and whoever did it, what happens to its nodes: hints for live pages, off the critical path.
import type { NodeChange } from '../../model/event.ts';
import { queueOf } from '../../model/job.ts';
import type { JobsPort } from '../job-queue/port.ts';
import { first } from '../sql.ts';
import { accessOf, TOP, type Core } from './core.ts';
import * as q from './queries.ts';

/** Milliseconds before somebody who was not listening is told of something again. */
const LISTEN_AGAIN = 2000;
/** Changes in one message; of more only the number is told. */
const MOST = 100;

export class News {
  readonly #core: Core;
  readonly #jobs: (queue: string) => JobsPort;
  readonly #pause: number;
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
    const now = this.#core.clock();
    const listeners = new Set([...changes.map(({ by }) => by), ...(owner === undefined ? [] : [owner])]);
    for (const listener of listeners) {
      if ((this.#deaf.get(listener) ?? 0) > now) continue;
      // The owner hears of everything, others of what they have done themselves.
      const own = listener === owner ? changes : changes.filter(({ by }) => by === listener);
      const listens = await this.#jobs(await queueOf(listener))
        .tell(own, listener === owner ? more : 0)
        .catch(() => false);
      if (this.#deaf.size > 1000) this.#deaf.clear();
      if (listens) this.#deaf.delete(listener);
      else this.#deaf.set(listener, now + LISTEN_AGAIN);
    }
  }
}

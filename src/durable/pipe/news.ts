// Tells the pipe's owner how it stands, for live pages: a hint at most twice a second, off the critical path, and never kept.
import { MOST_GROUPS_TOLD, type PipeChange } from '../../model/event.ts';
import { queueOf } from '../../model/job.ts';
import type { JobsPort } from '../job-queue/port.ts';
import { conditionOf, type Core } from './core.ts';
import { consumedBy } from './chain/consume.ts';
import { lagAt } from './credit.ts';
import { firstGroups } from './groups/rows.ts';
import { countDead, haltedBy } from './log/dead.ts';

/** An owner who was not listening is told again after so many pauses. */
const UNHEARD = 4;

export class PipeNews {
  readonly #core: Core;
  readonly #jobs: (queue: string) => JobsPort;
  readonly #pause: number;
  #reads = 0;
  #due = false;
  #quietUntil = 0;

  /** `pause`: milliseconds between two messages. */
  constructor(core: Core, jobs: (queue: string) => JobsPort, pause: number) {
    this.#core = core;
    this.#jobs = jobs;
    this.#pause = pause;
  }

  /** After each transaction that has brought something about. The last of them is always told. */
  happened(): void {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => void this.#flush(), Math.max(this.#pause, this.#quietUntil - Date.now()));
  }

  /** A page of chunks has been read. That alone is no news. */
  read(): void {
    this.#reads += 1;
  }

  async #flush(): Promise<void> {
    this.#due = false;
    const change = this.#change();
    if (!change) return;
    const { owner } = this.#core.definition().access;
    const listens = await this.#jobs(await queueOf(owner))
      .tell([], 0, change)
      .catch(() => false);
    if (listens) this.#reads -= change.reads;
    else this.#quietUntil = Date.now() + UNHEARD * this.#pause;
  }

  /** Undefined for a pipe whose tombstone is gone. */
  #change(): PipeChange | undefined {
    const row = this.#core.find();
    if (!row) return undefined;
    const { id, source, destination } = this.#core.definition();
    const isThere = row.life !== 'destroying' && row.life !== 'destroyed';
    const reason = isThere ? (row.auth ?? row.reason ?? haltedBy(this.#core) ?? null) : null;
    const groups = isThere ? firstGroups(this.#core, MOST_GROUPS_TOLD) : [];
    const consumes = isThere ? consumedBy(this.#core) : [];
    return {
      pipe: id,
      src: source.uri,
      dest: destination.uri,
      condition: conditionOf(row),
      written: row.seqs,
      visible: row.pos,
      bytes: row.bytes,
      lag: isThere ? lagAt(this.#core, row.pos) : { chunks: 0, bytes: 0, seconds: 0 },
      dead: row.dead,
      missing: isThere ? countDead(this.#core) : 0,
      ...(reason !== null && { reason }),
      ...(consumes.length > 0 && { consumes }),
      ...(groups.length > 0 && {
        groups: groups.map(({ group, lag, claimed, acked, dead }) => ({ group, lag, claimed, acked, dead })),
      }),
      reads: this.#reads,
    };
  }
}

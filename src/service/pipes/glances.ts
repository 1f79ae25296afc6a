// What a Worker remembers of pipes for a while: where they lead, and whose they are. The pipe itself checks everything again.
import { Fault } from '../../faults.ts';
import type { Glance, PipePort } from '../../durable/pipe/port.ts';
import { CACHE_LIFE } from '../../model/limits.ts';
import type { PipeId } from '../../model/pipe.ts';

const MAX_CACHED = 10_000;

export class Glances {
  readonly #known = new Map<PipeId, { readonly glance: Glance; readonly until: number }>();
  readonly #open: (id: PipeId) => PipePort;
  readonly #clock: () => number;

  constructor(open: (id: PipeId) => PipePort, clock: () => number) {
    this.#open = open;
    this.#clock = clock;
  }

  /** Throws PipeNotFound. */
  async at(id: PipeId): Promise<Glance> {
    const known = this.#known.get(id);
    if (known && known.until > this.#clock()) return known.glance;
    const glance = await this.#open(id).glance();
    if (!glance || glance.condition === 'destroyed') throw new Fault('PipeNotFound', 'there is no such pipe');
    if (this.#known.size >= MAX_CACHED) this.#known.clear();
    this.#known.set(id, { glance, until: this.#clock() + CACHE_LIFE });
    return glance;
  }
}

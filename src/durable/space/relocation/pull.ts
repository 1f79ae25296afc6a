// Copies and moves of trees, as far as they wait for other Spaces: what is decided before a wait is looked at again after it.
import { asFault, Fault } from '../../../faults.ts';
import { ARRIVAL_LIFE, CLOCK_SKEW } from '../../../model/limits.ts';
import { ROOT, type SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import * as arrivals from './arrivals.ts';
import { readPage } from './departures.ts';
import { arriveWhole } from '../ending.ts';
import type { Engine } from '../engine.ts';
import { holderName } from './holds.ts';
import { oweOnce } from '../outbox.ts';
import type { Call } from '../port.ts';
import { outdated, receiveHead, receivePage } from './receive.ts';
import type { ArrivalState, Page, RelocationKind } from './port.ts';
import * as r from './queries.ts';

/** Nodes of one page, and containers whose children it may have. */
const PAGE_NODES = 2000;
const PAGE_CONTAINERS = 500;
/** Milliseconds that the root is given to take a Space that is made of an arrival. */
const ATTACH_WITHIN = 60_000;

export class Relocations {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async begin(id: number, head: string): Promise<void> {
    const { core } = this.#engine;
    const row = arrivals.openArrival(core, id);
    const page = JSON.parse(head) as Page;
    await this.#keepElsewhere(row, page);
    this.#engine.write(() => {
      const now = arrivals.openArrival(core, id);
      const origin = page.groups[0]?.nodes[0]?.id ?? 0;
      if (now.origin === origin) return;
      if (now.origin !== null) throw new Fault('Conflict', 'this copy or move has another source');
      this.#noteHomes(now, page);
      receiveHead(core, now, page, this.#renew(now));
    });
  }

  /** One page. A page that was outdated when it came is left to the next call. */
  async pull(id: number, from: Call, most = PAGE_NODES): Promise<ArrivalState> {
    const { core } = this.#engine;
    const row = first(core.sql, r.GET_ARRIVAL, id);
    const asked = row?.state === 'open' ? all(core.sql, r.NEXT_ARRIVING, id, PAGE_CONTAINERS) : [];
    const [next] = asked;
    if (!row || !next) return arrivals.stateOf(core, id);
    const request = {
      kind: row.kind as RelocationKind,
      origin: row.origin ?? 0,
      containers: asked.map(({ origin }) => origin),
      after: row.after,
      limit: most,
    };
    try {
      if (row.source === this.#engine.id()) {
        this.#engine.change(from, () => receivePage(core, row, asked, JSON.parse(readPage(core, from, request)) as Page, this.#renew(row)));
        return arrivals.stateOf(core, id);
      }
      const holder = holderName(this.#engine.id(), id);
      const page = JSON.parse(await this.#engine.peer(row.source as SpaceId).page(from, { ...request, holder })) as Page;
      await this.#keepElsewhere(row, page);
      this.#engine.write(() => {
        const now = first(core.sql, r.GET_ARRIVAL, id);
        // Another call has been here meanwhile: what this one has read is written already.
        if (now?.state !== 'open' || now.after !== row.after || first(core.sql, r.NEXT_ARRIVING, id, 1)?.node !== next.node) return;
        this.#noteHomes(now, page);
        receivePage(core, now, asked, page, this.#renew(now));
      });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Outdated')) throw error;
      return { ...arrivals.stateOf(core, id), outdated: true };
    }
    return arrivals.stateOf(core, id);
  }

  /** Then the homes of the bytes and the source of a move are told at once where that is possible: until they are, the tree is in both places. */
  async attach(id: number, to: Call): Promise<ArrivalState> {
    const { core } = this.#engine;
    const row = first(core.sql, r.GET_ARRIVAL, id);
    if (row?.whole === 1) await this.#attachWhole(row, to);
    else this.#engine.change(to, () => arrivals.attach(core, id, to));
    await this.#engine.flush();
    return arrivals.stateOf(core, id);
  }

  /** The root knows this Space by now, or never will. */
  async #attachWhole(row: r.ArrivalRow, to: Call): Promise<void> {
    const { core } = this.#engine;
    if (row.state === 'attached') return;
    if (row.state === 'gone' || !arrivals.stateOf(core, row.id).whole) throw new Fault('Conflict', 'this copy or move has ended');
    const before = core.clock() + ATTACH_WITHIN;
    this.#engine.write(() => {
      run(core.sql, r.MARK_ATTACHING, before + CLOCK_SKEW, row.id);
      oweOnce(core, { kind: 'confirm' }, before + CLOCK_SKEW);
    });
    try {
      await this.#engine.peer(ROOT).attach(to, this.#engine.id(), this.#engine.top(), undefined, before);
    } catch (error) {
      // A refusal is certain; after anything else the root is asked when it cannot be attached any more.
      if (asFault(error)) this.#engine.write(() => run(core.sql, r.REOPEN_ARRIVAL, before, row.id));
      throw error;
    }
    this.#engine.write(() => arriveWhole(core));
  }

  /** Has the bytes held that lie neither here nor where the page comes from. Throws Outdated when some are not there any more. */
  async #keepElsewhere(row: r.ArrivalRow, { objects }: Page): Promise<void> {
    const here = this.#engine.id();
    if (row.source === here) return;
    const homes = Map.groupBy(objects, ({ home }) => home);
    for (const [home, bytes] of homes) {
      if (home === here || home === row.source) continue;
      const keys = bytes.map(({ key }) => key);
      if ((await this.#engine.peer(home).keep(holderName(here, row.id), keys)).length > 0) throw outdated();
    }
  }

  #noteHomes(row: r.ArrivalRow, { objects }: Page): void {
    const { core } = this.#engine;
    for (const home of new Set(objects.map((bytes) => bytes.home)))
      if (home !== this.#engine.id() && row.source !== this.#engine.id()) run(core.sql, r.ADD_HOME, row.id, home);
  }

  #renew(row: r.ArrivalRow): number {
    const due = this.#engine.core.clock() + ARRIVAL_LIFE;
    // A Space that has no name yet waits for it as long as nodes come.
    if (row.whole === 1) oweOnce(this.#engine.core, { kind: 'confirm' }, due);
    return due;
  }
}

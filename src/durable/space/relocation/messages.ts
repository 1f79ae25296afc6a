// The messages of copies and moves that a Space takes: see RelocationPort for what they promise.
import { ROOT, type SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import * as arrivals from './arrivals.ts';
import { depart, endDeparture, readPage } from './departures.ts';
import { giveUp } from '../ending.ts';
import type { Engine } from '../engine.ts';
import * as holds from './holds.ts';
import type { Core } from '../core.ts';
import { checkRename } from '../nodes/depth.ts';
import { leaveMount } from '../mounts.ts';
import { AdoptingSpace } from '../adopt/messages.ts';
import type { Call, NodeState } from '../port.ts';
import { reclaim, reclaimed } from '../operator/reclaim.ts';
import type { ArrivalState, ArriveRequest, DepartRequest, PageRequest, RelocationPort, TravelBytes } from './port.ts';
import * as r from './queries.ts';
import { Relocations } from './pull.ts';

export class RelocatingSpace<Env> extends AdoptingSpace<Env> implements RelocationPort {
  readonly #engine: Engine;
  readonly #core: Core;
  readonly #relocations: Relocations;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine) {
    super(ctx, env, engine);
    this.#engine = engine;
    this.#core = engine.core;
    this.#relocations = new Relocations(engine);
  }

  async arrive(call: Call, request: ArriveRequest): Promise<number | undefined> {
    return this.#engine.change(call, () => arrivals.arrive(this.#core, call, request));
  }

  async begin(arrival: number, head: string): Promise<void> {
    return this.#relocations.begin(arrival, head);
  }

  async pull(arrival: number, from: Call, most?: number): Promise<ArrivalState> {
    return this.#relocations.pull(arrival, from, most);
  }

  async arrivalState(arrival: number): Promise<ArrivalState> {
    return arrivals.stateOf(this.#core, arrival);
  }

  async attachArrival(arrival: number, to: Call): Promise<ArrivalState> {
    return this.#relocations.attach(arrival, to);
  }

  async revoke(arrival: number): Promise<ArrivalState> {
    this.#engine.write(() => giveUp(this.#core, arrival));
    await this.#engine.flush();
    return arrivals.stateOf(this.#core, arrival);
  }

  async checkName(call: Call): Promise<void> {
    this.#engine.check(call);
  }

  async checkRename(call: Call, to: string): Promise<void> {
    this.#engine.change(call, () => checkRename(this.#core, call, to));
  }

  async depart(call: Call, request: DepartRequest): Promise<string> {
    return this.#engine.change(call, () => depart(this.#core, call, request));
  }

  async page(call: Call, request: PageRequest): Promise<string> {
    const read = () => readPage(this.#core, call, request);
    // A frozen tree is read by its holder, whatever its path is called by then.
    return request.kind === 'move' ? this.#engine.write(read) : this.#engine.change(call, read);
  }

  async departed(holder: string, origin: number, arrived: boolean): Promise<void> {
    this.#engine.write(() => endDeparture(this.#core, holder, origin, arrived));
    if (this.#engine.isDestroyed()) await this.#engine.flush();
  }

  async keep(holder: string, keys: readonly string[]): Promise<readonly string[]> {
    return this.#engine.write(() => holds.keep(this.#core, holder, keys));
  }

  async close(holder: string, keeps: boolean): Promise<void> {
    this.#engine.write(() => holds.closeHolder(this.#core, holder, keeps));
  }

  async letGo(holder: string, keys: readonly string[]): Promise<void> {
    this.#engine.write(() => holds.letGo(this.#core, holder, keys));
  }

  async askArrival(
    arrival: number,
    origin: number | undefined,
    keys: readonly string[],
  ): Promise<{ readonly state: ArrivalState['state']; readonly held: readonly string[] }> {
    const { sql } = this.#core;
    const row = first(sql, r.GET_ARRIVAL, arrival);
    if (!row || (origin !== undefined && row.origin !== origin)) return { state: 'gone', held: [] };
    const held = all(sql, r.HELD_KEYS, arrival, JSON.stringify(keys)).map(({ key }) => key);
    return { state: arrivals.stateOf(this.#core, arrival).state, held };
  }

  async reclaim(): Promise<readonly SpaceId[]> {
    return reclaim(this.#engine);
  }

  async reclaimed(id: SpaceId, holder: string, objects: readonly TravelBytes[]): Promise<void> {
    this.#engine.write(() => reclaimed(this.#core, id, holder, objects));
  }

  async left(mount: SpaceId): Promise<void> {
    this.#engine.write(() => leaveMount(this.#core, mount));
  }

  async ghosts(): Promise<readonly SpaceId[]> {
    return all(this.#core.sql, r.GHOSTS).map(({ space }) => space as SpaceId);
  }

  async noteGhost(space: SpaceId, isThere: boolean): Promise<void> {
    if (this.#engine.id() === ROOT) this.#engine.write(() => void run(this.#core.sql, isThere ? r.ADD_GHOST : r.DROP_GHOST, space));
  }

  async top(): Promise<NodeState> {
    return this.#engine.top();
  }
}

// The messages of a Space that have to do with pipes: see SpacePipesPort for what they promise.
import { asFault } from '../../../faults.ts';
import { ARRIVAL_LIFE, UPLOAD_GRACE } from '../../../model/limits.ts';
import type { PipeId } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';
import type { StoreContainer } from '../../../objects/port.ts';
import { GroupCommit } from '../../group-commit.ts';
import { moved, type Core } from '../core.ts';
import type { Engine } from '../engine.ts';
import type { Call } from '../port.ts';
import { RelocatingSpace } from '../relocation/messages.ts';
import type { TravelBytes } from '../relocation/port.ts';
import { expectKey, storeContainer } from '../uploads/uploads.ts';
import * as ends from './ends.ts';
import { allEnds } from './fixed.ts';
import { pinChunks } from './pins.ts';
import { lend, place } from './placements.ts';
import type { Pin, Pinning, PipeEndRecord, Placed, Placing, SpacePipesPort, Removal } from './port.ts';
import { reclaimChunks } from './reclaiming.ts';

interface Pinned {
  readonly call: Call;
  readonly pinning: Pinning;
  readonly owner: Principal;
}

export class PipingSpace<Env> extends RelocatingSpace<Env> implements SpacePipesPort {
  readonly #engine: Engine;
  readonly #core: Core;
  readonly #pins: GroupCommit<Pinned, readonly Pin[]>;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine) {
    super(ctx, env, engine);
    this.#engine = engine;
    this.#core = engine.core;
    this.#pins = new GroupCommit(
      (asked) => engine.write(() => asked.map((one) => this.#pin(one)), engine.core.clock() + ARRIVAL_LIFE),
      () => ctx.storage.sync(),
    );
  }

  pinChunks(call: Call, pinning: Pinning, owner: Principal): Promise<readonly Pin[]> {
    return this.#pins.add({ call, pinning, owner });
  }

  async pinText(asked: string): Promise<string> {
    return JSON.stringify(await this.pinChunks(...(JSON.parse(asked) as [Call, Pinning, Principal])));
  }

  async placeChunks(call: Call, placing: Placing): Promise<readonly Placed[]> {
    return place(this.#engine, call, placing);
  }

  async expectBytes(keys: readonly string[]): Promise<StoreContainer> {
    this.#engine.write(() => {
      for (const key of keys) expectKey(this.#core, key, UPLOAD_GRACE);
    });
    return storeContainer(this.#core);
  }

  async reclaimChunks(pipe: PipeId, items: readonly { readonly path: readonly string[] }[]): Promise<void> {
    this.#engine.write(() => reclaimChunks(this.#core, pipe, items));
  }

  async lend(holder: string, keys: readonly string[]): Promise<readonly TravelBytes[]> {
    return this.#engine.write(() => lend(this.#core, holder, keys));
  }

  async enlist(call: Call, end: PipeEndRecord): Promise<{ readonly made: boolean }> {
    return this.#engine.change(call, () => ends.enlist(this.#core, call, end));
  }

  async delist(end: PipeEndRecord, removal: Removal): Promise<{ readonly removed: boolean; readonly why?: string }> {
    return this.#engine.write(() => ends.delist(this.#core, end, removal));
  }

  async pipesNoted(): Promise<readonly PipeEndRecord[]> {
    return allEnds(this.#core);
  }

  async pipesAt(call: Call): Promise<readonly PipeEndRecord[]> {
    this.#engine.check(call);
    return ends.pipesAt(this.#core, call);
  }

  /** What is refused has written nothing: there is nothing to be undone. */
  #pin({ call, pinning, owner }: Pinned): readonly Pin[] | Error {
    try {
      this.#engine.check(call);
      return pinChunks(this.#core, call, pinning, owner);
    } catch (error) {
      const fault = asFault(error);
      if (fault || (error instanceof Error && error.name === 'Moved')) return fault ?? moved(call.name);
      throw error;
    }
  }
}

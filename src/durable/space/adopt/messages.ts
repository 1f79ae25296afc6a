// The messages of a Space that have to do with containers of the store which were there before.
import type { SpaceId } from '../../../model/space-id.ts';
import { run } from '../../sql.ts';
import type { AdoptedUse, Adoption, AdoptedPage, AdoptPage, AdoptPort, VanishedPage, VanishedRequest } from './port.ts';
import { adoptPage } from './page.ts';
import * as a from './queries.ts';
import { vanishedPage } from './refresh.ts';
import { adoptedUse, adoptionOf, disown, listAdoptions, registerAdoption } from './adoptions.ts';
import type { Core } from '../core.ts';
import type { Engine } from '../engine.ts';
import { OperatorMessages } from '../operator/messages.ts';
import type { Call } from '../port.ts';

/** See AdoptPort for what the methods promise. */
export class AdoptingSpace<Env> extends OperatorMessages<Env> implements AdoptPort {
  readonly #engine: Engine;
  readonly #core: Core;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine) {
    super(ctx, env, engine);
    this.#engine = engine;
    this.#core = engine.core;
  }

  async adopt(call: Call, page: AdoptPage): Promise<AdoptedPage> {
    return this.#engine.change(call, () => adoptPage(this.#core, call, page));
  }

  async vanished(call: Call, request: VanishedRequest): Promise<VanishedPage> {
    return this.#engine.change(call, () => vanishedPage(this.#core, call, request));
  }

  async disown(container: string): Promise<void> {
    this.#engine.write(() => disown(this.#core, container));
  }

  async adoptedUse(container: string): Promise<AdoptedUse> {
    return adoptedUse(this.#core, container);
  }

  async adoptions(): Promise<readonly Adoption[]> {
    return listAdoptions(this.#core);
  }

  async adoption(container: string): Promise<Adoption | undefined> {
    return adoptionOf(this.#core, container);
  }

  async registerAdoption(container: string, space: SpaceId | '', owned: boolean, gone?: SpaceId): Promise<Adoption> {
    return this.#engine.write(() => registerAdoption(this.#core, container, space, owned, gone));
  }

  async forgetAdoption(container: string): Promise<void> {
    this.#engine.write(() => void run(this.#core.sql, a.DROP_ADOPTION, container));
  }

  async adoptionPrepared(container: string, epoch: number): Promise<void> {
    this.#engine.write(() => void run(this.#core.sql, a.SET_ADOPTION_EPOCH, epoch, container));
  }
}

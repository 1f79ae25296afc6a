// The messages about a pipe's settings, its end, and the pipes before and after it: see the ports for what they promise.
import type { PipeDefinition, PipeId } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';
import { addFollower, followerHas, logAfter } from './followed.ts';
import type { LogPart, PipeChainPort, UpstreamNews } from './port.ts';
import { abandonPipe, clearedPipe, destroyPipe } from '../ending/ending.ts';
import type { Destroying, PipeEndingPort } from '../ending/port.ts';
import type { Engine } from '../engine.ts';
import { upstreamHas } from './follow.ts';
import { GroupingPipe } from '../groups/messages.ts';
import type { Sign } from '../log/reading.ts';
import { changePipe } from '../settings.ts';
import type { PipeChanges, PipeSettingsPort } from '../settings-port.ts';

export class ChainedPipe<Env> extends GroupingPipe<Env> implements PipeChainPort, PipeEndingPort, PipeSettingsPort {
  readonly #engine: Engine;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine, sign: Sign) {
    super(ctx, env, engine, sign);
    this.#engine = engine;
  }

  async change(principal: Principal, changes: PipeChanges): Promise<void> {
    this.#engine.write(() => changePipe(this.#engine.core, principal, changes));
  }

  async destroy(principal: Principal, how: Destroying): Promise<PipeDefinition> {
    return this.#engine.write(() => destroyPipe(this.#engine.core, principal, how));
  }

  async abandon(reason: string): Promise<PipeDefinition | undefined> {
    return this.#engine.write(() => abandonPipe(this.#engine.core, reason));
  }

  async cleared(): Promise<void> {
    this.#engine.write(() => clearedPipe(this.#engine.core));
  }

  async addFollower(pipe: PipeId): Promise<void> {
    this.#engine.core.row();
    this.#engine.write(() => addFollower(this.#engine.core, pipe));
  }

  async upstreamHas(news: UpstreamNews): Promise<boolean> {
    return this.#engine.write(() => upstreamHas(this.#engine.core, news));
  }

  async followerHas(pipe: PipeId, pos: number): Promise<void> {
    this.#engine.write(() => followerHas(this.#engine.core, pipe, pos));
  }

  async logAfter(pos: number, max: number): Promise<LogPart> {
    return logAfter(this.#engine.core, pos, max);
  }
}

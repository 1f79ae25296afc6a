// The messages about groups and dead chunks that a pipe takes: see PipeGroupsPort for what they promise.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../../faults.ts';
import type { DeadClaim, GroupAnswer, GroupDescription, GroupWish } from '../../../model/pipe-group.ts';
import type { ChunkNotice, DeadChunk, PipeAction, PipeGroup } from '../../../model/pipe.ts';
import { checkPipe } from '../../../model/pipe-rights.ts';
import type { Principal } from '../../../model/principal.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import { creditOf } from '../credit.ts';
import * as dead from '../log/dead.ts';
import type { Engine } from '../engine.ts';
import { refusable } from '../refusable.ts';
import { isOver, type Sign } from '../log/reading.ts';
import { dropLoose, looseDue, Retention } from '../retention/retention.ts';
import { giveOut } from './claims.ts';
import { forgetFailed, retryFailed } from './failed.ts';
import * as groups from './groups.ts';
import { endLeases, fencedOff, settleFences, standingOf, takeBack } from './leases.ts';
import type { ClaimBounds, HeldChunk, ClaimText, Paged, PipeGroupsPort, Settling } from './port.ts';
import * as q from './queries.ts';
import { describe, describeDead, describeGroups, groupNamed, lagOf, save } from './rows.ts';
import { nextFor, writeClaims } from './writing.ts';

export class GroupingPipe<Env> extends DurableObject<Env> implements PipeGroupsPort {
  readonly #engine: Engine;
  readonly #core: Core;
  readonly #sign: Sign;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine, sign: Sign) {
    super(ctx, env);
    this.#engine = engine;
    this.#core = engine.core;
    this.#sign = sign;
    const { core } = engine;
    engine.owes({ name: 'groups', next: () => groups.nextDue(core), work: () => engine.write(() => groups.work(core)) }, true);
    engine.owes({ name: 'loose', next: () => looseDue(core), work: () => engine.write(() => dropLoose(core)) }, true);
    const retention = new Retention(core);
    engine.owes({ name: 'retention', next: () => retention.next(), work: () => engine.write(() => retention.work()) });
  }

  async putGroup(principal: Principal, name: PipeGroup, wish: GroupWish): Promise<{ made: boolean; group: GroupDescription }> {
    this.#check(principal, 'manage');
    const made = this.#engine.write(() => groups.putGroup(this.#core, name, wish));
    return { made, group: this.#describe(name) };
  }

  async getGroup(principal: Principal, name: PipeGroup): Promise<GroupDescription> {
    this.#check(principal, 'read');
    return this.#describe(name);
  }

  async listGroups(principal: Principal): Promise<readonly GroupDescription[]> {
    this.#check(principal, 'read');
    return describeGroups(this.#core);
  }

  async dropGroup(principal: Principal, name: PipeGroup): Promise<void> {
    this.#check(principal, 'manage');
    this.#engine.write(() => groups.dropGroup(this.#core, name));
  }

  async claim(principal: Principal, name: PipeGroup, bounds: ClaimBounds): Promise<ClaimText> {
    this.#check(principal, 'read');
    const core = this.#core;
    const given = this.#kept(() => {
      groupNamed(core, name);
      endLeases(core);
      return refusable(() => giveOut(core, groupNamed(core, name), bounds));
    });
    const group = groupNamed(core, name);
    const closed = given.length === 0 && isOver(core.row()) && group.settled === core.row().pos;
    const rest = { closed, lag: lagOf(core, group), credit: creditOf(core) };
    const next = given.length === 0 ? nextFor(core, group) : undefined;
    const body = await writeClaims(given, rest, this.#sign).catch((error: unknown) => {
      this.#engine.write(() => takeBack(core, name, given[0]?.fence ?? ''));
      throw error;
    });
    return { body, chunks: given.length, closed, ...(next !== undefined && { next }) };
  }

  async settleClaims(principal: Principal, name: PipeGroup, fences: readonly string[], what: Settling): Promise<GroupAnswer> {
    this.#check(principal, 'read');
    const fenced = this.#engine.write(() => settleFences(this.#core, groupNamed(this.#core, name), fences, what));
    if (fenced.length > 0) throw fencedOff(this.#core, fenced);
    return { chunks: new Set(fences).size, lag: lagOf(this.#core, groupNamed(this.#core, name)), credit: creditOf(this.#core) };
  }

  async claimed(principal: Principal, name: PipeGroup, fence: string): Promise<HeldChunk> {
    this.#check(principal, 'read');
    const { pos, held, ends } = standingOf(this.#core, groupNamed(this.#core, name), fence);
    const entry = first(this.#core.sql, q.ENTRIES_AT, pos, pos);
    if (!entry || entry.body === '') throw new Fault('Fenced', 'the chunk was acknowledged, and is gone');
    const { seq, name: chunk, md5, lineage } = JSON.parse(entry.body) as ChunkNotice;
    return { isHeld: held, ends, seq, name: chunk, ...(md5 !== undefined && { md5 }), ...(lineage && { lineage }) };
  }

  async deadOfGroup(principal: Principal, name: PipeGroup, after: number, limit: number): Promise<Paged<DeadClaim>> {
    this.#check(principal, 'read');
    const rows = all(this.#core.sql, q.LIST_DEAD, groupNamed(this.#core, name).id, after, limit + 1);
    return dead.paged(
      rows.map((row) => describeDead(this.#core, row)),
      limit,
    );
  }

  async mendOfGroup(principal: Principal, name: PipeGroup, seq: number, how: 'retry' | 'drop'): Promise<GroupDescription> {
    this.#check(principal, 'read');
    this.#engine.write(() => {
      const group = groupNamed(this.#core, name);
      if (how === 'retry') retryFailed(this.#core, group, seq);
      else forgetFailed(this.#core, group, seq);
      save(this.#core, group);
    });
    return this.#describe(name);
  }

  async deadChunks(principal: Principal, after: number, limit: number): Promise<Paged<DeadChunk>> {
    this.#check(principal, 'read');
    return dead.listDead(this.#core, after, limit);
  }

  async mendChunk(principal: Principal, seq: number, how: 'retry' | 'skip'): Promise<void> {
    this.#check(principal, 'manage');
    this.#engine.write(() => (how === 'retry' ? dead.retryChunk(this.#core, seq) : dead.skipChunk(this.#core, seq)));
  }

  #check(principal: Principal, action: PipeAction): void {
    this.#core.row();
    checkPipe(this.#core.definition(), principal, action);
  }

  #describe(name: PipeGroup): GroupDescription {
    return describe(this.#core, groupNamed(this.#core, name));
  }

  /** A change that is kept also where a part of it was refused. */
  #kept<T>(change: () => T | Fault): T {
    const done = this.#engine.write(change);
    if (done instanceof Fault) throw done;
    return done;
  }
}

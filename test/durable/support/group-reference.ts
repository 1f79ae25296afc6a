// What groups of readers are meant to do, in lists and maps: the reference that random tests compare the pipe with.
import { CLAIM_MEMORY } from '../../../src/model/pipe-group.ts';

type Standing =
  | { readonly kind: 'again'; readonly due: number; readonly deliveries: number }
  | { readonly kind: 'held'; readonly claim: RefClaim; readonly ends: number; readonly deliveries: number }
  | { readonly kind: 'settled' };

export interface RefClaim {
  readonly group: RefGroup;
  readonly given: ReadonlySet<number>;
  readonly lost: Map<number, 'ended' | 'nacked'>;
  forgetAt: number | undefined;
  forgotten: boolean;
}

export interface RefEntry {
  readonly pos: number;
  readonly seq: number;
  readonly size: number;
  readonly shown: number;
}

export interface RefGroup {
  readonly name: string;
  readonly mode: 'single' | 'shared';
  readonly start: number;
  max: number;
  lease: number;
  readonly at: Map<number, Standing>;
  /** By seq. */
  readonly failed: Map<number, { pos: number; dead: boolean }>;
  /** A failed chunk that is given out again is settled all the same. */
  readonly settled: Set<number>;
  acked: number;
  gone: boolean;
}

export type Verdict = 'ok' | 'fenced';

export class GroupReference {
  readonly groups = new Map<string, RefGroup>();
  readonly claims: RefClaim[] = [];
  entries: readonly RefEntry[] = [];
  readonly released = new Set<number>();
  trimmed = 0;

  /** New entries have become visible. */
  see(entries: readonly RefEntry[]): void {
    this.entries = entries;
    if (this.groups.size === 0) for (const { pos } of entries) this.released.add(pos);
  }

  put(name: string, mode: 'single' | 'shared', start: number, max: number, lease: number): void {
    const fresh = { name, mode, start, max, lease, at: new Map(), failed: new Map(), settled: new Set<number>(), acked: 0, gone: false };
    this.groups.set(name, fresh);
  }

  drop(name: string): void {
    const group = this.groups.get(name);
    if (group) group.gone = true;
    this.groups.delete(name);
    for (const { pos } of this.entries) this.#release(pos);
  }

  isSettled(group: RefGroup, pos: number): boolean {
    return pos <= group.start || group.settled.has(pos);
  }

  unsettled(group: RefGroup): readonly RefEntry[] {
    return this.entries.filter(({ pos }) => !this.isSettled(group, pos));
  }

  unreleased(): readonly RefEntry[] {
    return this.groups.size === 0 ? [] : this.entries.filter(({ pos }) => !this.released.has(pos));
  }

  floor(group: RefGroup): number {
    return (this.unsettled(group)[0]?.pos ?? this.entries.length + 1) - 1;
  }

  count(group: RefGroup, kind: Standing['kind']): number {
    return [...group.at.values()].filter((one) => one.kind === kind).length;
  }

  dead(group: RefGroup): readonly number[] {
    return [...group.failed].flatMap(([seq, { dead }]) => (dead ? [seq] : [])).toSorted((a, b) => a - b);
  }

  /** What is due by this time happens: to be called where the pipe looks, too. */
  endLeases(now: number): void {
    const ending = this.claims
      .filter(({ group, forgotten }) => !group.gone && !forgotten)
      .map((claim) => ({ claim, due: claim.forgetAt ?? Math.min(...this.#held(claim).map(({ ends }) => ends)) }))
      .filter(({ due }) => due <= now)
      .toSorted((one, other) => one.due - other.due);
    for (const { claim } of ending) {
      if (claim.forgetAt !== undefined) claim.forgotten = true;
      else {
        const over = this.#held(claim).filter(({ ends }) => ends <= now);
        for (const [i, one] of over.entries()) this.#back(claim, one, now, 'ended', claim.group.mode === 'single' && i > 0);
        this.#over(claim, now);
      }
    }
  }

  claim(group: RefGroup, max: number, maxBytes: number, now: number, lease = group.lease): { pos: number; deliveries: number }[] {
    this.endLeases(now);
    if (group.mode === 'single' && this.count(group, 'held') > 0) return [];
    const chosen: { pos: number; deliveries: number }[] = [];
    let bytes = maxBytes;
    const sizeOf = (pos: number): number => this.entries[pos - 1]?.size ?? 0;
    const back = [...group.at]
      .flatMap(([pos, one]) => (one.kind === 'again' ? [{ pos, ...one }] : []))
      .toSorted((a, b) => (group.mode === 'single' ? 0 : a.due - b.due) || a.pos - b.pos)
      .slice(0, max);
    let stopped = false;
    for (const { pos, due, deliveries } of back) {
      if (due > now) {
        stopped = group.mode === 'single';
        break;
      }
      const isLast = group.max > 0 && deliveries > 0 && deliveries + 1 >= group.max;
      stopped = chosen.length > 0 && (sizeOf(pos) > bytes || isLast);
      if (stopped) break;
      chosen.push({ pos, deliveries: deliveries + 1 });
      bytes -= sizeOf(pos);
      stopped = isLast;
      if (stopped) break;
    }
    if (group.mode === 'single' && chosen.length < this.count(group, 'again')) stopped = true;
    if (!stopped)
      for (const { pos, size } of this.entries) {
        if (pos <= group.start || group.at.has(pos)) continue;
        if (chosen.length >= max || (chosen.length > 0 && size > bytes)) break;
        chosen.push({ pos, deliveries: 1 });
        bytes -= size;
      }
    if (chosen.length === 0) return [];
    const claim: RefClaim = { group, given: new Set(chosen.map(({ pos }) => pos)), lost: new Map(), forgetAt: undefined, forgotten: false };
    this.claims.push(claim);
    for (const { pos, deliveries } of chosen) group.at.set(pos, { kind: 'held', claim, ends: now + lease * 1000, deliveries });
    return chosen.toSorted((one, other) => one.pos - other.pos);
  }

  settle(
    claim: RefClaim,
    positions: readonly number[],
    what: 'ack' | 'nack' | 'extend',
    milliseconds: number,
    now: number,
  ): Map<number, Verdict> {
    const { group } = claim;
    const mine = this.#held(claim).filter(({ pos, ends }) => ends > now && positions.includes(pos));
    const verdicts = new Map<number, Verdict>();
    const mayRepeat = !group.gone && !claim.forgotten;
    for (const pos of positions) {
      const isOver = claim.given.has(pos) && !this.#held(claim).some((one) => one.pos === pos);
      const why = claim.lost.get(pos);
      const repeats = mayRepeat && isOver && (what === 'ack' ? why === undefined : what === 'nack' && why === 'nacked');
      verdicts.set(pos, repeats || mine.some((one) => one.pos === pos) ? 'ok' : 'fenced');
    }
    if (what === 'nack' && mine.length > 0) {
      const low = Math.min(...mine.map(({ pos }) => pos));
      const behind =
        group.mode === 'single' ? this.#held(claim).filter(({ pos, ends }) => ends > now && pos > low && !positions.includes(pos)) : [];
      for (const one of mine) this.#back(claim, one, now + milliseconds, 'nacked', false);
      for (const one of behind) this.#back(claim, one, now, 'nacked', true);
    }
    for (const { pos, deliveries } of mine) {
      if (what === 'extend') group.at.set(pos, { kind: 'held', claim, ends: now + milliseconds, deliveries });
      if (what !== 'ack') continue;
      group.acked++;
      this.#settle(group, pos);
      const seq = this.entries[pos - 1]?.seq ?? 0;
      if (group.failed.get(seq)?.pos === pos) group.failed.delete(seq);
    }
    if (mine.length > 0) this.#over(claim, now);
    return verdicts;
  }

  retry(group: RefGroup, seq: number, now: number): void {
    const failed = group.failed.get(seq);
    if (!failed?.dead) return;
    failed.dead = false;
    group.at.set(failed.pos, { kind: 'again', due: now, deliveries: 0 });
  }

  #held(claim: RefClaim): readonly { readonly pos: number; readonly ends: number; readonly deliveries: number }[] {
    return [...claim.given]
      .flatMap((pos) => {
        const one = claim.group.at.get(pos);
        return one?.kind === 'held' && one.claim === claim ? [{ pos, ends: one.ends, deliveries: one.deliveries }] : [];
      })
      .toSorted((one, other) => one.pos - other.pos);
  }

  #over(claim: RefClaim, now: number): void {
    if (this.#held(claim).length === 0) claim.forgetAt = now + CLAIM_MEMORY;
  }

  #back(
    claim: RefClaim,
    { pos, deliveries }: { readonly pos: number; readonly deliveries: number },
    due: number,
    why: 'ended' | 'nacked',
    innocent: boolean,
  ): void {
    const { group } = claim;
    claim.lost.set(pos, why);
    const counted = innocent ? deliveries - 1 : deliveries;
    if (group.max === 0 || counted < group.max) {
      group.at.set(pos, { kind: 'again', due, deliveries: counted });
      return;
    }
    group.failed.set(this.entries[pos - 1]?.seq ?? 0, { pos, dead: true });
    this.#settle(group, pos);
  }

  #settle(group: RefGroup, pos: number): void {
    group.at.set(pos, { kind: 'settled' });
    group.settled.add(pos);
    this.#release(pos);
  }

  #release(pos: number): void {
    if ([...this.groups.values()].every((group) => this.isSettled(group, pos))) this.released.add(pos);
  }
}

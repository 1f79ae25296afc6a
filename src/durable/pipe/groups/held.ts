// What a claim holds: runs of positions with the same number of deliveries and the same end of the lease, as JSON in its row.
import { run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { CLAIM_MEMORY } from '../../../model/pipe-group.ts';
import * as q from './queries.ts';
import { without, type Run } from './settled.ts';

export interface Held extends Run {
  readonly deliveries: number;
  /** Epoch milliseconds: from then on it is not held any more. */
  readonly ends: number;
}

/** Why a claim has lost something. */
export type Loss = 'ended' | 'nacked';

export interface Lost extends Run {
  readonly why: Loss;
}

type HeldText = [number, number, number, number];
type LostText = [number, number, 0 | 1];

export const readGiven = (text: string): readonly Run[] =>
  (JSON.parse(text) as [number, number][]).map(([first, last]) => ({ first, last }));
export const writeGiven = (runs: readonly Run[]): string => JSON.stringify(runs.map(({ first, last }) => [first, last]));

export function readHeld(text: string): readonly Held[] {
  return (JSON.parse(text) as HeldText[]).map(([first, last, deliveries, ends]) => ({ first, last, deliveries, ends }));
}

export function writeHeld(held: readonly Held[]): string {
  return JSON.stringify(join(held).map(({ first, last, deliveries, ends }): HeldText => [first, last, deliveries, ends]));
}

export function readLost(text: string): readonly Lost[] {
  return (JSON.parse(text) as LostText[]).map(([first, last, why]) => ({ first, last, why: why === 1 ? 'nacked' : 'ended' }));
}

/** In the order of pos; neighbours of one kind are one run. */
export function join(held: readonly Held[]): readonly Held[] {
  const joined: Held[] = [];
  for (const one of held.toSorted((a, b) => a.first - b.first)) {
    const end = joined.at(-1);
    if (end && end.last + 1 === one.first && end.deliveries === one.deliveries && end.ends === one.ends)
      joined[joined.length - 1] = { ...end, last: one.last };
    else joined.push(one);
  }
  return joined;
}

/** Parts what is held into what lies in the runs and the rest. */
export function part(held: readonly Held[], runs: readonly Run[]): { readonly taken: readonly Held[]; readonly rest: readonly Held[] } {
  const rest: Held[] = [];
  const taken: Held[] = [];
  for (const one of held) {
    const left = without(
      [one],
      runs.filter((run) => run.first <= one.last && one.first <= run.last),
    );
    for (const [parts, into] of [
      [left, rest],
      [without([one], left), taken],
    ] as const)
      into.push(...parts.map(({ first, last }) => ({ ...one, first, last })));
  }
  return { taken, rest };
}

export function has(runs: readonly Run[], pos: number): boolean {
  return runs.some(({ first, last }) => first <= pos && pos <= last);
}

/** What is left of a claim; when nothing is, it is remembered for a while. */
export function setClaim(core: Core, claim: q.ClaimRow, held: readonly Held[], more: readonly Lost[] = []): void {
  const due = held.length > 0 ? Math.min(...held.map(({ ends }) => ends)) : core.clock() + CLAIM_MEMORY;
  const lost = [...readLost(claim.lost), ...more].map(({ first, last, why }): LostText => [first, last, why === 'nacked' ? 1 : 0]);
  run(core.sql, q.SET_CLAIM, writeHeld(held), JSON.stringify(lost), due, claim.id);
}

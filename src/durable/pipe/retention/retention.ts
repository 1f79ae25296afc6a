// How long the log is kept: entries go from its beginning, in batches, by alarm. What a group has not settled is never trimmed, so that no
// reader of a group loses anything without being told; a plain reader is told by StateTrimmed.
import { FOLLOWERS_WAIT, MAX_NAMES } from '../../../model/limits.ts';
import type { Retention as Rule } from '../../../model/pipe.ts';
import { all, first, run } from '../../sql.ts';
import { takenByAll } from '../chain/followed.ts';
import type { Core } from '../core.ts';
import { sumAt } from '../log/sums.ts';
import { letGoOf } from './letting-go.ts';
import { settledByAll } from '../groups/released.ts';
import * as r from './queries.ts';

/** Entries per transaction. */
const BATCH = 500;
/** Milliseconds between two batches that were not full: one entry at a time is trimmed for nobody's good. */
const PAUSE = 1000;

export class Retention {
  readonly #core: Core;
  /** Not before: nothing is owed by it, so it may be forgotten. */
  #pause = 0;
  /** When the first entry that can be read was shown: it stays so until it is trimmed. */
  #oldest = { pos: 0, shown: 0 };

  constructor(core: Core) {
    this.#core = core;
  }

  next(): number | undefined {
    const core = this.#core;
    if (core.find()?.life !== 'open') return undefined;
    const due = trimmableAt(core, (pos) => this.#shownAt(pos));
    return due === undefined ? undefined : Math.max(due, this.#pause);
  }

  #shownAt(pos: number): number {
    if (this.#oldest.pos !== pos) this.#oldest = { pos, shown: first(this.#core.sql, r.SHOWN, pos)?.shown ?? 0 };
    return this.#oldest.shown;
  }

  /** To be called inside a transaction. */
  work(): void {
    if (trim(this.#core) < BATCH) this.#pause = this.#core.clock() + PAUSE;
  }
}

/** Whether entries before the trim point are left that were kept for a group. */
export function looseDue(core: Core): number | undefined {
  return core.find()?.life === 'open' && first(core.sql, r.ANY_LOOSE) ? 0 : undefined;
}

/** To be called inside a transaction. */
export function dropLoose(core: Core): void {
  drop(
    core,
    all(core.sql, r.SOME_LOOSE, BATCH).map(({ pos }) => pos),
  );
}

/** When the next entry may go; undefined: not before something else happens. */
function trimmableAt(core: Core, shownAt: (pos: number) => number): number | undefined {
  const { trimmed } = core.row();
  const { retain } = core.definition().options;
  if (retain.kind === 'forever' || endOf(core, retain) <= trimmed) return undefined;
  if (retain.kind === 'age') return shownAt(trimmed + 1) + retain.seconds * 1000;
  if (retain.kind === 'acked' && isUntaken(core, trimmed + 1)) return shownAt(trimmed + 1) + FOLLOWERS_WAIT;
  return retain.kind === 'acked' || isTooMuch(core, retain.bytes, trimmed) ? 0 : undefined;
}

/** Whether a pipe that follows has not taken this entry yet, as far as it has said. */
function isUntaken(core: Core, pos: number): boolean {
  return pos > (takenByAll(core) ?? Infinity);
}

/** Up to which pos the groups let entries go: without a group, `acked` keeps everything. */
function endOf(core: Core, { kind }: Rule): number {
  const { pos, trimmed } = core.row();
  return settledByAll(core) ?? (kind === 'acked' ? trimmed : pos);
}

/** Whether more than so many bytes lie behind this pos. */
function isTooMuch(core: Core, bytes: number, pos: number): boolean {
  return core.row().sum - sumAt(core, pos) > bytes;
}

/** One batch; how many entries went. */
function trim(core: Core): number {
  const { trimmed, sum } = core.row();
  const { retain } = core.definition().options;
  const end = Math.min(endOf(core, retain), trimmed + BATCH);
  if (retain.kind === 'forever' || end <= trimmed) return 0;
  let before = sumAt(core, trimmed);
  const going: number[] = [];
  for (const entry of all(core.sql, r.SHOWN_IN, trimmed + 1, end)) {
    if (retain.kind === 'age' && entry.shown + retain.seconds * 1000 > core.clock()) break;
    if (retain.kind === 'acked' && isUntaken(core, entry.pos) && entry.shown + FOLLOWERS_WAIT > core.clock()) break;
    if (retain.kind === 'bytes' && sum - before <= retain.bytes) break;
    before = entry.sum;
    going.push(entry.pos);
  }
  const last = going.at(-1);
  if (last === undefined) return 0;
  core.set({ trimmed: last });
  const kept = new Set(all(core.sql, r.KEPT_IN, trimmed, last).map(({ pos }) => pos));
  // The entry before the first that can be read stays as a mark: it has the sums up to there.
  drop(
    core,
    [...(trimmed > 0 ? [trimmed] : []), ...going].filter((pos) => !kept.has(pos)),
  );
  forgetNames(core);
  return going.length;
}

/** Entries that lie before the trim point and that nothing keeps. */
function drop(core: Core, positions: readonly number[]): void {
  const { trimmed } = core.row();
  letGoOf(core, positions);
  for (const pos of positions) {
    if (pos === trimmed) run(core.sql, r.EMPTY_ENTRY, pos);
    else run(core.sql, r.DROP_ENTRY, pos);
    run(core.sql, r.DROP_LOOSE, pos);
  }
}

/** A name is remembered as long as its chunk, and then until so many others have been written; what was made of claimed chunks until the latter. */
function forgetNames(core: Core): void {
  const { seqs } = core.row();
  if (seqs <= MAX_NAMES) return;
  run(core.sql, r.FORGET_NAMES, seqs - MAX_NAMES, 2 * BATCH);
  run(core.sql, r.FORGET_OUTPUTS, seqs - MAX_NAMES, 2 * BATCH);
}

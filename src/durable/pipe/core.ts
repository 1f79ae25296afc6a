// What every part of a pipe works with: its database, its clock, its row, and what the present transaction has brought about.
import { Fault } from '../../faults.ts';
import type { PipeCondition, PipeDefinition } from '../../model/pipe.ts';
import { first, run } from '../sql.ts';
import * as q from './queries.ts';

/** Told when the transaction is committed, in the same turn. */
export interface Happened {
  /** Entries have become visible, or nothing will come after them. */
  visible: boolean;
  /** There is room for more chunks. */
  room: boolean;
  /** Something else that its description shows. */
  changed: boolean;
  /** A group may have something to be claimed that was claimed before, or has ended. */
  claims: boolean;
  /** A group stands elsewhere: something was claimed, acknowledged or given back. */
  groups: boolean;
  /** Who may do what is another than before. */
  access: boolean;
}

export const NOTHING: Happened = { visible: false, room: false, changed: false, claims: false, groups: false, access: false };

export class Core {
  readonly sql: SqlStorage;
  readonly clock: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly happened: Happened = { ...NOTHING };
  /** Whether there is a group of readers; undefined until that has been looked up: every append wants to know. */
  hasGroups: boolean | undefined;
  /** Rows of work that the present transaction has found or made: many chunks share one. */
  readonly enqueued = new Set<string>();
  #row: q.PipeRow | undefined;
  #isStored = true;
  #definition: { readonly text: string; readonly value: PipeDefinition } | undefined;

  constructor(sql: SqlStorage, clock: () => number, random: () => number) {
    this.sql = sql;
    this.clock = clock;
    this.random = random;
  }

  /** Undefined: the pipe was never made, or its tombstone is gone. */
  find(): q.PipeRow | undefined {
    this.#row ??= first(this.sql, q.GET_PIPE);
    return this.#row;
  }

  /** Throws PipeNotFound for a pipe that is not there for clients any more. */
  row(): q.PipeRow {
    const row = this.find();
    if (!row || row.life === 'destroying' || row.life === 'destroyed') throw new Fault('PipeNotFound', 'there is no such pipe');
    return row;
  }

  /** Stored with the other writes of the transaction, at its end. */
  set(changes: Partial<q.PipeRow>): void {
    const row = this.find();
    if (!row) throw new Error('a pipe without a row');
    this.#row = { ...row, ...changes };
    this.#isStored = false;
    this.happened.changed = true;
  }

  /** The last write of every transaction. */
  store(): void {
    this.enqueued.clear();
    const r = this.#row;
    if (this.#isStored || !r) return;
    const life = [r.definition, r.life, r.reason, r.auth, r.closed] as const;
    const counts = [r.seqs, r.bytes, r.waiting, r.waiting_bytes, r.hidden, r.hidden_bytes] as const;
    run(this.sql, q.SET_PIPE, ...life, ...counts, r.shown, r.pos, r.sum, r.text, r.dead, r.trimmed, r.attempts);
    this.#isStored = true;
  }

  definition(): PipeDefinition {
    const text = this.find()?.definition ?? '';
    if (this.#definition?.text !== text) this.#definition = { text, value: JSON.parse(text) as PipeDefinition };
    return this.#definition.value;
  }

  /** After a transaction that was rolled back. */
  forget(): void {
    this.#row = undefined;
    this.#isStored = true;
    this.hasGroups = undefined;
    this.enqueued.clear();
    Object.assign(this.happened, NOTHING);
  }
}

export function conditionOf({ life, auth, closed }: q.PipeRow): PipeCondition {
  if (life !== 'open') return life;
  if (auth !== null) return 'authRequired';
  return closed === null ? 'open' : 'closed';
}

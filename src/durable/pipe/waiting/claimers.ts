// Readers of groups who wait for something to claim. They are told to try again, not given it: a claim is for who is still there.
import { first } from '../../sql.ts';
import type { Core } from '../core.ts';
import { isOver } from '../log/reading.ts';
import * as q from '../groups/queries.ts';

/** So many more are told than there are chunks: some may have gone meanwhile, and others may take more than one. */
const SPARE = 50;

export class Claimers {
  readonly #core: Core;
  readonly #waiting = new Map<string, Set<WebSocket>>();

  constructor(core: Core) {
    this.#core = core;
  }

  get size(): number {
    return this.#waiting.size;
  }

  clear(): void {
    this.#waiting.clear();
  }

  add(socket: WebSocket, group: string): void {
    const sockets = this.#waiting.get(group) ?? new Set();
    sockets.add(socket);
    this.#waiting.set(group, sockets);
  }

  /** Whether a claim would be answered with chunks, or with anything else that is worth to know. */
  has(group: string): boolean {
    return this.#worth(group) > 0;
  }

  /** Takes those out who may try again: of many those who came last, because who came first may have gone. */
  take(): readonly WebSocket[] {
    const found: WebSocket[] = [];
    for (const [group, sockets] of this.#waiting) {
      const worth = this.#worth(group);
      if (worth === 0) continue;
      const told = [...sockets].slice(-(worth + SPARE));
      for (const socket of told) sockets.delete(socket);
      if (sockets.size === 0) this.#waiting.delete(group);
      found.push(...told);
    }
    return found;
  }

  /** For how many claims there is something. */
  #worth(name: string): number {
    const group = first(this.#core.sql, q.GROUP_NAMED, name);
    const row = this.#core.row();
    if (!group || (isOver(row) && group.settled === row.pos)) return Number.MAX_SAFE_INTEGER;
    if (group.mode === 'single') {
      if (group.claimed > 0) return 0;
      const back = group.waiting > 0 ? first(this.#core.sql, q.AGAIN_IN_ORDER, group.id, 1) : undefined;
      return back ? Number(back.due <= this.#core.clock()) : Math.min(1, row.pos - group.next);
    }
    const back = group.waiting > 0 ? (first(this.#core.sql, q.COUNT_AGAIN, group.id, this.#core.clock())?.count ?? 0) : 0;
    return row.pos - group.next + back;
  }
}

// The shares of one directory, removed when their time is over. Its methods do not open transactions: the caller does.
import type { Actor, Page } from '../../auth/directory-port.ts';
import type { NewShare, ShareRecord } from '../../auth/share-port.ts';
import { Fault } from '../../faults.ts';
import { MAX_SHARES } from '../../model/limits.ts';
import { randomText } from '../../model/secret.ts';
import type { Duty } from '../alarm.ts';
import { all, first, run } from '../sql.ts';
import * as q from './shares-queries.ts';

export class ShareBook {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(user: string, share: NewShare, now: number): ShareRecord {
    if ((first(this.#sql, q.COUNT_SHARES, user, now)?.count ?? 0) >= MAX_SHARES)
      throw new Fault('Conflict', `a user has at most ${MAX_SHARES} shares: revoke one first`);
    // Texts of one length that begin with the time are in its order.
    const id = now.toString(36).padStart(9, '0') + randomText(6);
    this.put({ id, user, created: now, ...share });
    return { id, uri: share.uri, created: now, expires: share.expires };
  }

  list(user: string, after: string, limit: number, now: number): Page<ShareRecord> {
    const rows = all(this.#sql, q.SHARES_OF, user, after, now, limit + 1);
    const items = rows.slice(0, limit).map(({ id, uri, created, expires }) => ({ id, uri, created, expires }));
    const last = items.at(-1);
    return rows.length > limit && last ? { items, next: last.id } : { items };
  }

  /** Answers the share that was removed. */
  remove(by: Actor, id: string): q.ShareRow {
    const row = first(this.#sql, q.GET_SHARE, id);
    if (!row || (row.user !== by.user && !by.admin)) throw new Fault('NotFound', `share ${id.slice(0, 50)}`);
    run(this.#sql, q.DROP_SHARE, id);
    return row;
  }

  removeAll(user: string): void {
    run(this.#sql, q.DROP_SHARES_OF, user);
  }

  find(hash: string, now: number): q.ShareRow | undefined {
    const row = first(this.#sql, q.FIND_SHARE, hash);
    return row && row.expires > now ? row : undefined;
  }

  after(id: string, limit: number): q.ShareRow[] {
    return all(this.#sql, q.EVERY_SHARE, id, limit);
  }

  put({ id, user, hash, space, node, uri, created, expires }: q.ShareRow): void {
    run(this.#sql, q.PUT_SHARE, id, user, hash, space, node, uri, created, expires);
  }

  duty(): Duty {
    return {
      name: 'shares',
      next: () => first(this.#sql, q.NEXT_END)?.due ?? undefined,
      work: (now) => void run(this.#sql, q.DROP_ENDED, now),
    };
  }
}

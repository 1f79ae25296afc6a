// The statements of shares. Times are epoch milliseconds.
import { statement } from '../sql.ts';

export interface ShareRow {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly space: string;
  readonly node: number;
  readonly uri: string;
  readonly created: number;
  readonly expires: number;
}

const COLUMNS = 'id, user, hash, space, node, uri, created, expires';
/** Replaces one of the same id, which only a restore brings. */
export const PUT_SHARE = statement(`INSERT OR REPLACE INTO shares (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
export const GET_SHARE = statement<ShareRow>(`SELECT ${COLUMNS} FROM shares WHERE id = ?`);
export const FIND_SHARE = statement<ShareRow>(`SELECT ${COLUMNS} FROM shares WHERE hash = ?`);
export const SHARES_OF = statement<ShareRow>(`SELECT ${COLUMNS} FROM shares WHERE user = ? AND id > ? AND expires > ? ORDER BY id LIMIT ?`);
export const COUNT_SHARES = statement<{ count: number }>('SELECT count(*) AS count FROM shares WHERE user = ? AND expires > ?');
export const EVERY_SHARE = statement<ShareRow>(`SELECT ${COLUMNS} FROM shares WHERE id > ? ORDER BY id LIMIT ?`);
export const DROP_SHARE = statement('DELETE FROM shares WHERE id = ?');
export const DROP_SHARES_OF = statement('DELETE FROM shares WHERE user = ?');
export const NEXT_END = statement<{ due: number | null }>('SELECT min(expires) AS due FROM shares');
export const DROP_ENDED = statement('DELETE FROM shares WHERE id IN (SELECT id FROM shares WHERE expires <= ? LIMIT 1000)');

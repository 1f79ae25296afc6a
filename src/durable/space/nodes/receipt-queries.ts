// The SQL of receipts: see receipts.ts.
import { statement } from '../../sql.ts';

export const GET_RECEIPT = statement<{ turn: number; body: string }>('SELECT turn, body FROM receipt WHERE job = ?');
export const SET_RECEIPT = statement('INSERT OR REPLACE INTO receipt (job, turn, body, due) VALUES (?, ?, ?, ?)');
export const NEXT_RECEIPT = statement<{ due: number | null }>('SELECT min(due) AS due FROM receipt');
/** The alarm comes back for the rest. */
export const TRIM_RECEIPTS = statement('DELETE FROM receipt WHERE job IN (SELECT job FROM receipt WHERE due <= ? ORDER BY due LIMIT 1000)');

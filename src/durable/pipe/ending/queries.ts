// The SQL of a pipe's beginning and end.
import { statement } from '../../sql.ts';

export interface FoundingRow {
  readonly wish: string;
  readonly principal: string;
  readonly state: 'made' | 'abandoned';
}

export const GET_FOUNDING = statement<FoundingRow>('SELECT wish, principal, state FROM founding');
export const SET_FOUNDING = statement(
  `INSERT INTO founding (id, wish, principal, state) VALUES (1, ?, ?, 'made')
   ON CONFLICT DO UPDATE SET wish = excluded.wish, principal = excluded.principal, state = excluded.state`,
);
export const ABANDON = statement("UPDATE founding SET state = 'abandoned'");

/** Its attempts have higher numbers than the last value. */
export const ADD_WORK = statement(
  "INSERT INTO work (job, body, light, state, due, attempt) VALUES (?, '{}', 1, ?, ?, ?) ON CONFLICT DO NOTHING",
);
export const GET_WORK = statement<{ job: string; attempt: number }>('SELECT job, attempt FROM work WHERE job = ?');
export const SET_DUE = statement('UPDATE work SET state = ?, due = ?, failures = 0, since = NULL WHERE job = ?');
export const ALL_WORK = statement<{ job: string; attempt: number }>('SELECT job, attempt FROM work WHERE job <> ?');
export const ANY_WORK = statement<{ job: string }>('SELECT job FROM work WHERE job <> ? LIMIT 1');
export const ANY_OUTBOX = statement<{ id: number }>('SELECT id FROM outbox LIMIT 1');

/** Under which names its chunks are held, and where. */
export const HOLDERS = statement<{ holder: string; space: string | null }>(
  `SELECT holder, min(json_extract(bytes, '$.pinned.space')) AS space FROM chunk WHERE holder IS NOT NULL GROUP BY holder LIMIT ?`,
);
export const DROP_HOLDER = statement('UPDATE chunk SET holder = NULL WHERE holder = ?');

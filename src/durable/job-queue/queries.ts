// Every SQL statement of a JobQueue.
import { statement } from '../sql.ts';

export const ADD_JOB = statement('INSERT INTO job VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
/** Keeps the latest; the oldest beyond a number go. */
export const DROP_SURPLUS = statement('DELETE FROM job WHERE id IN (SELECT id FROM job ORDER BY created DESC, id DESC LIMIT -1 OFFSET ?)');
export const GET_JOB = statement<{ body: string }>('SELECT body FROM job WHERE id = ?');
export const LIST_JOBS = statement<{ body: string }>(
  "SELECT body FROM job WHERE created > ? AND (? = '[]' OR phase IN (SELECT value FROM json_each(?))) ORDER BY created DESC, id DESC LIMIT ?",
);
export const SET_JOB = statement('UPDATE job SET phase = ?, body = ? WHERE id = ?');
export const DROP_JOB = statement('DELETE FROM job WHERE id = ?');
export const DROP_ENDED = statement(
  'DELETE FROM job WHERE id IN (SELECT id FROM job WHERE destruction <= ? ORDER BY destruction LIMIT 1000)',
);
export const NEXT_DESTRUCTION = statement<{ due: number | null }>('SELECT min(destruction) AS due FROM job');

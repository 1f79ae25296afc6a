// Every SQL statement of a JobQueue.
import { statement } from '../sql.ts';

export interface WorkRow {
  readonly job: string;
  readonly body: string;
  readonly light: number;
  /** parked: until a client has done its part. */
  readonly state: 'held' | 'waiting' | 'running' | 'parked' | 'undo' | 'undoing';
  readonly checkpoint: string | null;
  readonly attempt: number;
  readonly failures: number;
  readonly since: number | null;
  readonly due: number | null;
  readonly ends: number | null;
}

// job
export const ADD_JOB = statement<{ id: string }>(
  'INSERT INTO job (id, list, phase, created, destruction, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
);
/** Keeps the latest; the oldest that have ended go. */
export const DROP_SURPLUS = statement(
  `DELETE FROM job WHERE id IN (SELECT id FROM job WHERE list = ? ORDER BY created DESC, id DESC LIMIT -1 OFFSET ?)
     AND phase NOT IN ('PENDING', 'QUEUED', 'EXECUTING')`,
);
export const COUNT_OPEN = statement<{ count: number }>(
  "SELECT count(*) AS count FROM job WHERE phase IN ('PENDING', 'QUEUED', 'EXECUTING')",
);
export const GET_JOB = statement<{ body: string }>('SELECT body FROM job WHERE id = ?');
export const LIST_JOBS = statement<{ body: string }>(
  "SELECT body FROM job WHERE list = ? AND created > ? AND (? = '[]' OR phase IN (SELECT value FROM json_each(?))) ORDER BY created DESC, id DESC LIMIT ?",
);
export const SET_JOB = statement('UPDATE job SET phase = ?, destruction = ?, body = ? WHERE id = ?');
export const DROP_JOB = statement('DELETE FROM job WHERE id = ?');
export const DUE_DESTRUCTION = statement<{ id: string }>('SELECT id FROM job WHERE destruction <= ? ORDER BY destruction LIMIT 1000');
export const NEXT_DESTRUCTION = statement<{ due: number | null }>('SELECT min(destruction) AS due FROM job');

// work
export const ADD_WORK = statement('INSERT INTO work (job, body, light, state, attempt) VALUES (?, ?, ?, ?, ?)');
export const GET_WORK = statement<WorkRow>('SELECT * FROM work WHERE job = ?');
export const ANY_WORK = statement<{ one: number }>('SELECT 1 AS one FROM work LIMIT 1');
export const SET_WORK = statement(
  'UPDATE work SET state = ?, checkpoint = ?, attempt = ?, failures = ?, since = ?, due = ?, ends = ? WHERE job = ?',
);
export const DROP_WORK = statement('DELETE FROM work WHERE job = ?');
export const LEASE_ENDED = statement<WorkRow>("SELECT * FROM work WHERE state IN ('running', 'undoing') AND due <= ? LIMIT 100");
export const NEXT_LEASE_END = statement<{ due: number | null }>("SELECT min(due) AS due FROM work WHERE state IN ('running', 'undoing')");
export const TIME_OVER = statement<{ job: string }>('SELECT job FROM work WHERE ends <= ? LIMIT 100');
export const RUNNING = statement<{ count: number }>("SELECT count(*) AS count FROM work WHERE state = 'running' AND light = 0");
/** Light ones and undos first, then whose turn has come longest. */
export const READY = statement<WorkRow>(
  `SELECT * FROM (SELECT * FROM work WHERE state = 'undo' AND due <= ?1 LIMIT 100)
   UNION ALL SELECT * FROM (SELECT * FROM work WHERE state = 'waiting' AND light = 1 AND due <= ?1 ORDER BY due LIMIT 100)
   UNION ALL SELECT * FROM (SELECT * FROM work WHERE state = 'waiting' AND light = 0 AND due <= ?1 ORDER BY due LIMIT max(0, ?2))`,
);
/** ?1: so many that are not light may run at a time. */
export const NEXT_WORK = statement<{ due: number | null }>(
  `SELECT min(due) AS due FROM (
     SELECT min(due) AS due FROM work WHERE state = 'running'
     UNION ALL SELECT min(due) FROM work WHERE state = 'undoing'
     UNION ALL SELECT min(due) FROM work WHERE state = 'undo'
     UNION ALL SELECT min(due) FROM work WHERE state = 'waiting' AND (light = 1 OR ?1 > (SELECT count(*) FROM work WHERE state = 'running' AND light = 0))
     UNION ALL SELECT min(ends) FROM work WHERE ends IS NOT NULL)`,
);

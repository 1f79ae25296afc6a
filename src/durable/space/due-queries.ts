// The earliest of all deadlines that a Space has, in one statement: it is asked after every write.
import { statement } from '../sql.ts';

/** Later than any: it stands for no deadline, because the least of several with a NULL among them is NULL. */
const NEVER = '9007199254740991';

const DEADLINES: readonly string[] = [
  'SELECT min(due) FROM upload',
  'SELECT min(due) FROM purge',
  'SELECT min(due) FROM outbox',
  'SELECT min(due) FROM arrival',
  'SELECT min(due) FROM departure',
  'SELECT min(due) FROM holder WHERE due IS NOT NULL',
  'SELECT min(due) FROM receipt',
  'CASE WHEN ?1 = 0 THEN (SELECT min(due) FROM leftover) END',
  'SELECT time + ?2 FROM audit ORDER BY id LIMIT 1',
];

/** ?1: 1 while the sweep is paused. ?2: how long the audit trail is kept, milliseconds. */
export const NEXT_DUE = statement<{ due: number | null }>(
  `SELECT nullif(min(${DEADLINES.map((due) => `coalesce((${due}), ${NEVER})`).join(', ')}), ${NEVER}) AS due`,
);

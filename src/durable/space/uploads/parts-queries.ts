// The SQL of uploads in parts, whose keys in the store are ranges.
import { statement } from '../../sql.ts';

export const NOTE_ASKED = statement('UPDATE upload SET part_size = ?, type = ?, md5 = ? WHERE id = ?');
/** Whether some row has a range within these bounds. */
export const RANGE_KNOWN = statement<{ found: number }>(
  `SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM object WHERE source >= ?1 AND source < ?2 AND home IS NULL)
     OR EXISTS (SELECT 1 FROM upload WHERE key >= ?1 AND key < ?2 AND outcome IS NULL)
     OR EXISTS (SELECT 1 FROM leftover WHERE key >= ?1 AND key < ?2)`,
);
/** An upload of a job is the job's to end. */
export const OPEN_OF = statement<{ id: string }>(
  'SELECT id FROM upload WHERE principal = ? AND outcome IS NULL AND sealed = 0 AND job IS NULL ORDER BY created DESC',
);
/** Key, length and reserve as the source of the bytes has told them. */
export const RESTATE = statement('UPDATE upload SET key = ?, length = ?, reserved = ?, deadline = ?, due = ? WHERE id = ?');

// The SQL of trimming.
import { statement } from '../../sql.ts';

export const SHOWN = statement<{ shown: number }>('SELECT shown FROM log WHERE pos = ?');
export const SHOWN_IN = statement<{ pos: number; sum: number; shown: number }>(
  'SELECT pos, sum, shown FROM log WHERE pos BETWEEN ? AND ? ORDER BY pos',
);
export const KEPT_IN = statement<{ pos: number }>('SELECT DISTINCT pos FROM failed WHERE pos BETWEEN ? AND ?');
export const DROP_ENTRY = statement('DELETE FROM log WHERE pos = ?');
export const EMPTY_ENTRY = statement("UPDATE log SET body = '', home = NULL, key = NULL WHERE pos = ?");
export const SEQ_AT = statement<{ seq: number }>('SELECT seq FROM log WHERE pos = ?');

export const ANY_LOOSE = statement<{ pos: number }>('SELECT pos FROM loose LIMIT 1');
export const SOME_LOOSE = statement<{ pos: number }>('SELECT pos FROM loose ORDER BY pos LIMIT ?');
export const DROP_LOOSE = statement('DELETE FROM loose WHERE pos = ?');

/** What idempotency needs is left of a chunk. */
export const SHRINK_CHUNK = statement(
  'UPDATE chunk SET bytes = NULL, holder = NULL, type = NULL, outcome = NULL, hole = NULL, trimmed = 1 WHERE seq = ?',
);
/** INDEXED BY: else those that are not trimmed, yet, are gone through each time. */
export const FORGET_NAMES = statement(
  'DELETE FROM chunk WHERE seq IN (SELECT seq FROM chunk INDEXED BY chunk_trimmed WHERE trimmed = 1 AND seq <= ? ORDER BY seq LIMIT ?)',
);
export const FORGET_OUTPUTS = statement(
  `DELETE FROM output WHERE (pipe, "group", seq, output) IN (
     SELECT pipe, "group", seq, output FROM output WHERE seqs <= ? ORDER BY seqs LIMIT ?)`,
);

/** How many chunks are dead at this moment, as far as they are counted. */
export const COUNT_DEAD = statement<{ count: number }>(
  `SELECT (SELECT count(*) FROM (SELECT seq FROM chunk WHERE state = 'dead' AND state <> 'visible' AND seq > 0 LIMIT ?1))
     + (SELECT count(*) FROM (SELECT seq FROM chunk WHERE hole IS NOT NULL AND seq > 0 LIMIT ?1)) AS count`,
);
/** Chunks that are dead: holes that readers see, and those that no reader has come to. INDEXED BY: else all chunks are gone through. */
export const LIST_DEAD = statement<{
  seq: number;
  name: string;
  size: number;
  md5: string | null;
  outcome: string | null;
  written: number;
  hole: number | null;
}>(
  `SELECT seq, name, size, md5, outcome, written, hole FROM (
     SELECT * FROM (SELECT seq, name, size, md5, outcome, written, hole FROM chunk INDEXED BY chunk_state
         WHERE state = 'dead' AND state <> 'visible' AND seq > ?1 ORDER BY seq LIMIT ?2)
     UNION ALL SELECT * FROM (SELECT seq, name, size, md5, outcome, written, hole FROM chunk INDEXED BY chunk_hole
         WHERE hole IS NOT NULL AND seq > ?1 ORDER BY seq LIMIT ?2))
   ORDER BY seq LIMIT ?2`,
);

// The SQL of a pipe's row, chunks, log and answers.
import { statement } from '../sql.ts';

export interface PipeRow {
  readonly definition: string;
  readonly life: 'creating' | 'open' | 'destroying' | 'destroyed';
  readonly reason: string | null;
  readonly auth: string | null;
  readonly closed: number | null;
  readonly seqs: number;
  readonly bytes: number;
  readonly waiting: number;
  readonly waiting_bytes: number;
  readonly hidden: number;
  readonly hidden_bytes: number;
  readonly shown: number;
  readonly pos: number;
  readonly sum: number;
  readonly text: number;
  readonly dead: number;
  readonly trimmed: number;
  readonly attempts: number;
}
export interface ChunkRow {
  readonly seq: number;
  readonly name: string;
  readonly size: number;
  readonly md5: string | null;
  readonly type: string | null;
  readonly state: 'queued' | 'carried' | 'ready' | 'dead' | 'skipped' | 'visible';
  readonly bytes: string | null;
  readonly holder: string | null;
  readonly outcome: string | null;
  readonly written: number;
  readonly ready: number | null;
  /** The pos of the dead entry that readers see of it. */
  readonly hole: number | null;
  /** 1: its entry is gone, and so are its bytes. */
  readonly trimmed: number;
  /** Of its last entry. */
  readonly pos: number | null;
}

// pipe
export const GET_PIPE = statement<PipeRow>('SELECT * FROM pipe');
export const ADD_PIPE = statement('INSERT INTO pipe (id, definition, life) VALUES (1, ?, ?)');
export const SET_PIPE = statement(
  `UPDATE pipe SET definition = ?, life = ?, reason = ?, auth = ?, closed = ?, seqs = ?, bytes = ?, waiting = ?, waiting_bytes = ?,
     hidden = ?, hidden_bytes = ?, shown = ?, pos = ?, sum = ?, text = ?, dead = ?, trimmed = ?, attempts = ?`,
);

// chunk
export const ADD_CHUNK = statement(
  'INSERT INTO chunk (seq, name, size, md5, type, state, bytes, holder, outcome, written, ready, pos) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
);
export const GET_CHUNK = statement<ChunkRow>('SELECT * FROM chunk WHERE seq = ?');
/** Of a JSON list of seqs. */
export const CHUNKS_OF = statement<ChunkRow>(
  'SELECT chunk.* FROM json_each(?) JOIN chunk ON chunk.seq = json_each.value ORDER BY chunk.seq',
);
/** Of a JSON list of names. */
export const FIND_CHUNKS = statement<Pick<ChunkRow, 'seq' | 'name' | 'size' | 'md5'>>(
  'SELECT seq, name, size, md5 FROM json_each(?) JOIN chunk ON chunk.name = json_each.value',
);
export const SET_CHUNK = statement(
  'UPDATE chunk SET size = ?, md5 = ?, type = ?, state = ?, bytes = ?, holder = ?, outcome = ?, ready = ? WHERE seq = ?',
);
/** `bytes`: what is left to be known of them. */
export const SHOW_CHUNK = statement("UPDATE chunk SET state = 'visible', bytes = ?, pos = ?, hole = ? WHERE seq = ?");
export const SHOW_ENDED = statement(
  "UPDATE chunk SET size = ?, md5 = ?, type = ?, state = 'visible', bytes = ?, holder = ?, outcome = ?, ready = ?, pos = ? WHERE seq = ?",
);
export const SET_HOLE = statement('UPDATE chunk SET hole = ? WHERE seq = ?');
export const NEXT_CHUNKS = statement<ChunkRow>('SELECT * FROM chunk WHERE seq > ? ORDER BY seq LIMIT ?');
/** Not of visible ones. Said twice, so that the index is used. */
export const CHUNKS_IN = statement<ChunkRow>("SELECT * FROM chunk WHERE state = ? AND state <> 'visible' ORDER BY seq LIMIT ?");
/** When the first chunk that is not visible was written. */
export const OLDEST_WAITING = statement<{ written: number }>(
  `SELECT written FROM chunk WHERE seq = (SELECT min(seq) FROM (
     SELECT min(seq) AS seq FROM chunk WHERE state = 'queued' AND state <> 'visible'
     UNION ALL SELECT min(seq) FROM chunk WHERE state = 'carried' AND state <> 'visible'
     UNION ALL SELECT min(seq) FROM chunk WHERE state = 'ready' AND state <> 'visible'
     UNION ALL SELECT min(seq) FROM chunk WHERE state = 'dead' AND state <> 'visible'))`,
);
export const HELD_CHUNKS = statement<{ bytes: string }>('SELECT bytes FROM chunk WHERE holder = ? AND bytes IS NOT NULL');

// log
export const ADD_ENTRY = statement('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
export const ENTRY = statement<{ sum: number; text: number; written: number }>('SELECT sum, text, written FROM log WHERE pos = ?');
/** The last pos up to ?2 after ?1 with which sum and text stay within bounds. */
export const LAST_WITHIN = statement<{ pos: number | null }>(
  'SELECT max(pos) AS pos FROM log WHERE pos > ?1 AND pos <= ?2 AND sum <= ?3 AND text <= ?4',
);
/** The notices of a page, joined by commas. */
export const BODIES = statement<{ text: string | null }>(
  "SELECT group_concat(body, ',') AS text FROM (SELECT body FROM log WHERE pos > ? AND pos <= ? ORDER BY pos)",
);
export const ENTRIES = statement<{ body: string; home: string | null; key: string | null }>(
  'SELECT body, home, key FROM log WHERE pos > ? AND pos <= ? ORDER BY pos',
);
export const ENTRY_AT = statement<{ body: string; home: string | null; key: string | null }>(
  'SELECT body, home, key FROM log WHERE pos = ?',
);

// answered
export const GET_ANSWER = statement<{ digest: string; answer: string }>('SELECT digest, answer FROM answered WHERE key = ?');
/** 200: what a row takes beside its texts, about. */
export const ADD_ANSWER = statement(
  `INSERT INTO answered (key, digest, answer, due, sum) VALUES (?1, ?2, ?3, ?4,
     coalesce((SELECT max(sum) FROM answered), 0) + length(?1) + length(?2) + length(?3) + 200)`,
);
export const DROP_OLD_ANSWERS = statement('DELETE FROM answered WHERE sum <= (SELECT max(sum) FROM answered) - ?');
export const NEXT_ANSWER = statement<{ due: number | null }>('SELECT min(due) AS due FROM answered');
export const DROP_ANSWERS = statement('DELETE FROM answered WHERE due <= ?');

// credential
export const CREDENTIALS = statement<{ body: string }>('SELECT body FROM credential ORDER BY authority');
export const DROP_CREDENTIALS = statement('DELETE FROM credential');
export const SET_CREDENTIAL = statement('INSERT INTO credential VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');

// outbox
export const ADD_OUTBOX = statement('INSERT INTO outbox (kind, payload, due) VALUES (?, ?, ?)');
export const NEXT_OUTBOX = statement<{ due: number | null }>('SELECT min(due) AS due FROM outbox');
export const DUE_OUTBOX = statement<{ id: number; payload: string; attempts: number }>(
  'SELECT id, payload, attempts FROM outbox WHERE due <= ? ORDER BY due, id LIMIT 50',
);
export const DEFER_OUTBOX = statement('UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id = ?');
export const DROP_OUTBOX = statement('DELETE FROM outbox WHERE id = ?');

// The SQL of pipes that follow each other.
import { statement } from '../../sql.ts';
import type { ChunkRow } from '../queries.ts';

export interface FollowerRow {
  readonly pipe: string;
  readonly told: number;
  readonly due: number | null;
  readonly attempts: number;
}
export interface UpstreamRow {
  readonly pipe: string;
  readonly cursor: number;
  readonly known: number;
  readonly end: 'closed' | 'gone' | null;
  readonly lost: number;
  readonly conflicts: number;
  readonly taken: number;
}

// follower
export const ADD_FOLLOWER = statement('INSERT INTO follower (pipe, due) VALUES (?, ?) ON CONFLICT DO UPDATE SET due = excluded.due');
export const OWE_FOLLOWERS = statement('UPDATE follower SET due = ? WHERE due IS NULL');
export const TELL_ALL = statement('UPDATE follower SET due = ?, attempts = 0');
export const NEXT_FOLLOWER = statement<{ due: number | null }>('SELECT min(due) AS due FROM follower');
export const DUE_FOLLOWERS = statement<FollowerRow>('SELECT * FROM follower WHERE due <= ? ORDER BY due LIMIT ?');
export const DEFER_FOLLOWER = statement('UPDATE follower SET due = ?, attempts = attempts + 1 WHERE pipe = ?');
export const TOLD_FOLLOWER = statement('UPDATE follower SET told = ?, due = ?, attempts = 0 WHERE pipe = ?');
export const DROP_FOLLOWER = statement('DELETE FROM follower WHERE pipe = ?');
export const SET_TAKEN = statement('UPDATE follower SET taken = max(taken, ?) WHERE pipe = ?');
export const LEAST_TAKEN = statement<{ taken: number | null }>('SELECT min(taken) AS taken FROM follower');

// upstream
export const GET_UPSTREAM = statement<UpstreamRow>('SELECT * FROM upstream WHERE pipe = ?');
export const UPSTREAMS = statement<UpstreamRow>('SELECT * FROM upstream ORDER BY pipe LIMIT 1000');
export const SET_UPSTREAM = statement(
  `INSERT INTO upstream (pipe, known, "end") VALUES (?1, ?2, ?3)
   ON CONFLICT DO UPDATE SET known = max(known, excluded.known), "end" = coalesce("end", excluded."end")`,
);
export const SET_CURSOR = statement(
  'UPDATE upstream SET cursor = ?, known = max(known, ?1), lost = ?, conflicts = ?, taken = ? WHERE pipe = ?',
);
export const DROP_UPSTREAM = statement('DELETE FROM upstream WHERE pipe = ?');
export const DROP_UPSTREAMS = statement('DELETE FROM upstream');

/** Of a JSON list of names: the chunks that have them. */
export const KNOWN = statement<Pick<ChunkRow, 'name' | 'size' | 'md5' | 'outcome'>>(
  'SELECT name, size, md5, outcome FROM json_each(?) JOIN chunk ON chunk.name = json_each.value',
);
/** How many chunks have come by following. */
export const FOLLOWED = statement<{ followed: number }>('SELECT followed FROM founding');
export const ADD_FOLLOWED = statement('UPDATE founding SET followed = followed + ?');
export const WAKE = statement(
  "UPDATE work SET due = ?1 WHERE state = 'waiting' AND job >= 'follow:' AND job < 'follow;' AND due > ?1 AND failures = 0",
);
export const LOG_AFTER = statement<{ pos: number; body: string }>('SELECT pos, body FROM log WHERE pos > ? ORDER BY pos LIMIT ?');

// The SQL of what a pipe lacks.
import { statement } from '../../sql.ts';

export const GET_LACKING = statement<{ tries: number; due: number }>('SELECT tries, due FROM lacking');
export const SET_LACKING = statement(
  'INSERT INTO lacking (id, tries, due) VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET tries = excluded.tries, due = excluded.due',
);
export const DROP_LACKING = statement('DELETE FROM lacking');

// The SQL of what was made of claimed chunks of other pipes.
import { statement } from '../../sql.ts';

export const GET_OUTPUT = statement<{ answer: string }>(
  'SELECT answer FROM output WHERE pipe = ? AND "group" = ? AND seq = ? AND output = ?',
);
/** The first pair of pipe and group after another, by one look. */
export const NEXT_CONSUMED = statement<{ pipe: string; group: string }>(
  'SELECT pipe, "group" FROM output WHERE (pipe, "group") > (?, ?) ORDER BY pipe, "group" LIMIT 1',
);
export const ADD_OUTPUT = statement('INSERT INTO output (pipe, "group", seq, output, answer, seqs) VALUES (?, ?, ?, ?, ?, ?)');

// The SQL of what was made of claimed chunks of other pipes.
import { statement } from '../../sql.ts';

export const GET_OUTPUT = statement<{ answer: string }>(
  'SELECT answer FROM output WHERE pipe = ? AND "group" = ? AND seq = ? AND output = ?',
);
export const ADD_OUTPUT = statement('INSERT INTO output (pipe, "group", seq, output, answer, seqs) VALUES (?, ?, ?, ?, ?, ?)');

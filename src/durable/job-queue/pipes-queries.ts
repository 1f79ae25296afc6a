// The SQL of an owner's list of pipes.
import { statement } from '../sql.ts';
import type { OwnedPipe } from './port.ts';

export const HAS_PIPE = statement<{ pipe: string }>('SELECT pipe FROM pipe WHERE pipe = ?');
export const COUNT_PIPES = statement<{ count: number }>('SELECT count(*) AS count FROM pipe');
export const ADD_PIPE = statement('INSERT INTO pipe (pipe, source, destination, created) VALUES (?, ?, ?, ?)');
export const DROP_PIPE = statement('DELETE FROM pipe WHERE pipe = ?');
/** '' stands for any. */
export const LIST_PIPES = statement<OwnedPipe>(
  `SELECT pipe, source, destination, created FROM pipe WHERE (?1 = '' OR source = ?1) AND (?2 = '' OR destination = ?2)
   ORDER BY created DESC, pipe`,
);

// The pipes of an owner: so that a list of them needs no search through containers, and nobody has too many.
import { Fault } from '../../faults.ts';
import { MAX_PIPES } from '../../model/limits.ts';
import type { PipeId } from '../../model/pipe.ts';
import { all, first, run } from '../sql.ts';
import * as q from './pipes-queries.ts';
import type { OwnedPipe, PipeFilter } from './port.ts';

/** Safe to repeat. Throws TooManyRequests. */
export function addPipe(sql: SqlStorage, { pipe, source, destination, created }: OwnedPipe): void {
  if (first(sql, q.HAS_PIPE, pipe)) return;
  if ((first(sql, q.COUNT_PIPES)?.count ?? 0) >= MAX_PIPES)
    throw new Fault('TooManyRequests', `you have ${MAX_PIPES} pipes`, { 'Retry-After': '60' });
  run(sql, q.ADD_PIPE, pipe, source, destination, created);
}

export function dropPipe(sql: SqlStorage, pipe: PipeId): void {
  run(sql, q.DROP_PIPE, pipe);
}

/** The latest first. */
export function listPipes(sql: SqlStorage, { source, destination }: PipeFilter): readonly OwnedPipe[] {
  return all(sql, q.LIST_PIPES, source ?? '', destination ?? '');
}

// Answers to requests with an Idempotency-Key, for their repeats: kept for a time, and up to a size, from which the oldest go.
import { Fault } from '../../faults.ts';
import { ANSWER_LIFE, MAX_ANSWERS } from '../../model/limits.ts';
import { first, run } from '../sql.ts';
import type { Core } from './core.ts';
import type { Append, Appended } from './port.ts';
import * as q from './queries.ts';

type Key = NonNullable<Append['key']>;

/** What was answered under this key. Throws Conflict where that was another request. */
export function repeatOf(core: Core, principal: Append['principal'], key: Key): Appended | undefined {
  const found = first(core.sql, q.GET_ANSWER, keyOf(principal, key));
  if (!found) return undefined;
  if (found.digest !== key.digest) throw new Fault('Conflict', 'another request was made under this Idempotency-Key');
  return JSON.parse(found.answer) as Appended;
}

/** Whose answer is forgotten finds by the names of its chunks that they are there. To be called inside a transaction. */
export function keepAnswer(core: Core, principal: Append['principal'], key: Key, appended: Appended): void {
  run(core.sql, q.ADD_ANSWER, keyOf(principal, key), key.digest, JSON.stringify(appended), core.clock() + ANSWER_LIFE);
  run(core.sql, q.DROP_OLD_ANSWERS, MAX_ANSWERS);
}

/** Keys of two users do not meet. */
function keyOf(principal: Append['principal'], { text }: Key): string {
  return `${principal.kind === 'user' ? principal.id : ''} ${text}`;
}

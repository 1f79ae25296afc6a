// The earliest of all deadlines that a pipe has: asked after every write. What every pipe has is asked in one statement.
import { first, statement } from '../sql.ts';
import type { Core } from './core.ts';
import { nextDue } from './work/work.ts';

/** Later than any: it stands for no deadline, because the least of several with a NULL among them is NULL. */
const NEVER = '9007199254740991';

/** But for `work`, whose deadlines depend on how many of its rows may run, and for what is owed besides by duties of its own. */
const DEADLINES: readonly string[] = [
  'SELECT min(due) FROM outbox',
  'SELECT min(due) FROM answered',
  'SELECT min(due) FROM follower',
  // Only an open pipe has groups that do anything.
  "SELECT least FROM (SELECT min(due) AS least FROM claim) WHERE (SELECT life FROM pipe) = 'open'",
  "SELECT least FROM (SELECT min(used + idle * 1050) AS least FROM reader_group) WHERE (SELECT life FROM pipe) = 'open'",
  "SELECT 0 FROM leaving WHERE (SELECT life FROM pipe) = 'open'",
  "SELECT 0 FROM loose WHERE (SELECT life FROM pipe) = 'open'",
  "SELECT due FROM lacking WHERE (SELECT life FROM pipe) = 'open'",
];

/** `works`: 1 where there is anything in `work`. */
const NEXT_DUE = statement<{ due: number | null; works: number }>(
  `SELECT nullif(min(${DEADLINES.map((due) => `coalesce((${due}), ${NEVER})`).join(', ')}), ${NEVER}) AS due, EXISTS (SELECT 1 FROM work) AS works`,
);

/** Epoch milliseconds. `work`: when something is to be given out, `all`: when the alarm is to go off. */
export interface Due {
  readonly work: number | undefined;
  readonly all: number | undefined;
}

export function dueOf(core: Core): Due {
  const found = first(core.sql, NEXT_DUE);
  const work = found?.works === 1 ? nextDue(core) : undefined;
  const others = found?.due ?? undefined;
  return { work, all: work === undefined ? others : others === undefined ? work : Math.min(work, others) };
}

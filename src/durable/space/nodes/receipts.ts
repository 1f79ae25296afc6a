// Receipts of what jobs have done in this Space: a step that is taken again finds them, and so does one that comes too late.
import { OUTCOME_LIFE } from '../../../model/limits.ts';
import type { Duty } from '../../alarm.ts';
import { first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Passed, Turn } from './pass-port.ts';
import * as q from './receipt-queries.ts';

/** A pass that the job has gone beyond does nothing: what it came to is not heard any more. */
export function passOnce(core: Core, turn: Turn | undefined, pass: () => Passed): Passed {
  if (!turn) return pass();
  const known = first(core.sql, q.GET_RECEIPT, turn.job);
  if (known && known.turn >= turn.number) return JSON.parse(known.body) as Passed;
  const passed = pass();
  run(core.sql, q.SET_RECEIPT, turn.job, turn.number, JSON.stringify(passed), core.clock() + OUTCOME_LIFE);
  return passed;
}

export function receiptDuty({ sql }: Core): Duty {
  return {
    name: 'receipts',
    next: () => first(sql, q.NEXT_RECEIPT)?.due ?? undefined,
    work: (now) => void run(sql, q.TRIM_RECEIPTS, now),
  };
}

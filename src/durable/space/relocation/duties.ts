// What copies and moves owe when nobody goes on with them: each kind of row with a deadline.
import type { PipeId } from '../../../model/pipe.ts';
import type { Duty } from '../../alarm.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { giveUp } from '../ending.ts';
import { BATCH, dropHolds, readPipeHolder } from './holds.ts';
import { owe, oweOnce } from '../outbox.ts';
import * as r from './queries.ts';

/** A question that is on its way is asked again after so long, should it have been lost, milliseconds. */
const AGAIN = 3_600_000;

export function relocationDuties(core: Core, storage: DurableObjectStorage): readonly Duty[] {
  const { sql } = core;
  const within = (work: (now: number) => void) => (now: number) => storage.transactionSync(() => work(now));
  return [
    { name: 'arrivals', next: () => first(sql, r.NEXT_ARRIVAL)?.due ?? undefined, work: within((now) => checkArrivals(core, now)) },
    { name: 'holders', next: () => first(sql, r.NEXT_HOLDER)?.due ?? undefined, work: within((now) => checkHolders(core, now)) },
    { name: 'departures', next: () => first(sql, r.NEXT_DEPARTURE)?.due ?? undefined, work: within((now) => checkDepartures(core, now)) },
  ];
}

function checkArrivals(core: Core, now: number): void {
  for (const row of all(core.sql, r.DUE_ARRIVALS, now)) {
    if (row.state === 'open' && row.whole === 0) giveUp(core, row.id);
    else if (row.told === 1) run(core.sql, r.DROP_ARRIVAL, row.id);
    else {
      run(core.sql, r.RENEW_ARRIVAL, now + AGAIN, row.id);
      // The root says whether the Space that it was to become has a name.
      if (row.state === 'open' || row.state === 'attaching') oweOnce(core, { kind: 'confirm' }, now);
    }
  }
}

function checkHolders(core: Core, now: number): void {
  const pipes = new Map<PipeId, string[]>();
  let dropped = 0;
  for (const row of all(core.sql, r.DUE_HOLDERS, now)) {
    if (row.state === 'ended') {
      if (dropped < BATCH) dropped += dropHolds(core, row);
      continue;
    }
    run(core.sql, r.SET_HOLDER, row.state, now + AGAIN, row.id);
    const pipe = readPipeHolder(row.name);
    if (pipe === undefined) owe(core, { kind: 'ask', holder: row.name }, now);
    else pipes.set(pipe, [...(pipes.get(pipe) ?? []), row.name]);
  }
  for (const [pipe, holders] of pipes) owe(core, { kind: 'askPipe', pipe, holders }, now);
}

function checkDepartures(core: Core, now: number): void {
  for (const row of all(core.sql, r.DUE_DEPARTURES, now)) {
    run(core.sql, r.RENEW_DEPARTURE, now + AGAIN, row.node);
    owe(core, { kind: 'askDeparture', holder: row.holder }, now);
  }
}

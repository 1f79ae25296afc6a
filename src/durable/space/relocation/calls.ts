// The calls that copies and moves owe to other Spaces. Each is repeated until it is answered.
import { ARRIVAL_LIFE } from '../../../model/limits.ts';
import { ROOT, type SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { OUTCOME_LIFE } from '../../../model/limits.ts';
import { endDeparture } from './departures.ts';
import { nextLetGo, toldLetGo } from './elsewhere.ts';
import type { Engine } from '../engine.ts';
import { closeHolder, holderName, letGo, readHolder } from './holds.ts';
import type { Owed } from '../outbox.ts';
import * as r from './queries.ts';

/** Keys that a holder is asked for in one call. */
const ASK_BATCH = 1000;

export async function deliverRelocation(engine: Engine, owed: Owed): Promise<void> {
  if (owed.kind === 'arrived') await tellArrived(engine, owed.arrival);
  else if (owed.kind === 'letGo') await tellLetGo(engine);
  else if (owed.kind === 'ask') await ask(engine, owed.holder);
  else if (owed.kind === 'askDeparture') await askDeparture(engine, owed.holder);
  else if (owed.kind === 'leave') await engine.peer(ROOT).left(engine.id());
}

/** First the source of a move, where the tree is still seen. */
async function tellArrived(engine: Engine, id: number): Promise<void> {
  const { core } = engine;
  const row = first(core.sql, r.GET_ARRIVAL, id);
  if (!row || row.told === 1) return;
  const holder = holderName(engine.id(), id);
  const arrived = row.state === 'attached';
  if (row.kind === 'move' && row.origin !== null) await engine.peer(row.source as SpaceId).departed(holder, row.origin, arrived);
  const homes = all(core.sql, r.HOMES_OF, id).map(({ home }) => home as SpaceId);
  // Where the head was read something may be held although the head never came.
  for (const home of new Set([...homes, row.source as SpaceId])) await engine.peer(home).close(holder, arrived);
  engine.write(() => {
    // Work asks for how an arrival ended; of chunks that were placed only the homes did, and those know.
    run(core.sql, r.MARK_TOLD, core.clock() + (row.kind === 'place' ? ARRIVAL_LIFE : OUTCOME_LIFE), id);
    run(core.sql, r.DROP_HOMES, id);
  });
}

async function tellLetGo(engine: Engine): Promise<void> {
  const { core } = engine;
  for (let next = nextLetGo(core); next; next = nextLetGo(core)) {
    const { home, arrival, keys } = next;
    await engine.peer(home).letGo(holderName(engine.id(), arrival), keys);
    engine.write(() => toldLetGo(core, home, arrival, keys));
  }
}

/** A holder that has added nothing for long: either it has come to be what it was made for, or it never will. */
async function ask(engine: Engine, name: string): Promise<void> {
  const { core } = engine;
  const holder = first(core.sql, r.GET_HOLDER, name);
  if (holder?.state !== 'open') return;
  const who = readHolder(name);
  if (!who) throw new Error(`nobody can be asked about ${name}`);
  for (let after = 0, isFirst = true; ; isFirst = false) {
    const rows = all(core.sql, r.HOLDS_OF, holder.id, after, ASK_BATCH);
    if (rows.length === 0 && !isFirst) break;
    const keys = rows.map(({ key }) => key);
    const { state, held } = await engine.peer(who.space).askArrival(who.arrival, undefined, keys);
    if (state === 'open') return engine.write(() => void run(core.sql, r.RENEW_HOLDER, core.clock() + ARRIVAL_LIFE, name));
    if (state === 'gone') return engine.write(() => closeHolder(core, name, false));
    const known = new Set(held);
    engine.write(() =>
      letGo(
        core,
        name,
        keys.filter((key) => !known.has(key)),
      ),
    );
    after = rows.at(-1)?.object ?? after;
  }
  engine.write(() => closeHolder(core, name, true));
}

async function askDeparture(engine: Engine, name: string): Promise<void> {
  const { core } = engine;
  const row = first(core.sql, r.DEPARTURE_OF, name);
  const who = readHolder(name);
  if (!row || !who) return;
  const { state } = await engine.peer(who.space).askArrival(who.arrival, row.node, []);
  engine.write(() => {
    if (state === 'open') run(core.sql, r.RENEW_DEPARTURE, core.clock() + ARRIVAL_LIFE, row.node);
    else endDeparture(core, name, row.node, state === 'attached');
  });
}

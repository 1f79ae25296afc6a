// Placing chunks whose bytes lie in other Spaces: they are held there first, for an arrival of this Space. A kill anywhere leaves an arrival
// that comes due, or holders that are asked about.
import { ARRIVAL_LIFE } from '../../../model/limits.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { meta, present, type Core } from '../core.ts';
import { finish, giveUp } from '../ending.ts';
import type { Engine } from '../engine.ts';
import { oweOnce } from '../outbox.ts';
import type { Call } from '../port.ts';
import { FIND_OBJECT } from '../queries.ts';
import { openArrival } from '../relocation/arrivals.ts';
import { holdForeign } from '../relocation/elsewhere.ts';
import { holderName, keep } from '../relocation/holds.ts';
import type { TravelBytes } from '../relocation/port.ts';
import * as r from '../relocation/queries.ts';
import { destination, placeItems, type Lent, type PlacedAll } from './placing.ts';
import type { Placed, Placing } from './port.ts';
import { LENT } from './queries.ts';

/** The kind of such an arrival. Nobody asks for how it ended when its bytes' homes know. */
export const PLACE = 'place';

export async function place(engine: Engine, call: Call, placing: Placing): Promise<readonly Placed[]> {
  const { core } = engine;
  const here = engine.id();
  const foreign = placing.items.filter(({ home, key }) => home !== here && !first(core.sql, FIND_OBJECT, key));
  const write = (lent: Lent): PlacedAll => placeItems(core, call, placing, lent, (change) => engine.attempt(change));
  if (foreign.length === 0) return engine.change(call, () => write(new Map()).placed);

  engine.check(call);
  destination(core, call);
  const homes = Map.groupBy(foreign, ({ home }) => home);
  const arrival = engine.write(() => begin(core, [...homes.keys()]));
  try {
    const lent = new Map<string, TravelBytes | undefined>(foreign.map(({ key }) => [key, undefined]));
    for (const [home, items] of homes)
      for (const bytes of await engine.peer(home).lend(
        holderName(here, arrival),
        items.map(({ key }) => key),
      ))
        lent.set(bytes.key, bytes);
    return engine.change(call, () => {
      const row = openArrival(core, arrival);
      const { placed, objects } = write(lent);
      holdForeign(core, arrival, objects);
      if (objects.length > 0) giveBack(core, arrival, lent);
      finish(core, row, objects.length > 0 ? 'attached' : 'gone', '');
      return placed;
    });
  } catch (error) {
    engine.write(() => giveUp(core, arrival));
    throw error;
  }
}

function begin(core: Core, homes: readonly SpaceId[]): number {
  const [home = ''] = homes;
  const values = [crypto.randomUUID(), PLACE, home, 0, null, 0, 'open', '', 0, core.clock() + ARRIVAL_LIFE, 0] as const;
  const { id } = present(first(core.sql, r.ADD_ARRIVAL, ...values), 'arrival');
  for (const each of homes) run(core.sql, r.ADD_HOME, id, each);
  return id;
}

/** What was held for nothing. */
function giveBack(core: Core, arrival: number, lent: Lent): void {
  const used = new Set(all(core.sql, r.HELD_KEYS, arrival, JSON.stringify([...lent.keys()])).map(({ key }) => key));
  const rest = [...lent.values()].flatMap((bytes) => (bytes !== undefined && !used.has(bytes.key) ? [bytes] : []));
  if (rest.length === 0) return;
  for (const { home, key } of rest) run(core.sql, r.ADD_LET_GO, home, arrival, key);
  oweOnce(core, { kind: 'letGo' }, core.clock());
}

/** The other side: at the home of the bytes. To be called inside a transaction. */
export function lend(core: Core, holder: string, keys: readonly string[]): readonly TravelBytes[] {
  keep(core, holder, keys);
  const home = (meta(core, 'id') ?? '') as SpaceId;
  return all(core.sql, LENT, JSON.stringify(keys)).map(({ key, source, size }) => ({ key, source, size, home }));
}

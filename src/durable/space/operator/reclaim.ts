// After a restore: a backup says of nodes where their bytes lie; what lies in another Space is held there again.
import { DOOMED_GRACE } from '../../../model/limits.ts';
import { ROOT, type SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { meta, setMeta, type Core } from '../core.ts';
import type { Engine } from '../engine.ts';
import { RESTORED } from '../relocation/elsewhere.ts';
import { holderName } from '../relocation/holds.ts';
import { owe } from '../outbox.ts';
import { pauseSweep } from './pause.ts';
import * as q from '../queries.ts';
import type { TravelBytes } from '../relocation/port.ts';
import * as r from '../relocation/queries.ts';

const BATCH = 1000;

/** Safe to repeat. The Spaces in which something is held. */
export async function reclaim(engine: Engine): Promise<readonly SpaceId[]> {
  const { core } = engine;
  const homes = new Set<SpaceId>();
  for (let after = 0; ;) {
    const rows = all(core.sql, r.FOREIGN_AFTER, after, BATCH);
    const last = rows.at(-1);
    if (!last) return [...homes];
    for (const [home, objects] of Map.groupBy(rows, (row) => row.home as SpaceId)) {
      homes.add(home);
      await engine.peer(home).reclaimed(
        home,
        holderName(engine.id(), RESTORED),
        objects.map(({ key, source, size }) => ({ key, source, size, home })),
      );
    }
    after = last.id;
  }
}

/** At the home. A Space that the backup does not have is there only to keep these bytes. */
export function reclaimed(core: Core, id: SpaceId, holder: string, objects: readonly TravelBytes[]): void {
  if (meta(core, 'id') === undefined) {
    setMeta(core, 'id', id);
    setMeta(core, 'destroyed', 'true');
    setMeta(core, 'name', '\u0000destroyed');
    pauseSweep(core);
    owe(core, { kind: 'vacate' }, core.clock() + DOOMED_GRACE);
  }
  if (id === ROOT) return;
  first(core.sql, r.ADD_HOLDER, holder, 'closed', null);
  const row = first(core.sql, r.GET_HOLDER, holder);
  for (const { key, source, size } of objects) {
    const object = first(core.sql, q.FIND_OBJECT, key) ?? first(core.sql, q.ADD_OBJECT, key, source, size);
    run(core.sql, q.DROP_LEFTOVER, key);
    if (row && object) run(core.sql, r.ADD_HOLD, object.id, row.id);
  }
}

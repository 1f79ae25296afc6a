// Bytes in the store containers of other Spaces that nodes here refer to.
import type { SpaceId } from '../../../model/space-id.ts';
import { all, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { oweOnce } from '../outbox.ts';
import type { TravelBytes } from './port.ts';
import type { ObjectRow } from '../queries.ts';
import * as r from './queries.ts';

/** The arrival that stands for all that a backup has brought. */
export const RESTORED = 0;
/** Keys that one call lets go. */
export const LET_GO_BATCH = 1000;

/** Makes rows for bytes that are not known here yet. */
export function addForeign(core: Core, bytes: readonly TravelBytes[]): void {
  run(core.sql, r.ADD_FOREIGN, JSON.stringify(bytes.map(({ key, source, size, home }) => [key, source, size, home])));
}

/** Notes that the bytes are held at their homes for the arrival. */
export function holdForeign(core: Core, arrival: number, objects: readonly number[]): void {
  if (objects.length > 0) run(core.sql, r.ADD_HELD, JSON.stringify(objects), arrival);
}

/** Nothing here refers to the bytes any more: their home is told until it knows. */
export function leaveElsewhere(core: Core, object: ObjectRow & { readonly home: string }): void {
  for (const { arrival } of all(core.sql, r.HELD_BY, object.id)) run(core.sql, r.ADD_LET_GO, object.home, arrival, object.key);
  run(core.sql, r.DROP_HELD, object.id);
  oweOnce(core, { kind: 'letGo' }, core.clock());
}

/** What one home is to be told next; undefined when everything has been told. */
export function nextLetGo(core: Core): { readonly home: SpaceId; readonly arrival: number; readonly keys: readonly string[] } | undefined {
  const [head, ...more] = all(core.sql, r.NEXT_LET_GO, LET_GO_BATCH);
  if (!head) return undefined;
  const same = more.filter((row) => row.home === head.home && row.arrival === head.arrival);
  return { home: head.home as SpaceId, arrival: head.arrival, keys: [head.key, ...same.map((row) => row.key)] };
}

export function toldLetGo(core: Core, home: SpaceId, arrival: number, keys: readonly string[]): void {
  for (const key of keys) run(core.sql, r.DROP_LET_GO, home, arrival, key);
}

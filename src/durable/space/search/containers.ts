// The containers that a search goes through: those that its caller may read, each before those in it, siblings by name.
import { allows } from '../../../model/permission.ts';
import type { Principal } from '../../../model/principal.ts';
import { justAfter, type SearchPlace } from '../../../model/search.ts';
import { all } from '../../sql.ts';
import { accessOf, type Core } from '../core.ts';
import { CONTAINERS_IN, type ContainerRow } from './queries.ts';

export interface Container {
  readonly id: number;
  /** Names below the base of the search. */
  readonly path: readonly string[];
}

/** Containers read by one statement. */
const SIBLINGS = 500;

interface Level {
  readonly container: Container;
  /** Where the next siblings begin; undefined: all have been read. */
  from: string | undefined;
  /** Read and not yet gone into, the last one first. */
  rows: ContainerRow[];
}

/**
 * From a place on, its own container first unless the place is behind its children. Whether a container's own children may be read has
 * been asked before it is answered. One on the way to the place that is gone is passed over.
 */
export function* containersBelow(core: Core, principal: Principal, base: number, place: SearchPlace | undefined): Generator<Container> {
  const level = (container: Container, from = ''): Level => ({ container, from, rows: [] });
  const levels: Level[] = [level({ id: base, path: [] })];
  for (const name of place?.container ?? []) {
    const above = levels.at(-1);
    const child = above && read(core, above.container.id, name, 1)[0];
    if (above) above.from = child?.name === name ? justAfter(name) : name;
    if (!above || child?.name !== name || !mayRead(core, principal, child)) break;
    levels.push(level({ id: child.id, path: [...above.container.path, name] }));
  }
  const at = levels.at(-1);
  const isThere = levels.length === (place?.container.length ?? 0) + 1;
  if (at && (!place || (isThere && place.name !== undefined))) yield at.container;
  for (let top = levels.at(-1); top; top = levels.at(-1)) {
    if (top.rows.length === 0 && top.from !== undefined) {
      const rows = read(core, top.container.id, top.from, SIBLINGS);
      top.from = rows.length < SIBLINGS ? undefined : justAfter(rows.at(-1)?.name ?? '');
      top.rows = rows.toReversed();
    }
    const row = top.rows.pop();
    if (!row) {
      if (top.from === undefined) levels.pop();
      continue;
    }
    if (!mayRead(core, principal, row)) continue;
    const container = { id: row.id, path: [...top.container.path, row.name] };
    yield container;
    if (row.inner === 1) levels.push(level(container));
  }
}

function read(core: Core, parent: number, from: string, most: number): ContainerRow[] {
  return all(core.sql, CONTAINERS_IN, parent, from, most);
}

function mayRead(core: Core, principal: Principal, row: ContainerRow): boolean {
  return allows(accessOf(core, row.access), principal, 'read');
}

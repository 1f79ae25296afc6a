// The short way of a search: the few nodes that have a property are taken from its index, and asked whether they lie below the base.
import { comparePaths, compareNames } from '../../../model/search.ts';
import { allows } from '../../../model/permission.ts';
import { all } from '../../sql.ts';
import { accessOf } from '../core.ts';
import { answer, compareHits, FEW, isHit, type Hit, type Search } from './hits.ts';
import type { Found } from './port.ts';
import * as q from './queries.ts';

/**
 * Only for who may read every node of the Space: how long it takes tells how many nodes have the property, those below containers that one
 * may not read among them. Undefined: the search has to walk.
 */
export function lookUp(search: Search): Found | undefined {
  const { core, query, condition } = search;
  const { from } = query;
  if (search.tests.length === 0 || !search.readsAll) return undefined;
  const ids = fewest(search);
  if (!ids) return undefined;
  const rows = all(core.sql, q.nodesAmong(condition), JSON.stringify(ids), ...condition.values).filter((row) => isHit(search, row));
  const containers = pathsOf(search, new Set(rows.flatMap(({ parent }) => (parent === null ? [] : [parent]))));
  const hits = rows.flatMap((row): Hit[] => {
    const container = containers.get(row.parent ?? 0);
    if (!container) return [];
    const order = from ? comparePaths(container, from.container) : 1;
    const isLeft = order > 0 || (order === 0 && from?.name !== undefined && compareNames(row.name, from.name) >= 0);
    return isLeft ? [{ row, container }] : [];
  });
  hits.sort(compareHits);
  const following = hits[query.limit];
  const next = following && { container: following.container, name: following.row.name };
  return answer(search, hits.slice(0, query.limit), next, Math.min(1, ids.length / FEW));
}

function fewest({ core, tests }: Search): number[] | undefined {
  for (const { id, test, value } of tests) {
    const rows = test === 'is' ? all(core.sql, q.HAVING_VALUE, id, value, FEW + 1) : all(core.sql, q.HAVING, id, FEW + 1);
    if (rows.length <= FEW) return rows.map((row) => row.id);
  }
  return undefined;
}

/** The paths below the base of these containers; those that lie elsewhere, or below one that its caller may not read, have none. */
function pathsOf({ core, call, base }: Search, containers: ReadonlySet<number>): ReadonlyMap<number, readonly string[] | undefined> {
  const paths = new Map<number, readonly string[] | undefined>([[base, []]]);
  const above = new Map<number, { readonly parent: number | null; readonly name: string; readonly access: number }>();
  for (let wanted = [...containers]; wanted.length > 0;) {
    const rows = all(core.sql, q.NODES_ABOVE, JSON.stringify(wanted));
    for (const row of rows) above.set(row.id, row);
    const parents = new Set(rows.flatMap(({ parent }) => (parent === null ? [] : [parent])));
    wanted = [...parents].filter((id) => id !== base && !above.has(id));
  }
  const pathOf = (id: number): readonly string[] | undefined => {
    if (paths.has(id)) return paths.get(id);
    const row = above.get(id);
    const isReadable = row !== undefined && allows(accessOf(core, row.access), call.principal, 'read');
    const path = isReadable && row.parent !== null ? pathOf(row.parent) : undefined;
    const found = row && path && [...path, row.name];
    paths.set(id, found);
    return found;
  };
  for (const id of containers) pathOf(id);
  return paths;
}

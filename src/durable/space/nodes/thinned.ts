// Every so-manyth child of a container, in any of the offered orders: where the parts of a long listing begin.
import { MAX_PASSED } from '../../../model/limits.ts';
import type { Listing } from '../../../model/node.ts';
import { first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type * as q from '../queries.ts';
import { PASS_BY_KEY, PASS_BY_NAME } from './thinned-queries.ts';

/** From a child on, that one first: `count` of them, or fewer where more children than MAX_PASSED would be passed over; `following` is the next. */
export function thinnedRows(
  core: Core,
  container: number,
  start: q.NodeRow | undefined,
  { every, count, listing }: { readonly every: number; readonly count: number; readonly listing: Pick<Listing, 'sort' | 'descending'> },
): { readonly rows: q.NodeRow[]; readonly following: q.NodeRow | undefined } {
  const most = Math.min(count, Math.max(1, Math.floor(MAX_PASSED / every)));
  const rows: q.NodeRow[] = [];
  let next = start;
  while (next && rows.length < most) {
    rows.push(next);
    next = pass(core, container, next, every, listing);
  }
  return { rows, following: next };
}

function pass(core: Core, container: number, from: q.NodeRow, count: number, { sort, descending }: Pick<Listing, 'sort' | 'descending'>) {
  const order = descending ? 'desc' : 'asc';
  if (sort === 'name') return first(core.sql, PASS_BY_NAME[order], container, from.name, count);
  return first(core.sql, PASS_BY_KEY[sort][order], container, sort === 'length' ? from.size : from.changed, from.name, count);
}

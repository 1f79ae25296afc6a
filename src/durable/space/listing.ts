// One page of a container's children, in any of the offered orders, beginning at a child inclusively.
import { Fault } from '../../faults.ts';
import { PAGE } from '../../model/limits.ts';
import type { Listing } from '../../model/node.ts';
import { all, first } from '../sql.ts';
import { nodeState, type Core } from './core.ts';
import type { Call, NodeState } from './port.ts';
import * as q from './queries.ts';

export function listChildren(core: Core, call: Call, container: number, listing: Listing): { children: NodeState[]; next?: string } {
  const count = Math.min(listing.limit ?? PAGE, PAGE);
  const rows = readRows(core, call, container, listing, count + 1);
  const page = rows.slice(0, count);
  const following = rows[count];
  const properties = new Map<number, { uri: string; value: string }[]>(page.map((row) => [row.id, []]));
  if (listing.detail !== 'min' && page.length > 0) {
    for (const { node, uri, value } of all(core.sql, q.PROPERTIES_OF, JSON.stringify(page.map((row) => row.id))))
      properties.get(node)?.push({ uri, value });
  }
  const children = page.map((row) => nodeState(core, row, call.principal, properties.get(row.id) ?? []));
  return following ? { children, next: following.name } : { children };
}

function readRows(core: Core, call: Call, container: number, listing: Listing, count: number): q.NodeRow[] {
  const { sort, descending, start } = listing;
  if (sort === 'name') {
    if (!descending) return all(core.sql, q.LIST_NAME_ASC, container, start ?? '', count);
    return start === undefined
      ? all(core.sql, q.LIST_NAME_DESC, container, count)
      : all(core.sql, q.LIST_NAME_DESC_FROM, container, start, count);
  }
  const [ascending, down, downFrom] =
    sort === 'length'
      ? ([q.LIST_SIZE_ASC, q.LIST_SIZE_DESC, q.LIST_SIZE_DESC_FROM] as const)
      : ([q.LIST_DATE_ASC, q.LIST_DATE_DESC, q.LIST_DATE_DESC_FROM] as const);
  if (start === undefined) return descending ? all(core.sql, down, container, count) : all(core.sql, ascending, container, -1, '', count);
  const first_ = first(core.sql, q.GET_CHILD, container, start);
  if (!first_)
    throw new Fault('InvalidArgument', `${call.uri}: the page is to begin at ${JSON.stringify(start)}, which is no longer there`);
  const key = sort === 'length' ? first_.size : first_.changed;
  return all(core.sql, descending ? downFrom : ascending, container, key, start, count);
}

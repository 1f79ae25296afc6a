// One page of a container's children, in any of the offered orders, beginning at a child inclusively.
import { Fault } from '../../../faults.ts';
import { PAGE } from '../../../model/limits.ts';
import type { Listing } from '../../../model/node.ts';
import { all, first } from '../../sql.ts';
import { nodeState, type Core } from '../core.ts';
import type { Call, NodeState, Reading } from '../port.ts';
import * as q from '../queries.ts';
import { thinnedRows } from './thinned.ts';

/** A call to a Durable Object answers at most 32 MiB, and a character may take two bytes: a page ends early where nodes are large. */
const PAGE_CHARACTERS = 4 * 1024 * 1024;
/** Nodes whose properties are read at once. */
const BATCH = 50;

export function listChildren(
  core: Core,
  call: Call,
  container: number,
  listing: Listing,
): Pick<Reading, 'next' | 'nextKey'> & { readonly children: NodeState[] } {
  const { rows, following } = pageOf(core, call, container, listing);
  const children: NodeState[] = [];
  let characters = 0;
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const properties = listing.detail === 'min' ? undefined : propertiesOf(core, batch);
    for (const row of batch) {
      const child = nodeState(core, row, call.principal, properties?.get(row.id) ?? []);
      characters += sizeOf(child);
      if (characters > PAGE_CHARACTERS && children.length > 0) return { children, ...pageAt(row, listing) };
      children.push(child);
    }
  }
  return following ? { children, ...pageAt(following, listing) } : { children };
}

function pageOf(core: Core, call: Call, container: number, listing: Listing): ReturnType<typeof thinnedRows> {
  const count = Math.min(listing.limit ?? PAGE, PAGE);
  const { every = 1 } = listing;
  if (every > 1) return thinnedRows(core, container, readRows(core, call, container, listing, 1)[0], { every, count, listing });
  const rows = readRows(core, call, container, listing, count + 1);
  return { rows: rows.slice(0, count), following: rows[count] };
}

function pageAt(row: q.NodeRow, { sort }: Listing): Pick<Reading, 'next' | 'nextKey'> {
  return sort === 'name' ? { next: row.name } : { next: row.name, nextKey: keyOf(row, sort) };
}

function keyOf(row: q.NodeRow, sort: 'length' | 'date'): number {
  return sort === 'length' ? row.size : row.changed;
}

export function propertiesOf(core: Core, rows: readonly q.NodeRow[]): ReadonlyMap<number, { uri: string; value: string }[]> {
  const properties = new Map<number, { uri: string; value: string }[]>(rows.map((row) => [row.id, []]));
  for (const { node, uri, value } of all(core.sql, q.PROPERTIES_OF, JSON.stringify(rows.map((row) => row.id))))
    properties.get(node)?.push({ uri, value });
  return properties;
}

/** Characters of whatever its writers decide the length of. */
export function sizeOf({ properties, access, target }: NodeState): number {
  const texts = [...properties.flatMap(({ uri, value }) => [uri, value]), ...access.groupRead, ...access.groupWrite, target ?? ''];
  return texts.reduce((sum, text) => sum + text.length, 0);
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
  const child = listing.startKey === undefined ? first(core.sql, q.GET_CHILD, container, start) : undefined;
  const key = listing.startKey ?? (child && keyOf(child, sort));
  if (key === undefined)
    throw new Fault('InvalidArgument', `${call.uri}: the page is to begin at ${JSON.stringify(start)}, which is no longer there`);
  return all(core.sql, descending ? downFrom : ascending, container, key, start, count);
}

// The rows of a folder: page by page as its service sorts them, or all that are found, sorted here.
import { loadNext } from '../app/late.ts';
import type { Place } from '../app/place.ts';
import { nodeSession } from '../app/spaces.ts';
import { PagedRows } from './paged.ts';
import type { Reader, Rows } from './rows.ts';
import { folderSource, type Order } from './source.ts';

/** `filter`: a part of the names; empty: all. */
export async function rowsOf(place: Place, filter: string, order: Order, reader: Reader): Promise<Rows> {
  // Other services sort by names alone, and either refuse all else or do not heed it.
  const isSorted = (await nodeSession(place.authority)).codec.ours || (order.sort === 'name' && !order.descending);
  if (filter === '' && isSorted) return new PagedRows(await folderSource(place, order), reader);
  const { FoundRows, matching } = await loadNext();
  return new FoundRows((over) => matching(place, filter, over), order, reader);
}

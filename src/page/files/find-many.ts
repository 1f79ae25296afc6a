// Children that are known by their names. Many of them come from the listing of their folder, rather than each by itself.
import { childOf, type Place } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import { eachOf } from '../kit/each-of.ts';
import { rowOf, type Row } from './source.ts';

/** From so many names on the folder is gone through. */
const MANY = 20;
/** Requests at a time for those that are not found in the listing. */
const AT_ONCE = 6;

/** In the order of the names, without those that are not there. */
export async function findMany(place: Place, names: readonly string[]): Promise<readonly Row[]> {
  const found = new Map<string, Row>();
  const wanted = new Set(names);
  const client = await nodes(place.authority);
  // Not through much more than they are.
  let left = names.length > MANY ? 2000 + 5 * names.length : 0;
  const listing = left > 0 ? client.children(place.path || '/', { detail: 'properties' }) : [];
  for await (const node of listing) {
    const row = rowOf(node);
    if (wanted.delete(row.name)) found.set(row.name, row);
    if (wanted.size === 0 || --left === 0) break;
  }
  await eachOf(left === 0 ? wanted : [], AT_ONCE, async (name) => {
    const answer = await client.get(childOf(place, name).path, { limit: 0, detail: 'properties' }).catch(() => undefined);
    if (answer) found.set(name, rowOf(answer.node));
  });
  return names.flatMap((name) => found.get(name) ?? []);
}

// The names of properties that are in use: those beside the node first, then those that the service has gathered from everywhere.
import { propertyNames } from '../../client/offers.ts';
import type { Place } from '../app/place.ts';
import { nodes, session } from '../app/spaces.ts';

/** Nodes of the folder that are looked at. */
const BESIDE = 100;

/** What cannot be asked is left out: it is for completion only. */
export async function usedNames(folder: Place, signal: AbortSignal): Promise<readonly string[]> {
  const space = await session(folder.authority);
  const list = await nodes(folder.authority);
  const [beside, everywhere] = await Promise.all([
    list.get(folder.path || '/', { detail: 'properties', limit: BESIDE, signal }).then(
      ({ children }) => children.flatMap(({ properties }) => properties.map(({ uri }) => uri)),
      () => [],
    ),
    space.codec.ours
      ? propertyNames({ session: space }, { signal }).then(
          ({ contains }) => contains,
          () => [],
        )
      : [],
  ]);
  return [...new Set([...beside, ...everywhere])];
}

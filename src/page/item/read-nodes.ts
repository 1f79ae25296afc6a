// The nodes of a selection as they are at this moment: each asked for, or, where there are many in one folder, from the list of that folder.
import type { NodeDocument } from '../../model/node.ts';
import { parentOf, readPlaceText } from '../app/place.ts';
import { nodes as nodesOf, session } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { forEach, type Outcome } from './each.ts';

/** Requests at a time. */
export const AT_ONCE = 6;
/** From so many on the folder is listed. */
const MANY = 20;

/** In the order of the targets, which are all of one VOSpace. `seen`: called with how many have been read or refused. */
export async function readNodes(
  targets: readonly Target[],
  seen: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<readonly Outcome<Target, NodeDocument>[]> {
  const authority = targets[0]?.place.authority ?? '';
  const space = await nodesOf(authority);
  const listed = (await session(authority)).codec.ours ? await readListed(targets, seen, signal) : new Map<string, NodeDocument>();
  const ask = async ({ place }: Target): Promise<NodeDocument> =>
    listed.get(place.path) ?? (await space.get(place.path || '/', { detail: 'max', limit: 0, signal })).node;
  return forEach(targets, AT_ONCE, ask, seen);
}

/** By path: those that are found without going through much more than they are. */
async function readListed(
  targets: readonly Target[],
  seen: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NodeDocument>> {
  const found = new Map<string, NodeDocument>();
  const [first] = targets;
  if (!first || targets.length < MANY) return found;
  const folder = parentOf(first.place);
  const wanted = new Set(targets.map(({ place }) => place.path));
  if (targets.some(({ place }) => parentOf(place).path !== folder.path || place.path === '')) return found;
  const space = await nodesOf(folder.authority);
  let left = 2000 + 5 * targets.length;
  try {
    for await (const node of space.children(folder.path || '/', { detail: 'max', tags: true, signal })) {
      const path = readPlaceText(node.uri)?.path ?? '';
      if (wanted.has(path)) seen(found.set(path, node).size);
      if (found.size === wanted.size || --left === 0) break;
    }
  } catch {
    // A folder that cannot be listed may have nodes that can be read: each of them says.
    signal?.throwIfAborted();
  }
  return found;
}

// Whether something is at a place, and what.
import { VospaceError } from '../../client/error.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Place } from './place.ts';
import { nodes } from './spaces.ts';

/** Undefined where nothing is. */
export async function nodeAt({ authority, path }: Place, signal?: AbortSignal): Promise<NodeDocument | undefined> {
  try {
    return (await (await nodes(authority)).get(path, { limit: 0, detail: 'properties', signal })).node;
  } catch (thrown) {
    if (thrown instanceof VospaceError && thrown.fault === 'NodeNotFound') return undefined;
    throw thrown;
  }
}

export async function isTaken(place: Place, signal?: AbortSignal): Promise<boolean> {
  return (await nodeAt(place, signal)) !== undefined;
}

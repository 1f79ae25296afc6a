// What is at a place of a VOSpace, and whether it is what would be copied there.
import { VospaceError } from '../../client/error.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Spot } from './copying.ts';
import type { NodeFile } from './entry.ts';
import { nodeFile } from './walk-nodes.ts';

/** Undefined: nothing. */
export async function nodeAt({ space, where }: Spot, signal: AbortSignal): Promise<NodeDocument | undefined> {
  try {
    return (await space.nodes.get(where, { limit: 0, detail: 'properties', signal })).node;
  } catch (thrown) {
    if (thrown instanceof VospaceError && thrown.status === 404) return undefined;
    throw thrown;
  }
}

export function isThere(file: NodeFile, there: NodeDocument, by: 'md5' | 'size'): boolean {
  const other = nodeFile(there, [], [], undefined);
  if (other.isLink || file.size === undefined || other.size !== file.size) return false;
  if (by === 'size' || file.size === 0) return true;
  if (file.md5 !== undefined && other.md5 !== undefined) return file.md5 === other.md5;
  return file.parts !== undefined && file.parts === other.parts;
}

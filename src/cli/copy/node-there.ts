// What is at a place of a VOSpace, and whether it is what would be copied there.
import { VospaceError } from '../../client/error.ts';
import { hasBytes, type NodeDocument, type NodeType } from '../../model/node.ts';
import { EXIT } from '../exit.ts';
import { typeWord } from '../nodes/facts.ts';
import { Trouble } from '../trouble.ts';
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

/** A container where none was to be, or something else where one was to be: neither is ever replaced. */
export function inTheWay(name: string, there: NodeType, wanted: NodeType): Trouble {
  return new Trouble(`${name} is a ${typeWord({ type: there })}, and was to be a ${typeWord({ type: wanted })}`, { exit: EXIT.conflict });
}

export function isThere(file: NodeFile, there: NodeDocument, by: 'md5' | 'size'): boolean {
  if (!hasBytes(there.type)) return false;
  const other = nodeFile(there, [], [], undefined);
  if (file.size === undefined || other.size !== file.size) return false;
  if (by === 'size' || file.size === 0) return true;
  if (file.md5 !== undefined && other.md5 !== undefined) return file.md5 === other.md5;
  return file.parts !== undefined && file.parts === other.parts;
}

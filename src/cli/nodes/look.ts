// A look at what is at a place.
import { VospaceError } from '../../client/error.ts';
import type { NodeType } from '../../model/node.ts';
import type { Context } from '../command.ts';
import { whereOf, type NodeTarget } from '../target.ts';

/** Undefined where nothing is. */
export async function typeHere({ spaces, signal }: Pick<Context, 'spaces' | 'signal'>, target: NodeTarget): Promise<NodeType | undefined> {
  const space = await spaces.of(target);
  try {
    return (await space.nodes.get(whereOf(target), { limit: 0, detail: 'min', signal })).node.type;
  } catch (thrown) {
    if (thrown instanceof VospaceError && thrown.status === 404) return undefined;
    throw thrown;
  }
}

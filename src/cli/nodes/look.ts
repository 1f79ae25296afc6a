// A look at what is at a place of a VOSpace.
import { VospaceError } from '../../client/error.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { NodeDocument, NodeType } from '../../model/node.ts';
import type { Context } from '../command.ts';
import type { NodeTarget } from '../target.ts';

/** Undefined where nothing is. */
export async function nodeAt(
  { space, where }: { readonly space: Vospace; readonly where: readonly string[] },
  signal: AbortSignal,
  detail: 'min' | 'properties' = 'properties',
): Promise<NodeDocument | undefined> {
  try {
    return (await space.nodes.get(where, { limit: 0, detail, signal })).node;
  } catch (thrown) {
    if (isNotThere(thrown)) return undefined;
    throw thrown;
  }
}

/** Undefined where nothing is. */
export async function typeAt({ spaces, signal }: Pick<Context, 'spaces' | 'signal'>, target: NodeTarget): Promise<NodeType | undefined> {
  return (await nodeAt({ space: await spaces.of(target), where: target.names }, signal, 'min'))?.type;
}

export function isNotThere(thrown: unknown): boolean {
  return thrown instanceof VospaceError && thrown.status === 404;
}

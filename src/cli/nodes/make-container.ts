// A container with those on the way to it that are missing.
import { VospaceError } from '../../client/error.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { NodeDocument } from '../../model/node.ts';

/**
 * Resolves to those that were made; none where it is there already. From below: most often only the last one is missing, and those above may not
 * be one's own to make. Throws what the service refuses; DuplicateNode also where the node is no container.
 */
export async function makeWithParents(
  { nodes }: Pick<Vospace, 'nodes'>,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly NodeDocument[]> {
  try {
    return [await nodes.create(names, { type: 'ContainerNode' }, { signal })];
  } catch (thrown) {
    if (!(thrown instanceof VospaceError)) throw thrown;
    if (thrown.fault === 'DuplicateNode') {
      const { node } = await nodes.get(names, { limit: 0, detail: 'min', signal });
      if (node.type === 'ContainerNode') return [];
      throw thrown;
    }
    if (!['ContainerNotFound', 'NodeNotFound'].includes(thrown.fault) || names.length <= 1) throw thrown;
  }
  const above = await makeWithParents({ nodes }, names.slice(0, -1), signal);
  return [...above, ...(await makeWithParents({ nodes }, names, signal))];
}

// A node changed by what it says: read, decided, and set only if it still says so; else once more.
import { VospaceError } from '../../client/error.ts';
import type { Properties } from '../../client/nodes.ts';
import type { Where } from '../../client/place.ts';
import { RUNTIME } from '../../client/runtime.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { NodeDocument } from '../../model/node.ts';

/** Others who change the same node are met so often at most. */
const TRIES = 30;

/**
 * `decide` says what is to be set, nothing where nothing is; it may throw, and is asked again where somebody else was quicker. Resolves to the node
 * as it is then. `known`: as it was read a moment ago, with its tag. Services of other kinds set without a condition.
 */
export async function changeNode(
  { nodes }: Pick<Vospace, 'nodes'>,
  where: Where,
  decide: (node: NodeDocument) => Properties | undefined,
  { signal, known }: { readonly signal: AbortSignal; readonly known?: NodeDocument },
): Promise<NodeDocument> {
  for (let tries = 1; ; tries++) {
    const isKnown = tries === 1 && known?.tag !== undefined;
    const node = isKnown ? known : (await nodes.get(where, { limit: 0, detail: 'properties', signal })).node;
    const properties = decide(node);
    if (!properties || Object.keys(properties).length === 0) return node;
    try {
      return await nodes.set(where, { properties, type: node.type }, { signal, detail: 'properties', condition: node.tag });
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'PreconditionFailed' || tries >= TRIES) throw thrown;
      await RUNTIME.sleep(RUNTIME.random() * Math.min(1000, 20 * 2 ** tries), signal);
    }
  }
}

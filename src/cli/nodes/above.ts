// Containers above nodes, which one must be allowed to read to reach what is in them.
import { VospaceError } from '../../client/error.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Context } from '../command.ts';
import type { NodeTarget } from '../target.ts';

/** Those that do not pass the test, each once, from the top. What one may not look at oneself is left out. */
export async function closedAbove(
  { spaces, signal }: Pick<Context, 'spaces' | 'signal'>,
  targets: readonly NodeTarget[],
  isOpen: (node: NodeDocument) => boolean,
): Promise<readonly NodeTarget[]> {
  const above = targets.flatMap((target) =>
    target.names.slice(1).map((_, depth) => ({ ...target, names: target.names.slice(0, depth + 1) })),
  );
  const each = new Map(above.map((container) => [JSON.stringify([container.authority, container.names]), container]));
  const closed: NodeTarget[] = [];
  for (const container of each.values()) {
    const { nodes, session } = await spaces.of(container);
    if (!session.codec.ours) continue;
    try {
      const { node } = await nodes.get(container.names, { limit: 0, detail: 'properties', signal });
      if (!isOpen(node)) closed.push(container);
    } catch (thrown) {
      if (!(thrown instanceof VospaceError)) throw thrown;
    }
  }
  return closed;
}

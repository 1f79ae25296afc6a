// Nodes deleted, with everything below them.
import { VospaceError } from '../../client/error.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { watched } from '../status.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';
import { counted } from './amounts.ts';

/** By one request: of a container with something in it the service deletes everything, or nothing. Resolves to 1, for the node itself. */
export async function removeOne({ signal }: Pick<Context, 'signal'>, space: Vospace, target: NodeTarget): Promise<number> {
  await space.nodes.delete(target.names, { signal });
  return 1;
}

/** By a job, which deletes what may be deleted and tells how far it is; a service that has none deletes all in one request, or nothing. */
export async function removeTree(context: Context, space: Vospace, target: NodeTarget): Promise<number> {
  const outcome = await watched(context, `deleting ${shown(textOf(target))}`, (waiting) => space.trees.delete(target.names, waiting)).catch(
    (thrown: unknown) => {
      if (thrown instanceof VospaceError && thrown.fault === 'OperationNotSupported') return undefined;
      throw thrown;
    },
  );
  if (!outcome) return removeOne(context, space, target);
  const { nodes, errors, notes } = outcome;
  if (errors === 0) return nodes;
  throw new Trouble(
    [`${textOf(target)}: ${counted(nodes, 'node')} deleted, ${errors} not:`, ...notes.map((note) => `  ${note}`)].join('\n'),
    {
      exit: nodes > 0 ? EXIT.partly : EXIT.denied,
    },
  );
}

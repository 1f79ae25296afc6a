// The same properties for a node and all below it.
import { VospaceError } from '../../client/error.ts';
import type { Properties } from '../../client/nodes.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { statusLine, watched } from '../status.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { explain, Trouble } from '../trouble.ts';
import { counted } from './amounts.ts';
import { changeNode } from './change.ts';
import { walk } from './walk.ts';

/** Resolves to how many were set. Throws Trouble where some were refused. */
export async function setTree(context: Context, target: NodeTarget, properties: Properties): Promise<number> {
  const { trees } = await context.spaces.of(target);
  try {
    const { nodes, errors, notes } = await watched(context, `changing ${textOf(target)}`, (waiting) =>
      trees.set(target.names, { properties }, waiting),
    );
    if (errors > 0) throw refused(target, nodes, errors, notes);
    return nodes;
  } catch (thrown) {
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'OperationNotSupported') throw thrown;
    return changeTree(context, target, () => properties);
  }
}

/** Goes through the tree, for changes that differ from node to node. `change` answers nothing where a node is right as it is. */
export async function changeTree(
  context: Context,
  target: NodeTarget,
  change: (node: NodeDocument) => Properties | undefined,
): Promise<number> {
  const space = await context.spaces.of(target);
  const line = statusLine(context.terminal);
  const notes: string[] = [];
  let [changed, errors] = [0, 0];
  try {
    for await (const found of walk(context, target)) {
      if (!change(found.node)) continue;
      try {
        await changeNode(space, found.target.names, change, { signal: context.signal, known: found.node });
        line.show(`changing ${textOf(target)}: ${counted(++changed, 'node')}`);
      } catch (thrown) {
        if (!(thrown instanceof VospaceError) || thrown.transient) throw thrown;
        if (++errors <= 20) notes.push(explain(thrown).message);
      }
    }
  } finally {
    line.clear();
  }
  if (errors > 0) throw refused(target, changed, errors, notes);
  return changed;
}

function refused(target: NodeTarget, nodes: number, errors: number, notes: readonly string[]): Trouble {
  const words = `${shown(textOf(target))}: ${counted(nodes, 'node')} changed, ${errors} not:`;
  return new Trouble([words, ...notes.map((note) => `  ${note}`)].join('\n'), { exit: nodes > 0 ? EXIT.partly : EXIT.denied });
}

export async function tellTree({ terminal, spaces, json }: Context, target: NodeTarget, nodes: number): Promise<void> {
  if (json) await terminal.json({ uri: await (await spaces.of(target)).session.uriOf(target.names), nodes });
  else terminal.say(`${shown(textOf(target))}: ${counted(nodes, 'node')} changed`);
}

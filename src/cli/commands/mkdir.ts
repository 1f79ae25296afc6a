// `vopipe mkdir`: containers.
import { VospaceError } from '../../client/error.ts';
import type { NodeDocument } from '../../model/node.ts';
import { define, type Context } from '../command.ts';
import { readSingle } from '../glob.ts';
import { outNode } from '../nodes/out.ts';
import { textOf, whereOf, type NodeTarget } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';

export const command = define({
  summary: 'make containers',
  usage: ['[-p] NODE...'],
  takes: [1, Infinity],
  options: {
    parents: { type: 'boolean', short: 'p', help: 'and those on the way to it; one that is there is left as it is' },
    verbose: { type: 'boolean', short: 'v', help: 'say what was made' },
  },
  examples: [
    ['vopipe mkdir vos:/ada/survey', 'a container'],
    ['vopipe mkdir -p vos:/ada/2026/11/22', 'and all that are missing on the way'],
  ],
  async run(context, { args, options }) {
    return forEach(context, args, async (arg) => {
      const target = readSingle('mkdir', arg);
      for (const node of options.parents ? await makeAll(context, target) : [await make(context, target)]) {
        if (context.json) await outNode(context.terminal, node);
      }
      if (options.verbose) context.terminal.say(`made ${shown(textOf(target))}`);
    });
  },
});

async function make({ spaces, signal }: Context, target: NodeTarget): Promise<NodeDocument> {
  return (await spaces.of(target)).nodes.create(whereOf(target), { type: 'ContainerNode' }, { signal });
}

/** From below: most often only the last one is missing, and those above may not be one's own to make. */
async function makeAll(context: Context, target: NodeTarget): Promise<readonly NodeDocument[]> {
  const { spaces, signal } = context;
  try {
    return [await make(context, target)];
  } catch (thrown) {
    if (!(thrown instanceof VospaceError)) throw thrown;
    if (thrown.fault === 'DuplicateNode') {
      const { node } = await (await spaces.of(target)).nodes.get(whereOf(target), { limit: 0, detail: 'min', signal });
      if (node.type === 'ContainerNode') return [];
      throw thrown;
    }
    if (!['ContainerNotFound', 'NodeNotFound'].includes(thrown.fault) || target.names.length <= 1) throw thrown;
  }
  const above = await makeAll(context, { ...target, names: target.names.slice(0, -1) });
  return [...above, ...(await makeAll(context, target))];
}

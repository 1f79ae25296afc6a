// `vopipe du`: how much is in trees, counted by the service.
import { VospaceError } from '../../client/error.ts';
import { define, type Context } from '../command.ts';
import { forEachNode } from '../each-match.ts';
import { bytesText } from '../nodes/amounts.ts';
import { Table } from '../nodes/columns.ts';
import { nameOf, sizeOf } from '../nodes/facts.ts';
import { walk } from '../nodes/walk.ts';
import { watched } from '../status.ts';
import { below, textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';

interface Counted {
  readonly bytes: number;
  readonly nodes: number;
}

export const command = define({
  usage: ['[OPTION]... NODE...'],
  takes: [1, Infinity],
  details: 'Counted is what you may read: size, number of nodes (the container itself included), and name.',
  options: {
    children: { type: 'boolean', short: 'c', help: 'each child of a container, then the whole' },
    bytes: { type: 'boolean', short: 'b', help: 'sizes in bytes' },
  },
  examples: [
    ['vopipe du vos:/ada', 'all that is in a container'],
    ['vopipe du -c vos:/ada', 'which of its children are large'],
  ],
  async run(context, { args, options }) {
    const table = new Table([0, 1]);
    const tell = async (target: NodeTarget, { bytes, nodes }: Counted): Promise<void> => {
      const { terminal, spaces, json } = context;
      if (json) await terminal.json({ uri: await (await spaces.of(target)).session.uriOf(target.names), bytes, nodes });
      else
        await terminal.out(table.lines([[bytesText(bytes, options.bytes).padStart(9), String(nodes).padStart(7), shown(textOf(target))]]));
    };
    return forEachNode('du', context, args, async (target) => {
      const space = await context.spaces.of(target);
      const { node } = await space.nodes.get(target.names, { limit: 0, detail: 'properties', signal: context.signal });
      if (node.type !== 'ContainerNode') return tell(target, { bytes: sizeOf(node) ?? 0, nodes: 1 });
      if (!options.children) return tell(target, await count(context, target));
      let [bytes, nodes] = [0, 1];
      for await (const child of space.nodes.children(target.names, { detail: 'properties', signal: context.signal })) {
        const at = below(target, nameOf(child));
        const found = child.type === 'ContainerNode' ? await count(context, at) : { bytes: sizeOf(child) ?? 0, nodes: 1 };
        await tell(at, found);
        [bytes, nodes] = [bytes + found.bytes, nodes + found.nodes];
      }
      return tell(target, { bytes, nodes });
    });
  },
});

async function count(context: Context, target: NodeTarget): Promise<Counted> {
  const { trees } = await context.spaces.of(target);
  try {
    const { bytes = 0, nodes } = await watched(context, `counting ${textOf(target)}`, (waiting) => trees.size(target.names, waiting));
    return { bytes, nodes };
  } catch (thrown) {
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'OperationNotSupported') throw thrown;
  }
  let [bytes, nodes] = [0, 0];
  for await (const { node } of walk(context, target)) {
    nodes++;
    if (node.type !== 'ContainerNode') bytes += sizeOf(node) ?? 0;
  }
  return { bytes, nodes };
}

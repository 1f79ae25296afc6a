// `vopipe tree`: what is below a container, drawn.
import type { NodeDocument } from '../../model/node.ts';
import { readCount } from '../arguments.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { forEachNode } from '../each-match.ts';
import { bytesText, counted } from '../nodes/amounts.ts';
import { mark, nameOf, sizeOf } from '../nodes/facts.ts';
import { outNode } from '../nodes/out.ts';
import { below, textOf, type NodeTarget } from '../target.ts';
import { arrow } from '../nodes/long.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';

interface Growing {
  readonly context: Context;
  readonly depth: number;
  readonly long: boolean;
  readonly containers: boolean;
  readonly count: { containers: number; others: number };
}

export const command = define({
  usage: ['[OPTION]... [CONTAINER]...'],
  takes: [0, Infinity],
  options: {
    depth: { type: 'string', short: 'L', value: 'N', help: 'so many levels below the container' },
    long: { type: 'boolean', short: 'l', help: 'and sizes' },
    directories: { type: 'boolean', short: 'd', help: 'containers only' },
  },
  examples: [
    ['vopipe tree vos:/ada', 'all below a container'],
    ['vopipe tree -d -L 2 vos:/ada', 'containers, two levels of them'],
    ['vopipe tree --json vos:/ada', 'the documents of all nodes, one a line'],
  ],
  async run(context, { args, options }) {
    const depth = readCount('tree', 'depth', options.depth, 1, 1000) ?? Infinity;
    const { long, directories: containers } = options;
    return forEachNode('tree', context, args.length === 0 ? ['vos:/'] : args, async (target) => {
      const growing: Growing = { context, depth, long, containers, count: { containers: 0, others: 0 } };
      const space = await context.spaces.of(target);
      const { node } = await space.nodes.get(target.names, { limit: 0, detail: 'min', signal: context.signal });
      if (node.type !== 'ContainerNode') throw new Trouble(`${textOf(target)} is no container`, { exit: EXIT.usage });
      if (!context.json) await context.terminal.out(`${shown(textOf(target))}\n`);
      await grow(growing, target, '', 1);
      const { count } = growing;
      if (!context.json)
        await context.terminal.out(
          `\n${counted(count.containers, 'container')}${containers ? '' : `, ${counted(count.others, 'other node')}`}\n`,
        );
    });
  },
});

/** Each child is drawn when it is known whether another follows. */
async function grow(growing: Growing, container: NodeTarget, indent: string, level: number): Promise<void> {
  const { context, containers } = growing;
  const space = await context.spaces.of(container);
  const detail = context.json || growing.long ? 'properties' : 'min';
  let held: NodeDocument | undefined;
  for await (const node of space.nodes.children(container.names, { detail, signal: context.signal })) {
    if (containers && node.type !== 'ContainerNode') continue;
    if (held) await branch(growing, container, held, indent, level, false);
    held = node;
  }
  if (held) await branch(growing, container, held, indent, level, true);
}

async function branch(growing: Growing, container: NodeTarget, node: NodeDocument, indent: string, level: number, last: boolean) {
  const { context, depth, long, count } = growing;
  const isContainer = node.type === 'ContainerNode';
  if (isContainer) count.containers++;
  else count.others++;
  if (context.json) await outNode(context.terminal, node);
  else {
    const size = long ? `${bytesText(sizeOf(node), false).padStart(9)}  ` : '';
    await context.terminal.out(`${indent}${last ? '└── ' : '├── '}${size}${shown(nameOf(node))}${mark(node)}${arrow(node)}\n`);
  }
  if (!isContainer || level >= depth) return;
  try {
    await grow(growing, below(container, nameOf(node)), `${indent}${last ? '    ' : '│   '}`, level + 1);
  } catch (thrown) {
    // What one may not read is part of the picture.
    if (!isRefusal(thrown)) throw thrown;
    if (!context.json) await context.terminal.out(`${indent}${last ? '    ' : '│   '}└── (${thrown.fault})\n`);
  }
}

function isRefusal(thrown: unknown): thrown is { readonly fault: string } {
  return ['PermissionDenied', 'NotAuthenticated', 'NodeNotFound'].includes(String((thrown as { readonly fault?: unknown }).fault));
}

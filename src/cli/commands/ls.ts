// `vopipe ls`: the children of containers, and nodes by themselves.
import { define } from '../command.ts';
import { readNode, whereOf } from '../target.ts';
import { shown } from '../terminal.ts';

export const command = define({
  summary: 'list a container, or show nodes',
  usage: ['[NODE]...'],
  takes: [0, Infinity],
  options: {
    long: { type: 'boolean', short: 'l', help: 'size, date and access of each' },
  },
  examples: [['vopipe ls vos:/survey', 'names in a container; those of containers end with a slash']],
  async run({ terminal, spaces, signal, json }, { args }) {
    for (const arg of args.length === 0 ? ['vos:/'] : args) {
      const target = readNode('ls', arg);
      const space = await spaces.of(target);
      for await (const node of space.nodes.children(whereOf(target), { signal })) {
        if (json) await terminal.json(node);
        else
          await terminal.out(`${shown(decodeURIComponent(node.uri.split('/').at(-1) ?? ''))}${node.type === 'ContainerNode' ? '/' : ''}\n`);
      }
    }
  },
});

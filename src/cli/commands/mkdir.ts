// `vopipe mkdir`: containers.
import { define } from '../command.ts';
import { readSingle } from '../glob.ts';
import { makeWithParents } from '../nodes/make-container.ts';
import { outNode } from '../nodes/out.ts';
import { textOf } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';

export const command = define({
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
    const { signal } = context;
    return forEach(context, args, async (arg) => {
      const target = readSingle('mkdir', arg);
      const space = await context.spaces.of(target);
      const made = options.parents
        ? await makeWithParents(space, target.names, signal)
        : [await space.nodes.create(target.names, { type: 'ContainerNode' }, { signal })];
      if (context.json) for (const node of made) await outNode(context.terminal, node);
      if (options.verbose && made.length > 0) context.terminal.say(`made ${shown(textOf(target))}`);
    });
  },
});

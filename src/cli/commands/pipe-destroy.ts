// `vopipe pipe destroy`: removes a pipe, and the containers that were made for it.
import { confirm, isAnswered } from '../ask.ts';
import { define } from '../command.ts';
import { EXIT } from '../exit.ts';
import { counted } from '../nodes/amounts.ts';
import { shown } from '../terminal.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

export const command = define({
  usage: ['PIPE'],
  takes: [1, 1],
  details: `What has been delivered stays, unless --purge is given. Containers that were made for the pipe go when they are
empty; those that stay are named. At a terminal it is asked before.

${PIPE_HELP}`,
  options: {
    force: { type: 'boolean', short: 'f', help: 'also when chunks are on their way, or not acknowledged by all groups' },
    purge: { type: 'boolean', help: 'also a destination that was made for it, with what it has delivered there' },
    yes: { type: 'boolean', short: 'y', help: 'ask nothing' },
  },
  examples: [['vopipe pipe destroy vos:/ada/in', 'the pipe that leads to a container']],
  async run({ terminal, spaces, signal, json }, { args, options }) {
    const { pipe } = await findPipe('pipe destroy', spaces, args[0] ?? '', 'either', signal);
    if (!options.yes && isAnswered(terminal)) {
      const { src, dest, counts } = await pipe.describe({ signal });
      const what = `the pipe from ${shown(src)} to ${shown(dest)} (${counted(counts?.written ?? 0, 'chunk')})`;
      if (!(await confirm(terminal, `vopipe: destroy ${what}${options.purge ? ' with what it has delivered' : ''}?`, signal)))
        return EXIT.interrupted;
    }
    const kept = await pipe.destroy({ force: options.force, purge: options.purge, signal });
    if (json) await terminal.json({ destroyed: pipe.id, kept });
    else for (const { uri, why } of kept) terminal.say(`${shown(uri)} stays: ${shown(why)}`);
    return undefined;
  },
});

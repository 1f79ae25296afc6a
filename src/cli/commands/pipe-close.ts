// `vopipe pipe close`: nothing more is written.
import { readCount } from '../arguments.ts';
import { define } from '../command.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

export const command = define({
  usage: ['PIPE'],
  takes: [1, 1],
  details: PIPE_HELP,
  options: {
    total: { type: 'string', value: 'N', help: 'how many chunks there must be: refused where it is another number' },
  },
  examples: [['vopipe pipe close vos:/ada/out --total 12', 'readers then know that these are all']],
  async run({ terminal, spaces, signal, json }, { args, options }) {
    const total = readCount('pipe close', 'total', options.total, 0, Number.MAX_SAFE_INTEGER);
    const { pipe } = await findPipe('pipe close', spaces, args[0] ?? '', 'src', signal);
    const closed = await pipe.close({ signal, ...(total !== undefined && { total }) });
    if (json) await terminal.json(closed);
  },
});

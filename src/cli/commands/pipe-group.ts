// `vopipe pipe group`: groups of readers of a pipe, made, changed and deleted.
import { readCount, readGroup, readSeconds } from '../arguments.ts';
import { define } from '../command.ts';
import { given } from '../given.ts';
import { counted } from '../nodes/amounts.ts';
import { Table } from '../nodes/columns.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

export const command = define({
  usage: ['PIPE', 'PIPE NAME', 'PIPE NAME --delete'],
  takes: [1, 2],
  details: `What a group has not done is kept for it, and fills the pipe: one that nobody needs any more is better deleted.

${PIPE_HELP}`,
  options: {
    lease: { type: 'string', value: 'TIME', help: 'a claim lasts so long where its reader says nothing else; default 30s' },
    attempts: { type: 'string', value: 'N', help: 'a chunk that was given out so often is dead; default 5; 0: never' },
    mode: { type: 'string', oneOf: ['shared', 'single'], help: 'any number of claims at a time (default), or one, in order' },
    start: { type: 'string', value: 'STATE', help: 'where it begins: earliest (default), now, or a state' },
    'expires-after': { type: 'string', value: 'TIME', help: 'deleted when nobody has called for so long; default 7d' },
    delete: { type: 'boolean', help: 'delete it' },
  },
  examples: [
    ['vopipe pipe group vos:/ada/in', 'the groups, and what they have done'],
    ['vopipe pipe group vos:/ada/in check --start now --attempts 3', 'makes one, for what comes from here on'],
  ],
  async run({ terminal, spaces, signal, json }, { args: [reference = '', name], options }) {
    const { mode, start } = options;
    if (name !== undefined) readGroup('pipe group', name);
    const [lease, attempts] = [
      readSeconds('pipe group', 'lease', options.lease, 1, 43_200),
      readCount('pipe group', 'attempts', options.attempts, 0, 1000),
    ];
    const expiresAfterIdle = readSeconds('pipe group', 'expires-after', options['expires-after'], 1, 1_000_000_000);
    const { pipe } = await findPipe('pipe group', spaces, reference, 'dest', signal);
    if (name === undefined) {
      const { groups = [] } = await pipe.describe({ signal });
      if (json) for (const group of groups) await terminal.json(group);
      else
        await terminal.out(
          new Table().lines(
            groups.map((one) => [
              one.group,
              one.mode,
              `${one.acked} done`,
              `${counted(one.lag.chunks, 'chunk')} to do`,
              `${one.dead} dead`,
            ]),
          ),
        );
      return;
    }
    if (options.delete) {
      await pipe.group(name).delete({ signal });
      if (json) await terminal.json({ deleted: name });
      return;
    }
    const group = await pipe.group(name).create({
      ...given({ mode: mode as 'shared' | 'single' | undefined, start, lease, maxDeliveries: attempts, expiresAfterIdle }),
      signal,
    });
    if (json) await terminal.json(group);
  },
});

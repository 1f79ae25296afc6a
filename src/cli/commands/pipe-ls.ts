// `vopipe pipe ls`: one's pipes, or those of a container.
import { pipes, type PipeDocument } from '../../client/pipes.ts';
import { define } from '../command.ts';
import { readSingle } from '../glob.ts';
import { Table } from '../nodes/columns.ts';
import { shown } from '../terminal.ts';

export const command = define({
  usage: ['[CONTAINER]...'],
  takes: [0, Infinity],
  details: "Without a CONTAINER one's own; with some, those that lead from or to them and that one may use.",
  options: {
    long: { type: 'boolean', short: 'l', help: 'also chunks that are visible and written, on their way, and dead' },
  },
  examples: [
    ['vopipe pipe ls -l', 'all of one’s own, and how they stand'],
    ['vopipe pipe ls vos:/survey/out', 'those that begin or end in a container'],
  ],
  async run({ terminal, spaces, signal, json }, { args, options }) {
    const found = new Map<string, PipeDocument>();
    const add = async (list: AsyncIterable<PipeDocument>, of: ReturnType<typeof pipes>): Promise<void> => {
      for await (const pipe of list)
        if (!found.has(pipe.pipe)) found.set(pipe.pipe, options.long ? await of.describe(pipe.pipe, { signal }) : pipe);
    };
    if (args.length === 0) {
      const own = pipes(await spaces.standard());
      await add(own.list({ signal }), own);
    }
    for (const arg of args) {
      const target = readSingle('pipe ls', arg);
      const of = pipes(await spaces.of(target));
      await add(of.list({ src: target.names, signal }), of);
      await add(of.list({ dest: target.names, signal }), of);
    }
    if (json) for (const pipe of found.values()) await terminal.json(pipe);
    else await terminal.out(new Table(options.long ? [2] : []).lines([...found.values()].map((pipe) => row(pipe, options.long))));
  },
});

function row({ pipe, condition, src, dest, counts }: PipeDocument, long: boolean): readonly string[] {
  const ends = `${shown(src)} → ${shown(dest)}`;
  if (!long || !counts) return [pipe, condition, ends];
  const { visible, written, waiting, missing } = counts;
  return [
    pipe,
    condition,
    `${visible}/${written}`,
    waiting > 0 ? `${waiting} on their way` : '',
    missing > 0 ? `${missing} dead` : '',
    ends,
  ];
}

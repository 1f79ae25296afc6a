// `vopipe pipe show`: how a pipe stands, with its groups.
import type { PipeDocument } from '../../client/pipes.ts';
import { DEFAULT_OPTIONS, type Lag } from '../../model/pipe.ts';
import { define } from '../command.ts';
import { counted, humanBytes } from '../nodes/amounts.ts';
import { Table } from '../nodes/columns.ts';
import { shown } from '../terminal.ts';
import { duration, optionText } from '../pipe/figures.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

export const command = define({
  usage: ['PIPE...'],
  takes: [1, Infinity],
  details: PIPE_HELP,
  options: {},
  examples: [['vopipe pipe show vos:/ada/in', 'the pipe that leads to a container, and its groups']],
  async run({ terminal, spaces, signal, json }, { args }) {
    for (const [i, arg] of args.entries()) {
      const { pipe } = await findPipe('pipe show', spaces, arg, 'either', signal);
      const found = await pipe.describe({ signal });
      if (json) await terminal.json(found);
      else await terminal.out(`${i > 0 ? '\n' : ''}${describe(found)}`);
    }
  },
});

function describe(pipe: PipeDocument): string {
  const { counts, bytes, lag, credit, groups = [], upstreams = [], consumes = [] } = pipe;
  const options = Object.entries(pipe.options ?? {}).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_OPTIONS[name as keyof typeof DEFAULT_OPTIONS]),
  );
  const rows: (readonly [string, string])[] = [
    ['pipe', pipe.pipe],
    ['from', shown(pipe.src)],
    ['to', shown(pipe.dest)],
    ['condition', `${pipe.condition}${pipe.reason === undefined ? '' : `: ${shown(pipe.reason)}`}`],
    ...(options.length > 0 ? [['options', options.map(optionText).join(', ')] as const] : []),
    ...(counts
      ? [
          [
            'chunks',
            `${counts.visible} of ${counts.written} visible${some(counts.waiting, 'on their way')}${some(counts.missing, 'dead')}${some(counts.trimmed, 'trimmed')}`,
          ] as const,
        ]
      : []),
    ...(bytes ? [['bytes', `${humanBytes(bytes.visible)} of ${humanBytes(bytes.written)}`] as const] : []),
    ...(lag && lag.chunks > 0 ? [['behind', lagText(lag)] as const] : []),
    ...(credit ? [['room', `${counted(credit.chunks, 'chunk')}, ${humanBytes(credit.bytes)}`] as const] : []),
    ...upstreams.map((one) => ['follows', `${one.pipe}: ${one.taken} of ${one.known} taken`] as const),
    ...consumes.map((one) => ['made from', `${one.pipe} by ${one.group}`] as const),
    ...groups.map(
      (one) =>
        [
          `group`,
          `${one.group}: ${one.acked} done, ${lagText(one.lag)} to do${some(one.claimed, 'claimed')}${some(one.waiting, 'to be tried again')}${some(one.dead, 'dead')}`,
        ] as const,
    ),
  ];
  return new Table().lines(rows);
}

function some(count: number, what: string): string {
  return count > 0 ? `, ${count} ${what}` : '';
}

/** `3 chunks (1.2 MiB, 5.0 s)`. */
function lagText({ chunks, bytes, seconds }: Lag): string {
  return chunks === 0 ? 'nothing' : `${counted(chunks, 'chunk')} (${humanBytes(bytes)}, for ${duration(seconds)})`;
}

// `vopipe pipe dead`: chunks that did not arrive, or that a group has given up; tried again, or let go.
import type { Pipe } from '../../client/pipe.ts';
import { define } from '../command.ts';
import { localTime } from '../nodes/amounts.ts';
import { Table } from '../nodes/columns.ts';
import { shown } from '../terminal.ts';
import { UsageTrouble } from '../trouble.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

interface Dead {
  readonly seq: number;
  readonly name: string;
  readonly reason: string;
  readonly deliveries?: number;
  readonly since?: string;
  readonly written?: string;
}

export const command = define({
  usage: ['PIPE', 'PIPE --retry SEQ|all', 'PIPE --skip SEQ|all'],
  takes: [1, 1],
  details: `Of a pipe: chunks that could not be carried. With --group: chunks that a group has tried too often.

${PIPE_HELP}`,
  options: {
    group: { type: 'string', short: 'g', value: 'NAME', help: 'those of a group of readers' },
    retry: { type: 'string', multiple: true, value: 'SEQ', help: 'have it carried, or given out, once more; all: each of them' },
    skip: { type: 'string', multiple: true, value: 'SEQ', help: 'give it up for good; all: each of them' },
  },
  examples: [
    ['vopipe pipe dead vos:/ada/in', 'what did not arrive, and why'],
    ['vopipe pipe dead vos:/ada/in -g cross --retry all', 'a group tries again what its program has failed at'],
  ],
  async run({ terminal, spaces, signal, json }, { args, options }) {
    const { group, retry, skip } = options;
    for (const text of [...retry, ...skip])
      if (text !== 'all' && !/^\d{1,15}$/.test(text))
        throw new UsageTrouble(`pipe dead: ${JSON.stringify(text)} is neither the number of a chunk nor "all"`, 'pipe dead');
    const { pipe } = await findPipe('pipe dead', spaces, args[0] ?? '', 'either', signal);
    if (retry.length + skip.length === 0) {
      const found: Dead[] = [];
      for await (const one of listOf(pipe, group, signal)) {
        if (json) await terminal.json(one);
        else found.push(one);
      }
      return terminal.out(new Table([0]).lines(found.map(row)));
    }
    for (const [texts, action] of [
      [retry, 'retry'],
      [skip, 'skip'],
    ] as const) {
      for (const seq of await numbers(texts, pipe, group, signal)) {
        await mend(pipe, group, seq, action, signal);
        if (json) await terminal.json({ seq, [action]: true });
      }
    }
    return undefined;
  },
});

function listOf(pipe: Pipe, group: string | undefined, signal: AbortSignal): AsyncIterable<Dead> {
  return group === undefined ? pipe.dead({ signal }) : pipe.group(group).dead({ signal });
}

function row({ seq, name, reason, deliveries, since, written }: Dead): readonly string[] {
  const when = localTime(Date.parse(since ?? written ?? ''));
  return [String(seq), when, shown(name), deliveries === undefined ? '' : `${deliveries} tries`, reason.split('\n').map(shown).join(' | ')];
}

async function numbers(texts: readonly string[], pipe: Pipe, group: string | undefined, signal: AbortSignal): Promise<readonly number[]> {
  if (!texts.includes('all')) return texts.map(Number);
  const all: number[] = [];
  for await (const { seq } of listOf(pipe, group, signal)) all.push(seq);
  return all;
}

function mend(pipe: Pipe, group: string | undefined, seq: number, action: 'retry' | 'skip', signal: AbortSignal): Promise<void> {
  if (group === undefined) return pipe[action](seq, { signal });
  return action === 'retry' ? pipe.group(group).retry(seq, { signal }) : pipe.group(group).drop(seq, { signal });
}
